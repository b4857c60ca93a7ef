"""Terms and school calendars as pure values."""

from collections.abc import Iterable
from datetime import date

from agencies.queries.calendars import working_calendar
from students.models import ClosedDay, Term
from students.rules.school_calendar import SchoolCalendar


def term_on(county_id: int, day: date) -> Term | None:
    return Term.objects.filter(county_id=county_id, starts_on__lte=day, ends_on__gte=day).first()


def latest_term(county_id: int, day: date) -> Term | None:
    """The term of the day, or in the vacation the one before it."""
    begun = Term.objects.filter(county_id=county_id, starts_on__lte=day)
    return begun.order_by("-starts_on").first()


def school_calendars(term: Term, school_ids: Iterable[int]) -> dict[int, SchoolCalendar]:
    """The calendar of each school in the term, in three queries."""
    working = working_calendar()
    closed: dict[int | None, set[date]] = {}
    for school_id, day in ClosedDay.objects.filter(
        county_id=term.county_id, day__range=(term.starts_on, term.ends_on)
    ).values_list("school_id", "day"):
        closed.setdefault(school_id, set()).add(day)
    everywhere = closed.get(None, set())
    return {
        school_id: SchoolCalendar(
            term.starts_on,
            term.ends_on,
            working,
            frozenset(everywhere | closed.get(school_id, set())),
        )
        for school_id in set(school_ids)
    }
