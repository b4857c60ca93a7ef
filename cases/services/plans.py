"""The plan of an episode: written as a whole, approved by a second person, then its clocks run."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.access import require
from agencies.errors import Conflict, NotPossible, Reason, RuleBroken
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty, Position
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost, Scope
from agencies.services import obligations
from cases import access
from cases.models import Case, CaseEvent, Cause, Measure, Plan, PlanCause
from cases.queries import causes as lists
from cases.queries import plan as queries
from cases.queries import team as teams
from cases.rules import plan as rules
from cases.rules.plan import Draft, Kept, Known, PlannedMeasure
from cases.rules.team import Seat
from cases.rules.workflow import State
from cases.services import duties, transition
from cases.services.transition import Act

CHANGED = gettext_noop("the plan was changed")


@transaction.atomic
def write(scope: Scope, case_id: UUID | str, draft: Draft, version: int, now: datetime) -> Plan:
    """Store the plan as a whole; version 0: there is none yet. An approved one waits again.

    Measures that are done or dropped stay as they are, whatever is sent. Raises NotVisible,
    NotPermitted, NotPossible (state of the case), Conflict with the plan as it stands, RuleBroken
    with each place; nothing is stored then.
    """
    case = access.case_for(scope, case_id, lock=True)
    post = require(scope, Duty.WRITE_PLAN)
    check_state(case)
    plan = Plan.objects.filter(episode=case.current_id).first()
    check_version(plan, version)
    causes = _offered(case, plan, scope.on)
    kept = {one.public_id: one for one in plan.measures.select_related("cause")} if plan else {}
    if reasons := rules.problems(draft, _known(case, plan, causes, kept, scope.on)):
        raise RuleBroken(*reasons)
    plan = _store(case, plan, draft, post, now)
    _store_causes(plan, draft, causes, kept)
    if not duties.open_of(case, (ObligationKind.PLAN,)):
        duties.owe(case, ObligationKind.PLAN, scope.on, now)
    seats = {one.seat for cause in draft.causes for one in cause.measures}
    doing = Act(post, scope.on, now, detail={"causes": len(draft.causes), "seats": len(seats)})
    transition.record(case, "plan_written", doing)
    transition.touch(case)
    return plan


@transaction.atomic
def approve(scope: Scope, case_id: UUID | str, version: int, now: datetime) -> Plan:
    """A second person signs; each measure and the next review are owed from then on.

    Raises NotVisible, NotPermitted, Conflict, NotPossible with every reason (rules/plan.py).
    """
    case = access.case_for(scope, case_id, lock=True)
    post = require(scope, Duty.APPROVE_PLAN)
    check_state(case)
    plan = plan_of(case)
    check_version(plan, version)
    if reasons := rules.approval_problems(_approval(scope, case, plan)):
        raise NotPossible(*reasons)
    plan.approved_by_id, plan.approved_at = post.id, now
    plan.version += 1
    duties.fulfil(case, (ObligationKind.PLAN,), now)
    signed = _signed(case)
    _start_clocks(case, plan, signed.get("causes", []), now)
    reviewed = plan.review_on and plan.review_on.isoformat()
    if not duties.open_of(case, (ObligationKind.REVIEW,)) or signed.get("review_on") != reviewed:
        plan.review_on = owe_review(case, scope.on, plan.review_on, now)
    plan.save()
    kept = queries.as_stored(plan)  # what was signed stays readable when the plan is changed
    transition.record(case, "plan_approved", Act(post, scope.on, now, detail={"plan": kept}))
    transition.touch(case)
    return plan


def plan_of(case: Case) -> Plan:
    """The plan of the current episode. Raises NotPossible when there is none."""
    plan = Plan.objects.filter(episode=case.current_id).select_related("written_by").first()
    if plan is None:
        raise NotPossible(Reason("no_plan", _("There is no plan for this child yet.")))
    return plan


def check_state(case: Case) -> None:
    """A plan belongs to a confirmed dropout. Raises NotPossible."""
    if State(case.state) not in rules.PLANNED:
        text = _("Not possible while the case is: %(state)s.")
        raise NotPossible(Reason("state", text % {"state": State(case.state).label}))


def check_version(plan: Plan | None, version: int) -> None:
    """Raises Conflict with the plan as it stands when the person saw an older one."""
    if version != (plan.version if plan else 0):
        text = _("Somebody else changed the plan meanwhile.")
        current = queries.as_stored(plan) if plan else None
        raise Conflict(Reason("version", text, "/version"), current=current)


def owe_review(case: Case, on: date, until: date | None, now: datetime) -> date:
    """The next review is owed until the day that was set, or after the county's usual time.

    What was owed before falls away. Returns the day.
    """
    kind = ObligationKind.REVIEW
    obligations.waive(duties.open_of(case, (kind,)), CHANGED, now)
    if until and until >= on:
        return duties.owe_until(case, kind, on, until, now).due_on
    return duties.owe(case, kind, on, now).due_on


def _offered(case: Case, plan: Plan | None, on: date) -> dict[str, Cause]:
    """Today's list, and what the plan names already: the county may have ended it since."""
    mine = Cause.objects.filter(pk__in=plan.causes.values("cause")) if plan else ()
    today = lists.offered(lists.in_force(case.county_id, on))
    return {row.code: row for row in mine} | today


