"""Payment lists: kept with what the dry run found, applied by a person, taken back as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPossible, Reason, RuleBroken
from agencies.models import Agency
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit
from cases.models import AidRecord, PaymentList, PaymentRow
from cases.queries import aid as queries
from cases.rules.assistance import AssistanceKind

BATCH = 1000
State = PaymentList.State


@dataclass(frozen=True)
class Said:
    """What is said of the file. giver: public id of the agency that paid."""

    giver: str
    kind: str
    what: str
    paid_on: date


@dataclass(frozen=True)
class Read:
    """A row as it was read: the child that it means, the amount, what is wrong with it."""

    number: int
    student_id: int | None
    amount: Decimal | None
    problems: list[dict[str, object]] = field(default_factory=list)


@dataclass(frozen=True)
class File:
    """name: as it was sent; digest: SHA-256; problem: why the whole file cannot be read."""

    name: str
    digest: str
    problem: str = ""


@transaction.atomic
def keep(scope: Scope, said: Said, file: File, rows: Sequence[Read], now: datetime) -> PaymentList:
    """Keep the dry run; nothing is given to any child yet. Raises NotPermitted and RuleBroken."""
    post = require(scope, Duty.IMPORT_LIST)
    giver = _checked(scope, said, file, now)
    batch = PaymentList.objects.create(
        county_id=scope.county_id,
        state=State.REFUSED if file.problem else State.CHECKED,
        giver=giver,
        kind=said.kind,
        what=said.what.strip(),
        paid_on=said.paid_on,
        file_name=file.name,
        digest=file.digest,
        problem=file.problem,
        by_id=post.id,
        checked_at=now,
    )
    paid = queries.paid_already(batch)
    PaymentRow.objects.bulk_create(
        [
            PaymentRow(
                payment_list=batch,
                number=row.number,
                student_id=row.student_id,
                amount=row.amount,
                problems=row.problems or _again(row, paid),
            )
            for row in rows
        ],
        batch_size=BATCH,
    )
    audit.record(
        scope, "payments.check", f"payments:{batch.public_id}", now=now, post=post, rows=len(rows)
    )
    return batch


def _again(row: Read, paid: set[int]) -> list[dict[str, object]]:
    if row.student_id not in paid:
        return []
    return [{"column": "", "code": "paid_already", "value_shown": "", "params": {}}]


def _checked(scope: Scope, said: Said, file: File, now: datetime) -> Agency:
    found = []
    giver = queries.payers(scope.county_id, scope.on).filter(public_id=said.giver).first()
    if giver is None:
        found.append(Reason("giver", _("There is no such agency."), "/giver"))
    if said.kind not in set(AssistanceKind):
        found.append(Reason("kind", _("There is no such kind of help."), "/kind"))
    if not said.what.strip():
        found.append(Reason("what", _("Say what was given."), "/what"))
    if said.paid_on > now.astimezone(CHINA).date():
        found.append(Reason("future", _("The day lies in the future."), "/paid_on"))
    if PaymentList.objects.filter(
        county_id=scope.county_id, digest=file.digest, state=State.APPLIED
    ).exists():
        text = _("This very file was applied already.")
        found.append(Reason("same_file", text, "/file"))
    if found or giver is None:
        raise RuleBroken(*found)
    return giver


@transaction.atomic
def apply(scope: Scope, list_id: UUID | str, now: datetime) -> int:
    """Each good row becomes an aid record; rows with problems are left out. Returns how many.

    A child that got the same meanwhile is left out too. Raises NotVisible, NotPermitted, and
    NotPossible when the list is not waiting for this, or no row is good.
    """
    batch = queries.payment_list_for(scope, list_id, lock=True)
    post = require(scope, Duty.IMPORT_LIST)
    same = PaymentList.objects.filter(
        county_id=batch.county_id, digest=batch.digest, state=State.APPLIED
    )
    if batch.state != State.CHECKED or same.exists():
        raise NotPossible(Reason("state", _("This list was applied or taken back already.")))
    paid = queries.paid_already(batch)
    rows = [
        (row, child)
        for row in queries.good_rows(batch)
        if (child := row.student_id) is not None and child not in paid
    ]
    if not rows:
        raise NotPossible(Reason("no_rows", _("No row of this list can be applied.")))
    AidRecord.objects.bulk_create(
        [
            AidRecord(
                county_id=batch.county_id,
                student_id=child,
                kind=batch.kind,
                giver_id=batch.giver_id,
                what=batch.what,
                amount=row.amount,
                starts_on=batch.paid_on,
                ends_on=batch.paid_on,
                row=row,
                recorded_by_id=post.id,
                recorded_at=now,
            )
            for row, child in rows
        ],
        batch_size=BATCH,
    )
    batch.state, batch.applied_by_id, batch.applied_at = State.APPLIED, post.id, now
    batch.save(update_fields=["state", "applied_by", "applied_at"])
    audit.record(scope, "payments.apply", f"payments:{list_id}", now=now, post=post, rows=len(rows))
    return len(rows)


@transaction.atomic
def take_back(scope: Scope, list_id: UUID | str, because: str, now: datetime) -> int:
    """The list was wrong: all its records count no more. Returns how many.

    Raises NotVisible, NotPermitted, NotPossible (not applied), RuleBroken without a reason.
    """
    batch = queries.payment_list_for(scope, list_id, lock=True)
    post = require(scope, Duty.IMPORT_LIST)
    if batch.state != State.APPLIED:
        raise NotPossible(Reason("state", _("This list is not applied.")))
    if not because.strip():
        raise RuleBroken(Reason("reason", _("A reason in writing is missing."), "/because"))
    rows = AidRecord.objects.standing().filter(row__payment_list=batch)
    gone = rows.update(taken_back_at=now, taken_back_because=because.strip())
    batch.state = State.TAKEN_BACK
    batch.save(update_fields=["state"])
    audit.record(scope, "payments.take_back", f"payments:{list_id}", now=now, post=post, rows=gone)
    return gone
