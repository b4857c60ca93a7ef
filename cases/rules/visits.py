"""Visits: the words of the contract, and which dates can be right."""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Place(TextChoices):
    HOME = "home", _("at home")
    PHONE = "phone", _("by telephone")
    SCHOOL = "school", _("at school")
    WORKPLACE = "workplace", _("at a workplace")
    ELSEWHERE = "elsewhere", _("elsewhere")


class Reached(TextChoices):
    STUDENT = "student", _("the student")
    GUARDIAN = "guardian", _("a guardian")
    RELATIVE = "relative", _("a relative")
    NEIGHBOUR = "neighbour", _("a neighbour")
    NOBODY = "nobody", _("nobody")


class Outcome(TextChoices):
    RETURNED = "returned", _("returned to school")
    PROMISED = "promised", _("promised to return")
    REFUSED = "refused", pgettext_lazy("visit", "refused")
    NOT_FOUND = "not_found", _("not found")
    FOUND_ELSEWHERE = "found_elsewhere", _("found elsewhere")
    FOUND_AT_SCHOOL = "found_at_school", _("found at school")
    OTHER = "other", _("other")


def proposes_return(outcome: str) -> bool:
    """The child is said to be back: the page goes on to record the return."""
    return outcome in (Outcome.RETURNED, Outcome.FOUND_AT_SCHOOL)


def problem_with_dates(visited_on: date, next_on: date | None, today: date) -> str | None:
    """A visit lies not in the future, the next one not before it."""
    if visited_on > today:
        return "future"
    if next_on is not None and next_on < visited_on:
        return "next_before_visit"
    return None
