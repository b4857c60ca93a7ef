"""The clocks of home teaching: the sessions of each week, and the visits of the bureau (S1-45).

A week is owed from its first school day to its Sunday; one without a school day owes nothing.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Count, Exists, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_noop

from agencies.models import Agency, Obligation
from agencies.queries.calendars import working_calendar
from agencies.queries.responsible import bureau
from agencies.rules.deadlines import CHINA
from agencies.rules.obligations import ObligationKind
from agencies.services import obligations
from agencies.services.obligations import Owed
from students.models import HomePlan, QualityVisit
from students.queries.home_teaching import in_fact, lessons_of, school_days
from students.rules import home_teaching as rules
from students.rules.home_teaching import Lesson, monday_of, mondays
from students.services.owed import raise_each, subject_of

WEEKLY, QUALITY = "home", "home_quality"
SUNDAY = timedelta(days=6)


@transaction.atomic
def follow(now: datetime, plan: HomePlan | None = None) -> int:
    """Raise what the weeks up to today and the quality visits owe; meet and waive what is open.

    plan: only of this one. Safe to repeat. Returns how many duties changed.
    """
    rows = HomePlan.objects.filter(pk=plan.pk) if plan else HomePlan.objects.all()
    rows = rows.select_related("student", "placement", "school__region")
    today = now.astimezone(CHINA).date()
    return (
        _raise_weeks(rows, today, now) + _raise_quality(rows, today, now) + _end(rows, today, now)
    )


def _raise_weeks(rows: QuerySet[HomePlan], today: date, now: datetime) -> int:
    """Of plans without a duty of this week: that of this week, and those that were missed.

    From the week in which the plan was recorded: nobody is late before it was there.
    """
    this_week = Concat(
        Value(f"{WEEKLY}:"), Cast("public_id", CharField()), Value(f":{monday_of(today)}")
    )
    raised = Obligation.objects.filter(county=OuterRef("county"), key=OuterRef("week_key"))
    waiting = rows.annotate(week_key=this_week).filter(
        starts_on__lte=today, ends_on__gte=monday_of(today)
    )
    wanted = list(waiting.exclude(Exists(raised)))
    if not wanted:
        return 0
    first = min(max(row.starts_on, row.made_on) for row in wanted)
    days = school_days(wanted, monday_of(first), monday_of(today) + SUNDAY)
    offices = _offices(wanted, today)
    duties = [
        (row, owed)
        for row in wanted
        for owed in _weeks(row, days[row.school_id], today, offices[row.county_id])
    ]
    return _raise(duties, now)


def _offices(rows: Iterable[HomePlan], today: date) -> dict[int, Agency]:
    return {county: bureau(county, today) for county in {row.county_id for row in rows}}


def _weeks(row: HomePlan, days: set[date], today: date, office: Agency) -> Iterator[Owed]:
    plan = in_fact(row)
    for monday in mondays(max(row.starts_on, row.made_on), today):
        if rules.owed_in(plan, monday, days):
            inside = [day for day in days if monday <= day <= monday + SUNDAY]
            yield Owed(
                kind=ObligationKind.HOME_LESSONS,
                key=f"{WEEKLY}:{row.public_id}:{monday}",
                subject=subject_of(row.school),
                owed_by=row.school,
                owed_to=office,
                starts_on=max(min(inside), plan.starts_on),
                region_path=row.school.region.path,
                href=_href(row),
                due_on=monday + SUNDAY,
            )


def _href(row: HomePlan) -> str:
    return f"/home-teaching/{row.public_id}/"


def _raise_quality(rows: QuerySet[HomePlan], today: date, now: datetime) -> int:
    """The first visit from the first day of the plan on, the next one from the last visit on."""
    key = Concat(
        Value(f"{QUALITY}:"),
        Cast("public_id", CharField()),
        Value(":"),
        Cast("visits", CharField()),
    )
    raised = Obligation.objects.filter(county=OuterRef("county"), key=OuterRef("quality_key"))
    visits = QualityVisit.objects.filter(plan=OuterRef("pk")).values("plan")
    waiting = (
        rows.filter(starts_on__lte=today, ends_on__gte=today, placement__returned_on__isnull=True)
        .annotate(
            visits=Coalesce(Subquery(visits.values(n=Count("pk"))), 0),
            seen_on=Subquery(visits.values(last=Max("on"))),
        )
        .annotate(quality_key=key)
        .exclude(Exists(raised))
    )
    wanted = list(waiting)
    offices = _offices(wanted, today)
    duties = [
        Owed(
            kind=ObligationKind.HOME_QUALITY,
            key=row.quality_key,
            subject=subject_of(row.school),
            owed_by=offices[row.county_id],
            owed_to=offices[row.county_id],
            starts_on=row.seen_on or max(row.starts_on, row.made_on),
            region_path=row.school.region.path,
            href=_href(row),
        )
        for row in wanted
    ]
    return _raise(list(zip(wanted, duties, strict=True)), now)


def _raise(wanted: Iterable[tuple[HomePlan, Owed]], now: datetime) -> int:
    by_county: dict[int, list[Owed]] = {}
    for row, owed in wanted:
        by_county.setdefault(row.county_id, []).append(owed)
    if not by_county:
        return 0
    calendar = working_calendar()
    return sum(raise_each(county, several, calendar, now) for county, several in by_county.items())


def _end(rows: QuerySet[HomePlan], today: date, now: datetime) -> int:
    """Weeks whose sessions are there are met, at the moment of the session that made it full;
    weeks that owe nothing any more, and visits to a plan that is over, fall away."""
    kinds = (ObligationKind.HOME_LESSONS, ObligationKind.HOME_QUALITY)
    owed = list(Obligation.objects.open().filter(kind__in=kinds).values_list("pk", "key"))
    plans = {row.public_id: row for row in rows.filter(public_id__in={_plan(k) for _pk, k in owed})}
    weeks = [
        (pk, plans[_plan(key)], date.fromisoformat(key.rsplit(":", 1)[1]))
        for pk, key in owed
        if key.startswith(f"{WEEKLY}:") and _plan(key) in plans
    ]
    over = [
        pk
        for pk, key in owed
        if key.startswith(f"{QUALITY}:")
        and (plan := plans.get(_plan(key))) is not None
        and in_fact(plan).ends_on < today
    ]
    met, empty = _weeks_ended(weeks)
    why, gone = gettext_noop("no school day"), gettext_noop("the home teaching has ended")
    changed = obligations.fulfil_at(met) if met else 0
    changed += obligations.waive(empty, why, now) if empty else 0
    return changed + (obligations.waive(over, gone, now) if over else 0)


def _plan(key: str) -> UUID:
    return UUID(key.split(":")[1])


def _weeks_ended(
    weeks: list[tuple[int, HomePlan, date]],
) -> tuple[dict[int, datetime], list[int]]:
    """Of duties of weeks: those met with their moment, those that owe nothing."""
    if not weeks:
        return {}, []
    rows = {row.pk: row for _pk, row, _monday in weeks}
    first = min(monday for _pk, _row, monday in weeks)
    last = max(monday for _pk, _row, monday in weeks) + SUNDAY
    days, taught = school_days(rows.values(), first, last), lessons_of(list(rows.values()))
    met: dict[int, datetime] = {}
    empty: list[int] = []
    for pk, row, monday in weeks:
        plan, open_days = in_fact(row), days[row.school_id]
        if not rules.owed_in(plan, monday, open_days):
            empty.append(pk)
            continue
        lessons = [Lesson(one.day, one.periods) for one in taught[row.pk]]
        if count := rules.met_by(plan, monday, open_days, lessons):
            met[pk] = taught[row.pk][count - 1].recorded_at
    return met, empty


def cancelled(plan: HomePlan, day: date, now: datetime) -> None:
    """A session of the day counts no more: its week is owed again unless the others fill it."""
    obligations.reopen_keys(plan.county_id, [f"{WEEKLY}:{plan.public_id}:{monday_of(day)}"])
    follow(now, plan)


def visited(plan: HomePlan, now: datetime) -> None:
    """A quality visit has come: the duty is met and the next one owed."""
    done = plan.quality_visits.count() - 1
    obligations.fulfil_keys(plan.county_id, [f"{QUALITY}:{plan.public_id}:{done}"], now)
    follow(now, plan)
