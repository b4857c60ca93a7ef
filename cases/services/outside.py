"""Another county is written to, replies, confirms attendance by term, takes over the archive."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.documents import pictures
from agencies.errors import NotPossible, Reason, RuleBroken
from agencies.models import Obligation, Post, StoredFile
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit, obligations, stored_files
from agencies.services.obligations import Owed
from agencies.services.stored_files import Content
from cases import access
from cases.models import AttendanceConfirmation, CasePaper, OutsideNotice
from cases.queries import outside as queries
from cases.queries.paper_facts import Asking, draft_of, printed
from cases.rules import outside as rules
from cases.rules.outside import ARCHIVE, PROPOSED, TermDays, Why
from cases.rules.papers import PaperKind
from cases.rules.workflow import OPEN, State
from cases.services import duties, papers, transition
from cases.services.papers import Draft
from cases.services.transition import Act
from students.models import Placement, Term
from students.rules.enrollment import PlacementFacts, PlacementKind
from students.services import placement_duties, placements


@dataclass(frozen=True)
class Letter:
    """A notice as it is to be sent. asked: printed; empty means what is usually asked for."""

    client_id: UUID
    why: str
    authority: str
    sent_on: date
    contact: str = ""
    area_code: str = ""
    whereabouts: str = ""
    asked: str = ""
    version: int | None = None


@dataclass(frozen=True)
class Reply:
    on: date
    text: str
    number: str = ""
    file: bytes | None = None


@dataclass(frozen=True)
class Attendance:
    """The other side confirms: in this term the child attends that school since that day."""

    term: UUID | str
    school_name: str
    since: date
    proof: str
    class_name: str = ""
    file: bytes | None = None


@dataclass(frozen=True)
class Handover:
    on: date
    way: str
    note: str = ""


@transaction.atomic
def send(scope: Scope, case_id: UUID | str, letter: Letter, now: datetime) -> OutsideNotice:
    """Write to another county: a numbered paper, and a reply to be obtained in time.

    The same client_id again gives the first notice. Raises NotVisible, NotPermitted, Conflict,
    NotPossible (the case has ended), RuleBroken (no authority, a day that cannot be).
    """
    case = access.case_for(scope, case_id, lock=True)
    post = require(scope, Duty.LIAISE_OUTSIDE)
    if known := OutsideNotice.objects.filter(case=case, client_id=letter.client_id).first():
        return known
    transition.check_version(case, letter.version)
    if State(case.state) not in OPEN:
        text = _("Not possible while the case is: %(state)s.")
        raise NotPossible(Reason("state", text % {"state": State(case.state).label}))
    if letter.why not in set(Why):
        raise RuleBroken(Reason("why", _("Say why this county is written to."), "/why"))
    opened_on = case.episode.trigger_date
    if problems := rules.problems_with_notice(
        letter.authority, letter.sent_on, opened_on, scope.on
    ):
        raise RuleBroken(*problems)
    row = OutsideNotice(
        case=case,
        episode=case.episode.number,
        why=letter.why,
        authority=letter.authority.strip(),
        authority_contact=letter.contact.strip(),
        area_code=letter.area_code,
        sent_on=letter.sent_on,
        sent_at=now,
        by_id=post.id,
        client_id=letter.client_id,
    )
    row.obligation = _owe_reply(row, now)
    row.paper = _notice_paper(scope, row, letter, post, now)
    row.save()
    _note(row, "outside_sent", post, row.sent_on, now, row.paper.number)
    audit.record(scope, "outside.send", _subject(row), now=now, post=post, why=row.why)
    return row


def _owe_reply(row: OutsideNotice, now: datetime) -> Obligation:
    """The bureau obtains it; it falls away when the case ends."""
    office = Post.objects.select_related("agency").get(pk=row.by_id).agency
    owed = Owed(
        kind=ObligationKind.OUTSIDE_REPLY,
        key=f"{ObligationKind.OUTSIDE_REPLY}:{row.public_id}",
        subject=row.case.number,
        href=f"/cases/{row.case.public_id}/outside/",
        owed_by=office,
        owed_to=office,
        starts_on=row.sent_on,
        region_path=row.case.household.region.path,
    )
    return duties.owe_others(row.case, owed, now)


def _notice_paper(
    scope: Scope, row: OutsideNotice, letter: Letter, post: HeldPost, now: datetime
) -> CasePaper:
    facts = _known(scope, row, PaperKind.OUTSIDE_NOTICE, post, now) | {
        "asked": letter.asked.strip() or PROPOSED[Why(row.why)],
        "reply_by": printed(row.obligation.due_on) if row.obligation else "",
    }
    if letter.whereabouts.strip():
        facts["whereabouts"] = letter.whereabouts.strip()
    draft = Draft(row.client_id, row.authority, facts, row.sent_on)
    return papers.issue(scope, row.case, PaperKind.OUTSIDE_NOTICE, draft, now)


def _known(
    scope: Scope, row: OutsideNotice, kind: PaperKind, post: HeldPost, now: datetime
) -> dict[str, Any]:
    """What the case says for such a paper, the child's number included (S1-60)."""
    return draft_of(Asking(scope, row.case, kind, post, now)).facts


@transaction.atomic
def reply(scope: Scope, notice_id: UUID | str, given: Reply, now: datetime) -> OutsideNotice:
    """What the other county replied; late or not is fixed now.

    Raises NotVisible, NotPermitted, NotPossible (replied already), RuleBroken (before the notice,
    still to come, no words, a file that is none).
    """
    row = access.notice_for(scope, notice_id, lock=True)
    post = require(scope, Duty.LIAISE_OUTSIDE)
    if row.replied_on is not None:
        raise NotPossible(Reason("replied", _("The reply to this notice is recorded already.")))
    if problems := rules.problems_with_reply(given.text, given.on, row.sent_on, scope.on):
        raise RuleBroken(*problems)
    row.replied_on, row.reply = given.on, given.text.strip()
    row.reply_number = given.number.strip()
    row.reply_file = _file(row, "外县复函", given.file, post, now)
    row.save(update_fields=["replied_on", "reply", "reply_number", "reply_file"])
    if row.obligation_id:
        obligations.fulfil([row.obligation_id], now)
    _note(row, "outside_replied", post, given.on, now, row.reply)
    audit.record(scope, "outside.reply", _subject(row), now=now, post=post)
    return row


