"""Home-delivered teaching: who may teach, the school days of a plan, its weeks and its year."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery

from agencies.models import Agency, Post
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from students.models import HomePlan, HomeSession, QualityVisit
from students.queries.calendars import school_calendars, terms_between
from students.queries.classes import IN_CHARGE
from students.rules import home_teaching as rules
from students.rules.home_teaching import Lesson, Plan, Week, Year, monday_of, mondays
from students.rules.identity import school_year_of

DAY = timedelta(days=1)
TERMS = 2  # of a school year
SHOWN = 8  # weeks on the page of a plan


def may_teach_at_home(school: Agency, on: date) -> QuerySet[Post]:
    """Posts of teachers and leaders of the school, held on the day."""
    posts = Post.objects.held_on(on).filter(agency=school, position__in=IN_CHARGE)
    return posts.select_related("user").order_by("user__name", "pk")


def usual_plan(county_id: int, starts_on: date, ends_on: date) -> Plan:
    """What the county's values make of a plan; each can be changed in it."""
    policy = in_force(county_id, starts_on)
    return Plan(
        starts_on,
        ends_on,
        policy.number(Key.HOME_SESSIONS),
        policy.number(Key.HOME_PERIODS),
        policy.number(Key.HOME_MINUTES),
        policy.number(Key.HOME_PERIODS_A_YEAR),
    )


def in_fact(row: HomePlan) -> Plan:
    """The plan as far as it holds: not from the day on which the child is back or gone."""
    student, back = row.student, row.placement.returned_on
    ends = [row.ends_on, back and back - DAY, student.died_on, student.completed_on]
    return replace(row.plan, ends_on=min(day for day in ends if day))


def school_days(rows: Iterable[HomePlan], first: date, last: date) -> dict[int, set[date]]:
    """School days of the schools of these plans, all of one county, from first to last."""
    schools = {row.school_id: row.county_id for row in rows}
    found: dict[int, set[date]] = {pk: set() for pk in schools}
    working = working_calendar()
    for county_id in set(schools.values()):
        mine = [pk for pk, county in schools.items() if county == county_id]
        for term in terms_between(county_id, first, last):
            for pk, calendar in school_calendars(term, mine, working).items():
                found[pk].update(calendar.school_days(first, last))
    return found


def lessons_of(rows: Collection[HomePlan]) -> dict[int, list[HomeSession]]:
    """The sessions of each plan, in the order in which they were recorded."""
    found: dict[int, list[HomeSession]] = defaultdict(list)
    taught = HomeSession.objects.counted().filter(plan__in=rows)
    taught = taught.only("plan", "day", "periods", "recorded_at")
    for one in taught.order_by("recorded_at", "pk"):
        found[one.plan_id].append(one)
    return found


@dataclass(frozen=True)
class Standing:
    """A plan today. weeks: the newest first; last_on: of the last session; seen_on: of the last
    quality visit."""

    row: HomePlan
    plan: Plan
    week: Week
    weeks: list[Week]
    year: Year
    last_on: date | None
    seen_on: date | None

    @property
    def runs(self) -> bool:
        return self.plan.starts_on <= self.plan.ends_on


def plans(scope: Scope) -> QuerySet[HomePlan]:
    """Plans in sight that have not ended, the longest without a session first."""
    taught = HomeSession.objects.counted().filter(plan=OuterRef("pk"))
    last = taught.values("plan").values(at=Max("day"))
    return (
        HomePlan.objects.visible_to(scope)
        .filter(ends_on__gte=scope.on, placement__returned_on__isnull=True)
        .select_related("student", "school", "teacher__user", "placement")
        .annotate(last_on=Subquery(last))
        .order_by("last_on", "pk")
    )


def standings(rows: Collection[HomePlan], today: date) -> list[Standing]:
    """Week and school year of these plans, in a fixed number of queries."""
    if not rows:
        return []
    year = school_year_of(today)
    first, last = date(year, 9, 1), date(year + 1, 8, 31)
    days, taught = school_days(rows, first, last), lessons_of(rows)
    all_set = _terms_are_set(rows, first, last)
    seen = dict(
        QualityVisit.objects.filter(plan__in=rows).values_list("plan").annotate(on=Max("on"))
    )
    return [
        _standing(row, today, days[row.school_id], taught[row.pk], all_set, seen) for row in rows
    ]


def _standing(
    row: HomePlan,
    today: date,
    days: set[date],
    taught: list[HomeSession],
    all_set: bool,
    seen: Mapping[int, date],
) -> Standing:
    plan = in_fact(row)
    lessons = [Lesson(one.day, one.periods) for one in taught]
    begins = max(plan.starts_on, date(school_year_of(today), 9, 1))
    weeks = [
        rules.week(plan, monday, days, lessons)
        for monday in mondays(begins, min(today, plan.ends_on))
    ]
    left = {monday_of(day) for day in days if today < day <= plan.ends_on}
    return Standing(
        row,
        plan,
        rules.week(plan, monday_of(today), days, lessons),
        weeks[: -SHOWN - 1 : -1],
        rules.year(plan, today, lessons, len(left) if all_set else None),
        max((one.day for one in taught), default=None),
        seen.get(row.pk),
    )


def _terms_are_set(rows: Collection[HomePlan], first: date, last: date) -> bool:
    county_id = next(iter(rows)).county_id
    return terms_between(county_id, first, last).aggregate(n=Count("pk"))["n"] >= TERMS
