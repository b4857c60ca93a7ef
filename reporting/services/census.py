"""The term-start check: answered child by child, signed and frozen, decided, corrected by slips."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agencies.errors import NotPermitted, NotPossible, Reason, RuleBroken
from agencies.models import Agency
from agencies.rules.duties import Duty, Reach
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit
from reporting.models import CensusAnswer, ChangeAnswer, Filing, Slip
from reporting.queries import census, census_sheet
from reporting.queries.census import Child
from reporting.queries.census_sheet import Facts
from reporting.queries.census_words import class_key, may_have_come
from reporting.rules.expected import Given, Why, contradicts, denies_case, problems
from reporting.rules.filings import FilingKind, is_signed
from reporting.rules.whereabouts import OPENS_CASE, Whereabouts
from reporting.services import census_cases, census_paper, filings
from reporting.services.filings import About, Signing
from students.models import Term

NAMED = 50  # unanswered children and unexplained changes that a refusal names
UPDATED = ["code", "note", "checked_by", "checked_on", "case", "answered_by", "answered_at"]


@dataclass(frozen=True)
class Answer:
    """Where one child is; the code and what is found out are in `given`."""

    student: str
    given: Given


@dataclass(frozen=True)
class Sent:
    """What one form holds, and the version that its writer has seen (None: whatever it is).

    explanations: by the id of the change (census_sheet.Change.id).
    """

    answers: tuple[Answer, ...] = ()
    explanations: tuple[tuple[str, str], ...] = ()
    version: int | None = None


@dataclass(frozen=True)
class Signed:
    """remarks: what the school adds to the figures. version: of the draft that was seen."""

    remarks: str = ""
    version: int | None = None


@dataclass(frozen=True)
class Decision:
    """Of the bureau. reason: needed to send a check back."""

    confirmed: bool
    reason: str = ""


@dataclass(frozen=True)
class Bench:
    """What the writers work on: the locked filing, the live facts, and in whose name."""

    scope: Scope
    term: Term
    school: Agency
    post: HeldPost
    filing: Filing
    facts: Facts
    now: datetime


@transaction.atomic
def answer(scope: Scope, term: Term, school: Agency, sent: Sent, now: datetime) -> Filing:
    """Answers for missing children and words on changes; all of them or none.

    An answer that means "out of school" opens a case at once, or joins the one that is open.
    Raises NotPermitted, NotPossible once signed, Conflict for a stale version, and RuleBroken
    with every reason.
    """
    bench = _bench(scope, term, school, Duty.ANSWER_CENSUS, now)
    filings.check_open(bench.filing, sent.version)
    chosen = _chosen(bench, sent.answers)
    words = _words(bench, sent.explanations)
    _store(bench, chosen)
    for change, text in words:
        ChangeAnswer.objects.update_or_create(
            filing=bench.filing,
            change_id=change,
            defaults={"text": text, "by_id": bench.post.id, "at": now},
        )
    if chosen or words:
        filings.touch(bench.filing)
        _noted(bench, "census.answer", answers=len(chosen), changes=len(words))
    return bench.filing


@transaction.atomic
def arrive_class(
    scope: Scope, term: Term, school: Agency, key: str, sent: Sent, now: datetime
) -> int:
    """All unanswered children of one class who are on its roster have come. Returns how many."""
    bench = _bench(scope, term, school, Duty.ANSWER_CENSUS, now)
    filings.check_open(bench.filing, sent.version)
    given = Given(Whereabouts.ARRIVED, "", scope.name, scope.on)
    waiting = [
        (child, given)
        for child in bench.facts.children
        if class_key(child) == key and may_have_come(child)
    ]
    _store(bench, waiting)
    if waiting:
        filings.touch(bench.filing)
        _noted(bench, "census.answer", answers=len(waiting), changes=0)
    return len(waiting)


@transaction.atomic
def submit(scope: Scope, term: Term, school: Agency, sent: Signed, now: datetime) -> Filing:
    """Sign the check: its figures and the names behind them are frozen, the duty is met.

    Signed twice, the first signature stands. Raises NotPermitted, NotPossible before the opening
    day, Conflict, and RuleBroken that names every child without an answer and every change
    without a word.
    """
    bench = _bench(scope, term, school, Duty.SIGN_FILING, now)
    filing = bench.filing
    if is_signed(filing.state):
        return filing
    if scope.on < term.starts_on:
        text = _("The term has not begun: the check can be signed from its opening day on.")
        raise NotPossible(Reason("early", text))
    filings.check_open(filing, sent.version)
    if reasons := _open_ends(bench.facts):
        raise RuleBroken(*reasons)
    filing.remarks = sent.remarks.strip()
    by = census_paper.Signer(bench.post, scope.name, now)
    paper = census_paper.paper(filing, bench.facts, filings.number_for(filing, now), by)
    figures = {**bench.facts.figures, "behind": census_sheet.to_json(bench.facts)}
    filings.sign(filing, paper, figures, Signing(bench.post, now, sent.version))
    _noted(bench, "census.submit", **bench.facts.figures)
    return filing


@transaction.atomic
def decide(scope: Scope, term: Term, school: Agency, decision: Decision, now: datetime) -> Filing:
    """The bureau confirms what was signed, or sends it back with a reason. Raises like filings."""
    post = _deciding(scope)
    filing = _signed_once(term, school)
    how = Signing(post, now)
    filing = filings.decide(filing, decision.reason, how, confirmed=decision.confirmed)
    subject = f"filing:{filing.public_id}"
    verb = "census.confirm" if decision.confirmed else "census.send_back"
    audit.record(scope, verb, subject, now=now, post=post)
    return filing


@transaction.atomic
def add_slip(scope: Scope, term: Term, school: Agency, text: str, now: datetime) -> Slip:
    """A correction slip to what was signed, by a leader of the school."""
    post = _post(scope, school, Duty.SIGN_FILING)
    filing = _signed_once(term, school)
    slip = filings.add_slip(filing, text, Signing(post, now))
    audit.record(scope, "census.slip", f"filing:{filing.public_id}", now=now, post=post)
    return slip


def _bench(scope: Scope, term: Term, school: Agency, duty: Duty, now: datetime) -> Bench:
    post = _post(scope, school, duty)
    known = census_sheet.filing_of(term, school)
    starts_on = known.starts_on if known else term.starts_on
    filing = filings.draft(About(FilingKind.CENSUS, school, starts_on, term.ends_on, term))
    frame = census.frame(term, scope.on)
    facts = census_sheet.live(frame, school, filing)
    if post.reach is Reach.CLASSES:
        facts = facts.of_classes(census.classes_of(frame, school, (post.id,)))
    return Bench(scope, term, school, post, filing, facts, now)


def _post(scope: Scope, school: Agency, duty: Duty) -> HeldPost:
    """The post at this school in whose name it is done, the widest first. Raises NotPermitted."""
    mine = [post for post in scope.posts if post.agency_id == school.pk and duty in post.duties]
    if not mine:
        raise NotPermitted(Reason("duty", _("None of your posts carries this duty.")))
    return next((post for post in mine if post.reach is Reach.SCHOOL), mine[0])


def _deciding(scope: Scope) -> HeldPost:
    post = scope.post_for(Duty.DECIDE_FILING)
    if post is None:
        raise NotPermitted(Reason("duty", _("None of your posts carries this duty.")))
    return post


def _signed_once(term: Term, school: Agency) -> Filing:
    filing = census_sheet.filing_of(term, school)
    if filing is None:
        text = _("Nothing is signed yet: correct the draft itself.")
        raise NotPossible(Reason("unsigned", text))
    return filing


def _chosen(bench: Bench, answers: Iterable[Answer]) -> list[tuple[Child, Given]]:
    """Each answer with its child. Raises RuleBroken with everything that is wrong."""
    by_id = {str(child.student): child for child in bench.facts.children}
    given = list(answers)
    named = {_canonical(one.student) for one in given}
    out = census_cases.out_of_school(by_id[key] for key in named & by_id.keys())
    found, reasons, seen = [], [], set()
    for place, one in enumerate(given):
        pointer = f"/answers/{place}"
        child = by_id.get(_canonical(one.student))
        if child is None:
            text = _("This child is not expected here, or not in a class of yours.")
            reasons.append(Reason("not_expected", text, f"{pointer}/student"))
            continue
        if child.pk in seen:
            text = _("There are two answers for one child.")
            reasons.append(Reason("twice", text, f"{pointer}/student"))
        seen.add(child.pk)
        wrong = problems(one.given, bench.term.starts_on, bench.scope.on, pointer)
        if contradicts(child.why, one.given.code):
            text = _("The records say of this child: %(why)s. Correct the record first.")
            words = text % {"why": Why(child.why).label}
            wrong.append(Reason("explained", words, f"{pointer}/code"))
        if denies_case(one.given.code, child.pk in out):
            text = _(
                "Its case is open: record the return, or ask for another end of the case, first."
            )
            wrong.append(Reason("open_case", text, f"{pointer}/code"))
        reasons += [Reason(r.code, f"{child.name}: {r.text}", r.pointer) for r in wrong]
        found.append((child, one.given))
    if reasons:
        raise RuleBroken(*reasons)
    return found


def _canonical(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _store(bench: Bench, chosen: list[tuple[Child, Given]]) -> None:
    cases = {
        child.pk: census_cases.case_for(bench.scope, child, given, bench.now)
        for child, given in chosen
        if given.code in OPENS_CASE
    }
    kept = dict(bench.filing.answers.values_list("student_id", "case_id"))
    rows = [
        CensusAnswer(
            filing=bench.filing,
            student_id=child.pk,
            code=given.code,
            note=given.note.strip(),
            checked_by=given.checked_by.strip(),
            checked_on=given.checked_on,
            case_id=cases.get(child.pk) or kept.get(child.pk),
            answered_by_id=bench.post.id,
            answered_at=bench.now,
        )
        for child, given in chosen
    ]
    CensusAnswer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["filing", "student"],
        update_fields=UPDATED,
        batch_size=2000,
    )


def _words(bench: Bench, explanations: Iterable[tuple[str, str]]) -> list[tuple[int, str]]:
    """Words on changes are the leaders'. Raises RuleBroken."""
    changes = {change.id: change for change in bench.facts.changes}
    found, reasons = [], []
    for place, (change_id, text) in enumerate(explanations):
        pointer = f"/changes/{place}"
        if bench.post.reach is not Reach.SCHOOL:
            words = _("Changes are explained by a leader of the school.")
            reasons.append(Reason("leader", words, pointer))
        elif change_id not in changes:
            words = _("There is no such change at this school.")
            reasons.append(Reason("no_change", words, f"{pointer}/id"))
        elif not text.strip():
            words = _("The explanation is empty.")
            reasons.append(Reason("empty", words, f"{pointer}/text"))
        else:
            found.append((changes[change_id].pk, text.strip()))
    if reasons:
        raise RuleBroken(*reasons)
    return found


