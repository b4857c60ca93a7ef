"""Responsibility in writing, and publicity: filed, ended, or taken back with a reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.documents import pictures
from agencies.documents.pictures import PDF, Scan
from agencies.errors import NotPermitted, NotPossible, Reason, RuleBroken
from agencies.models import Agency, Commitment, GroupMember, Publicity
from agencies.queries import commitments as queries
from agencies.rules import commitments as rules
from agencies.rules.commitments import Channel, CommitmentKind, Role, Written
from agencies.rules.duties import AgencyKind, Duty
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit, stored_files
from agencies.services.stored_files import Content

FILE_REFUSED = _("File %(number)s: %(why)s Nothing has been stored yet.")


class Upload(Protocol):
    """A file as it was sent. What the sender calls it counts for nothing."""

    def read(self, size: int) -> bytes: ...


@dataclass(frozen=True)
class Paper:
    """A paper to be filed: its facts, and what stands beside them."""

    client_id: UUID
    written: Written
    number: str = ""
    counterpart: str = ""
    text: str = ""
    files: Sequence[Scan] = ()


@dataclass(frozen=True)
class Activity:
    """Publicity as it was done."""

    client_id: UUID
    on: date
    channel: str
    statutes: Sequence[str]
    place: str
    reach: int
    what: str
    partners: str = ""
    files: Sequence[Scan] = field(default=())


@dataclass(frozen=True)
class Named:
    """Somebody in a leading group."""

    role: str
    name: str
    title: str
    starts_on: date
    task: str = ""


def taken(uploads: Iterable[Upload]) -> list[Scan]:
    """Photos and scans made safe before anything is stored. Raises RuleBroken that names each."""
    files = list(uploads)
    if len(files) > rules.MOST_FILES:
        text = _("At most %(most)s files.") % {"most": rules.MOST_FILES}
        raise RuleBroken(Reason("too_many", text, "/files"))
    found: list[Scan] = []
    problems: list[Reason] = []
    for index, one in enumerate(files):
        try:
            found.append(pictures.scan(one.read(pictures.MOST_BYTES + 1), f"/files/{index}"))
        except RuleBroken as refused:
            problems += [_named(reason, index + 1) for reason in refused.reasons]
    if problems:
        raise RuleBroken(*problems)
    return found


def _named(reason: Reason, number: int) -> Reason:
    said = {"number": number, "why": reason.text}
    return Reason(reason.code, FILE_REFUSED % said, reason.pointer)


@transaction.atomic
def file_paper(scope: Scope, agency_id: UUID, paper: Paper, now: datetime) -> Commitment:
    """File a paper of a body; the same client_id again gives the first one.

    Raises NotVisible, NotPermitted, RuleBroken with every reason.
    """
    body, post = _body(scope, agency_id)
    known = Commitment.objects.filter(county_id=scope.county_id, client_id=paper.client_id).first()
    if known:
        return known
    written = paper.written
    if reasons := rules.problems(written, AgencyKind(body.kind), scope.on):
        raise RuleBroken(*reasons)
    row = Commitment.objects.create(
        county_id=scope.county_id,
        agency=body,
        kind=written.kind,
        title=written.title.strip(),
        number=paper.number.strip(),
        year=written.year,
        signed_on=written.signed_on,
        side=written.side,
        signer=written.signer.strip(),
        counterpart=paper.counterpart.strip(),
        copies=written.copies,
        published_on=written.published_on,
        published_where=written.published_where.strip(),
        text=paper.text.strip(),
        by_id=post.id,
        client_id=paper.client_id,
    )
    _attach(row, paper.files, now)
    subject = f"commitment:{row.public_id}"
    audit.record(scope, "commitment.file", subject, now=now, post=post, kind=row.kind)
    return row


@transaction.atomic
def log_publicity(scope: Scope, agency_id: UUID, done: Activity, now: datetime) -> Publicity:
    """Log an activity; the same client_id again gives the first one.

    Raises NotVisible, NotPermitted, RuleBroken with every reason.
    """
    body, post = _body(scope, agency_id)
    known = Publicity.objects.filter(county_id=scope.county_id, client_id=done.client_id).first()
    if known:
        return known
    reasons = rules.publicity_problems(done.on, scope.on, done.reach, done.statutes)
    if done.channel not in Channel.values:
        reasons.append(Reason("channel", _("There is no such way."), "/channel"))
    if reasons:
        raise RuleBroken(*reasons)
    row = Publicity.objects.create(
        county_id=scope.county_id,
        agency=body,
        on=done.on,
        channel=done.channel,
        statutes=sorted(set(done.statutes)),
        place=done.place.strip(),
        reach=done.reach,
        what=done.what.strip(),
        partners=done.partners.strip(),
        by_id=post.id,
        client_id=done.client_id,
    )
    _attach(row, done.files, now)
    audit.record(scope, "publicity.log", f"publicity:{row.public_id}", now=now, post=post)
    return row


@transaction.atomic
def name_member(scope: Scope, group_id: UUID, who: Named, now: datetime) -> GroupMember:
    """Somebody joins a leading group. A new first leader relieves the one before.

    Raises NotVisible, NotPermitted, NotPossible (the group has ended), RuleBroken.
    """
    group, post = _standing(scope, group_id)
    if group.kind != CommitmentKind.GROUP or who.role not in Role.values:
        raise RuleBroken(Reason("role", _("There is no such place in a group."), "/role"))
    if who.role == Role.FIRST:
        for former in group.members.filter(role=Role.FIRST, ends_on=None):
            _until(former, who.starts_on)
    row = GroupMember.objects.create(
        group=group,
        role=who.role,
        name=who.name.strip(),
        title=who.title.strip(),
        task=who.task.strip(),
        starts_on=who.starts_on,
    )
    audit.record(scope, "commitment.member", f"commitment:{group_id}", now=now, post=post)
    return row


def _until(former: GroupMember, on: date) -> None:
    """The last day of the one before is the day before; nobody is relieved before the start."""
    if on <= former.starts_on:
        text = _("The first leader before is in office only from %(day)s on.")
        raise RuleBroken(Reason("starts_on", text % {"day": former.starts_on}, "/starts_on"))
    former.ends_on = date.fromordinal(on.toordinal() - 1)
    former.save(update_fields=["ends_on"])


@transaction.atomic
def relieve_member(
    scope: Scope, group_id: UUID, member_id: UUID, on: date, now: datetime
) -> GroupMember:
    """The last day of a member. Raises NotVisible, NotPermitted, NotPossible, RuleBroken."""
    group, post = _standing(scope, group_id)
    row = group.members.filter(public_id=member_id, ends_on=None).first()
    if row is None:
        raise NotPossible(Reason("member", _("This person is no member of the group any more.")))
    if reasons := rules.period_problem(row.starts_on, on):
        raise RuleBroken(*reasons)
    row.ends_on = on
    row.save(update_fields=["ends_on"])
    audit.record(scope, "commitment.relieve", f"commitment:{group_id}", now=now, post=post)
    return row


@transaction.atomic
def end(scope: Scope, commitment_id: UUID, on: date, now: datetime) -> Commitment:
    """The last day of a group or of village rules. Raises as relieve_member."""
    row, post = _standing(scope, commitment_id)
    if row.kind in rules.YEARLY:
        raise NotPossible(Reason("yearly", _("It ends with its year.")))
    if reasons := rules.period_problem(row.signed_on, on):
        raise RuleBroken(*reasons)
    row.ends_on = on
    row.save(update_fields=["ends_on"])
    audit.record(scope, "commitment.end", f"commitment:{commitment_id}", now=now, post=post)
    return row


@transaction.atomic
def cancel(scope: Scope, commitment_id: UUID, because: str, now: datetime) -> Commitment:
    """It was filed by mistake: it stays readable and counts no more. Raises as above."""
    row, post = _standing(scope, commitment_id)
    _take_back(row, because, scope.on)
    audit.record(scope, "commitment.cancel", f"commitment:{commitment_id}", now=now, post=post)
    return row


@transaction.atomic
def cancel_publicity(scope: Scope, publicity_id: UUID, because: str, now: datetime) -> Publicity:
    """The same for an activity."""
    row = queries.publicity_for(scope, publicity_id)
    post = _keeper(scope, row.agency)
    if row.cancelled_on:
        raise NotPossible(_gone())
    _take_back(row, because, scope.on)
    audit.record(scope, "publicity.cancel", f"publicity:{publicity_id}", now=now, post=post)
    return row


def _take_back(row: Commitment | Publicity, because: str, on: date) -> None:
    if not because.strip():
        raise RuleBroken(Reason("reason", _("A reason in writing is missing."), "/reason"))
    row.cancelled_on, row.cancelled_because = on, because.strip()
    row.save(update_fields=["cancelled_on", "cancelled_because"])


def _standing(scope: Scope, commitment_id: UUID) -> tuple[Commitment, HeldPost]:
    row = queries.commitment_for(scope, commitment_id, lock=True)
    post = _keeper(scope, row.agency)
    if row.cancelled_on or row.ends_on:
        raise NotPossible(_gone())
    return row, post


def _gone() -> Reason:
    return Reason("ended", _("It was ended or taken back already."))


def _body(scope: Scope, agency_id: UUID) -> tuple[Agency, HeldPost]:
    body = queries.body_for(scope, agency_id)
    return body, _keeper(scope, body)


def _keeper(scope: Scope, body: Agency) -> HeldPost:
    """In whose name it is filed: the own post of the body where there is one."""
    post = require(scope, Duty.KEEP_RESPONSIBILITY)
    if not queries.may_keep(scope, body):
        raise NotPermitted(Reason("body", _("This is kept by the body itself.")))
    mine = (one for one in scope.posts if one.agency_id == body.pk)
    return next((one for one in mine if Duty.KEEP_RESPONSIBILITY in one.duties), post)


def _attach(row: Commitment | Publicity, files: Sequence[Scan], now: datetime) -> None:
    for number, one in enumerate(files, 1):
        ending = "pdf" if one.media_type == PDF else "jpg"
        content = Content(f"{row.public_id}-{number}.{ending}", one.media_type, one.data)
        row.files.add(stored_files.store(row.county_id, content, row.by_id, now))
