"""Home-delivered teaching: what a week and a school year owe, and what they got (S1-45).

The quotas differ by place (law.md 2.9), so a plan carries its own; the county's values are where
they begin. 残疾人教育条例 17: taught at home, the child stays in the register of its school.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from math import ceil

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason
from students.rules.identity import school_year_of

WEEK = timedelta(days=7)


class Where(TextChoices):
    HOME = "home", _("at home")
    REMOTE = "remote", _("remotely")
    INSTITUTION = "institution", _("in a welfare or rehabilitation institution")
    POINT = "point", _("at a teaching point")


class Finding(TextChoices):
    """What a quality visit found."""

    GOOD = "good", _("taught as planned, with effect")
    IMPROVE = "improve", _("to be improved")
    NOT_DONE = "not_done", _("not taught as recorded")


class YearState(TextChoices):
    MET = "met", _("reached")
    ON_COURSE = "on_course", _("on course")
    BEHIND = "behind", _("behind: more than the weekly plan is needed")
    MISSED = "missed", _("missed")
    OPEN = "open", _("the terms of the year are not all set")


@dataclass(frozen=True)
class Plan:
    """Days both included; sessions a week, periods a session, minutes a period, periods a year."""

    starts_on: date
    ends_on: date
    sessions: int
    periods: int
    minutes: int
    periods_a_year: int

    @property
    def periods_a_week(self) -> int:
        return self.sessions * self.periods


@dataclass(frozen=True)
class Lesson:
    day: date
    periods: int


@dataclass(frozen=True)
class Week:
    """monday: its first day. owed: sessions; short_periods: of the periods of these sessions."""

    monday: date
    owed: int
    sessions: int
    periods: int
    short_sessions: int
    short_periods: int

    @property
    def is_met(self) -> bool:
        return self.short_sessions == 0 and self.short_periods == 0


@dataclass(frozen=True)
class Year:
    """Of a school year. needed: periods a week from now on, None where that cannot be said."""

    first_year: int
    owed: int
    taught: int
    missing: int
    needed: int | None
    state: YearState


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def mondays(first: date, last: date) -> Iterator[date]:
    """The weeks that these days touch, both included."""
    monday = monday_of(first)
    while monday <= last:
        yield monday
        monday += WEEK


def owed_in(plan: Plan, monday: date, school_days: Collection[date]) -> int:
    """Sessions owed in a week: those of the plan, never more than it has school days in it.

    A week of holidays owes nothing; one that a holiday leaves a single day owes one session.
    """
    inside = [
        day
        for day in school_days
        if monday <= day < monday + WEEK and plan.starts_on <= day <= plan.ends_on
    ]
    return min(plan.sessions, len(inside))


def week(plan: Plan, monday: date, school_days: Collection[date], taught: Iterable[Lesson]) -> Week:
    """Sessions and periods of the week against the plan. Lessons on a rest day count too."""
    owed = owed_in(plan, monday, school_days)
    lessons = [one for one in taught if monday <= one.day < monday + WEEK]
    periods = sum(one.periods for one in lessons)
    return Week(
        monday,
        owed,
        len(lessons),
        periods,
        max(0, owed - len(lessons)),
        max(0, owed * plan.periods - periods),
    )


def met_by(
    plan: Plan, monday: date, school_days: Collection[date], taught: list[Lesson]
) -> int | None:
    """How many of these lessons, in their order, met the week; None while they do not."""
    for count in range(1, len(taught) + 1):
        if week(plan, monday, school_days, taught[:count]).is_met:
            return count
    return None


def year(plan: Plan, today: date, taught: Iterable[Lesson], weeks_left: int | None) -> Year:
    """The school year of today against the plan.

    A plan that covers part of the teaching time, September to June, owes that part of its periods,
    rounded up: one that ends with the school year owes them all.
    weeks_left: weeks with a school day from tomorrow to its end; None: not all terms are set.
    """
    first_year = school_year_of(today)
    begins, ends = date(first_year, 9, 1), date(first_year + 1, 8, 31)
    last_lesson = date(first_year + 1, 6, 30)
    first, last = max(begins, plan.starts_on), min(last_lesson, plan.ends_on)
    covered, whole = max(0, (last - first).days + 1), (last_lesson - begins).days + 1
    owed = ceil(plan.periods_a_year * covered / whole)
    done = sum(one.periods for one in taught if begins <= one.day <= ends)
    missing = max(0, owed - done)
    needed = ceil(missing / weeks_left) if missing and weeks_left else None
    return Year(first_year, owed, done, missing, needed, _state(plan, missing, needed, weeks_left))


def _state(plan: Plan, missing: int, needed: int | None, weeks_left: int | None) -> YearState:
    if not missing:
        return YearState.MET
    if weeks_left is None:
        return YearState.OPEN
    if needed is None:
        return YearState.MISSED
    return YearState.ON_COURSE if needed <= plan.periods_a_week else YearState.BEHIND


def session_problems(
    plan: Plan, day: date, starts_at: time, periods: int, now: tuple[date, time]
) -> list[Reason]:
    """Why this session cannot have been. now: day and time in China."""
    found = []
    if (day, starts_at) > now:
        found.append(Reason("future", _("A session cannot lie in the future."), "/day"))
    if not plan.starts_on <= day <= plan.ends_on:
        text = _("The day lies outside the plan: %(first)s – %(last)s.")
        days = {"first": plan.starts_on.isoformat(), "last": plan.ends_on.isoformat()}
        found.append(Reason("outside_plan", text % days, "/day"))
    if periods < 1 or starts_at.hour * 60 + starts_at.minute + periods * plan.minutes > 24 * 60:
        text = _("So many periods do not fit into the day.")
        found.append(Reason("periods", text, "/periods"))
    return found
