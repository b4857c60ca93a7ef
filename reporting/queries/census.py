"""The term-start check as rows and counts: who is expected where, and what became of each."""

from collections import Counter
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from agencies.models import Agency
from agencies.queries.policy import in_force
from agencies.rules import masking
from agencies.rules.policy import Key
from reporting.models import FrozenPaper
from reporting.queries import census_sql
from reporting.rules import expected
from reporting.rules.expected import Source, State
from reporting.rules.filings import FilingKind, FilingState, is_signed
from students.models import EnrollmentRecord, Term
from students.models.school_class import SchoolClass
from students.rules.absence import DayState
from students.rules.marks import MEANING

SIGNED = [state for state in FilingState if is_signed(state)]
PRESENT = [mark for mark, meaning in MEANING.items() if meaning is DayState.PRESENT]
EXCUSED = [mark for mark, meaning in MEANING.items() if meaning is DayState.EXCUSED]


@dataclass(frozen=True)
class Frame:
    """A term's check as of a day. before: the last day of the term before, whose rosters count.

    Without an earlier term that had rosters (the first in the system) the rosters of the opening
    day are expected, and nobody can be called a new entrant.
    """

    term: Term
    on: date
    before: date
    is_first: bool
    params: dict[str, Any]


def frame(term: Term, today: date) -> Frame:
    """Before the opening day and after the last one, the check is seen as of these days."""
    opens = term.starts_on
    on = min(max(today, opens), term.ends_on)
    there = EnrollmentRecord.objects.on(OuterRef("ends_on")).filter(county=OuterRef("county"))
    earlier = Term.objects.filter(Exists(there), county=term.county_id, ends_on__lt=opens)
    before = earlier.order_by("-ends_on").values_list("ends_on", flat=True).first()
    policy = in_force(term.county_id, opens)
    years = policy.number(Key.SCHOOLING_YEARS)
    who = expected.entrants(term.school_year, policy.number(Key.ENTRY_AGE), years)
    params = {
        "county": term.county_id,
        "term": term.pk,
        "opens": opens,
        "before": before or opens,
        "on": on,
        "year": term.school_year,
        "years": years,
        "junior": expected.JUNIOR,
        "with_entrants": before is not None and term.season == Term.Season.AUTUMN,
        "born_from": who.compulsory.first,
        "born_to": who.compulsory.last,
        "entry_from": who.entry.first,
        "present": PRESENT,
        "excused": EXCUSED,
    }
    return Frame(term, on, before or opens, before is None, params)


@dataclass(frozen=True)
class Child:
    """One expected child: why it is expected, what the records and the answer say of it.

    id_number: masked. now_school: the other school that has it on its roster, "" for none.
    """

    pk: int
    student: UUID
    name: str
    id_number: str
    born_on: date
    source: str
    why: str
    code: str
    grade: int | None
    number: int | None
    class_id: int | None
    here: bool
    placement: str
    placement_ends_on: date | None
    asked_on: date | None
    sent_to: str
    now_school: str
    home: str
    note: str
    checked_by: str
    checked_on: date | None
    case: UUID | None

    @property
    def state(self) -> State:
        return expected.state(self.why, self.code)

    @property
    def is_plain(self) -> bool:
        """Seen in class, and nobody had to say so."""
        return self.state == State.ARRIVED and not self.code

    @property
    def is_unanswered(self) -> bool:
        return self.state == State.MISSING and not self.code


@dataclass(frozen=True)
class SchoolRows:
    """children: all who are expected. finished: who has left grade 9 and is not."""

    children: list[Child]
    finished: int


def of_school(frame: Frame, school: Agency) -> SchoolRows:
    """Every expected child of one school by class and name, in one statement."""
    rows = _children(census_sql.CHILDREN, {**frame.params, "school": school.pk})
    children = [child for child in rows if child.source != Source.FINISHED]
    return SchoolRows(children, len(rows) - len(children))


