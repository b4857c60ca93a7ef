"""The rolls as a duty of each school and school day (S1-57): raised, met, waived, reminded of.

Saving a roll knows nothing of this: sweeps read the rows, so a roll costs what it cost before.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_noop

from agencies.models import Agency, Notice, Obligation
from agencies.models.bases import valid_on
from agencies.models.obligation import ObligationQuerySet
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.deadlines import CHINA
from agencies.rules.notices import NoticeKind
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.services import notices, obligations
from agencies.services.notices import News
from students.models import ClassTeacher, EnrollmentRecord, Roll, SchoolClass, Term
from students.queries.calendars import school_calendars, terms_between, with_closed_days
from students.rules.identity import school_year_of
from students.services.owed import raise_each
from students.services.terms import roll_of


@transaction.atomic
def raise_for(day: date, now: datetime) -> int:
    """Each school with pupils owes the rolls of the day, in every county that is in term.

    School days on which nothing ran are caught up, back to the last one that was raised; that one
    is looked at again, for schools that have come since. What is complete already is met in the
    same transaction: no sweep sees it open. Safe to repeat. Returns how many came.
    """
    working = working_calendar()
    came = sum(_raise(term, day, working, now) for term in _terms_of(day))
    if came:
        follow(now)
    return came


def _terms_of(day: date) -> QuerySet[Term]:
    return with_closed_days(Term.objects.filter(starts_on__lte=day, ends_on__gte=day))


def _raise(term: Term, day: date, working: WorkingCalendar, now: datetime) -> int:
    schools = list(
        Agency.objects.schools().filter(county_id=term.county_id).select_related("region")
    )
    calendars = school_calendars(term, [school.pk for school in schools], working)
    by_id = {school.pk: school for school in schools}
    wanted = []
    for one in _days_to_raise(term, day, working, schools):
        office = bureau(term.county_id, one)
        wanted += [
            roll_of(by_id[pk], office, one)
            for pk in _owing(term.county_id, one)
            if calendars[pk].is_school_day(one)
        ]
    return raise_each(term.county_id, wanted, working, now)


def _days_to_raise(
    term: Term, day: date, working: WorkingCalendar, schools: Iterable[Agency]
) -> Iterator[date]:
    codes = [school.code for school in schools]
    for one in reversed(list(working.working_days(term.starts_on, day))):
        yield one
        keys = [f"roll:{code}:{one}" for code in codes]
        if Obligation.objects.filter(county_id=term.county_id, key__in=keys).exists():
            return


def _owing(county_id: int, day: date) -> QuerySet:
    """Schools with pupils on the day whose rolls of it are not raised yet."""
    pupils = EnrollmentRecord.objects.on(day).filter(school=OuterRef("pk"))
    key = Concat(Value("roll:"), "code", Value(f":{day}"))
    raised = Obligation.objects.filter(county=OuterRef("county"), key=OuterRef("roll_key"))
    return (
        Agency.objects.on(day)
        .schools()
        .filter(Exists(pupils), county_id=county_id)
        .annotate(roll_key=key)
        .exclude(Exists(raised))
        .order_by("code")
        .values_list("pk", flat=True)
    )


def follow(now: datetime) -> int:
    """Rolls that are complete meet their duty, days that are no school days any more waive it.

    Met at the moment of the last roll, taken or not held, whenever this runs: a sweep that comes
    late makes nobody late. Returns how many have ended.
    """
    today = now.astimezone(CHINA).date()
    owed = Obligation.objects.open().filter(kind=ObligationKind.ROLL, starts_on__lte=today)
    empty = _without_pupils(owed.filter(starts_on__lt=today))
    fallen = obligations.waive(empty, "no pupils", now) if empty else 0
    return fallen + _waive(owed, now) + obligations.fulfil_at(dict(_complete(owed)))


def _without_pupils(owed: ObligationQuerySet) -> list[int]:
    """Duties of days gone by on which the school had nobody on its rosters."""
    pupils = EnrollmentRecord.objects.filter(
        valid_on(OuterRef("starts_on")), school=OuterRef("owed_by")
    )
    return list(owed.exclude(Exists(pupils)).values_list("pk", flat=True))


def _complete(owed: ObligationQuerySet) -> QuerySet:
    """Every class with a pupil on the day has a roll: the duty and its last roll's moment."""
    school, day = OuterRef("owed_by"), OuterRef("starts_on")
    rolls = Roll.objects.filter(school_class__school=school, day=day)
    on_that_day = OuterRef(OuterRef("starts_on"))
    pupils = EnrollmentRecord.objects.filter(valid_on(on_that_day), school_class=OuterRef("pk"))
    called = Roll.objects.filter(school_class=OuterRef("pk"), day=on_that_day)
    missing = SchoolClass.objects.filter(~Exists(called), Exists(pupils), school=school)
    last = rolls.order_by("-taken_at").values("taken_at")[:1]
    return (
        owed.filter(Exists(rolls))
        .exclude(Exists(missing))
        .annotate(last=Subquery(last))
        .values_list("pk", "last")
    )


