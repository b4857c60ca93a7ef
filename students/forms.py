"""The forms of the student pages: shape only; whether a thing is possible, services say."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.errors import Text
from agencies.forms import DayField
from agencies.models import Agency, Post
from students.models import SchoolClass, Term
from students.rules.contact import Channel, Reached, Said
from students.rules.enrollment import Change
from students.rules.person_list import ListKind

BY_HAND = (Change.CLASS, Change.TRANSFER_OUT, Change.COMPLETED, Change.DIED)


class ChangeForm(forms.Form):
    """A change of enrollment that the school records."""

    kind = forms.ChoiceField(
        label=_("What changes"),
        choices=[(kind.value, kind.label) for kind in BY_HAND],
        widget=forms.RadioSelect,
    )
    school_class = forms.ModelChoiceField(
        SchoolClass.objects.none(),
        label=_("New class"),
        to_field_name="public_id",
        required=False,
        help_text=_("Only for a change of class."),
    )
    on = DayField(
        label=_("Day"),
        help_text=_("The first day in the new class; otherwise the last day on the roster."),
    )
    destination = forms.CharField(
        label=_("Destination"),
        max_length=120,
        required=False,
        help_text=_("Only for a transfer out: the school and the place."),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, classes: QuerySet[SchoolClass], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_class"].queryset = classes  # type: ignore[attr-defined]


class ReturnedForm(forms.Form):
    """The child is back."""

    on = DayField(label=_("Back in class on"))
    fitness = forms.CharField(
        label=_("Proof that the child is fit for school"), max_length=200, required=False
    )


class ReasonForm(forms.Form):
    """Why something that was recorded holds no more."""

    because = forms.CharField(label=_("Reason"), max_length=200)


class ContactForm(forms.Form):
    """A contact with a guardian: four answers, words are optional. on: the day of absence."""

    on = DayField(widget=forms.HiddenInput, required=False)
    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices, widget=forms.RadioSelect)
    reached = forms.ChoiceField(
        label=_("Whom you reached"), choices=Reached.choices, widget=forms.RadioSelect
    )
    said = forms.ChoiceField(
        label=_("What was said"), choices=Said.choices, widget=forms.RadioSelect, required=False
    )
    words = forms.CharField(label=_("In other words"), max_length=300, required=False)
    at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    with_whom = forms.CharField(label=_("Who else visited"), max_length=80, required=False)
    signed_by = forms.CharField(
        label=_("Who signed the record"), max_length=40, required=False,
        help_text=_("The guardian, or who looks after the child."),
    )  # fmt: skip
    unsigned_because = forms.CharField(label=_("Why nobody signed"), max_length=200, required=False)
    photo = forms.FileField(
        label=_("Photo"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("Of the visit or of the signed record; at most 10 MB."),
    )  # fmt: skip

    AT_HOME = ("with_whom", "signed_by", "unsigned_because", "photo")

    @property
    def parts(self) -> list[tuple[Text, list[forms.BoundField]]]:
        """What every contact says, and what only a visit at home has."""
        home = [self[name] for name in self.AT_HOME]
        return [
            ("", [field for field in self if field.name not in self.AT_HOME]),
            (_("Of a visit at home"), home),
        ]

    @property
    def answer(self) -> str:
        """The chosen words and the typed ones; meaningful once the form is valid."""
        said, words = self.cleaned_data["said"], self.cleaned_data["words"].strip()
        chosen = str(Said(said).label) if said else ""
        return ": ".join(part for part in (chosen, words) if part)


class ConfirmForm(forms.Form):
    """The other side has confirmed a transfer."""

    on = DayField(label=_("Enrolled there since"))
    proof = forms.CharField(
        label=_("Proof"),
        max_length=200,
        help_text=_("What the other school sent, and its number."),
    )


class TermForm(forms.Form):
    """A term of the county."""

    school_year = forms.IntegerField(
        label=_("School year"),
        min_value=2000,
        max_value=2100,
        help_text=_("The year in which it began."),
    )
    season = forms.ChoiceField(label=_("Term"), choices=Term.Season.choices)
    starts_on = DayField(label=_("Opening day"))
    ends_on = DayField(label=_("Last day"))
    sure = forms.BooleanField(label=_("Open the term all the same"), required=False)


class TermDatesForm(forms.Form):
    """Other dates for a term that is open."""

    starts_on = DayField(label=_("Opening day"))
    ends_on = DayField(label=_("Last day"))
    sure = forms.BooleanField(label=_("Change the dates all the same"), required=False)


class ClosedDayForm(forms.Form):
    """A school day that falls out, for one school or for all."""

    day = DayField(label=_("Day"))
    school = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("School"),
        to_field_name="public_id",
        required=False,
        empty_label=_("all schools"),
    )
    reason = forms.CharField(label=_("Reason"), max_length=80)

    def __init__(self, *args: Any, schools: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]


class TeacherForm(forms.Form):
    """Who is in charge of the class, and from when."""

    post = forms.ChoiceField(label=_("Class teacher"))
    on = DayField(label=_("From"))

    def __init__(self, *args: Any, posts: Iterable[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (str(post.public_id), f"{post.user.name} · {post.get_position_display()}")
            for post in posts
        ]
        self.fields["post"].choices = choices  # type: ignore[attr-defined]


class ListForm(forms.Form):
    """A list of another agency: what it is, whose, of which day, for what purpose."""

    kind = forms.ChoiceField(label=_("Kind of list"), choices=ListKind.choices)
    provider = forms.ChoiceField(label=_("Agency that keeps the list"))
    as_of = DayField(
        label=_("As of"),
        help_text=_("The day that the figures stand for, not the day on which you received them."),
    )
    purpose = forms.CharField(
        label=_("Legal purpose"),
        max_length=200,
        help_text=_("For what the list was given, and by which rule or letter."),
    )
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        help_text=_(
            "A table as .xlsx, .xls or .csv, at most 40 MB. Columns in any order: 姓名, 性别, "
            "出生日期, 公民身份号码, 户籍地址, 现住址, 户主; of civil affairs also 类别."
        ),
    )

    def __init__(self, *args: Any, providers: Iterable[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.public_id), one.name) for one in providers]
        self.fields["provider"].choices = choices  # type: ignore[attr-defined]
