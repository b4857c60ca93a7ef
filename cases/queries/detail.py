"""One case with everything that its page and the API show, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason
from agencies.models import Obligation
from agencies.queries.calendars import working_calendar
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from cases import access
from cases.models import Case, CaseReport
from cases.queries.facts import follow_up_of, known_facts
from cases.queries.plan import Around, of_case
from cases.queries.seats import SeatRow, seats_of_case
from cases.queries.timeline import Entry, timeline
from cases.queries.work import WorkRow, work
from cases.rules import workflow
from cases.rules.follow_up import FollowUp
from cases.rules.workflow import MOVES, OPEN, Action, State
from students.models import Guardian


@dataclass(frozen=True)
class Possible:
    """One action: whether this person can do it now, and every reason why not."""

    action: Action
    possible: bool
    reasons: list[Reason]
    duty_missing: bool


@dataclass(frozen=True)
class CasePage:
    """siblings: the other cases of the household in sight; hidden: how many are not."""

    case: Case
    seats: list[SeatRow]
    school_warnings: list[str]
    siblings: Sequence[Case]
    hidden: int
    guardians: list[Guardian]
    reports: list[CaseReport]
    obligations: list[Obligation]
    actions: list[Possible]
    work: list[WorkRow]
    entries: list[Entry]
    follow_up: FollowUp | None
    why: str
    now: datetime = field(repr=False)
    calendar: WorkingCalendar = field(repr=False)

    @property
    def missing_seats(self) -> list[SeatRow]:
        if State(self.case.state) not in OPEN:
            return []
        return [row for row in self.seats if row.post is None]

    @property
    def next_due(self) -> Obligation | None:
        return self.obligations[0] if self.obligations else None


def case_page(scope: Scope, case: Case, now: datetime) -> CasePage:
    household = list(
        Case.objects.filter(household=case.household_id)
        .exclude(pk=case.pk)
        .annotate(may_see=Exists(Case.objects.visible_to(scope).filter(pk=OuterRef("pk"))))
        .select_related("student", "school", "school_class")
        .order_by("pk")
    )
    siblings = [one for one in household if getattr(one, "may_see", False)]
    reports = list(
        CaseReport.objects.filter(episode__case=case)
        .select_related("recipient", "received_by__user")
        .order_by("pk")
    )
    owed = case.obligations.select_related("obligation__owed_by")
    links = list(owed.order_by("obligation__due_at", "obligation_id"))
    obligations = [link.obligation for link in links]
    rows = seats_of_case(case, [case, *household], links, scope.on, now)
    calendar = working_calendar()
    progress = follow_up_of(case, scope.on, calendar)
    entries = _linked(scope, timeline(case, reports, obligations, now))
    running = [row for row in obligations if row.state(now) in ("open", "overdue")]
    holders = {row.chair.seat.value: row.post for row in rows if row.post}
    plan = of_case(case, Around(holders, {row.pk: row for row in obligations}, calendar, now))
    return CasePage(
        case=case,
        seats=rows,
        school_warnings=_warnings(rows, [case, *household]),
        siblings=siblings,
        hidden=len(household) - len(siblings),
        guardians=list(Guardian.objects.filter(student=case.student_id).order_by("order")),
        reports=[row for row in reports if row.episode_id == case.current_id],
        obligations=running,
        actions=_actions(scope, case, progress),
        work=work(plan, entries, running, calendar, now),
        entries=entries,
        follow_up=progress,
        why=_why(scope, case, rows),
        now=now,
        calendar=calendar,
    )


def _linked(scope: Scope, entries: list[Entry]) -> list[Entry]:
    """Only what this person may open stays a link."""
    told_of = {UUID(one.link) for one in entries if one.link}
    if not told_of:
        return entries
    may = scope.may(Duty.SEE_INSPECTIONS)
    seen = {str(one) for one in access.visible_inspections(scope, told_of if may else ())}
    return [one if one.link in seen else replace(one, link="") for one in entries]


def _actions(scope: Scope, case: Case, progress: FollowUp | None) -> list[Possible]:
    """What is left to a form (words, the day of return) does not stand in the way here."""
    facts = known_facts(case, scope, progress, note="-")
    found = []
    for action in MOVES:
        reasons = workflow.refusals(State(case.state), action, facts)
        duty_missing = not access.may(scope, action)
        if duty_missing:
            reasons = [Reason("duty", _("None of your posts carries this duty.")), *reasons]
        found.append(Possible(action, not reasons, reasons, duty_missing))
    return found


def _warnings(rows: list[SeatRow], cases: list[Case]) -> list[str]:
    """Siblings in two schools: each school that has nobody in the team is named (rule 11)."""
    present = {row.post.agency_id for row in rows if row.post}
    missing = {
        case.school.name
        for case in cases
        if case.school and State(case.state) in OPEN and case.school_id not in present
    }
    text = _("Nobody from %(school)s is in the team of this household.")
    return [str(text % {"school": name}) for name in sorted(missing)]


def _why(scope: Scope, case: Case, rows: list[SeatRow]) -> str:
    if any(row.post and row.post.user_id == scope.user_id for row in rows):
        return str(_("You hold a seat in the team of this household."))
    if scope.everything:
        return str(_("Your post answers for the whole county."))
    if case.school_id in scope.school_ids:
        return str(_("The child is at your school."))
    if any(case.household.region.path.startswith(path) for path in scope.paths):
        return str(_("The child lives in your area."))
    if scope.paths:
        return str(_("The school lies in your area."))
    return str(_("The child is in your class."))
