"""The only writer of Case.state: lock, ask the rule, write, record, raise what is owed next."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from agencies.errors import Conflict, NotPossible, Reason
from agencies.rules.scope import HeldPost
from cases.models import Case, CaseEvent
from cases.rules import workflow
from cases.rules.workflow import ENDED, Action, Facts, State
from cases.services import duties


@dataclass(frozen=True)
class Act:
    """Who acts, on which day, at which moment, saying what."""

    by: HeldPost | None  # None: the system itself, from a run of absence
    on: date
    now: datetime
    note: str = ""
    detail: dict = field(default_factory=dict)


def check_version(case: Case, version: int | None) -> None:
    """Raises Conflict when the person saw an older state of the case."""
    if version is not None and version != case.version:
        text = _("Somebody else changed this case meanwhile. Look at it as it is now first.")
        raise Conflict(
            Reason("version", text, "/version"),
            current={"id": str(case.public_id), "state": case.state, "version": case.version},
        )


@transaction.atomic
def apply(case: Case, action: Action, act: Act, facts: Facts) -> Case:
    """Move a case. The caller holds its lock (access.case_for(lock=True)).

    Raises NotPossible with every reason when the rule refuses; nothing is written then.
    """
    before = State(case.state)
    if reasons := workflow.refusals(before, action, facts):
        raise NotPossible(*reasons)
    after = workflow.target(before, action, facts.asked_from)
    if after is not before:
        case.state, case.state_since = after, act.on
    case.version = case.version + 1
    case.save(update_fields=["state", "state_since", "version"])
    record(case, action.value, act, before=before.value)
    duties.follow(case, action, act.on, act.now)
    if after in ENDED:
        duties.end_all(case, act.now)
    return case


def record(case: Case, action: str, act: Act, *, before: str = "") -> CaseEvent:
    """One line of the timeline; it is never rewritten."""
    return CaseEvent.objects.create(
        case=case,
        episode=case.current.number if case.current else 1,
        action=action,
        before=before,
        after=case.state,
        on=act.on,
        at=act.now,
        by_id=act.by.id if act.by else None,
        note=act.note,
        detail=act.detail,
    )


def touch(case: Case) -> None:
    """Something on the case changed: whoever saw the old state is told."""
    Case.objects.filter(pk=case.pk).update(version=F("version") + 1)
    case.refresh_from_db(fields=["version"])
