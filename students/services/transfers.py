"""Transfers (S1-55/56, rule 13): the school answers for the child until the other side confirms.

A transfer out makes a row; its clocks follow from the row, whenever and by whomever it was made.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.errors import NotPermitted, Reason, RuleBroken
from agencies.models import Agency, Obligation
from agencies.queries.calendars import working_calendar
from agencies.queries.responsible import bureau
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty, Reach
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit, obligations
from agencies.services.obligations import Owed
from students.models import (
    EnrollmentRecord,
    Placement,
    SchoolClass,
    Student,
    Transfer,
    TransferApplication,
)
from students.models.transfer import KEYS
from students.rules.transfer import Step, suspended
from students.services.owed import raise_each, subject_of

DAY = timedelta(days=1)


@transaction.atomic
def ask(
    student: Student,
    school: Agency,
    on: date,
    to: str,
    now: datetime,
    application: TransferApplication | None = None,
) -> Transfer:
    """A child was sent elsewhere; on: its last day on the roster. Raises RuleBroken.

    The confirmation of the other side is owed from now on; its days run from the application.
    """
    not_suspended(student, on)
    if not to.strip():
        text = _("Say where the child goes: school and place.")
        raise RuleBroken(Reason("destination", text, "/destination"))
    transfer, _new = Transfer.objects.get_or_create(
        student=student,
        asked_on=on,
        taken_back_on=None,
        defaults={"county_id": student.county_id, "school": school, "to": to.strip()},
    )
    if application is not None:
        application.transfer = transfer
        application.save(update_fields=["transfer"])
    raise_open(now, transfer.pk)
    return transfer


def not_suspended(student: Student, on: date) -> None:
    """Raises RuleBroken while the child's studies are suspended on the day."""
    rows = Placement.objects.on(on).filter(student=student)
    if any(suspended(row.facts) for row in rows.exclude(returned_on__lte=on)):
        text = _("Studies are suspended on that day: no transfer before the return to school.")
        raise RuleBroken(Reason("suspended", text, "/on"))


@dataclass(frozen=True)
class Given:
    """on: the first day at the other school; proof: what it sent, its number."""

    on: date
    proof: str


@transaction.atomic
def confirm(scope: Scope, transfer: Transfer, given: Given, now: datetime) -> Transfer:
    """The other side has confirmed: the duties are met, the child is its own from that day.

    Raises NotPermitted (neither the old school nor the bureau) and RuleBroken.
    """
    post = may_confirm(scope, transfer)
    if post is None:
        text = _("Only the school that sent the child, or the bureau, records this.")
        raise NotPermitted(Reason("not_your_school", text))
    transfer = Transfer.objects.select_for_update(of=("self",)).get(pk=transfer.pk)
    if problems := _problems(transfer, given, scope.on):
        raise RuleBroken(*problems)
    close(transfer, given.on, given.proof.strip(), post)
    obligations.fulfil_keys(transfer.county_id, transfer.keys, now)
    subject = f"student:{transfer.student.public_id}"
    transfer_id = str(transfer.public_id)
    audit.record(scope, "transfer.confirm", subject, now=now, post=post, transfer=transfer_id)
    return transfer


def may_confirm(scope: Scope, transfer: Transfer) -> HeldPost | None:
    """The post of the person that may record the confirmation of this transfer."""
    return next(
        (
            post
            for post in scope.posts
            if Duty.CONFIRM_TRANSFER in post.duties
            and (post.agency_id == transfer.school_id or post.reach is Reach.COUNTY)
        ),
        None,
    )


def _problems(transfer: Transfer, given: Given, today: date) -> list[Reason]:
    found = []
    if transfer.confirmed_on is not None:
        found.append(Reason("confirmed", _("This transfer is confirmed already.")))
    if transfer.taken_back_on is not None:
        found.append(Reason("taken_back", _("This transfer was refused or taken back.")))
    if given.on > today:
        found.append(Reason("future", _("This day is still to come."), "/on"))
    if given.on < transfer.asked_on:
        text = _("The confirmation lies before the transfer.")
        found.append(Reason("before_transfer", text, "/on"))
    if not given.proof.strip():
        text = _("A confirmation needs a proof.")
        found.append(Reason("no_proof", text, "/proof"))
    return found


def close(
    transfer: Transfer,
    on: date,
    proof: str,
    by: HeldPost | None,
    step: Step = Step.CONFIRMED,
) -> None:
    """The transfer is over, and so is its application; step: how."""
    transfer.confirmed_on, transfer.proof = on, proof[:200]
    transfer.confirmed_by_id = by.id if by else None
    transfer.save(update_fields=["confirmed_on", "proof", "confirmed_by"])
    TransferApplication.objects.open().filter(transfer=transfer).update(step=step)


