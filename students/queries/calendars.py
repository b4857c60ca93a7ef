"""Terms and school calendars as pure values."""

from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from agencies.queries.calendars import working_calendar
from agencies.rules.calendar import WorkingCalendar
from students.models import ClosedDay, Term
from students.rules.school_calendar import SchoolCalendar


def term_on(county_id: int, day: date) -> Term | None:
    return Term.objects.filter(county_id=county_id, starts_on__lte=day, ends_on__gte=day).first()


def latest_term(county_id: int, day: date) -> Term | None:
    """The term of the day, or in the vacation the one before it."""
    begun = Term.objects.filter(county_id=county_id, starts_on__lte=day)
    return begun.order_by("-starts_on").first()


def terms_between(county_id: int, first: date, last: date) -> QuerySet[Term]:
    """Terms that touch these days, each with its closed days, oldest first."""
    return with_closed_days(
        Term.objects.filter(county_id=county_id, ends_on__gte=first, starts_on__lte=last)
    ).order_by("starts_on")


def with_closed_days(terms: QuerySet) -> QuerySet[Term]:
    closed = ClosedDay.objects.filter(
        county=OuterRef("county"), day__gte=OuterRef("starts_on"), day__lte=OuterRef("ends_on")
    )
    days = closed.values(data=JSONObject(day="day", school="school_id"))
    return terms.annotate(closed_days=ArraySubquery(days))


def school_calendars(
    term: Term, school_ids: Iterable[int], working: WorkingCalendar | None = None
) -> dict[int, SchoolCalendar]:
    """The calendar of each school in the term; no query for what the caller brings along."""
    if not hasattr(term, "closed_days"):
        term = with_closed_days(Term.objects.filter(pk=term.pk)).get()
    closed: dict[int | None, set[date]] = {}
    for one in term.closed_days:
        closed.setdefault(one["school"], set()).add(date.fromisoformat(one["day"]))
    everywhere = closed.get(None, set())
    working = working or working_calendar()
    return {
        school_id: SchoolCalendar(
            term.starts_on,
            term.ends_on,
            working,
            frozenset(everywhere | closed.get(school_id, set())),
        )
        for school_id in set(school_ids)
    }