def _open_ends(facts: Facts) -> list[Reason]:
    """Every child without an answer and every change without a word: fifty by name, all counted."""
    waiting = [child for child in facts.children if child.is_unanswered]
    silent = facts.unexplained
    reasons = []
    if waiting:
        text = ngettext(
            "%(number)s child has no answer yet:",
            "%(number)s children have no answer yet:",
            len(waiting),
        )
        reasons.append(Reason("unanswered", text % {"number": len(waiting)}, "/children"))
    reasons += [
        Reason("unanswered", census_paper.named(child), f"/children/{child.student}")
        for child in waiting[:NAMED]
    ]
    if len(waiting) > NAMED:
        text = _("and %(number)s more") % {"number": len(waiting) - NAMED}
        reasons.append(Reason("unanswered", text, "/children"))
    if silent:
        text = ngettext(
            "%(number)s change has no explanation yet:",
            "%(number)s changes have no explanation yet:",
            len(silent),
        )
        reasons.append(Reason("unexplained", text % {"number": len(silent)}, "/changes"))
    reasons += [
        Reason("unexplained", census_paper.changed(change), f"/changes/{change.id}")
        for change in silent[:NAMED]
    ]
    return reasons


def _noted(bench: Bench, verb: str, **detail: object) -> None:
    subject = f"filing:{bench.filing.public_id}"
    audit.record(bench.scope, verb, subject, now=bench.now, post=bench.post, **detail)
