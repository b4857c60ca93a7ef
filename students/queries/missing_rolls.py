"""What a school leader sees first: classes without a roll today, and how many days before."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery

from agencies.models import PolicyRule
from agencies.queries.calendars import working_calendar
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.deadlines import CHINA
from agencies.rules.policy import CATALOGUE, Key
from agencies.rules.scope import Scope
from students.models import EnrollmentRecord, Roll, SchoolClass, Term
from students.models.school_class import class_name
from students.queries.calendars import school_calendars, with_closed_days
from students.rules.identity import school_year_of


@dataclass(frozen=True)
class Uncalled:
    """A class without a roll today."""

    public_id: UUID
    name: str
    school_name: str


@dataclass(frozen=True)
class MissingRolls:
    """tone: calm in the morning, warn from the hour of reminding on, late after the last lesson.

    older: class days before today, within the term, that have no roll.
    """

    day: date
    tone: str
    classes: list[Uncalled]
    older: int


def missing_rolls(
    scope: Scope, now: datetime, working: WorkingCalendar | None = None
) -> MissingRolls | None:
    """Of the schools that the person leads, in two queries; None when there is nothing to say."""
    if not scope.school_ids:
        return None
    day = scope.on
    term = _term_with_hours(scope.county_id, day)
    if term is None:
        return None
    working = working or working_calendar()
    calendars = school_calendars(term, scope.school_ids, working)
    classes, older = [], 0
    for row in _classes(scope, term):
        days = set(calendars[row.school_id].school_days(term.starts_on, day)) - set(row.called)
        older += len(days - {day})
        if day in days:
            name = class_name(row.grade, row.number)
            classes.append(Uncalled(row.public_id, name, row.school.name))
    if not classes and not older:
        return None
    return MissingRolls(day, _tone(term, now.astimezone(CHINA).time()), classes, older)


HOURS = {"remind_at": Key.ROLL_REMIND_AT, "end_at": Key.ROLL_END_AT}


def _tone(term: Term, hour: time) -> str:
    reminds, ends = (
        time.fromisoformat(getattr(term, name) or str(CATALOGUE[key].default))
        for name, key in HOURS.items()
    )
    return "late" if hour >= ends else "warn" if hour >= reminds else "calm"


def _term_with_hours(county_id: int, day: date) -> Term | None:
    """The term of the day with its closed days and the county's own hours, in one query."""
    terms = Term.objects.filter(county_id=county_id, starts_on__lte=day, ends_on__gte=day)
    own = PolicyRule.objects.on(day).filter(county=OuterRef("county"))
    hours = {name: Subquery(own.filter(key=key).values("value")[:1]) for name, key in HOURS.items()}
    return with_closed_days(terms).annotate(**hours).first()


def _classes(scope: Scope, term: Term) -> list:
    """The classes that have pupils today, each with the days of the term that were called."""
    called = Roll.objects.filter(school_class=OuterRef("pk"), day__range=(term.starts_on, scope.on))
    pupils = EnrollmentRecord.objects.on(scope.on).filter(school_class=OuterRef("pk"))
    return list(
        SchoolClass.objects.of_year(school_year_of(scope.on))
        .filter(Exists(pupils), school_id__in=scope.school_ids)
        .select_related("school")
        .annotate(called=ArraySubquery(called.values("day")))
        .order_by("school__code", "grade", "number")
    )
