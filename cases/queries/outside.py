"""Work with other counties as pages and API show it: notices, replies, confirmations by term."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Prefetch, QuerySet
from django.utils.translation import gettext as _

from agencies.queries.calendars import working_calendar
from agencies.queries.standing import Standing, standing
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.scope import Scope
from cases.models import AttendanceConfirmation, Case, OutsideNotice
from cases.rules.outside import Why
from students.models import Placement, Term
from students.rules.enrollment import PlacementKind

MOST = 300  # notices on the page of all


@dataclass(frozen=True)
class Line:
    """One notice. confirmed_until: the last day that a confirmation explains, None without one."""

    notice: OutsideNotice
    standing: Standing | None
    confirmed_until: date | None
    on: date

    @property
    def why(self) -> Why:
        return Why(self.notice.why)

    @property
    def lapsed(self) -> bool:
        """Attendance there was confirmed, and nobody has confirmed it since."""
        return self.confirmed_until is not None and self.confirmed_until < self.on

    @property
    def waits(self) -> bool:
        return self.standing is not None and self.standing.state in ("open", "overdue")

    @property
    def state_label(self) -> str:
        if self.lapsed:
            return _("confirmation ended")
        if self.confirmed_until:
            return _("attendance confirmed")
        if self.notice.replied_on:
            return _("replied")
        return _("waits for the reply") if self.waits else _("ended without a reply")


@dataclass(frozen=True)
class Full:
    line: Line
    confirmations: list[AttendanceConfirmation]


def of_case(case: Case, on: date, now: datetime) -> list[Full]:
    """All notices of a case with their confirmations: two queries and the calendar."""
    terms = AttendanceConfirmation.objects.select_related("term", "placement", "file")
    rows = (
        _rows(OutsideNotice.objects.filter(case=case))
        .prefetch_related(Prefetch("confirmations", queryset=terms.order_by("pk")))
        .order_by("-sent_at", "-pk")
    )
    calendar = working_calendar()
    return [Full(line(row, on, calendar, now), list(row.confirmations.all())) for row in rows]


def of_county(scope: Scope, now: datetime) -> list[Line]:
    """Notices of all cases in sight: what waits first by its due moment, then what has lapsed."""
    cases = Case.objects.visible_to(scope)
    rows = _rows(OutsideNotice.objects.filter(case__in=cases)).order_by("-sent_at", "-pk")
    calendar = working_calendar()
    lines = [line(row, scope.on, calendar, now) for row in rows[:MOST]]
    return sorted(lines, key=_urgency)


def _urgency(one: Line) -> tuple[int, float]:
    if one.waits and one.standing:
        return (0, one.standing.owed.due_at.timestamp())
    return (1 if one.lapsed else 2, -one.notice.sent_at.timestamp())


def _rows(rows: QuerySet[OutsideNotice]) -> QuerySet[OutsideNotice]:
    return rows.select_related(
        "case__student", "obligation", "paper__pdf", "archive_paper__pdf", "reply_file", "by__user"
    ).annotate(confirmed_until=Max("confirmations__placement__ends_on"))


def line(row: OutsideNotice, on: date, calendar: WorkingCalendar, now: datetime) -> Line:
    stands = standing(row.obligation, calendar, now) if row.obligation else None
    return Line(row, stands, getattr(row, "confirmed_until", None), on)


def term_before(term: Term) -> Term | None:
    rows = Term.objects.filter(county=term.county_id, ends_on__lt=term.starts_on)
    return rows.order_by("-ends_on").first()


def covered_until(student_id: int, since: date) -> date | None:
    """The last day of the confirmation before this day from which nobody has returned."""
    rows = Placement.objects.filter(
        student=student_id, kind=PlacementKind.ELSEWHERE, returned_on__isnull=True
    )
    return rows.filter(ends_on__lt=since).order_by("-ends_on").values_list(
        "ends_on", flat=True
    ).first()  # fmt: skip


def terms(county_id: int, on: date) -> QuerySet[Term]:
    """Terms of which attendance can be confirmed: those that have begun, newest first."""
    return Term.objects.filter(county=county_id, starts_on__lte=on).order_by("-starts_on")[:3]