def without_zone(frame: Frame, most: int) -> list[Child]:
    """Children of the county whom no school expects, because their home lies in no zone."""
    return _children(census_sql.NO_ZONE, {**frame.params, "limit": most})


def _children(statement: str, params: dict[str, Any]) -> list[Child]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows = cursor.fetchall()
    return [
        Child(pk, student, name, masking.id_number(number) if number else "", *rest)
        for pk, student, name, number, *rest in rows
    ]


@dataclass(frozen=True)
class Newcomer:
    """On the school's roster, but not expected there."""

    student: UUID
    name: str
    class_id: int
    grade: int
    number: int


def new_here(frame: Frame, school: Agency, expected_ids: set[int]) -> list[Newcomer]:
    """On the school's roster of this school year on the day, but not expected here."""
    records = EnrollmentRecord.objects.on(frame.on).filter(
        school=school, school_class__school_year=frame.term.school_year
    )
    rows = records.order_by("school_class__grade", "school_class__number", "student__name_keys")
    values = rows.values_list(
        "student_id",
        "student__public_id",
        "student__name",
        "school_class_id",
        "school_class__grade",
        "school_class__number",
    )
    return [
        Newcomer(*rest)
        for pk, rest in ((row[0], row[1:]) for row in values)
        if pk not in expected_ids
    ]


def classes_of(frame: Frame, school: Agency, post_ids: tuple[int, ...]) -> set[int]:
    """The classes of this school of which these posts are in charge today."""
    mine = SchoolClass.objects.filter(school=school, school_year=frame.term.school_year)
    on = frame.on
    charge = mine.filter(teachers__post_id__in=post_ids, teachers__starts_on__lte=on)
    open_ended = charge.filter(teachers__ends_on__isnull=True)
    return set((open_ended | charge.filter(teachers__ends_on__gte=on)).values_list("pk", flat=True))


@dataclass(frozen=True)
class Counts:
    """Heads of one school, or of the children in no school's zone."""

    expected: int = 0
    arrived: int = 0
    explained: int = 0
    missing: int = 0
    unanswered: int = 0
    finished: int = 0


@dataclass(frozen=True)
class CountyCounts:
    """By the key of the school; what is signed counts as it was signed."""

    schools: dict[int, Counts]
    without_zone: Counts


def of_county(term: Term, today: date) -> CountyCounts:
    """Counts of every school of the county at once. The same rows as of_school, grouped."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(census_sql.IN_MEMORY)
        cursor.execute(census_sql.COUNTS, frame(term, today).params)
        groups = cursor.fetchall()
    heads: dict[int | None, Counter[str]] = {}
    for school, source, why, code, number in groups:
        heads.setdefault(school, Counter()).update(_counted(source, why, code, number))
    found = {school: Counts(**of_one) for school, of_one in heads.items()}
    homeless = found.pop(None, Counts())
    return CountyCounts({pk: of for pk, of in found.items() if pk} | signed(term), homeless)


def _counted(source: str, why: str, code: str, number: int) -> dict[str, int]:
    """What so many children with the same facts add to."""
    if source == Source.FINISHED:
        return {"finished": number}
    state = expected.state(why, code)
    silent = {"unanswered": number} if state == State.MISSING and not code else {}
    return {"expected": number, state.value: number, **silent}


def signed(term: Term) -> dict[int, Counts]:
    """The figures of what is signed and not sent back, by school."""
    papers = FrozenPaper.objects.filter(
        filing__kind=FilingKind.CENSUS, filing__term=term, filing__state__in=SIGNED
    )
    names = [field.name for field in fields(Counts)]
    rows = papers.order_by("filing_id", "-round").distinct("filing_id")
    return {
        school: Counts(*(number or 0 for number in numbers))
        for school, *numbers in rows.values_list(
            "filing__agency_id", *(f"figures__{name}" for name in names)
        )
    }
