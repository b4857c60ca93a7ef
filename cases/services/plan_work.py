"""Working on an approved plan: measures are done or dropped, and the whole is reviewed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.access import require
from agencies.errors import NotPossible, NotVisible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost, Scope
from agencies.services import obligations
from cases import access
from cases.models import Case, CaseEvent, Measure, Plan
from cases.queries import plan as queries
from cases.queries import team as teams
from cases.rules import plan as rules
from cases.rules.plan import Effect
from cases.services import duties, plans, transition
from cases.services.transition import Act

DROPPED = gettext_noop("the measure was dropped")


@dataclass(frozen=True)
class Done:
    """When a measure was carried out, and what it brought."""

    on: date
    effect: str
    note: str = ""


@dataclass(frozen=True)
class Review:
    """The effects so far, by public ids of measures, and the day of the next review."""

    note: str
    version: int
    effects: Mapping[UUID | str, str] = field(default_factory=dict)
    next_on: date | None = None


@transaction.atomic
def finish(
    scope: Scope, case_id: UUID | str, measure_id: UUID | str, done: Done, now: datetime
) -> Measure:
    """A measure is done. By who holds its seat, or whoever writes plans.

    Raises NotVisible, NotPermitted, NotPossible (finished, or the plan waits for approval),
    RuleBroken (the day, the effect).
    """
    case, row, post = _open_measure(scope, case_id, measure_id)
    owed = row.obligation
    if owed is None:
        text = _("The plan with this measure is not approved yet.")
        raise NotPossible(Reason("not_approved", text))
    problem = rules.done_problem(done.on, _planned_on(case), scope.on)
    found = [problem, *_effect(done.effect, "/effect")]
    if reasons := [one for one in found if one]:
        raise RuleBroken(*reasons)
    row.done_on, row.done_by_id = done.on, post.id
    row.effect, row.effect_note = done.effect, done.note.strip()
    row.save()
    obligations.fulfil([owed.pk], now)
    said = {"what": row.what, "effect": done.effect}
    transition.record(case, "measure_done", Act(post, done.on, now, done.note.strip(), said))
    transition.touch(case)
    return row


@transaction.atomic
def drop(
    scope: Scope, case_id: UUID | str, measure_id: UUID | str, because: str, now: datetime
) -> Measure:
    """A measure is given up, with the reason. Raises as finish()."""
    case, row, post = _open_measure(scope, case_id, measure_id)
    require(scope, Duty.WRITE_PLAN)
    if not because.strip():
        raise RuleBroken(Reason("reason", _("A reason in writing is missing."), "/reason"))
    row.dropped_because = because.strip()
    row.save(update_fields=["dropped_because"])
    if row.obligation_id:
        obligations.waive([row.obligation_id], DROPPED, now)
    act = Act(post, scope.on, now, because.strip(), {"what": row.what})
    transition.record(case, "measure_dropped", act)
    transition.touch(case)
    return row


@transaction.atomic
def review(scope: Scope, case_id: UUID | str, given: Review, now: datetime) -> Plan:
    """The effects so far are written down; the next review is owed.

    Raises NotVisible, NotPermitted, Conflict, NotPossible (not approved), RuleBroken.
    """
    case = access.case_for(scope, case_id, lock=True)
    post = require(scope, Duty.WRITE_PLAN)
    plans.check_state(case)
    plan = plans.plan_of(case)
    plans.check_version(plan, given.version)
    if plan.approved_at is None:
        raise NotPossible(Reason("not_approved", _("The plan is not approved.")))
    rows = {
        str(one.public_id): one for one in plan.measures.filter(done_on=None, dropped_because="")
    }
    effects = {str(key): effect for key, effect in given.effects.items() if effect}
    if reasons := _wrong_review(given, effects, rows, scope.on):
        raise RuleBroken(*reasons)
    for key, effect in effects.items():
        rows[key].effect = effect
        rows[key].save(update_fields=["effect"])
    duties.fulfil(case, (ObligationKind.REVIEW,), now)
    plan.review_on = plans.owe_review(case, scope.on, given.next_on, now)
    plan.version += 1
    plan.save(update_fields=["review_on", "version"])
    said = {
        "effects": [{"what": rows[key].what, "effect": effect} for key, effect in effects.items()],
        "next_on": plan.review_on.isoformat(),
    }
    act = Act(post, scope.on, now, given.note.strip(), said)
    transition.record(case, "plan_reviewed", act)
    transition.touch(case)
    return plan


def _open_measure(
    scope: Scope, case_id: UUID | str, measure_id: UUID | str
) -> tuple[Case, Measure, HeldPost]:
    case = access.case_for(scope, case_id, lock=True)
    row = (
        Measure.objects.filter(public_id=measure_id, plan__episode__case=case)
        .select_related("plan", "obligation")
        .first()
    )
    if row is None:
        raise NotVisible
    post = scope.post_for(Duty.WRITE_PLAN) or _holds(scope, case, row.seat)
    post = post or require(scope, Duty.WRITE_PLAN)
    plans.check_state(case)
    if row.plan.episode_id != case.current_id or row.done_on or row.dropped_because:
        raise NotPossible(Reason("finished", _("This measure is finished already.")))
    return case, row, post


def _planned_on(case: Case) -> date:
    """The day on which the plan of this episode was first written."""
    events = CaseEvent.objects.filter(case=case, episode=case.episode.number)
    days = events.filter(action="plan_written").order_by("pk").values_list("on", flat=True)
    return days.first() or date.min


def _holds(scope: Scope, case: Case, seat: str) -> HeldPost | None:
    """The person's own post in the seat that the measure is for."""
    seats = teams.seats_of_household(case.household_id, scope.on)
    holder = queries.holders_of(case, seats).get(seat)
    return next((post for post in scope.posts if holder and post.id == holder.pk), None)


def _wrong_review(
    given: Review, effects: Mapping[str, str], rows: Mapping[str, Measure], today: date
) -> list[Reason]:
    found: list[Reason] = []
    if not given.note.strip():
        found.append(Reason("note", _("Say what the measures have brought so far."), "/note"))
    if given.next_on is not None and given.next_on <= today:
        text = _("The next review lies after today.")
        found.append(Reason("next_past", text, "/next_on"))
    for key, effect in effects.items():
        if key not in rows:
            text = _("There is no such open measure in this plan.")
            found.append(Reason("measure", text, f"/effects/{key}"))
        found += _effect(effect, f"/effects/{key}")
    return found


def _effect(effect: str, pointer: str) -> list[Reason]:
    if effect in set(Effect):
        return []
    return [Reason("effect", _("Say what came of it: one of the four effects."), pointer)]