@transaction.atomic
def confirm(
    scope: Scope, notice_id: UUID | str, given: Attendance, now: datetime
) -> AttendanceConfirmation:
    """Attendance there is confirmed for one term: a lawful placement until its last day (rule 7).

    The next term is confirmed anew; that renews the placement. Possible after the case has ended as
    well. Raises NotVisible, NotPermitted, NotPossible (this term is confirmed already), RuleBroken.
    """
    row = access.notice_for(scope, notice_id, lock=True)
    post = require(scope, Duty.LIAISE_OUTSIDE)
    term = _term(row, given.term)
    if row.confirmations.filter(term=term).exists():
        text = _("Attendance in this term is confirmed already.")
        raise NotPossible(Reason("confirmed", text))
    days = TermDays(term.starts_on, term.ends_on)
    if problems := rules.problems_with_confirmation(
        given.school_name, given.proof, given.since, days, scope.on
    ):
        raise RuleBroken(*problems)
    placement = _place(row, term, given, post, scope.on, now)
    made = AttendanceConfirmation.objects.create(
        notice=row,
        term=term,
        school_name=given.school_name.strip(),
        class_name=given.class_name.strip(),
        since=given.since,
        proof=given.proof.strip(),
        file=_file(row, "就读证明", given.file, post, now),
        placement=placement,
        recorded_by_id=post.id,
        recorded_at=now,
    )
    where = f"{made.school_name}{made.class_name}"
    _note(row, "outside_confirmed", post, given.since, now, where)
    audit.record(scope, "outside.confirm", _subject(row), now=now, post=post)
    return made


def _term(row: OutsideNotice, term_id: UUID | str) -> Term:
    found = Term.objects.filter(county=row.case.county_id, public_id=term_id).first()
    if found is None:
        raise RuleBroken(Reason("term", _("There is no such term."), "/term"))
    return found


def _place(
    row: OutsideNotice, term: Term, given: Attendance, post: HeldPost, today: date, now: datetime
) -> Placement:
    student = row.case.student
    before = queries.term_before(term)
    first = rules.first_day(
        given.since,
        queries.covered_until(student.pk, given.since),
        before.ends_on if before else None,
    )
    facts = PlacementFacts(PlacementKind.ELSEWHERE, first, term.ends_on, given.proof.strip())
    made = placements.approve(student, facts, post, today)
    placement_duties.follow(now, student)
    return made


@transaction.atomic
def hand_over(scope: Scope, notice_id: UUID | str, given: Handover, now: datetime) -> OutsideNotice:
    """The electronic archive goes to where the child is registered (S1-61), with a paper for it.

    Raises NotVisible, NotPermitted, NotPossible (handed over already), RuleBroken.
    """
    row = access.notice_for(scope, notice_id, lock=True)
    post = require(scope, Duty.LIAISE_OUTSIDE)
    if row.archive_handed_on is not None:
        raise NotPossible(Reason("handed_over", _("The archive was handed over already.")))
    problems = rules.problems_with_handover(Why(row.why), given.on, row.sent_on, scope.on)
    if not given.way.strip():
        problems.append(Reason("way", _("Say how the archive is handed over."), "/way"))
    if problems:
        raise RuleBroken(*problems)
    row.archive_paper = _archive_paper(scope, row, given, post, now)
    row.archive_handed_on, row.archive_note = given.on, given.way.strip()[:200]
    row.save(update_fields=["archive_paper", "archive_handed_on", "archive_note"])
    _note(row, "outside_archive", post, given.on, now, row.archive_paper.number)
    audit.record(scope, "outside.handover", _subject(row), now=now, post=post)
    return row


def _archive_paper(
    scope: Scope, row: OutsideNotice, given: Handover, post: HeldPost, now: datetime
) -> CasePaper:
    facts = _known(scope, row, PaperKind.ARCHIVE_HANDOVER, post, now) | {
        "way": given.way.strip(),
        "items": [{"title": ARCHIVE, "form": "电子", "count": "1"}],
    }
    if given.note.strip():
        facts["note"] = given.note.strip()
    client_id = uuid.uuid5(row.public_id, PaperKind.ARCHIVE_HANDOVER)
    draft = Draft(client_id, row.authority, facts, given.on)
    return papers.issue(scope, row.case, PaperKind.ARCHIVE_HANDOVER, draft, now)


def _file(
    row: OutsideNotice, name: str, data: bytes | None, post: HeldPost, now: datetime
) -> StoredFile | None:
    if not data:
        return None
    scan = pictures.scan(data, "/file")
    ending = "pdf" if scan.media_type == pictures.PDF else "jpg"
    content = Content(f"{name}{row.sent_on}.{ending}", scan.media_type, scan.data)
    return stored_files.store(row.case.county_id, content, post.id, now)


def _note(
    row: OutsideNotice, action: str, post: HeldPost, on: date, now: datetime, words: str
) -> None:
    """Its line on the timeline, and the case seen to have changed."""
    note = "：".join(part for part in (row.authority, words) if part)
    transition.record(row.case, action, Act(post, on, now, note))
    transition.touch(row.case)


def _subject(row: OutsideNotice) -> str:
    return f"outside:{row.public_id}"
