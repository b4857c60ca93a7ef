"""The forms of the case pages: shape only; whether a thing is possible, services say."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.errors import Text
from agencies.forms import DayField, FilesField, FilesInput
from agencies.models import Post, Region
from agencies.rules.clauses import citation
from cases.models import Case
from cases.models.case import Origin
from cases.rules.endings import GROUNDS
from cases.rules.signals import SignalAnswerKind, SignalKind
from cases.rules.visits import Outcome, Place, Reached
from cases.rules.workflow import State
from students.focus_forms import GroupFilter

WORDS = forms.Textarea(attrs={"rows": 3})


def _offer(field: forms.Field, choices: Iterable[tuple[str, Text]]) -> None:
    """Choices that are known only when the form is made."""
    cast(forms.ChoiceField, field).choices = list(choices)


def _endings() -> list[tuple[str, str]]:
    """Each end with what it rests on, and the clause."""
    text = _("%(ending)s: %(ground)s (%(clause)s)")
    return [
        (
            ending.value,
            text
            % {
                "ending": ending.label,
                "ground": ground.words,
                "clause": citation(ground.clause),
            },
        )
        for ending, ground in GROUNDS.items()
    ]


class ActionForm(forms.Form):
    """One form for every workflow action: the day it is true of, and words."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    on = DayField(label=_("On"))
    note = forms.CharField(label=_("Note"), widget=WORDS, max_length=2000, required=False)


class EndForm(ActionForm):
    """Another end than the return: which, what it rests on, since when, and the proof."""

    ending = forms.ChoiceField(
        label=_("How the case ends"), choices=_endings, widget=forms.RadioSelect
    )
    proof = forms.CharField(
        label=_("Proof"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What it is, with number or source; for a mistake, the reason."),
    )
    field_order = ("version", "ending", "on", "proof", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Since")


class VisitForm(forms.Form):
    """A visit: four answers; text, photos and what came of it for siblings are optional."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.ChoiceField(label=_("Where"), choices=Place.choices, widget=forms.RadioSelect)
    reached = forms.ChoiceField(
        label=_("Who was reached"), choices=Reached.choices, widget=forms.RadioSelect
    )
    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    present = forms.MultipleChoiceField(
        label=_("Who was there"), required=False, widget=forms.CheckboxSelectMultiple
    )
    next_on = DayField(label=_("Next visit on"), required=False)
    note = forms.CharField(label=_("What was said"), widget=WORDS, max_length=2000, required=False)
    photos = FilesField(
        label=_("Photos"),
        widget=FilesInput(attrs={"accept": "image/*"}),
        required=False,
        allow_empty_file=True,  # the service says which one is empty
        help_text=_("At most nine, each at most 10 MB. Time, place and camera are taken out."),
    )

    def __init__(
        self,
        *args: Any,
        people: list[Post],
        now: datetime,
        siblings: Iterable[Case] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.siblings = list(siblings)
        for case in self.siblings:
            self.fields[_for(case)] = forms.ChoiceField(
                label=_("The visit counted for %(name)s too: what came of it")
                % {"name": case.student.name},
                choices=[("", _("did not count")), *Outcome.choices],
                widget=forms.RadioSelect,
                required=False,
            )
        self.order_fields([*BEFORE_SIBLINGS, *(_for(case) for case in self.siblings)])
        posts = (
            (str(post.public_id), f"{post.user.name}（{post.agency.name}）") for post in people
        )
        _offer(self.fields["present"], posts)
        self.fields["at"].initial = now

    def counts_for(self) -> list[tuple[str, str]]:
        """The cases of siblings for which it counted, with what came of it."""
        given = self.cleaned_data
        chosen = [(str(case.public_id), given[_for(case)]) for case in self.siblings]
        return [(case, outcome) for case, outcome in chosen if outcome]


BEFORE_SIBLINGS = ("client_id", "at", "place", "reached", "outcome")


def _for(case: Case) -> str:
    return f"for-{case.public_id}"


class AnswerForm(forms.Form):
    """What the bureau was told about a question."""

    kind = forms.ChoiceField(choices=SignalKind.choices, widget=forms.HiddenInput)
    visits = forms.CharField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=_("Answer"), choices=SignalAnswerKind.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("What you were told"), widget=WORDS, max_length=400)

    def clean_visits(self) -> list[uuid.UUID]:
        try:
            return [uuid.UUID(one) for one in self.cleaned_data["visits"].split(",")]
        except ValueError as error:
            raise forms.ValidationError(_("There is no such question.")) from error


class OpenForm(forms.Form):
    """Open a case by hand."""

    origin = forms.ChoiceField(
        label=_("Why"),
        choices=[choice for choice in Origin.choices if choice[0] != Origin.RUN],
        widget=forms.RadioSelect,
    )
    on = DayField(label=_("Since"))
    note = forms.CharField(label=_("Note"), widget=WORDS, max_length=2000, required=False)


class FilterForm(GroupFilter):
    """Filters of the work list."""

    state = forms.ChoiceField(label=_("State"), required=False)
    region = forms.ChoiceField(label=_("Area"), required=False)
    mine = forms.BooleanField(label=_("Only my seats"), required=False)
    overdue = forms.BooleanField(label=_("Only overdue"), required=False)
    field_order = ("state", "region", "tag", "mine", "overdue")

    def __init__(self, *args: Any, regions: list[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(s.value, s.label) for s in State]
        _offer(self.fields["state"], [("", _("all open")), *states])
        places = [(region.code, region.name) for region in regions]
        _offer(self.fields["region"], [("", _("all")), *places])
