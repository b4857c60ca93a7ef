"""The terms of a county, with what is doubtful about their opening days."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.errors import NotVisible, Text
from agencies.models import Agency
from agencies.queries.calendars import working_calendar
from agencies.rules.calendar import WorkingCalendar
from students.models import ClosedDay, Term


@dataclass(frozen=True)
class TermRow:
    term: Term
    present: bool
    doubts: list[Text]
    over: bool = False  # its dates stay


def term_for(county_id: int, term_id: UUID) -> Term:
    """A term of the county. Raises NotVisible."""
    found = Term.objects.filter(county_id=county_id, public_id=term_id).first()
    if found is None:
        raise NotVisible
    return found


def doubts(opens_on: date, working: WorkingCalendar) -> list[Text]:
    """What speaks against this opening day."""
    found: list[Text] = []
    if not working.is_working_day(opens_on):
        found.append(_("The opening day is no working day."))
    if working.is_provisional(opens_on):
        text = _("The official calendar of this year is not loaded: time limits are provisional.")
        found.append(text)
    return found


def terms_of(county_id: int, on: date) -> list[TermRow]:
    """All terms, newest first."""
    working = working_calendar()
    return [
        TermRow(
            term,
            term.starts_on <= on <= term.ends_on,
            doubts(term.starts_on, working),
            term.ends_on < on,
        )
        for term in Term.objects.filter(county_id=county_id).order_by("-starts_on")
    ]


def closed_days(term: Term) -> QuerySet[ClosedDay]:
    """Closed days inside the term, of one school or of all."""
    days = ClosedDay.objects.filter(
        county_id=term.county_id, day__range=(term.starts_on, term.ends_on)
    )
    return days.select_related("school").order_by("-day", "school__name")


def closed_outside(term: Term, starts_on: date, ends_on: date) -> int:
    """Closed days of the term that would lie outside other dates: kept, without effect there."""
    days = ClosedDay.objects.filter(
        county_id=term.county_id, day__range=(term.starts_on, term.ends_on)
    )
    return days.exclude(day__range=(starts_on, ends_on)).count()


def schools_of(county_id: int, on: date) -> QuerySet[Agency]:
    return Agency.objects.on(on).schools().filter(county_id=county_id).order_by("name")
