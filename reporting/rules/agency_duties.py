"""How an agency stands with a duty of the county's document, and the pages that serve a duty."""

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.rules.agency_duties import When

FIRST_MONTH = 9  # a year of account is a school year: September to August


# Duties with a day of their own: nothing recorded of them says that they were not done.
DATED = frozenset({When.DAILY, When.TERM_OPENING, When.SEASON, When.YEARLY})


class Standing(TextChoices):
    LATE = "late", _("overdue")
    OPEN = "open", _("not yet due")
    NOTHING = "nothing", _("nothing recorded")
    DONE = "done", _("done")


@dataclass(frozen=True)
class Deadlines:
    """Obligations of some kinds in a period. late: of those met, how many after their moment."""

    met: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0

    def __add__(self, other: "Deadlines") -> "Deadlines":
        return Deadlines(
            self.met + other.met,
            self.late + other.late,
            self.open + other.open,
            self.overdue + other.overdue,
        )

    def __bool__(self) -> bool:
        return bool(self.met or self.open or self.overdue)


def standing(deadlines: Deadlines, found: int) -> Standing:
    """What is overdue goes before what is done, what is done before what is to come."""
    if deadlines.overdue:
        return Standing.LATE
    if deadlines.met or found:
        return Standing.DONE
    return Standing.OPEN if deadlines.open else Standing.NOTHING


@dataclass(frozen=True)
class Year:
    """A school year by the year in which it begins."""

    begins: int

    @property
    def first(self) -> date:
        return date(self.begins, FIRST_MONTH, 1)

    @property
    def last(self) -> date:
        return date(self.begins + 1, FIRST_MONTH - 1, 31)

    @property
    def words(self) -> str:
        return f"{self.begins}–{self.begins + 1}"

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def year_of(day: date) -> Year:
    return Year(day.year if day.month >= FIRST_MONTH else day.year - 1)


# The pages that a clause may name as what serves it: route and words. A profile knows no others.
FEATURES: dict[str, Promise] = {
    "admission": _("Admission"),
    "aid": _("Aid to children"),
    "alerts": _("Alerts"),
    "assessments": _("Yearly assessment"),
    "assistance": pgettext_lazy("assistance", "Help"),
    "away": _("Lawful placements"),
    "balance": _("Balance"),
    "board": _("Board"),
    "case_open": _("Open a case"),
    "causes": _("Causes"),
    "census_own": _("Term start"),
    "circulars": _("Circulars"),
    "clauses": _("Duties by clause"),
    "comparisons": _("Comparison of the register"),
    "conferences": _("Joint conference"),
    "duties": _("Duties"),
    "filings": _("Reports"),
    "focus": _("Focus groups"),
    "home_plans": _("Home teaching"),
    "inspections": _("Inspections"),
    "ladder_list": _("Legal ladder"),
    "left_behind": _("Left-behind children"),
    "ledgers": _("Restricted ledgers"),
    "moves": _("Promotion and mergers"),
    "outside": _("Other counties"),
    "person_lists": _("Lists of other agencies"),
    "policy": _("Rules"),
    "poor_dropouts": _("Dropouts × poor households"),
    "public_inspections": _("Published results"),
    "rates": _("Rates"),
    "records": _("Records that do not fit"),
    "requests": _("Requests"),
    "responsibility": _("Responsibility"),
    "roll_today": _("Roll"),
    "school_life": _("Schools and families"),
    "screenings": _("Screening"),
    "student_list": _("Students"),
    "talks": _("Accountability talks"),
    "term_progress": _("Progress of the term"),
    "tip_queue": _("Tips"),
    "tips": _("Report what you have seen"),
    "transfers": _("Transfers"),
    "venues": _("Places to inspect"),
    "worklist": _("Work list"),
}
