"""Changes of enrollment (学籍异动, forms.md 3.1) and lawful placements (rule 7)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Change(TextChoices):
    """The national codes that compulsory education allows."""

    ENTRY = "entry", _("entry into school")
    REPEAT = "02", _("repeats a grade")
    SKIP = "04", _("skips a grade")
    SUSPEND = "11", _("suspension of studies")
    RESUME = "12", _("return to school")
    TRANSFER_OUT = "21", _("transfer out")
    TRANSFER_IN = "22", _("transfer in")
    CLASS = "29", _("change of class")
    PROMOTION = "promotion", _("promotion to the next grade")
    COMPLETED = "completed", _("compulsory education completed")
    DIED = "51", _("died")
    CORRECTION = "99", _("correction of the record")


# 31 退学 and 42 开除学籍 do not exist in compulsory education (义务教育法 14, 27).
FORBIDDEN_CODES = frozenset({"13", "16", "18", "31", "42"})

ENDS_ENROLLMENT = frozenset({Change.TRANSFER_OUT, Change.COMPLETED, Change.DIED})


class PlacementKind(TextChoices):
    """Lawful reasons not to be in class, each with a proof and an end."""

    SUSPENSION = "suspension", _("suspension of studies")
    DEFERRAL = "deferral", _("deferral of entry")
    HOME_TEACHING = "home_teaching", _("home-delivered teaching")
    SPECIAL_SCHOOL = "special_school", _("special school")
    SPECIALISED_SCHOOL = "specialised_school", _("specialised school")
    HOSPITAL = "hospital", _("in hospital")
    VOCATIONAL = "vocational", _("vocational placement")
    ELSEWHERE = "elsewhere", _("studies elsewhere, confirmed")
    ABROAD = "abroad", _("lives abroad, confirmed")


# Said of a child, but no lawful reason to be out of class (S1-38, S1-40; rule 7).
NOT_LAWFUL = frozenset({"home_study", "private_classics", "unconfirmed_elsewhere"})

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class PlacementFacts:
    """A placement as the rule sees it. Days: both included."""

    kind: str
    starts_on: date
    ends_on: date
    proof: str
    returned_on: date | None = None


def placement_problem(facts: PlacementFacts) -> str | None:
    """Why this is no lawful placement: a code, or None.

    Sources: rule 7; 义务教育法 11; law.md 2.5 (deferral at most one year), 2.6 (suspension).
    """
    if facts.kind in NOT_LAWFUL or facts.kind not in set(PlacementKind):
        return "not_lawful"
    if not facts.proof.strip():
        return "no_proof"
    if facts.ends_on < facts.starts_on:
        return "ends_before_start"
    if facts.ends_on - facts.starts_on > LONGEST:
        return "too_long"
    return None


def explains(facts: PlacementFacts, day: date) -> bool:
    """Whether the placement explains why the child is not in class on the day."""
    if facts.returned_on is not None and day >= facts.returned_on:
        return False
    return facts.starts_on <= day <= facts.ends_on


# Of children on no roster here: whoever is enrolled after the end is back, without a word more.
ANSWERED_BY_ENROLLMENT = frozenset({PlacementKind.DEFERRAL, PlacementKind.ELSEWHERE})


def is_finding(facts: PlacementFacts, day: date, enrolled_since: date | None = None) -> bool:
    """An ended placement is a finding from the next day until the child is back (rule 7).

    enrolled_since: the first day of the enrollment that is in force on the day.
    """
    if facts.returned_on is not None and day >= facts.returned_on:
        return False
    answers = facts.kind in ANSWERED_BY_ENROLLMENT
    if answers and enrolled_since and enrolled_since > facts.ends_on:
        return False
    return day > facts.ends_on
