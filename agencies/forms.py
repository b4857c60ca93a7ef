"""The forms of the agency pages, and the field for a day."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from agencies.channels.robots import Kind
from agencies.rules.duties import Position
from agencies.rules.notices import Channel, Group
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Entry
from agencies.rules.policy_words import shown

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
USERNAME = r"^[\w.@+-]+$"


class DayField(forms.DateField):
    """A day that can be meant: a slip in the year is told at once."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_validators = [MinValueValidator(FIRST), MaxValueValidator(LAST)]


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; what they are is found out by the service."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in files]


class PostForm(forms.Form):
    """A person, new or with an account, and the post."""

    username = forms.RegexField(
        USERNAME,
        label=_("User name"),
        max_length=40,
        help_text=_("Of an existing account, or of the one to be made: letters, digits, @ . + - _"),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=40,
        required=False,
        help_text=_("Needed for a new account."),
    )
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    agency = forms.CharField(
        label=_("Agency"),
        max_length=80,
        help_text=_("Its name or a part of it, or the code of a school or region."),
    )
    position = forms.ChoiceField(label=_("Position"), choices=Position.choices)
    starts_on = DayField(label=_("First day"))


MOBILE = r"^(\+?86)?1[3-9]\d{9}$"
PRINTABLE = r"^[\x21-\x7e]*$"


class ContactForm(forms.Form):
    """Where messages reach a person, and a box for each group and channel that may be chosen."""

    email = forms.EmailField(label=_("E-mail address"), max_length=120, required=False)
    phone = forms.RegexField(
        MOBILE,
        label=_("Mobile phone"),
        max_length=20,
        required=False,
        help_text=_("For text messages: 11 digits."),
        error_messages={"invalid": _("This is no mobile phone number.")},
    )
    language = forms.ChoiceField(
        label=_("Language of messages"),
        choices=[("", _("as usual: Chinese")), *settings.LANGUAGES],
        required=False,
    )

    def __init__(
        self, *args: object, boxes: Mapping[tuple[Group, Channel], bool], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for (group, channel), on in boxes.items():
            self.fields[box(group, channel)] = forms.BooleanField(
                label=f"{group.label}: {channel.label}", initial=on, required=False
            )


def box(group: Group, channel: Channel) -> str:
    """The name of the box of a group and a channel."""
    return f"{group}-{channel}"


class RobotForm(forms.Form):
    """The robot of a group chat. Token and secret are written, never shown."""

    agency = forms.CharField(
        label=_("Agency"), max_length=80, help_text=_("Its whole name, or the code of a school.")
    )
    channel = forms.ChoiceField(
        label=_("Platform"), choices=[(kind.value, Channel(kind.value).label) for kind in Kind]
    )
    base_url = forms.URLField(
        label=_("Address of the platform"),
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text=_("Empty: the public one. A county's own platform has another address."),
    )
    token = forms.RegexField(
        PRINTABLE,
        label=_("Token"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("From the address of the robot: access_token, key, or what follows hook/."),
    )
    secret = forms.RegexField(
        PRINTABLE,
        label=_("Secret of the signature"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Where the robot has one. WeCom has none."),
    )
    is_active = forms.BooleanField(label=_("Send to this robot"), required=False, initial=True)


class RuleForm(forms.Form):
    """A value for one policy key; the field of the value checks what the catalogue allows."""

    value = forms.CharField()
    starts_on = DayField(label=_("First day"))
    source = forms.CharField(
        label=_("Document that orders it"),
        max_length=120,
        help_text=_("Title or number, so that anybody can look it up."),
    )
    clause = forms.CharField(label=_("Clause"), max_length=20, required=False)

    def __init__(self, *args: object, entry: Entry, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["value"] = _value_field(entry)


class FromDayForm(forms.Form):
    """The day from which the default holds again."""

    starts_on = DayField(label=_("First day"))


def _value_field(entry: Entry) -> forms.Field:
    label, unit = _("Value"), translated(entry.unit)
    if isinstance(entry.default, int):
        return forms.IntegerField(
            label=label, help_text=unit, min_value=entry.low, max_value=entry.high
        )
    if entry.choices:
        choices = [(choice, shown(choice)) for choice in entry.choices]
        return forms.ChoiceField(label=label, help_text=unit, choices=choices)
    example = {"invalid": _("Write it like “%(example)s”.") % {"example": entry.default or "3,1"}}
    return forms.RegexField(
        re.compile(rf"^(?:{entry.form})$", re.ASCII),
        label=label,
        help_text=unit,
        max_length=40,
        required=not re.fullmatch(entry.form, ""),
        widget=forms.TextInput(attrs={"pattern": entry.form, "autocomplete": "off"}),
        error_messages=example,
    )


class CalendarFileForm(forms.Form):
    """The official notice of a year as a file."""

    file = forms.FileField(label=_("File"), help_text=_("JSON or CSV, one line a day."))
    source = forms.CharField(
        label=_("Title of the notice"),
        max_length=120,
        required=False,
        help_text=_("Needed for a CSV file; a JSON file names its own."),
    )


class DutyFilterForm(forms.Form):
    """What the list of duties is narrowed to."""

    view = forms.ChoiceField(
        label=_("Duties"),
        choices=[("mine", _("owed by my body")), ("all", _("all in my sight"))],
        required=False,
    )
    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("not done")),
            ("overdue", _("overdue")),
            ("open", _("still in time")),
            ("met", _("done")),
            ("waived", _("no longer owed")),
        ],
        required=False,
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    body = forms.CharField(label=_("School or township"), max_length=40, required=False)
    until = DayField(label=_("Due until"), required=False)

    def __init__(self, given: Mapping[str, str], view: str) -> None:
        """view: what is shown when nothing is chosen."""
        super().__init__({"view": view, **given})
        kinds = [("", _("all")), *ObligationKind.choices]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class ExtendForm(forms.Form):
    """A later last day, and why."""

    due_on = DayField(label=_("New last day"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody who sees the duty reads it: no names of children."),
    )
