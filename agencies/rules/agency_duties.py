"""The words in which a duty of a county's document is written: what kind, towards whom, when.

A duty here is a 职责 of the document (who owes it, to whom, what proves it). What a person may do
in the product is a Duty (rules/duties.py), and a duty with a date is an Obligation.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.rules.duties import AgencyKind


class DutyKind(TextChoices):
    ORGANISE = "organise", _("organise and answer for")
    ENROL = "enrol", _("enrol")
    FIND = "find", _("check and find")
    RECORDS = "records", _("keep records")
    REPORT = "report", _("report")
    RETURN = "return", _("bring back to school")
    CARE = "care", _("help and care")
    ENFORCE = "enforce", _("enforce the law on venues and employers")
    LEGAL = "legal", _("take legal steps")
    PUBLICITY = "publicity", _("publicity")
    COOPERATE = "cooperate", _("work together")
    SUPERVISE = "supervise", _("supervise and hold to account")
    CONTEXT = "context", _("no duty: context")


class Outside(TextChoices):
    """Parties that are no agency of the county."""

    CHILD = "child", _("children of school age")
    GUARDIAN = "guardian", _("guardian")
    FAMILY = "family", _("the family")
    PUBLIC = "public", _("the public")
    INSTITUTION = "institution", _("venues, employers and training institutions")
    OTHER_COUNTY = "other_county", _("authorities of other counties")


class When(TextChoices):
    STANDING = "standing", _("at all times")
    DAILY = "daily", _("every school day")
    TERM_OPENING = "term_opening", _("at the opening of each term")
    SEASON = "season", _("before each school year")
    YEARLY = "yearly", _("every year")
    REGULAR = "regular", _("regularly; the document names no interval")
    EVENT = "event", _("when it happens")


class NumberUnit(TextChoices):
    CALENDAR_DAYS = "calendar_days", pgettext_lazy("unit", "calendar days")
    WORKING_DAYS = "working_days", pgettext_lazy("unit", "working days")
    SCHOOL_DAYS = "school_days", pgettext_lazy("unit", "school days")
    WEEKS = "weeks", pgettext_lazy("unit", "weeks")
    MONTHS = "months", pgettext_lazy("unit", "months")
    YEARS = "years", pgettext_lazy("unit", "years")
    YEARS_OF_AGE = "years_of_age", pgettext_lazy("unit", "years of age")
    PERSONS = "persons", pgettext_lazy("unit", "persons")
    PERIODS = "periods", pgettext_lazy("unit", "lessons")
    HOURS = "hours", pgettext_lazy("unit", "hours")
    PERCENT = "percent", pgettext_lazy("unit", "percent")
    METRES = "metres", pgettext_lazy("unit", "metres")


# Who may owe, and to whom it may be owed: kinds of agencies, and parties outside.
PARTIES = frozenset(AgencyKind.values) | frozenset(Outside.values)


def party_words(party: str) -> str:
    """The kind of agency, or the party outside, in the language of the reader."""
    if party in AgencyKind.values:
        return str(AgencyKind(party).label)
    return str(Outside(party).label)
