"""The forms of requests to other agencies and of work with other counties: shape only."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms import DayField
from agencies.models import Agency
from cases.rules.outside import Why
from cases.rules.requests import MATTERS, Matter, Particular, results_of
from students.models import Term

SHORT = forms.Textarea(attrs={"rows": 2})
LONG = forms.Textarea(attrs={"rows": 4})
FILE_HELP = _("PDF or photo, up to 10 MB.")
HEALTH = {Particular.DIFFICULTY, Particular.CONDITION}
PREFIX = "particular-"


class AskForm(forms.Form):
    """One matter: the bodies that can be asked, what they are asked, and what the matter needs."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput)
    to = forms.ChoiceField(label=_("Which body"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, matter: Matter, bodies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(body.public_id), body.name) for body in bodies]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["to"].initial = choices[0][0]
        row = MATTERS[matter]
        for one in (*row.must, *row.may):
            self.fields[f"{PREFIX}{one}"] = forms.CharField(
                label=one.label,
                max_length=400,
                required=one in row.must,
                widget=SHORT if one in HEALTH or one is Particular.LAST_SEEN else None,
            )
        self.fields["asked"] = forms.CharField(
            label=_("What is asked for"),
            max_length=2000,
            widget=LONG,
            help_text=_("The other body reads it: nothing about health that it does not need."),
        )

    def particulars(self) -> dict[str, str]:
        return {
            name.removeprefix(PREFIX): value
            for name, value in self.cleaned_data.items()
            if name.startswith(PREFIX)
        }


class AnswerForm(forms.Form):
    """What came of a matter: its outcomes, the number of the paper, the day, a scan."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("Result of the request"), widget=forms.RadioSelect)
    paper_number = forms.CharField(
        label=_("Number of the order or decision"), max_length=60, required=False
    )
    day = DayField(label=_("Day on which the child was sent back or found"), required=False)
    text = forms.CharField(label=_("In words"), max_length=2000, widget=SHORT, required=False)
    file = forms.FileField(label=_("Scan of the paper"), required=False, help_text=FILE_HELP)

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.value, one.label) for one in results_of(matter)]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    """A step that needs words at most: accept, refuse, done, withdraw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("Reason"), max_length=2000, widget=SHORT, required=False)


class PeriodForm(forms.Form):
    """From which day to which."""

    first = DayField(label=_("Asked from"), required=False)
    last = DayField(label=_("until"), required=False)


class LetterForm(forms.Form):
    """A notice to the authority of another county."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.ChoiceField(
        label=_("Reason for writing"), choices=Why.choices, widget=forms.RadioSelect
    )
    authority = forms.CharField(
        label=_("Authority"), max_length=80, help_text=_("As it stands at the head of the paper.")
    )
    contact = forms.CharField(label=_("Whom to ask there"), max_length=80, required=False)
    whereabouts = forms.CharField(
        label=_("Where the child is, as far as known"), max_length=120, required=False
    )
    sent_on = DayField(label=_("Sent on"))
    asked = forms.CharField(
        label=_("What is asked for"),
        max_length=1000,
        widget=LONG,
        required=False,
        help_text=_("Empty: what is usually asked for."),
    )


class ReplyForm(forms.Form):
    on = DayField(label=_("Replied on"))
    text = forms.CharField(label=_("What they replied"), max_length=2000, widget=LONG)
    number = forms.CharField(label=_("Number of their letter"), max_length=60, required=False)
    file = forms.FileField(label=_("Scan of the reply"), required=False, help_text=FILE_HELP)


class AttendanceForm(forms.Form):
    """Attendance there, for one term."""

    term = forms.ChoiceField(label=_("Term"), widget=forms.RadioSelect)
    school_name = forms.CharField(label=_("School there"), max_length=80)
    class_name = forms.CharField(label=_("Class there"), max_length=40, required=False)
    since = DayField(
        label=_("Attends in this term since"),
        help_text=_("If they went on from the term before: the day their term opened."),
    )
    proof = forms.CharField(
        label=_("Proof"),
        max_length=200,
        help_text=_("What the other side sent: kind, number, day."),
    )
    file = forms.FileField(label=_("Scan of the proof"), required=False, help_text=FILE_HELP)

    def __init__(self, *args: Any, terms: list[Term], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(term.public_id), str(term)) for term in terms]
        self.fields["term"].choices = choices  # type: ignore[attr-defined]
        if choices:
            self.fields["term"].initial = choices[0][0]


class HandoverForm(forms.Form):
    on = DayField(label=_("Handed over on"))
    way = forms.CharField(
        label=_("Way of hand-over"),
        max_length=120,
        help_text=_("For example by the national student register, or on a disc with receipt."),
    )
    note = forms.CharField(label=_("Note"), max_length=400, widget=SHORT, required=False)
