"""Figures of the asked bodies: how many requests, and how they were replied to and done.

Per body, never per person, and in the order of their names: no ranking (screens.md lesson 14).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from agencies.models import Agency, Obligation
from agencies.queries.calendars import working_calendar
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.deadlines import CHINA
from agencies.rules.obligations import ObligationKind
from cases.models import HelpRequest
from cases.rules.requests import RequestState


@dataclass(frozen=True)
class Figures:
    """One body: owed = in_time + late + waiting + fallen.

    late: met late, or overdue now; waiting: still in time; fallen: withdrawn, or the case ended.
    days: working days from what started the clock to what met it, one for each that was met.
    """

    agency: Agency
    owed: int = 0
    in_time: int = 0
    late: int = 0
    waiting: int = 0
    fallen: int = 0
    refused: int = 0
    days: tuple[int, ...] = ()

    @property
    def due(self) -> int:
        """Of how many it can be said whether they were in time."""
        return self.in_time + self.late

    @property
    def mean(self) -> float | None:
        """Mean working days of what was met; None when nothing was."""
        return sum(self.days) / len(self.days) if self.days else None


@dataclass(frozen=True)
class Page:
    """replies: accepted or refused after the request; answers: what was accepted and then done."""

    first: date
    last: date
    replies: list[Figures]
    answers: list[Figures]


def page_of(county_id: int, first: date, last: date, now: datetime) -> Page:
    """Requests that were asked, and those that were accepted, from first to last: four queries."""
    calendar = working_calendar()
    refused = HelpRequest.objects.filter(county_id=county_id, state=RequestState.REFUSED)
    keys = {
        f"{ObligationKind.HELP_REPLY}:{public_id}"
        for public_id in refused.values_list("public_id", flat=True)
    }
    found = {
        kind: Obligation.objects.filter(
            county_id=county_id, kind=kind, starts_on__range=(first, last)
        ).select_related("owed_by")
        for kind in (ObligationKind.HELP_REPLY, ObligationKind.HELP_DONE)
    }
    replies, answers = (_by_body(rows, keys, calendar, now) for rows in found.values())
    return Page(first, last, replies, answers)


def _by_body(
    rows: Iterable[Obligation], refused: set[str], calendar: WorkingCalendar, now: datetime
) -> list[Figures]:
    bodies: dict[Agency, list[Obligation]] = defaultdict(list)
    for row in rows:
        bodies[row.owed_by].append(row)
    return [
        _figures(agency, bodies[agency], refused, calendar, now)
        for agency in sorted(bodies, key=lambda one: (one.kind, one.name, one.pk))
    ]


def _figures(
    agency: Agency,
    rows: list[Obligation],
    refused: set[str],
    calendar: WorkingCalendar,
    now: datetime,
) -> Figures:
    states = [row.state(now) for row in rows]
    late = sum(1 for row in rows if row.late) + states.count("overdue")
    return Figures(
        agency=agency,
        owed=len(rows),
        in_time=sum(1 for row in rows if row.met_at and not row.late),
        late=late,
        waiting=states.count("open"),
        fallen=states.count("waived"),
        refused=sum(1 for row in rows if row.key in refused),
        days=tuple(_days(row, calendar) for row in rows if row.met_at),
    )


def _days(row: Obligation, calendar: WorkingCalendar) -> int:
    """Working days from the first day, which is not counted, to the day it was met."""
    if row.met_at is None:
        return 0
    met_on = row.met_at.astimezone(CHINA).date()
    return max(0, calendar.working_days_left(row.starts_on, met_on))
