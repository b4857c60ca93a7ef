"""The forms of the agency pages, and the field for a day."""

from collections.abc import Mapping
from datetime import date

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from agencies.channels.robots import Kind
from agencies.rules.duties import Position
from agencies.rules.notices import Channel, Group

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
USERNAME = r"^[\w.@+-]+$"


class DayField(forms.DateField):
    """A day that can be meant: a slip in the year is told at once."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_validators = [MinValueValidator(FIRST), MaxValueValidator(LAST)]


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
