"""The forms of lawful absence and of teaching at home: shape only; what is lawful, services say."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.documents import pictures
from agencies.forms import DayField
from agencies.models import Post
from agencies.rules.duties import AgencyKind
from students.rules.enrollment import PlacementKind
from students.rules.home_teaching import Finding, Where
from students.rules.placement_kinds import Asked, Incapacity, Issuer, KindRule
from students.services.placement_applications import Sent

LINES = forms.Textarea(attrs={"rows": 3})


def bytes_of(form: forms.Form, name: str) -> bytes:
    """What was uploaded in this field, no more of it than may be kept; b"" for nothing."""
    file = form.cleaned_data.get(name)
    return file.read(pictures.MOST_BYTES + 1) if file else b""


class PlacementForm(forms.Form):
    """A lawful reason not to be in class that the school records itself, with proof and end."""

    kind = forms.CharField(widget=forms.HiddenInput)
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), help_text=_("The last day, included."))
    proof = forms.CharField(
        label=_("Proof"),
        max_length=200,
        help_text=_("What was presented, by whom it was issued, its number."),
    )


class ApplicationForm(PlacementForm):
    """The application of the guardian: the fields of the county forms (law.md 2.5)."""

    applicant = forms.CharField(label=_("Guardian who applies"), max_length=40)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    due_entry = DayField(
        label=_("Was to enter school on"), help_text=_("The opening day of the first grade.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=LINES)
    incapacity = forms.ChoiceField(
        label=_("Why the child cannot attend"),
        choices=[("", _("not said")), *Incapacity.choices],
        required=False,
    )
    issuer = forms.ChoiceField(
        label=_("Proof issued by"), choices=Issuer.choices, widget=forms.RadioSelect
    )
    issued_by = forms.CharField(label=_("Name of the hospital, committee or school"), max_length=80)
    months = forms.IntegerField(
        label=_("Months of rest that the certificate advises"), min_value=0, max_value=60
    )
    opinion = forms.CharField(
        label=_("Opinion in the proof"), max_length=1000, required=False, widget=LINES
    )
    file = forms.FileField(
        label=_("Scanned proof"),
        required=False,
        help_text=_("A photo or a PDF of at most 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"}),
    )
    to = forms.ChoiceField(
        label=_("Who is to decide"),
        choices=[
            (AgencyKind.TOWNSHIP.value, _("township of the home")),
            (AgencyKind.BUREAU.value, _("education bureau")),
        ],
        widget=forms.RadioSelect,
        initial=AgencyKind.TOWNSHIP.value,
    )
    field_order = (
        "kind", "applicant", "phone", "due_entry", "reason", "incapacity", "starts_on", "ends_on",
        "months", "issuer", "issued_by", "proof", "opinion", "file", "to",
    )  # fmt: skip

    def __init__(self, *args: Any, kind: PlacementKind, rule: KindRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != PlacementKind.DEFERRAL:
            del self.fields["due_entry"]
        if kind != PlacementKind.SUSPENSION:
            del self.fields["months"]
        if kind in (PlacementKind.ABROAD, PlacementKind.VOCATIONAL):
            del self.fields["incapacity"]
        if AgencyKind.TOWNSHIP not in rule.decides:
            del self.fields["to"]
        wanted = [(one.value, one.label) for one in Issuer if one in rule.issuers]
        self.fields["issuer"].choices = wanted  # type: ignore[attr-defined]
        if len(wanted) == 1:
            self.fields["issuer"].initial = wanted[0][0]

    def sent(self) -> Sent:
        """What was typed. Raises RuleBroken when the file is no scan."""
        data = self.cleaned_data
        own = {name: data[name] for name in Asked.__dataclass_fields__ if name in data}
        uploaded = bytes_of(self, "file")
        return Sent(
            Asked(**own),
            data["phone"],
            data.get("incapacity", ""),
            data["opinion"],
            data.get("to", ""),
            pictures.scan(uploaded, "/file") if uploaded else None,
            whole=True,
        )


class AnswerForm(forms.Form):
    """The decision on an application."""

    answer = forms.CharField(
        label=_("Reason of the decision"), max_length=300, widget=LINES, required=False
    )


class AwayFilterForm(forms.Form):
    """What the list of lawful absences is narrowed to."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("all")), *PlacementKind.choices], required=False
    )
    part = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("all")),
            ("ended", _("ended without return")),
            ("soon", _("ends soon")),
        ],
        required=False,
    )


class HomePlanForm(forms.Form):
    """A plan of home teaching."""

    teacher = forms.ChoiceField(label=_("Teacher"))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), help_text=_("The last day, included."))
    sessions = forms.IntegerField(label=_("Sessions a week"), min_value=1, max_value=14)
    periods = forms.IntegerField(label=_("Periods a session"), min_value=1, max_value=8)
    minutes = forms.IntegerField(label=_("Minutes a period"), min_value=10, max_value=60)
    periods_a_year = forms.IntegerField(
        label=_("Periods a school year"), min_value=1, max_value=1000
    )
    goals = forms.CharField(label=_("Goals"), max_length=1000, widget=LINES)
    consent_by = forms.CharField(label=_("Guardian who signed the agreement"), max_length=40)
    consent_on = DayField(label=_("Agreement signed on"))
    file = forms.FileField(
        label=_("Scanned agreement"),
        required=False,
        help_text=_("A photo or a PDF of at most 10 MB."),
    )

    def __init__(self, *args: Any, posts: Iterable[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (str(post.public_id), f"{post.user.name} · {post.get_position_display()}")
            for post in posts
        ]
        self.fields["teacher"].choices = choices  # type: ignore[attr-defined]


class HomeSessionForm(forms.Form):
    """One session, typed on a phone at the child's home."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    at = forms.DateTimeField(
        label=_("Began"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    periods = forms.IntegerField(label=_("Periods"), min_value=1, max_value=8)
    where = forms.ChoiceField(
        label=_("Where"), choices=Where.choices, widget=forms.RadioSelect, initial=Where.HOME
    )
    content = forms.CharField(label=_("What was taught"), max_length=1000, widget=LINES)
    signed_by = forms.CharField(
        label=_("Guardian who signed"),
        max_length=40,
        help_text=_("The name as it stands on the paper log."),
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        help_text=_("At most 10 MB. Time, place and camera are taken out."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
    )
    signature = forms.FileField(
        label=_("Photo or scan of the signed log"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"}),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].initial = now


class QualityForm(forms.Form):
    """What the bureau found on its visit."""

    on = DayField(label=_("Day of the visit"))
    finding = forms.ChoiceField(
        label=_("Finding"), choices=Finding.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(label=_("What was seen"), max_length=1000, widget=LINES)
