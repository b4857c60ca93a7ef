"""The parts of the 两基 rate and of the consolidation rate, counted from rows, with their children.

The consolidation rate follows one cohort from grade 1 to the end of grade 9. Only the county has it
from rows: from the primary school of one township many go to a junior school of another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from agencies.queries.policy import in_force
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from reporting.queries import rate_counts
from reporting.queries.rate_counts import GAINS, LAST, LOSSES, Span, span
from reporting.rules.areas import TOWNSHIP_PATH, Area, AreaKind
from reporting.rules.rates import ConsolidationParts, Measure
from students.models import EnrollmentChange, EnrollmentRecord, Student
from students.rules.enrollment import Change

# Which changes make a part of the cohort, and on which side of them the class stands. Who was first
# entered after the opening day came from elsewhere, whatever the roster called it.
COHORT: Mapping[str, tuple[str, tuple[Change, ...]]] = {
    "moved_in": ("after", (Change.TRANSFER_IN, Change.ENTRY)),
    "moved_out": ("before", (Change.TRANSFER_OUT,)),
    "died": ("before", (Change.DIED,)),
    "graduates": ("before", (Change.COMPLETED,)),
}


@dataclass(frozen=True)
class Asked:
    """A number of the table: a rate, a unit and a stage ("" for the whole nine years)."""

    measure: Measure
    year: Span
    area: Area
    stage: str


@dataclass(frozen=True)
class Line:
    """One child of a part: its class then, and the day."""

    student: Student
    record: EnrollmentRecord
    on: date


def consolidation(year: Span) -> ConsolidationParts | None:
    """Of the cohort that ends with this school year.

    None: the year has not ended, or no roster of ours shows how the cohort entered grade 1.
    """
    if not _is_over(year):
        return None
    start = _start(year)
    entrants = _entrants(year, start).count()
    if not entrants:
        return None
    moved = {part: _of_cohort(year, start, part).count() for part in COHORT}
    return ConsolidationParts(entrants=entrants, **moved)


def why_not_counted(year: Span) -> str:
    """Why the county has no consolidation rate from rows: "running", "no_roster" or "" (it has)."""
    if not _is_over(year):
        return "running"
    return "" if _entrants(year, _start(year)).exists() else "no_roster"


def entered_in(year: Span) -> int:
    """The school year in which the cohort entered grade 1."""
    return _start(year).school_year


def _is_over(year: Span) -> bool:
    """Looked at on its last day or later: grade 9 has finished."""
    return year.on >= date(year.school_year + 1, *LAST)


def _start(year: Span) -> Span:
    years = in_force(year.county_id, year.on).number(Key.SCHOOLING_YEARS)
    return span(year.county_id, year.school_year - years + 1, year.on)


def _entrants(year: Span, start: Span) -> QuerySet[EnrollmentRecord]:
    return EnrollmentRecord.objects.on(start.opens_on).filter(
        year.tagged(),
        county_id=year.county_id,
        school_class__grade=1,
        school_class__school_year=start.school_year,
    )


def _of_cohort(year: Span, start: Span, part: str) -> QuerySet[EnrollmentChange]:
    """Changes since the entry, of classes in the grade that the cohort had then."""
    side, kinds = COHORT[part]
    grade = F(f"{side}__school_class__school_year") - start.school_year + 1
    return EnrollmentChange.objects.filter(
        year.tagged(),
        student__county_id=year.county_id,
        kind__in=kinds,
        on__gt=start.opens_on,
        on__lte=year.on,
        **{f"{side}__school_class__grade": grade},
    )


def parts(asked: Asked) -> dict[str, int]:
    """How many stand behind each part that is counted by changes of enrollment, or by entry."""
    if asked.measure is Measure.CONSOLIDATION:
        found = consolidation(asked.year)
        return dict(vars(found)) if found and asked.area.kind is AreaKind.COUNTY else {}
    names = dict.fromkeys([*LOSSES.values(), *GAINS.values()])
    return {name: _of_net(asked, name).count() for name in names}


def children(scope: Scope, asked: Asked, part: str) -> QuerySet:
    """The rows behind a part whose children this person may see, by day. Read with `line`."""
    rows: QuerySet
    if asked.measure is not Measure.CONSOLIDATION:
        rows, side = _of_net(asked, part), _side(part)
    elif part == "entrants":
        rows, side = _entrants(asked.year, _start(asked.year)), ""
    else:
        rows, side = _of_cohort(asked.year, _start(asked.year), part), COHORT[part][0]
    seen = rows.filter(student__in=Student.objects.visible_to(scope).values("pk"))
    place = f"{side}__" if side else ""
    seen = seen.select_related("student", f"{place}school", f"{place}school_class")
    return seen.order_by("starts_on" if not side else "on", "pk")


def line(row: EnrollmentRecord | EnrollmentChange, part: str) -> Line:
    if isinstance(row, EnrollmentRecord):
        return Line(row.student, row, row.starts_on)
    side = COHORT[part][0] if part in COHORT else _side(part)
    return Line(row.student, getattr(row, side), row.on)


def _side(part: str) -> str:
    return "before" if part in LOSSES.values() else "after"


def _of_net(asked: Asked, part: str) -> QuerySet[EnrollmentChange]:
    """Changes of a part of the 两基 formula, as rate_counts.net counts them."""
    side, fields = (_side(part), LOSSES if part in LOSSES.values() else GAINS)
    kinds = [kind for kind, name in fields.items() if name == part]
    rows = rate_counts.changed(asked.year, side, kinds).filter(stage=asked.stage)
    if asked.area.kind is AreaKind.SCHOOL:
        return rows.filter(**{f"{side}__school": asked.area.school_id})
    return rows.filter(place__startswith=asked.area.path[:TOWNSHIP_PATH])
