"""Everything a class's roll needs on one day, in two queries: the class with its calendar, and
the pupils with their marks of the term. (A pupil who came from another class adds a third.)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from agencies.errors import NotVisible
from agencies.models import CalendarDay, CalendarYear
from agencies.queries.calendars import from_days
from agencies.queries.policy import number_in_force
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from students.models import (
    AbsenceRun,
    ClosedDay,
    EnrollmentRecord,
    Placement,
    Roll,
    RollMark,
    SchoolClass,
    Term,
)
from students.models.school_class import class_name
from students.queries.history import placement_of, stay_of
from students.rules.absence import RunNow, run_now
from students.rules.enrollment import PlacementFacts, explains
from students.rules.history import Child, Rolls, school_days
from students.rules.marks import Mark, RollState
from students.rules.school_calendar import SchoolCalendar

A_TERM = timedelta(days=200)  # no term is longer; rolls further back cannot touch a run


@dataclass(frozen=True)
class StoredRoll:
    id: int
    state: str
    reason: str
    version: int
    taken_at: datetime
    taken_by: str


@dataclass(frozen=True)
class StoredRun:
    id: int
    starts_on: date
    last_on: date


@dataclass(frozen=True)
class Pupil:
    """One pupil on the roster of the day, with what the rolls of the term say."""

    pk: int
    id: str
    name: str
    child: Child
    reasons: dict[date, str]
    runs: tuple[StoredRun, ...]

    def placement_on(self, day: date) -> PlacementFacts | None:
        return next((p for p in self.child.placements if explains(p, day)), None)


@dataclass
class RollDay:
    """A class on a day. Marks are those of the whole term."""

    class_pk: int
    class_id: UUID
    grade: int
    number: int
    county_id: int
    school_id: int
    school_name: str
    school_code: str
    day: date
    term_id: int | None
    calendar: SchoolCalendar | None
    threshold: int
    roll: StoredRoll | None
    rolls: Rolls
    closed: dict[int | None, set[date]]
    pupils: list[Pupil] = field(default_factory=list)

    @property
    def name(self) -> str:
        return class_name(self.grade, self.number)

    @property
    def is_school_day(self) -> bool:
        return self.calendar is not None and self.calendar.is_school_day(self.day)

    @property
    def is_provisional(self) -> bool:
        """The official calendar of the year is not loaded: counted as plain Monday to Friday."""
        return self.calendar is not None and self.calendar.working.is_provisional(self.day)

    @property
    def state(self) -> str:
        if self.roll:
            return self.roll.state
        return RollState.NOT_TAKEN if self.is_school_day else RollState.NOT_SCHOOL_DAY

    @property
    def version(self) -> int:
        return self.roll.version if self.roll else 0

    def run(self, pupil: Pupil) -> RunNow:
        """The pupil's run up to this day; a roll that is not taken yet is left out."""
        if self.calendar is None or Mark.UNEXCUSED not in pupil.child.marks.values():
            return RunNow()
        last = self.day if self.roll else self.day - timedelta(days=1)
        days = school_days(pupil.child, self.rolls, self.calendar.opens_on, last)
        return run_now(days, self.threshold)

    def days_without_roll(self, today: date) -> list[date]:
        """School days up to today on which this class has no roll."""
        if self.calendar is None:
            return []
        days = self.calendar.school_days(self.calendar.opens_on, today)
        return [day for day in days if (self.class_pk, day) not in self.rolls.states]


def load(scope: Scope, class_id: UUID, day: date) -> RollDay:
    """The class on the day. Raises NotVisible when it is outside the scope."""
    sheet = _class_and_calendar(scope, class_id, day)
    sheet.pupils = _pupils(sheet)
    _add_rolls_of_former_classes(sheet)
    return sheet


def _class_and_calendar(scope: Scope, class_id: UUID, day: date) -> RollDay:
    row = _class_row(scope, class_id, day)
    if row is None:
        raise NotVisible
    working = from_days(row["years"], [(_day(one["day"]), one["kind"]) for one in row["official"]])
    closed: dict[int | None, set[date]] = {}
    for one in row["closed"]:
        closed.setdefault(one["school"], set()).add(_day(one["day"]))
    term, calendar = row["term"], None
    if term:
        days_off = frozenset(closed.get(None, set()) | closed.get(row["school_id"], set()))
        calendar = SchoolCalendar(_day(term["starts_on"]), _day(term["ends_on"]), working, days_off)
    states = {(row["pk"], _day(one["day"])): one["state"] for one in row["term_rolls"]}
    return RollDay(
        class_pk=row["pk"],
        class_id=row["public_id"],
        grade=row["grade"],
        number=row["number"],
        county_id=row["county_id"],
        school_id=row["school_id"],
        school_name=row["school_name"],
        school_code=row["school_code"],
        day=day,
        term_id=term["id"] if term else None,
        calendar=calendar,
        threshold=row["threshold"],
        roll=_stored(row["this_roll"]),
        rolls=Rolls(states, {row["school_id"]: calendar} if calendar else {}),
        closed=closed,
    )


