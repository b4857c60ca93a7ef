"""The work list: open cases by due moment, and the next act of each for this person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.errors import Text
from agencies.models import Region
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.region_code import path
from agencies.rules.scope import Scope
from agencies.rules.urgency import GROUPS, days_left, group_of
from cases import access
from cases.models import Case, TeamSeat
from cases.rules.workflow import Action, State
from students.queries.focus import children_of


@dataclass(frozen=True)
class Filters:
    """What the person asked for; nothing set means every open case in scope.

    tag: only children of a focus group; that the person may see it, the caller has made sure.
    """

    state: str = ""
    region: str = ""
    overdue: bool = False
    mine: bool = False
    tag: str = ""


@dataclass(frozen=True)
class Page:
    """Where a duty is answered, what a person must carry for it, and the act in words."""

    route: str
    duty: Duty
    label: Text


@dataclass(frozen=True)
class Row:
    """One line: the child, what is owed, until when, and the one next act, or the page for it."""

    case: Case
    duty: str
    days_left: int | None
    act: Action | None
    page: Page | None = None
    siblings: tuple[str, ...] = ()


# The next act that answers what is owed, and what comes first in each state without a date.
ANSWERS = {
    ObligationKind.VERIFY: Action.CONFIRM,
    ObligationKind.VISIT: Action.VISIT,
    ObligationKind.CLOSURE: Action.REQUEST_CLOSURE,
    ObligationKind.DECIDE: Action.APPROVE_CLOSURE,
}
# What is answered on a page of its own.
PAGES: dict[ObligationKind, Page] = {
    ObligationKind.PLAN: Page("case_plan", Duty.WRITE_PLAN, _("Make the plan")),
    ObligationKind.MEASURE: Page("case_plan", Duty.WRITE_PLAN, _("Carry out the plan")),
    ObligationKind.REVIEW: Page("case_plan", Duty.WRITE_PLAN, _("Review the plan")),
    ObligationKind.SERVE: Page("case_ladder", Duty.SERVE_PAPER, _("Serve the paper")),
    ObligationKind.NEXT_STEP: Page("case_ladder", Duty.TAKE_LEGAL_STEP, _("Next legal step")),
    ObligationKind.TEAM: Page("case_team", Duty.FORM_TEAM, _("Fill the seats")),
    ObligationKind.CATCH_UP: Page("case_catch_up", Duty.TEACH_AFTER_RETURN, _("Arrange lessons")),
    ObligationKind.OUTSIDE_REPLY: Page(
        "case_outside", Duty.LIAISE_OUTSIDE, _("Ask the other county")
    ),
    ObligationKind.HELP_REPLY: Page("case_requests", Duty.ASK_AGENCY, _("See the request")),
    ObligationKind.HELP_DONE: Page("case_requests", Duty.ASK_AGENCY, _("See the request")),
}
# What comes first in these states for who may do it, whatever else is owed.
FIRST = {
    State.SUSPECTED: Action.VERIFY,
    State.CLOSURE_REQUESTED: Action.APPROVE_CLOSURE,
    State.END_REQUESTED: Action.APPROVE_END,
}


def rows_for(scope: Scope, filters: Filters, now: datetime) -> QuerySet[Case]:
    """Open cases (or those of one state) in scope, the first due first."""
    cases = Case.objects.visible_to(scope)
    cases = cases.filter(state=filters.state) if filters.state else cases.open()
    if filters.region:
        cases = cases.filter(household__region__path__startswith=path(filters.region))
    if filters.overdue:
        cases = cases.overdue(now)
    if filters.mine:
        cases = cases.filter(household__team__seats__in=_my_seats(scope))
    if filters.tag:
        tagged = children_of(filters.tag, scope.county_id, scope.on)
        cases = cases.filter(student__in=tagged)
    return (
        cases.with_next_due()
        .select_related("current", "student", "school", "school_class", "household__region__parent")
        .order_by(F("due_at").asc(nulls_last=True), "pk")
    )


def _my_seats(scope: Scope) -> QuerySet:
    return TeamSeat.objects.filter(post__in=scope.post_ids, until__isnull=True)


def worklist(
    cases: Iterable[Case], scope: Scope, calendar: WorkingCalendar, now: datetime
) -> list[Row]:
    """The lines of one page."""
    cases = list(cases)
    by_household: dict[int, list[Case]] = {}
    for case in cases:
        by_household.setdefault(case.household_id, []).append(case)
    return [
        Row(
            case=case,
            duty=str(ObligationKind(case.due_kind).label) if case.due_kind else "",
            days_left=_days_left(case, calendar, now),
            act=next_act(case, scope),
            page=next_page(case, scope),
            siblings=tuple(
                other.student.name for other in by_household[case.household_id] if other != case
            ),
        )
        for case in cases
    ]


def next_act(case: Case, scope: Scope) -> Action | None:
    """The act that answers what is owed, if this person may do it."""
    answer = ANSWERS.get(ObligationKind(case.due_kind)) if case.due_kind else None
    acts = (_first(case, scope), answer, Action.VISIT)
    return next((act for act in acts if act and access.may(scope, act)), None)


def _first(case: Case, scope: Scope) -> Action | None:
    act = FIRST.get(State(case.state))
    return act if act and access.may(scope, act) else None


def next_page(case: Case, scope: Scope) -> Page | None:
    """The page on which what is owed is answered, if this person may do it; goes before a visit."""
    if not case.due_kind or _first(case, scope):
        return None
    page = PAGES.get(ObligationKind(case.due_kind))
    return page if page and scope.may(page.duty) else None


def grouped(rows: list[Row]) -> list[tuple[str, object, list[Row]]]:
    """Groups in the order of urgency, empty ones left out."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(group_of(row.days_left), []).append(row)
    return [(key, label, found[key]) for key, label in GROUPS if key in found]


def villages(scope: Scope) -> QuerySet[Region]:
    """Regions to filter by: what lies below the person's own area."""
    rows = Region.objects.filter(county_id=scope.county_id, ends_on__isnull=True)
    if scope.paths and not scope.everything:
        return rows.filter(path__startswith=scope.paths[0], level="village").order_by("code")
    return rows.filter(level="township").order_by("code")


def _days_left(case: Case, calendar: WorkingCalendar, now: datetime) -> int | None:
    if case.due_on is None or case.due_at is None:
        return None
    return days_left(calendar, case.due_on, case.due_at, now)