def follow(now: datetime) -> int:
    """All transfers that wait: seen at a school, fallen away, raised, to be verified.

    Safe to repeat. Returns how many transfers and duties changed.
    """
    return _end_by_themselves(now) + raise_open(now) + _raise_verifying(now)


def raise_open(now: datetime, pk: int | None = None) -> int:
    """The confirmation of transfers of which it is not owed yet; pk: only of this one."""
    rows = _waiting_without(ObligationKind.TRANSFER)
    rows = rows.filter(pk=pk) if pk else rows
    rows = rows.annotate(first_on=Coalesce("application__asked_on", "asked_on"))
    return _raise(ObligationKind.TRANSFER, [(row, row.first_on) for row in rows], now)


def _raise_verifying(now: datetime) -> int:
    """The day after the confirmation was due, the school has to find out itself (S1-54)."""
    late = Obligation.objects.overdue(now).filter(kind=ObligationKind.TRANSFER)
    mine = late.filter(county=OuterRef("county"), key=_key(ObligationKind.TRANSFER))
    rows = _waiting_without(ObligationKind.TRANSFER_VERIFY)
    rows = rows.annotate(due_on=Subquery(mine.values("due_on"))).filter(due_on__isnull=False)
    wanted = [(row, cast(date, row.due_on) + DAY) for row in rows]
    return _raise(ObligationKind.TRANSFER_VERIFY, wanted, now)


def _waiting_without(kind: ObligationKind) -> QuerySet[Transfer]:
    """Unconfirmed transfers without a duty of this kind, with the class that the child left."""
    stays = EnrollmentRecord.objects.filter(
        student=OuterRef("student"), school=OuterRef("school"), ends_on=OuterRef("asked_on")
    )
    raised = Obligation.objects.filter(county=OuterRef("county"), key=_key(kind))
    return (
        Transfer.objects.unconfirmed()
        .filter(student__died_on__isnull=True, student__completed_on__isnull=True)
        .exclude(Exists(raised))
        .annotate(class_left=Subquery(stays.values("school_class")[:1]))
        .select_related("school__region", "student")
        .order_by("pk")
    )


def _key(kind: ObligationKind) -> Subquery:
    """The key of a transfer's duty, for a query on obligations inside one on transfers."""
    rows = Transfer.objects.filter(pk=OuterRef(OuterRef("pk")))
    return Subquery(
        rows.values(key=Concat(Value(f"{KEYS[kind]}:"), Cast("public_id", CharField())))
    )


def _raise(kind: ObligationKind, wanted: Sequence[tuple[Transfer, date]], now: datetime) -> int:
    if not wanted:
        return 0
    classes = SchoolClass.objects.in_bulk(
        {row.class_left for row, _day in wanted}  # type: ignore[attr-defined]
    )
    offices: dict[int, Agency] = {}
    duties: dict[int, list[Owed]] = defaultdict(list)
    for row, day in wanted:
        if row.county_id not in offices:
            offices[row.county_id] = bureau(row.county_id, now.astimezone(CHINA).date())
        duties[row.county_id].append(
            Owed(
                kind=kind,
                key=row.key_of(kind),
                subject=subject_of(row.school, classes.get(row.class_left)),  # type: ignore[attr-defined]
                owed_by=row.school,
                owed_to=offices[row.county_id],
                starts_on=day,
                region_path=row.school.region.path,
                href=f"/students/{row.student.public_id}/",
            )
        )
    calendar = working_calendar()
    return sum(raise_each(county, several, calendar, now) for county, several in duties.items())


@transaction.atomic
def _end_by_themselves(now: datetime) -> int:
    """Who is on a roster of the county again, or is dead or done, needs no confirmation.

    Another school proves the transfer. The old school proves that nothing came of it.
    """
    today = now.astimezone(CHINA).date()
    rows = Transfer.objects.unconfirmed().select_related("student").order_by("pk")
    changed = 0
    for row in rows.select_for_update(of=("self",)):
        later = row.student.enrollments.filter(starts_on__gt=row.asked_on, starts_on__lte=today)
        stay = later.select_related("school").order_by("starts_on").first()
        gone = row.student.died_on or row.student.completed_on
        if stay is None and gone is None:
            continue
        changed += 1
        if stay is None:
            obligations.waive_keys(row.county_id, row.keys, gettext_noop("died or completed"), now)
            close(row, cast(date, gone), "", None, Step.WITHDRAWN)
        elif stay.school_id == row.school_id:
            why = gettext_noop("back on the old roster")
            obligations.waive_keys(row.county_id, row.keys, why, now)
            close(row, stay.starts_on, proof_of(stay), None, Step.WITHDRAWN)
        else:
            obligations.fulfil_keys(row.county_id, row.keys, now)
            close(row, stay.starts_on, proof_of(stay), None)
    return changed


def proof_of(stay: EnrollmentRecord) -> str:
    """A roster of the county is the proof: school and first day."""
    return f"{stay.school.name} {stay.starts_on}"
