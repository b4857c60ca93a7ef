"""The forms of joint conferences: shape only."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.forms import DayField
from agencies.models import Agency, Seat
from agencies.rules.conferences import Presence, SeatRole

SHORT, LONG = forms.Textarea(attrs={"rows": 2}), forms.Textarea(attrs={"rows": 8})
NO_NAMES = _("Without names of children: every member body reads it.")


class SetUpForm(forms.Form):
    name = forms.CharField(label=_("Name of the conference"), max_length=80)


class _OfBodies(forms.Form):
    """Offers the bodies of the county under the name of its field."""

    field = "agency"

    def __init__(self, *args: Any, bodies: Iterable[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *((str(one.public_id), one.name) for one in bodies)]
        cast(forms.ChoiceField, self.fields[self.field]).choices = choices


class SeatForm(_OfBodies):
    role = forms.ChoiceField(label=pgettext_lazy("meeting", "Seat"), choices=SeatRole.choices)
    agency = forms.ChoiceField(label=_("Body"))
    name = forms.CharField(label=_("Name"), max_length=40)
    title = forms.CharField(label=_("Post"), max_length=60)
    starts_on = DayField(label=_("First day"))


class LastDayForm(forms.Form):
    on = DayField(label=_("Last day"))


class MoveForm(forms.Form):
    on = DayField(label=_("Day of the meeting"))
    place = forms.CharField(label=_("Place"), max_length=80)


class PlanForm(MoveForm):
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class PointForm(forms.Form):
    title = forms.CharField(
        label=_("Point of the agenda"), max_length=200, widget=SHORT, help_text=NO_NAMES
    )


class HoldForm(forms.Form):
    """Day, chair and course of a meeting, and for each seat whether it was there."""

    on = DayField(label=_("Held on"))
    chair = forms.CharField(label=_("Chaired by"), max_length=60)
    minutes = forms.CharField(
        label=pgettext_lazy("meeting", "What was said"),
        max_length=8000,
        widget=LONG,
        required=False,
        help_text=NO_NAMES,
    )

    def __init__(self, *args: Any, seats: Sequence[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = seats
        for seat in seats:
            self.fields[f"seat-{seat.pk}"] = forms.ChoiceField(
                label=f"{seat.agency.name} {seat.name}",
                choices=Presence.choices,
                widget=forms.RadioSelect,
            )
            self.fields[f"who-{seat.pk}"] = forms.CharField(
                label=_("Who came instead"), max_length=40, required=False
            )

    def presence(self) -> dict[int, str]:
        return {seat.pk: self.cleaned_data[f"seat-{seat.pk}"] for seat in self.seats}

    def who(self) -> dict[int, str]:
        return {seat.pk: self.cleaned_data[f"who-{seat.pk}"] for seat in self.seats}


class MinutesForm(forms.Form):
    minutes = forms.CharField(
        label=pgettext_lazy("meeting", "What was said"),
        max_length=8000,
        widget=LONG,
        help_text=NO_NAMES,
    )


class DecisionForm(_OfBodies):
    field = "owner"
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(
        label=_("What was decided"), max_length=1000, widget=SHORT, help_text=NO_NAMES
    )
    owner = forms.ChoiceField(label=_("Who carries it out"))
    due_on = DayField(label=_("Last day"))


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label=_("What was done"), max_length=2000, widget=SHORT, help_text=NO_NAMES
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=SHORT)