def _known(
    case: Case,
    plan: Plan | None,
    causes: Mapping[str, Cause],
    kept: Mapping[UUID, Measure],
    today: date,
) -> Known:
    every = Cause.objects.filter(county=case.county_id, ends_on__lt=today)
    return Known(
        today=today,
        offered=set(causes),
        ended=set(every.values_list("code", flat=True)) - set(causes),
        kept={
            key: Kept(
                what=one.what,
                due_on=one.due_on,
                approved=one.obligation_id is not None,
                open=_is_open(one),
            )
            for key, one in kept.items()
        },
        review_on=plan.review_on if plan else None,
    )


def _store(case: Case, plan: Plan | None, draft: Draft, post: HeldPost, now: datetime) -> Plan:
    plan = plan or Plan(episode=case.episode, version=0)
    plan.situation = draft.situation.strip()
    plan.review_on = draft.review_on
    plan.version += 1
    plan.written_by_id, plan.written_at = post.id, now
    plan.approved_by, plan.approved_at = None, None
    plan.save()
    return plan


def _store_causes(
    plan: Plan, draft: Draft, causes: Mapping[str, Cause], kept: Mapping[UUID, Measure]
) -> None:
    plan.causes.all().delete()
    named: set[UUID] = set()
    for planned in draft.causes:
        cause = causes[planned.cause]
        PlanCause.objects.create(
            plan=plan, cause=cause, is_main=planned.main, note=planned.note.strip()
        )
        for one in planned.measures:
            had = kept[one.id] if one.id else None
            named |= {had.public_id} if had else set()
            if had is None or _is_open(had):
                _store_measure(had or Measure(plan=plan), cause, one)
    left_out = [key for key, one in kept.items() if key not in named and _is_open(one)]
    plan.measures.filter(public_id__in=left_out).delete()  # never approved: rules/plan.py


def _store_measure(row: Measure, cause: Cause, planned: PlannedMeasure) -> None:
    row.cause, row.what = cause, planned.what.strip()
    row.seat, row.due_on = planned.seat, planned.due_on
    row.save()


def _is_open(one: Measure) -> bool:
    return one.done_on is None and not one.dropped_because


def _approval(scope: Scope, case: Case, plan: Plan) -> rules.Approval:
    holder = queries.holders_of(case, teams.seats_of_household(case.household_id, scope.on)).get(
        Seat.TOWNSHIP_LEADER
    )
    covered = set(plan.measures.filter(dropped_because="").values_list("cause__code", flat=True))
    causes: Iterable[Cause] = Cause.objects.filter(pk__in=plan.causes.values("cause"))
    return rules.Approval(
        wrote_it=plan.written_by.user_id == scope.user_id,
        holds_seat=holder is not None and holder.user_id == scope.user_id,
        of_bureau=any(post.position is Position.BUREAU_LEADER for post in scope.posts),
        approved=plan.approved_at is not None,
        bare=[cause.name for cause in causes if cause.code not in covered],
    )


def _signed(case: Case) -> dict[str, Any]:
    """The plan of this episode as it was last approved; empty before the first time."""
    events = CaseEvent.objects.filter(case=case, episode=case.episode.number)
    last = events.filter(action="plan_approved").order_by("-pk").values_list("detail", flat=True)
    return (last.first() or {}).get("plan", {})


def _start_clocks(case: Case, plan: Plan, signed: Sequence[dict[str, Any]], now: datetime) -> None:
    """Each open measure is owed by its seat until its day; what has changed is owed anew."""
    before = {
        one["id"]: (one["seat"], one["due_on"]) for cause in signed for one in cause["measures"]
    }
    planned_on = plan.written_at.astimezone(CHINA).date()
    for one in plan.measures.filter(done_on=None, dropped_because=""):
        if one.obligation_id:
            if before.get(str(one.public_id)) == (one.seat, one.due_on.isoformat()):
                continue
            obligations.waive([one.obligation_id], CHANGED, now)
        kind, of_it = ObligationKind.MEASURE, duties.Own(seat=one.seat, key=str(one.pk))
        one.obligation = duties.owe_until(case, kind, planned_on, one.due_on, now, **of_it)
        one.save(update_fields=["obligation"])
