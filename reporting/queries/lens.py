"""What a board looks at: who asks, which area, which day; and what kind of day it is."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery

from agencies.models import CalendarDay
from agencies.queries.calendars import from_days
from agencies.rules.deadlines import end_of_day
from agencies.rules.scope import Scope
from reporting.rules.areas import Area, AreaKind, in_reach
from students.models import ClosedDay, Term
from students.queries.focus import children_of
from students.rules.school_calendar import SchoolCalendar

NONE = Q(pk__in=[])


@dataclass(frozen=True)
class Lens:
    """now: the present instant. A past day is seen as it stood at its end.

    term_ids: the term of the day, none in the vacation. tag: only children of this focus group and
    classes in which some of them are, "" for all.
    """

    scope: Scope
    area: Area
    on: date
    now: datetime
    term_ids: tuple[int, ...]
    is_school_day: bool
    closed_schools: frozenset[int]
    tag: str = ""

    @property
    def sees_all(self) -> bool:
        """The whole area lies within reach; else rows are narrowed one by one."""
        return in_reach(self.scope, self.area)

    @property
    def is_past(self) -> bool:
        return end_of_day(self.on) <= self.now

    @property
    def as_of(self) -> datetime:
        return as_of(self.on, self.now)

    @property
    def expects_rolls(self) -> bool:
        """Whether classes of the area have school on the day (a school may be closed)."""
        return self.is_school_day and self.area.school_id not in self.closed_schools

    def has_school(self, school: str = "school_id") -> Q:
        """Condition on rows of a school: the school is open on the day."""
        if not self.is_school_day:
            return NONE
        return ~Q(**{f"{school}__in": sorted(self.closed_schools)}) if self.closed_schools else Q()

    def tagged(self, student: str = "student") -> Q:
        """Condition on rows with a child: it belongs to the focus group on the day."""
        if not self.tag:
            return Q()
        return Q(**{f"{student}__in": children_of(self.tag, self.area.county_id, self.on)})

    def placed(self, school: str, school_class: str) -> Q:
        """Condition on rows with a school and a class: they belong to the area.

        A village has children, but no classes of its own.
        """
        area = self.area
        if area.kind == AreaKind.COUNTY:
            return Q(**{f"{school}__region__path": area.path}) if area.rest else Q()
        if area.rest or area.kind == AreaKind.VILLAGE:
            return NONE
        if area.kind == AreaKind.CLASS:
            return Q(**{school_class: area.class_id})
        if area.kind == AreaKind.SCHOOL:
            return Q(**{school: area.school_id})
        return Q(**{f"{school}__region__path__startswith": area.path})


def as_of(on: date, now: datetime) -> datetime:
    """Now, or the end of a past day."""
    return min(now, end_of_day(on))


def look(scope: Scope, area: Area, on: date, now: datetime, tag: str = "") -> Lens:
    """The lens with the kind of the day, in one query.

    A day is a school day inside a term when it is a working day by the official calendar and not
    closed for the whole county (rule 2).
    """
    kind = CalendarDay.objects.filter(day=on).values("kind")
    closed = ClosedDay.objects.filter(county=OuterRef("county"), day=on).values("school_id")
    term = (
        Term.objects.filter(county_id=area.county_id, starts_on__lte=on, ends_on__gte=on)
        .annotate(kind=Subquery(kind), closed=ArraySubquery(closed))
        .values_list("pk", "starts_on", "ends_on", "kind", "closed")
        .first()
    )
    if term is None:
        return Lens(scope, area, on, now, (), False, frozenset(), tag)
    pk, starts_on, ends_on, day_kind, schools = term
    working = from_days([], [(on, day_kind)] if day_kind else [])
    everywhere = frozenset([on]) if None in schools else frozenset()
    calendar = SchoolCalendar(starts_on, ends_on, working, everywhere)
    own = frozenset(schools) - {None}
    return Lens(scope, area, on, now, (pk,), calendar.is_school_day(on), own, tag)
