"""Requests to other agencies: asked, accepted or refused, answered, settled, withdrawn.

What is shared of the child is frozen when it is asked. Who is told hears numbers and bodies only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.access import require
from agencies.documents import pictures
from agencies.errors import Conflict, NotPermitted, NotPossible, Reason, RuleBroken
from agencies.models import Agency, Obligation, StoredFile
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty, Reach
from agencies.rules.notices import NoticeKind
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit, notices, obligations, sequences, stored_files
from agencies.services.notices import News
from agencies.services.obligations import Owed
from agencies.services.stored_files import Content
from cases import access
from cases.models import Case, CasePaper, HelpRequest, RequestStep
from cases.queries import requests as queries
from cases.queries.paper_facts import Asking, draft_of
from cases.rules import requests as rules
from cases.rules.papers import PaperKind
from cases.rules.requests import Answer, Matter, Move, RequestState
from cases.rules.workflow import OPEN, State
from cases.services import duties, papers, transition
from cases.services.papers import Draft
from cases.services.transition import Act

SEQUENCE = "request"  # each asking body numbers its requests of a year
WITHDRAWN = gettext_noop("the request was withdrawn")


@dataclass(frozen=True)
class Ask:
    """What is asked of whom. to: public id of the body; particulars: as the matter knows them."""

    client_id: UUID
    matter: str
    to: UUID | str
    asked: str
    particulars: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None


@dataclass(frozen=True)
class Said:
    """What one side says with a step. answer: of an answer only; file: the bytes of a scan."""

    text: str = ""
    answer: Answer | None = None
    file: bytes | None = None
    version: int | None = None


@transaction.atomic
def ask(scope: Scope, case_id: UUID | str, sent: Ask, now: datetime) -> HelpRequest:
    """Ask another body for help; the same client_id again gives the first request.

    Raises NotVisible, NotPermitted, NotPossible (the case has ended), Conflict, RuleBroken with a
    reason for each field: wrong kind of body, words or particulars missing, too old for the ban,
    the same once more while it runs.
    """
    case = access.case_for(scope, case_id, lock=True)
    post = require(scope, Duty.ASK_AGENCY)
    if known := HelpRequest.objects.filter(case=case, client_id=sent.client_id).first():
        return known
    transition.check_version(case, sent.version)
    if State(case.state) not in OPEN:
        text = _("Not possible while the case is: %(state)s.")
        raise NotPossible(Reason("state", text % {"state": State(case.state).label}))
    given = {name: words.strip() for name, words in sent.particulars.items() if words.strip()}
    to = _body(scope, sent.to)
    matter = _matter(sent.matter)
    problems = rules.problems_with_asking(matter, to.kind, sent.asked, given)
    if too_old := rules.age_problem(matter, queries.referrals_of(case, scope.on)):
        problems.append(too_old)
    if same := _running(case, to, matter, sent.asked.strip(), given):
        text = _("The same is asked of this body already: %(number)s.")
        problems.append(Reason("same", text % {"number": same.number}, "/asked"))
    if problems:
        raise RuleBroken(*problems)
    made = HelpRequest.objects.create(
        county_id=case.county_id,
        case=case,
        episode=case.episode.number,
        number=_number(case.county_id, post.agency_id, scope.on.year),
        matter=matter,
        by_id=post.id,
        to=to,
        asked=sent.asked.strip(),
        shared=queries.facts_of(case, matter, scope.on),
        particulars=given,
        asked_at=now,
        client_id=sent.client_id,
    )
    made.obligation = _owe(made, ObligationKind.HELP_REPLY, scope.on, now)
    made.save(update_fields=["obligation"])
    _write(made, post, Said(text=made.asked), scope.on, now)
    _tell(made, to.pk, post.agency_name, now)
    fields = sorted(made.shared)
    audit.record(scope, "request.ask", _subject(made), now=now, post=post, fields=fields)
    return made


@transaction.atomic
def take(
    scope: Scope, request_id: UUID | str, move: Move, said: Said, now: datetime
) -> HelpRequest:
    """One step of a request: accept, refuse, answer (the asked body), done, withdraw (who asked).

    Raises NotVisible, NotPermitted, Conflict, NotPossible (not in this state, or it has ended),
    RuleBroken (no reason, no such outcome, a number or a day missing, a file that is none).
    """
    step = rules.STEPS[move]
    find = access.request_for if step.theirs else access.own_request_for
    row = find(scope, request_id, lock=True)
    post = _answering(scope, row) if step.theirs else _asking(scope, row)
    _check_version(row, said.version)
    state = RequestState(row.state)
    if reason := rules.why_not(state, move, over=queries.is_over(row)):
        raise NotPossible(reason)
    if problems := _problems(row, move, said, scope.on):
        raise RuleBroken(*problems)
    _follow(row, move, scope.on, now)
    row.state, row.version = step.target, row.version + 1
    row.ended_at = None if step.target in rules.LIVE else now
    row.save(update_fields=["state", "version", "ended_at", "obligation"])
    _write(row, post, said, scope.on, now)
    told = row.by.agency_id if step.theirs else row.to_id
    _tell(row, told, post.agency_name, now)
    audit.record(scope, f"request.{move.value}", _subject(row), now=now, post=post)
    return row


@transaction.atomic
def write_letter(scope: Scope, request_id: UUID | str, now: datetime) -> CasePaper:
    """The request as a numbered letter, for a body that works on paper; once for each request.

    It says what is shared, with the ID number masked. Raises NotVisible, NotPermitted, NotPossible.
    """
    row = access.own_request_for(scope, request_id, lock=True)
    post = _asking(scope, row)
    if row.paper is not None:
        return row.paper
    if queries.is_over(row) or row.state not in rules.LIVE:
        raise NotPossible(Reason("ended", _("The request has ended.")))
    case = access.case_for(scope, row.case.public_id)
    asking = Asking(scope, case, PaperKind.HELP_REQUEST, post, now)
    facts = draft_of(asking).facts | queries.letter_facts(row)
    draft = Draft(row.public_id, row.to.name, facts, scope.on)
    row.paper = papers.issue(scope, case, PaperKind.HELP_REQUEST, draft, now)
    row.save(update_fields=["paper"])
    return row.paper


def _running(
    case: Case, to: Agency, matter: Matter, asked: str, given: Mapping[str, str]
) -> HelpRequest | None:
    """The same in the same words, not ended: "back" in a browser gives them a new form."""
    rows = HelpRequest.objects.filter(case=case, episode=case.episode.number, to=to, matter=matter)
    return rows.filter(state__in=rules.LIVE, asked=asked, particulars=dict(given)).first()


def _body(scope: Scope, public_id: UUID | str) -> Agency:
    bodies = Agency.objects.on(scope.on).filter(county_id=scope.county_id)
    found = bodies.filter(public_id=public_id).first()
    if found is None:
        raise RuleBroken(Reason("to", _("There is no such body."), "/to"))
    return found


def _matter(name: str) -> Matter:
    if name not in set(Matter):
        raise RuleBroken(Reason("matter", _("This cannot be asked for."), "/matter"))
    return Matter(name)


def _number(county_id: int, agency_id: int, year: int) -> str:
    """〔2026〕3号 of the body that asks."""
    return f"〔{year}〕{sequences.next_number(county_id, SEQUENCE, year, agency_id)}号"


def _asking(scope: Scope, row: HelpRequest) -> HeldPost:
    """A post of the body that asked, or of the bureau. Raises NotPermitted."""
    require(scope, Duty.ASK_AGENCY)
    for post in scope.posts:
        if Duty.ASK_AGENCY in post.duties and (
            post.agency_id == row.by.agency_id or post.reach is Reach.COUNTY
        ):
            return post
    text = _("Only the body that asked, or the bureau, can do this.")
    raise NotPermitted(Reason("not_your_request", text))


def _answering(scope: Scope, row: HelpRequest) -> HeldPost:
    """The post of the person in the body that was asked: access has found that there is one."""
    return next(
        post
        for post in scope.posts
        if post.agency_id == row.to_id and Duty.ANSWER_REQUEST in post.duties
    )


def _check_version(row: HelpRequest, version: int | None) -> None:
    if version is not None and version != row.version:
        text = _("Somebody else changed this request meanwhile.")
        current = {"id": str(row.public_id), "state": row.state, "version": row.version}
        raise Conflict(Reason("version", text, "/version"), current=current)


def _problems(row: HelpRequest, move: Move, said: Said, today: date) -> list[Reason]:
    if move is not Move.ANSWER:
        reason = rules.problem_with_words(move, said.text)
        return [reason] if reason else []
    if said.answer is None:
        return [Reason("outcome", _("Say what came of it."), "/outcome")]
    asked_on = row.asked_at.astimezone(CHINA).date()
    return rules.problems_with_answer(Matter(row.matter), said.answer, asked_on, today)


def _follow(row: HelpRequest, move: Move, on: date, now: datetime) -> None:
    """What the step meets, and what is owed after it."""
    owed = [row.obligation_id] if row.obligation_id else []
    if move is Move.WITHDRAW:
        obligations.waive(owed, WITHDRAWN, now)
    else:
        obligations.fulfil(owed, now)
    if move is Move.ACCEPT:
        row.obligation = _owe(row, ObligationKind.HELP_DONE, on, now)


def _owe(row: HelpRequest, kind: ObligationKind, on: date, now: datetime) -> Obligation:
    """Owed by the asked body to the one that asked; it falls away when the case ends."""
    owed = Owed(
        kind=kind,
        key=f"{kind}:{row.public_id}",
        subject=row.number,
        href=f"/requests/{row.public_id}/",
        owed_by=row.to,
        owed_to=row.by.agency,
        starts_on=on,
        region_path=row.case.household.region.path,
    )
    return duties.owe_others(row.case, owed, now)


def _write(row: HelpRequest, post: HeldPost, said: Said, on: date, now: datetime) -> None:
    """The step, its line on the timeline of the case, and the case seen to have changed."""
    answer, text = said.answer, said.text.strip()
    RequestStep.objects.create(
        request=row,
        state=row.state,
        text="" if row.state == RequestState.ASKED else text,
        particulars={"day": answer.day.isoformat()} if answer and answer.day else {},
        outcome=answer.outcome if answer else "",
        paper_number=answer.paper_number.strip() if answer else "",
        file=_file(row, said.file, post.id, now),
        on=on,
        at=now,
        by_id=post.id,
    )
    note = "：".join(part for part in (f"{row.to.name}{row.number}", text) if part)
    transition.record(row.case, f"help_{row.state}", Act(post, on, now, note))
    transition.touch(row.case)


def _file(row: HelpRequest, data: bytes | None, post_id: int, now: datetime) -> StoredFile | None:
    if not data:
        return None
    scan = pictures.scan(data, "/file")
    ending = "pdf" if scan.media_type == pictures.PDF else "jpg"
    content = Content(f"协办答复{row.number}.{ending}", scan.media_type, scan.data)
    return stored_files.store(row.county_id, content, post_id, now)


def _tell(row: HelpRequest, agency_id: int, by: str, now: datetime) -> None:
    """The other side hears that something moved: a number, a body, a state."""
    news = News(
        row.county_id,
        NoticeKind.REQUEST,
        f"request:{row.public_id}:{row.version}",
        f"/requests/{row.public_id}/",
        agency_id=agency_id,
        params={"number": row.number, "body": by, "state": row.state},
    )
    notices.tell([news], now)


def _subject(row: HelpRequest) -> str:
    return f"request:{row.public_id}"
