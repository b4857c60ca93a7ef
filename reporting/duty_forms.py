"""The forms of the duties by clause."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms import DayField
from agencies.rules.agency_duties import PARTIES, DutyKind, When, party_words
from agencies.rules.duties import AgencyKind
from agencies.rules.profile import LONGEST


def _parties() -> list[tuple[str, str]]:
    return [(party, party_words(party)) for party in sorted(PARTIES)]


class ClauseFilterForm(forms.Form):
    """What the list of clauses is narrowed to."""

    q = forms.CharField(label=_("Words or number"), max_length=40, required=False)
    kind = forms.ChoiceField(
        label=_("Kind of duty"), choices=[("", _("all")), *DutyKind.choices], required=False
    )
    owed_by = forms.ChoiceField(
        label=_("Who owes"), choices=[("", _("all")), *AgencyKind.choices], required=False
    )
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("in force")), ("ended", _("ended")), ("later", _("to come"))],
        required=False,
    )


class OwnDutyForm(forms.Form):
    """A duty that the county adds to those of its profile."""

    zh = forms.CharField(label=_("What the document asks"), max_length=LONGEST)
    en = forms.CharField(label=_("The same in English"), max_length=LONGEST, required=False)
    kind = forms.ChoiceField(
        label=_("Kind of duty"),
        choices=[one for one in DutyKind.choices if one[0] != DutyKind.CONTEXT],
    )
    owed_by = forms.MultipleChoiceField(
        label=_("Who owes"), choices=_parties, widget=forms.CheckboxSelectMultiple
    )
    owed_to = forms.MultipleChoiceField(
        label=_("Towards whom"), choices=_parties, widget=forms.CheckboxSelectMultiple
    )
    when = forms.ChoiceField(label=_("When"), choices=When.choices)
    document = forms.CharField(label=_("Document that orders it"), max_length=80)
    place = forms.CharField(label=_("Place in the document"), max_length=40, required=False)
    starts_on = DayField(label=_("First day"))


class EndDutyForm(forms.Form):
    """The last day of a duty, and why."""

    ends_on = DayField(label=_("Last day"))
    because = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("Why it is no longer owed, and by which document."),
    )