def _waive(owed: ObligationQuerySet, now: datetime) -> int:
    by_county: dict[int, list[tuple[int, int, date]]] = defaultdict(list)
    for county_id, *row in owed.values_list("county", "pk", "owed_by", "starts_on"):
        by_county[county_id].append((row[0], row[1], row[2]))
    fallen = [pk for county, rows in by_county.items() for pk in _no_school_day(county, rows)]
    return obligations.waive(fallen, gettext_noop("no school day"), now) if fallen else 0


def _no_school_day(county_id: int, rows: list[tuple[int, int, date]]) -> Iterator[int]:
    """Those of a day on which the school was closed, or that lies in no term."""
    days, schools = [day for _pk, _school, day in rows], {school for _pk, school, _day in rows}
    working = working_calendar()
    terms = [
        school_calendars(term, schools, working)
        for term in terms_between(county_id, min(days), max(days))
    ]
    for pk, school, day in rows:
        if not any(calendars[school].is_school_day(day) for calendars in terms):
            yield pk


def remind(now: datetime) -> int:
    """From the set hour on, whoever is in charge of a class without a roll is told once a day.

    Without a class teacher who is in office, the school is told. Returns how many were told.
    """
    local = now.astimezone(CHINA)
    day = local.date()
    news: list[News] = []
    for term in _terms_of(day):
        if local.time() >= in_force(term.county_id, day).hour(Key.ROLL_REMIND_AT):
            news += _reminders(term, day)
    return notices.tell(news, now)


def _reminders(term: Term, day: date) -> Iterator[News]:
    rows = list(_uncalled(term.county_id, day))
    calendars = school_calendars(term, {row.school_id for row in rows})
    for row in rows:
        if calendars[row.school_id].is_school_day(day):
            yield News(
                term.county_id,
                NoticeKind.ROLL_MISSING,
                row.dedupe,
                f"/classes/{row.public_id}/roll/{day}/",
                agency_id=None if row.post else row.school_id,
                post_id=row.post,
                params={"grade": row.grade, "number": row.number, "day": day.isoformat()},
            )


def _uncalled(county_id: int, day: date) -> QuerySet:
    """Classes with pupils and without a roll on the day of which nobody was told yet."""
    here = OuterRef("pk")
    pupils = EnrollmentRecord.objects.on(day).filter(school_class=here)
    called = Roll.objects.filter(school_class=here, day=day)
    teacher = ClassTeacher.objects.on(day).filter(
        valid_on(day, "post__"), school_class=here, post__user__is_active=True
    )
    dedupe = Concat(Value("roll:"), Cast("pk", CharField()), Value(f":{day}"))
    told = Notice.objects.filter(dedupe=OuterRef("dedupe"))
    return (
        SchoolClass.objects.of_year(school_year_of(day))
        .filter(~Exists(called), Exists(pupils), county_id=county_id)
        .annotate(dedupe=dedupe, post=Subquery(teacher.values("post")[:1]))
        .exclude(Exists(told))
        .order_by("pk")
    )