def _class_row(scope: Scope, class_id: UUID, day: date) -> Mapping[str, Any] | None:
    """One row: the class, its term, calendar, rolls and the threshold in force."""
    around = (day - A_TERM, day + A_TERM)
    county, here = OuterRef("county"), OuterRef("pk")
    terms = Term.objects.filter(county=county, starts_on__lte=day, ends_on__gte=day)
    rolls = Roll.objects.filter(school_class=here, day__range=around)
    closed = ClosedDay.objects.filter(county=county, day__range=around)
    official = CalendarDay.objects.filter(day__range=around)
    this_roll = JSONObject(
        id="pk",
        state="state",
        reason="reason",
        version="version",
        taken_at="taken_at",
        taken_by="taken_by__user__name",
    )
    opening = Subquery(terms.values("starts_on")[:1])  # a rule does not change within a term
    term = JSONObject(id="pk", starts_on="starts_on", ends_on="ends_on")
    return (
        SchoolClass.objects.visible_to(scope)
        .filter(public_id=class_id)
        .values("pk", "public_id", "grade", "number", "county_id", "school_id")
        .annotate(
            school_name=F("school__name"),
            school_code=F("school__code"),
            term=Subquery(terms.values(data=term)),
            this_roll=Subquery(rolls.filter(day=day).values(data=this_roll)),
            term_rolls=ArraySubquery(rolls.values(data=JSONObject(day="day", state="state"))),
            closed=ArraySubquery(closed.values(data=JSONObject(day="day", school="school_id"))),
            years=ArraySubquery(CalendarYear.objects.values("year")),
            official=ArraySubquery(official.values(data=JSONObject(day="day", kind="kind"))),
            threshold=number_in_force(Key.ABSENCE_CONSECUTIVE_DAYS, opening),
        )
        .first()
    )


def _pupils(sheet: RollDay) -> list[Pupil]:
    first = sheet.calendar.opens_on if sheet.calendar else sheet.day
    last = sheet.calendar.ends_on if sheet.calendar else sheet.day
    student = OuterRef("student_id")
    marks = RollMark.objects.filter(student=student, day__range=(first, last))
    stays = EnrollmentRecord.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=first), student=student, starts_on__lte=last
    )
    period = {"starts_on": "starts_on", "ends_on": "ends_on"}
    rows = (
        EnrollmentRecord.objects.on(sheet.day)
        .filter(school_class=sheet.class_pk)
        .order_by("student__name_keys", "student_id")
        .values(
            "student_id",
            "student__public_id",
            "student__name",
            marks=ArraySubquery(
                marks.values(data=JSONObject(day="day", mark="mark", reason="reason"))
            ),
            stays=ArraySubquery(
                stays.values(
                    data=JSONObject(class_id="school_class_id", school_id="school_id", **period)
                )
            ),
            placements=ArraySubquery(
                Placement.objects.filter(student=student).values(
                    data=JSONObject(kind="kind", proof="proof", returned_on="returned_on", **period)
                )
            ),
            runs=ArraySubquery(
                AbsenceRun.objects.filter(student=student, term=sheet.term_id).values(
                    data=JSONObject(id="pk", starts_on="starts_on", last_on="last_on")
                )
            ),
        )
    )
    return [_pupil(row) for row in rows]


def _pupil(row: Mapping[str, Any]) -> Pupil:
    child = Child(
        stays=tuple(stay_of(one) for one in row["stays"]),
        marks={_day(one["day"]): one["mark"] for one in row["marks"]},
        placements=tuple(placement_of(one) for one in row["placements"]),
    )
    return Pupil(
        pk=row["student_id"],
        id=str(row["student__public_id"]),
        name=row["student__name"],
        child=child,
        reasons={_day(one["day"]): one["reason"] for one in row["marks"]},
        runs=tuple(
            StoredRun(one["id"], _day(one["starts_on"]), _day(one["last_on"]))
            for one in row["runs"]
        ),
    )


def _add_rolls_of_former_classes(sheet: RollDay) -> None:
    """Pupils who changed class within the term: their former rolls and school calendars."""
    stays = [stay for pupil in sheet.pupils for stay in pupil.child.stays]
    others = {stay.class_id for stay in stays} - {sheet.class_pk}
    if not others or sheet.calendar is None:
        return
    states = dict(sheet.rolls.states)
    calendars = {
        school_id: replace(
            sheet.calendar,
            closed=frozenset(sheet.closed.get(None, set()) | sheet.closed.get(school_id, set())),
        )
        for school_id in {stay.school_id for stay in stays}
    }
    rolls = Roll.objects.filter(
        school_class__in=others, day__range=(sheet.calendar.opens_on, sheet.calendar.ends_on)
    )
    for class_id, day, state in rolls.values_list("school_class_id", "day", "state"):
        states[class_id, day] = state
    sheet.rolls = Rolls(states, calendars)


def _stored(row: dict | None) -> StoredRoll | None:
    if row is None:
        return None
    return StoredRoll(**{**row, "taken_at": datetime.fromisoformat(row["taken_at"])})


def _day(text: str) -> date:
    return date.fromisoformat(text)
