"""Filings: reports that a body signs, that are frozen, sent, received and corrected by slips."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FilingKind(TextChoices):
    CENSUS = "census", _("term-start full check")
    TERM_REPORT = "term_report", _("term-start report")
    MONTHLY = "monthly_report", _("monthly report")
    QUARTERLY = "quarterly_review", _("quarterly review")


class FilingState(TextChoices):
    DRAFT = "draft", _("being prepared")
    SUBMITTED = "submitted", _("submitted")
    CONFIRMED = "confirmed", _("confirmed")
    SENT_BACK = "sent_back", _("sent back")


# From a state to those that may follow; a confirmed paper is corrected by slips, never edited.
NEXT: dict[FilingState, frozenset[FilingState]] = {
    FilingState.DRAFT: frozenset({FilingState.SUBMITTED}),
    FilingState.SUBMITTED: frozenset({FilingState.CONFIRMED, FilingState.SENT_BACK}),
    FilingState.SENT_BACK: frozenset({FilingState.SUBMITTED}),
    FilingState.CONFIRMED: frozenset(),
}


def may_follow(before: str, after: FilingState) -> bool:
    return after in NEXT[FilingState(before)]


def is_signed(state: str) -> bool:
    """Signed and not sent back: its figures may be relied on."""
    return state in (FilingState.SUBMITTED, FilingState.CONFIRMED)
