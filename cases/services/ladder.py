"""Legal steps with the guardians: taken in the order of the ladder, recorded, given an outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.access import require
from agencies.documents import pictures
from agencies.errors import NotPermitted, NotPossible, NotVisible, Reason, RuleBroken
from agencies.rules.duties import AgencyKind, Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost, Scope
from agencies.services import obligations, stored_files
from agencies.services.stored_files import Content
from cases import access
from cases.models import Case, CasePaper, LadderRung, LegalStep
from cases.queries import ladder as queries
from cases.queries.paper_facts import OF_BUREAU, Asking, draft_of, printed
from cases.rules import ladder as rules
from cases.rules.ladder import FINAL, Counting, Rung, StepOutcome
from cases.rules.papers import PaperKind
from cases.rules.workflow import ENDED, State
from cases.services import duties, papers, service_of_papers, transition
from cases.services.papers import Draft
from cases.services.service_of_papers import key_of
from cases.services.transition import Act

BACK = gettext_noop("the child is back")
Facts = dict[str, Any]
WITHDRAWN = gettext_noop("the step is withdrawn")
SCAN_NAMES = {pictures.PDF: "有关机关文书.pdf", pictures.JPEG: "有关机关文书.jpg"}


@dataclass(frozen=True)
class StepOrder:
    """A step as it was sent. rung: its key; empty for a step outside the ladder.

    facts: what the person says on the paper, by the names of its fields; addressee: the body it
    goes to, if not the guardian; days: another period than the rung's.
    name, basis, paper, counting: of a step outside the ladder.
    """

    client_id: UUID
    on: date
    rung: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    addressee: str = ""
    days: int | None = None
    name: str = ""
    basis: str = ""
    paper: str = ""
    counting: str = ""
    version: int | None = None


@dataclass(frozen=True)
class _Taking:
    """A step on its way: the case, the rung with the period of this order, what its paper says."""

    scope: Scope
    case: Case
    rows: list[LadderRung]
    rung: Rung
    facts: Facts
    order: StepOrder
    now: datetime


@transaction.atomic
def take_step(scope: Scope, case_id: UUID | str, order: StepOrder, now: datetime) -> LegalStep:
    """Take one step: its paper is issued, numbered, and has to be served.

    Earlier steps without an outcome were not complied with: the child is not back. The same
    client_id again gives the first step. Raises NotVisible, NotPermitted, Conflict, NotPossible
    with every reason, RuleBroken for what is missing on the paper.
    """
    case = access.case_for(scope, case_id, lock=True)
    require(scope, Duty.TAKE_LEGAL_STEP)
    if known := LegalStep.objects.filter(case=case, client_id=order.client_id).first():
        return known
    transition.check_version(case, order.version)
    taking = _prepared(scope, case, order, now)
    paper = _issue(taking)
    step = _store(taking, paper)
    _not_complied(case, step, order.on)
    duties.fulfil(case, (ObligationKind.NEXT_STEP,), now)
    if paper:
        service_of_papers.owe(case, paper, now)
    transition.touch(case)
    return step


def preview(scope: Scope, case_id: UUID | str, order: StepOrder, now: datetime) -> Facts:
    """What the paper of the step would say, without a number. Raises what take_step raises."""
    case = access.case_for(scope, case_id)
    require(scope, Duty.TAKE_LEGAL_STEP)
    transition.check_version(case, order.version)
    taking = _prepared(scope, case, order, now)
    return papers.preview(scope, case, PaperKind(taking.rung.paper), _draft(taking))


def _prepared(scope: Scope, case: Case, order: StepOrder, now: datetime) -> _Taking:
    rows = queries.rows_on(case.county_id, order.on)
    rung = _rung(rows, order)
    taking = _Taking(scope, case, rows, rung, _facts(scope, case, rung, order, now), order, now)
    _check(taking)
    return taking


def _rung(rows: list[LadderRung], order: StepOrder) -> Rung:
    """The rung with the period of this order. Raises NotVisible for a rung that is not there."""
    if not order.rung:
        return _outside(order)
    row = next((one for one in rows if one.key == order.rung), None)
    if row is None:
        raise NotVisible
    rung = queries.as_rung(row)
    if rung.days is None:
        return rung
    days = rung.days if order.days is None else order.days
    return replace(rung, days=days, counting=rules.counted_in(days, rung.counting, rung.law))


def _outside(order: StepOrder) -> Rung:
    """A step outside the ladder; without a paper there is no service, so no period either."""
    days = order.days if order.paper else None
    return Rung(
        key="",
        order=0,
        name=order.name.strip(),
        basis=order.basis.strip(),
        positions=frozenset(one.value for one in rules.TAKERS),
        paper=order.paper,
        days=days,
        counting=(order.counting or Counting.CALENDAR) if days else "",
    )


def _facts(scope: Scope, case: Case, rung: Rung, order: StepOrder, now: datetime) -> Facts:
    """What stands on the paper: from the case, from the person, and always from the rung."""
    if rung.paper not in set(PaperKind):
        return dict(order.facts)
    own = order.facts.items()
    typed = {name: text.strip() for name, text in own if name not in rules.OF_CASE}
    facts = known_facts(scope, case, rung, now) | typed
    if "held_on" in facts:
        facts["held_on"] = printed(order.on)  # the talk with the guardian is the step itself
    if rung.days:
        facts |= {"days": str(rung.days), "counting": rules.PRINTED[rung.counting]}
    return {name: value for name, value in facts.items() if value}


def known_facts(scope: Scope, case: Case, rung: Rung, now: datetime) -> Facts:
    """What the case and the rung know for the paper. Raises NotPermitted for who cannot issue it.

    未成年人保护法 83(2) speaks of the education authority only: an order of a township does not
    rest on it.
    """
    kind = PaperKind(rung.paper)
    post = papers.may_issue(scope, kind)
    facts = draft_of(Asking(scope, case, kind, post, now)).facts
    basis = rung.basis
    if kind is PaperKind.ORDER_TO_RETURN and post.agency_kind == AgencyKind.BUREAU:
        basis += OF_BUREAU
    return facts | {"basis": basis}


def known_outside(scope: Scope, case: Case, kind: PaperKind, now: datetime) -> Facts:
    """The same for a paper outside the ladder. Raises NotPermitted for who cannot issue it."""
    return known_facts(scope, case, _outside(StepOrder(case.public_id, scope.on, paper=kind)), now)


def _check(taking: _Taking) -> None:
    """Every reason against the step at once, whatever its kind."""
    case, rung, order = taking.case, taking.rung, taking.order
    steps = queries.of_episode(case, queries.steps_of(case))
    at = queries.standing(taking.scope, case, order.on)
    wrong = rules.day_problems(order.on, case.episode.trigger_date, taking.scope.on, "/on")
    if rung.key:
        ladder = [queries.as_rung(row) for row in taking.rows]
        refused = rules.refusals(rung, ladder, steps, at)
    else:
        refused = rules.outside_refusals(steps, at)
        wrong += rules.outside_problems(rung.name, rung.basis, rung.paper)
    if rung.paper in set(PaperKind):
        wrong += rules.paper_problems(rung, taking.facts, order.addressee)
    if any(reason.code == "position" for reason in refused):
        raise NotPermitted(*refused, *wrong)
    if refused:
        raise NotPossible(*refused, *wrong)
    if wrong:
        raise RuleBroken(*wrong)


def _issue(taking: _Taking) -> CasePaper | None:
    if not taking.rung.paper:
        return None
    kind = PaperKind(taking.rung.paper)
    return papers.issue(taking.scope, taking.case, kind, _draft(taking), taking.now)


def _draft(taking: _Taking) -> Draft:
    order = taking.order
    addressee = order.addressee.strip() or str(taking.facts.get("guardian", ""))
    return Draft(order.client_id, addressee, taking.facts, order.on, by_step=True)


def _store(taking: _Taking, paper: CasePaper | None) -> LegalStep:
    case, rung, order, facts = taking.case, taking.rung, taking.order, taking.facts
    row = next((one for one in taking.rows if one.key == rung.key), None)
    posts = (post for post in taking.scope.posts if post.position in rung.positions)
    return LegalStep.objects.create(
        case=case,
        episode=case.episode.number,
        rung=row,
        order=rung.order,
        name=rung.name,
        basis=rung.basis,
        guardian=str(facts.get("guardian", "")),
        facts=str(facts.get("facts", "")),
        demand=str(facts.get("demand", "")),
        taken_on=order.on,
        taken_at=taking.now,
        by_id=next(posts).id,
        paper=paper,
        days=rung.days,
        counting=rung.counting,
        client_id=order.client_id,
    )


def _open_steps(case: Case) -> list[LegalStep]:
    rows = LegalStep.objects.filter(case=case, episode=case.episode.number)
    return list(rows.exclude(outcome__in=FINAL).select_related("paper"))


def _not_complied(case: Case, step: LegalStep, on: date) -> None:
    earlier = [row.pk for row in _open_steps(case) if row.pk != step.pk and row.paper_id]
    LegalStep.objects.filter(pk__in=earlier).update(outcome=StepOutcome.NOT_COMPLIED, outcome_on=on)


@dataclass(frozen=True)
class External:
    """A paper that another body has issued: 训诫书, 督促监护令, a decision of a court."""

    client_id: UUID
    on: date
    name: str
    issuer: str
    number: str
    basis: str = ""
    guardian: str = ""
    note: str = ""
    scan: bytes = b""


@transaction.atomic
def record_external(scope: Scope, case_id: UUID | str, paper: External, now: datetime) -> LegalStep:
    """Record the paper of another body; the ladder's order does not bind it.

    Raises NotVisible, NotPermitted, NotPossible when the case has ended, RuleBroken with each
    thing that is missing.
    """
    case = access.case_for(scope, case_id, lock=True)
    post = require(scope, Duty.TAKE_LEGAL_STEP)
    if known := LegalStep.objects.filter(case=case, client_id=paper.client_id).first():
        return known
    if State(case.state) in ENDED:
        text = _("Not possible while the case is: %(state)s.")
        raise NotPossible(Reason("state", text % {"state": State(case.state).label}))
    wrong = rules.day_problems(paper.on, case.episode.trigger_date, scope.on, "/on")
    if wrong := wrong + rules.external_problems(paper.name, paper.issuer, paper.number):
        raise RuleBroken(*wrong)
    rungs = queries.rows_on(case.county_id, scope.on)
    row = next((one for one in rungs if not one.own_paper), None)
    step = LegalStep.objects.create(
        case=case,
        episode=case.episode.number,
        rung=row,
        order=row.order if row else 0,
        name=paper.name.strip(),
        basis=paper.basis.strip() or (row.basis if row else ""),
        guardian=paper.guardian.strip(),
        facts=paper.note.strip(),
        taken_on=paper.on,
        taken_at=now,
        by_id=post.id,
        issuer=paper.issuer.strip(),
        external_number=paper.number.strip(),
        scan=_scan(case, paper.scan, post, now),
        client_id=paper.client_id,
    )
    duties.fulfil(case, (ObligationKind.NEXT_STEP,), now)
    transition.touch(case)
    return step


def _scan(case: Case, data: bytes, post: HeldPost, now: datetime) -> stored_files.StoredFile | None:
    if not data:
        return None
    scan = pictures.scan(data, "/scan")
    content = Content(SCAN_NAMES[scan.media_type], scan.media_type, scan.data)
    return stored_files.store(case.county_id, content, post.id, now)


@dataclass(frozen=True)
class Outcome:
    outcome: StepOutcome
    on: date
    note: str = ""


@transaction.atomic
def record_outcome(
    scope: Scope, case_id: UUID | str, step_id: UUID | str, said: Outcome, now: datetime
) -> LegalStep:
    """What came of a step. Only a promise can be followed by another outcome.

    Raises NotVisible, NotPermitted, RuleBroken with every reason.
    """
    case = access.case_for(scope, case_id, lock=True)
    post = require(scope, Duty.TAKE_LEGAL_STEP)
    row = queries.steps_of(case).filter(public_id=step_id).select_related("paper").first()
    if row is None:
        raise NotVisible
    at = queries.standing(scope, case, said.on)
    wrong = rules.outcome_problems(queries.as_step(row), said.outcome, said.note, at)
    if wrong := wrong + rules.day_problems(said.on, row.taken_on, scope.on, "/on"):
        raise RuleBroken(*wrong)
    row.outcome, row.outcome_on, row.outcome_note = said.outcome, said.on, said.note.strip()
    row.save(update_fields=["outcome", "outcome_on", "outcome_note"])
    if said.outcome is StepOutcome.WITHDRAWN:
        _waive(case, row, WITHDRAWN, now)
    elif said.outcome in FINAL:
        obligations.fulfil(duties.open_of(case, (ObligationKind.NEXT_STEP,), key_of(row)), now)
    label = f"{row.name}：{said.note.strip()}".rstrip("：")
    detail = {"outcome": said.outcome.value}
    transition.record(case, "legal_outcome", Act(post, said.on, now, label, detail))
    transition.touch(case)
    return row


def complied(case: Case, on: date, now: datetime) -> None:
    """The child is back: open steps were complied with, and nothing of them is owed any more."""
    for row in _open_steps(case):
        row.outcome, row.outcome_on = StepOutcome.COMPLIED, on
        row.save(update_fields=["outcome", "outcome_on"])
        next_steps = duties.open_of(case, (ObligationKind.NEXT_STEP,), key_of(row))
        obligations.fulfil(next_steps, now)
        _waive(case, row, BACK, now)


def _waive(case: Case, row: LegalStep, because: str, now: datetime) -> None:
    ids = duties.open_of(case, (ObligationKind.NEXT_STEP,), key_of(row))
    if row.paper:
        ids += duties.open_of(case, (ObligationKind.SERVE,), key_of(row.paper))
    obligations.waive(ids, because, now)
