"""Visits and other contacts: the words of the contract, what they meet, which dates can be."""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Place(TextChoices):
    HOME = "home", _("at home")
    PHONE = "phone", _("by telephone")
    MESSAGE = "message", _("by message")
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


# A call or a message is a contact: nobody has gone there.
FROM_AFAR = frozenset({Place.PHONE, Place.MESSAGE})
MOST_PHOTOS = 9  # of one visit: what a telephone sends in one go; 9 of 10 MB in one request


def in_person(place: str) -> bool:
    """Whether somebody went there (S1-21 家访)."""
    return place not in FROM_AFAR


def meets_the_duty(place: str, outcome: str) -> bool:
    """What the household is owed is a visit; the child found in class leaves no question open."""
    return in_person(place) or outcome == Outcome.FOUND_AT_SCHOOL


def next_is_owed(place: str, outcome: str, agreed: date | None, out_of_school: bool) -> bool:
    """A day that was agreed binds always, the usual interval only while the child is to be won."""
    if agreed is not None:
        return True
    return out_of_school and in_person(place) and outcome != Outcome.FOUND_AT_SCHOOL


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
