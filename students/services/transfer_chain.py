"""The chain of a transfer: asked, agreed by the school, decided by the bureau, taken in elsewhere.

The child is on its roster until its school agrees; from then on rule 13 holds (transfers.py). What
is refused or withdrawn afterwards puts it back on its roster as it was.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.errors import DomainError, NotPermitted, NotPossible, Reason, RuleBroken
from agencies.models import Agency, Obligation
from agencies.queries.calendars import working_calendar
from agencies.queries.responsible import bureau
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit, obligations
from agencies.services.obligations import Owed
from students.access import Pupil
from students.models import SchoolClass, Student, TransferApplication
from students.queries.transfers import classes_for, posts_for
from students.rules.enrollment import Change
from students.rules.identity import end_of_school_year
from students.rules.transfer import UNDER_WAY, Act, Side, Step, needs_reason, side_for
from students.services import enrollment, transfers
from students.services.owed import raise_each, subject_of

UNDER_WORK = Reason(
    "open_application", _("An application for this child is being worked on already.")
)


@dataclass(frozen=True)
class Asked:
    """What the guardian asks for. to_school: where it is a school of this county."""

    on: date
    to: str
    reason: str = ""
    by: str = ""
    to_school: Agency | None = None


@transaction.atomic
def ask(scope: Scope, pupil: Pupil, asked: Asked, now: datetime) -> TransferApplication:
    """Write down the guardian's application; the child stays on its roster. Raises RuleBroken."""
    Student.objects.select_for_update(of=("self",)).get(pk=pupil.student.pk)  # two at once
    if problems := _problems(scope, pupil, asked):
        raise RuleBroken(*problems)
    transfers.not_suspended(pupil.student, asked.on)
    row = _create(pupil, asked)
    audit.record(scope, "transfer.ask", f"transfer:{row.public_id}", now=now, post=pupil.post)
    return row


@transaction.atomic
def send(scope: Scope, pupil: Pupil, asked: Asked, last: date, now: datetime) -> None:
    """Asked for and agreed in one step; last: the last day on the roster. Raises RuleBroken."""
    Student.objects.select_for_update(of=("self",)).get(pk=pupil.student.pk)  # two at once
    row = TransferApplication.objects.open().filter(student=pupil.student).first()
    if row is not None and row.step != Step.ASKED:
        raise RuleBroken(UNDER_WORK)
    row = row or _create(pupil, asked)
    _agree(scope, row, Given(on=last), pupil.post, now)


def _create(pupil: Pupil, asked: Asked) -> TransferApplication:
    to = asked.to_school.name if asked.to_school else asked.to.strip()
    return TransferApplication.objects.create(
        county_id=pupil.student.county_id,
        student=pupil.student,
        school=pupil.record.school,
        asked_on=asked.on,
        asked_by=asked.by.strip(),
        reason=asked.reason.strip(),
        to=to,
        to_school=asked.to_school,
        recorded_by_id=pupil.post.id,
    )


def _problems(scope: Scope, pupil: Pupil, asked: Asked) -> list[Reason]:
    found = []
    if not asked.to_school and not asked.to.strip():
        text = _("Say where the child goes: school and place.")
        found.append(Reason("destination", text, "/to"))
    if asked.to_school and asked.to_school.pk == pupil.record.school_id:
        text = _("The child is at this school already.")
        found.append(Reason("same_school", text, "/to_school"))
    if not asked.reason.strip():
        text = _("The reason of the guardian is missing.")
        found.append(Reason("reason", text, "/reason"))
    if asked.on > scope.on:
        found.append(Reason("future", _("This day is still to come."), "/on"))
    if TransferApplication.objects.open().filter(student=pupil.student).exists():
        found.append(UNDER_WORK)
    return found


@dataclass(frozen=True)
class Given:
    """What an act brings along. on: the last day here, or the first day in the new class."""

    on: date | None = None
    reason: str = ""
    school_class: SchoolClass | None = None


@transaction.atomic
def act(
    scope: Scope, row: TransferApplication, what: Act, given: Given, now: datetime
) -> TransferApplication:
    """One step of the chain.

    Raises NotPermitted (no such post), NotPossible (not in this step) and RuleBroken.
    """
    row = (
        TransferApplication.objects.select_for_update(of=("self",))
        .select_related("student", "school__region", "transfer", "record")
        .get(pk=row.pk)
    )
    posts = posts_for(scope, row)
    side = side_for(what, row.step, frozenset(posts))
    if side is None:
        raise _refusal(what, posts)
    if needs_reason(what) and not given.reason.strip():
        text = _("A reason in writing is missing.")
        raise RuleBroken(Reason("reason", text, "/reason"))
    post = posts[side]
    ACTS[what](scope, row, given, post, now)
    audit.record(scope, f"transfer.{what}", f"transfer:{row.public_id}", now=now, post=post)
    return row


def _refusal(what: Act, posts: dict[Side, HeldPost]) -> DomainError:
    """Not by this person, or not any more."""
    if not any(side_for(what, step, frozenset(posts)) for step in Step):
        text = _("None of your posts carries this duty.")
        return NotPermitted(Reason("duty", text))
    text = _("The application is not at this step (any more).")
    return NotPossible(Reason("step", text))


def _agree(
    scope: Scope, row: TransferApplication, given: Given, post: HeldPost, now: datetime
) -> None:
    """The child leaves its roster; the bureau decides, the other side confirms."""
    if given.on is None:
        raise RuleBroken(Reason("on", _("The last day on the roster is missing."), "/on"))
    if given.on > (end := end_of_school_year(scope.on)):
        text = _("The last day on the roster lies after %(end)s: rosters end with the school year.")
        raise RuleBroken(Reason("too_far", str(text) % {"end": end.isoformat()}, "/on"))
    row.record = enrollment.leave(row.student, Change.TRANSFER_OUT, given.on, post, row.reason)
    row.step, row.agreed_on, row.agreed_by_id = Step.AGREED, scope.on, post.id
    row.save(update_fields=["record", "step", "agreed_on", "agreed_by"])
    transfers.ask(row.student, row.school, given.on, row.to, now, row)
    _raise_decision(row, now)


def _raise_decision(row: TransferApplication, now: datetime) -> None:
    if row.record is None or row.agreed_on is None:
        return
    office = bureau(row.county_id, row.agreed_on)
    owed = Owed(
        kind=ObligationKind.TRANSFER_DECIDE,
        key=row.key,
        subject=subject_of(row.school, row.record.school_class),
        owed_by=office,
        owed_to=office,
        starts_on=row.agreed_on,
        region_path=row.school.region.path,
        href=f"/transfers/{row.public_id}/",
    )
    raise_each(row.county_id, [owed], working_calendar(), now)


def _approve(
    scope: Scope, row: TransferApplication, given: Given, post: HeldPost, now: datetime
) -> None:
    _decided(scope, row, Step.APPROVED, post, given.reason)
    obligations.fulfil_keys(row.county_id, [row.key], now)


def _decided(
    scope: Scope, row: TransferApplication, step: Step, post: HeldPost, because: str
) -> None:
    row.step, row.decided_on, row.decided_by_id = step, scope.on, post.id
    row.because = because.strip()
    row.save(update_fields=["step", "decided_on", "decided_by", "because"])


def _decline(
    scope: Scope, row: TransferApplication, given: Given, post: HeldPost, now: datetime
) -> None:
    """By the school before the child leaves, by the bureau afterwards: then it comes back."""
    _back(row, scope.on, post, given.reason, now)
    _decided(scope, row, Step.REFUSED, post, given.reason)


def _withdraw(
    scope: Scope, row: TransferApplication, given: Given, post: HeldPost, now: datetime
) -> None:
    _back(row, scope.on, post, given.reason, now)
    row.step, row.because = Step.WITHDRAWN, given.reason.strip()
    row.save(update_fields=["step", "because"])


def _back(row: TransferApplication, on: date, post: HeldPost, because: str, now: datetime) -> None:
    """The child is on its roster as it was; nothing of the transfer is owed any more."""
    if row.step not in UNDER_WAY or row.record is None or row.transfer is None:
        return
    enrollment.put_back(row.record, post, because.strip())
    row.transfer.taken_back_on = on
    row.transfer.save(update_fields=["taken_back_on"])
    if row.step == Step.AGREED and Duty.DECIDE_TRANSFER in post.duties:
        obligations.fulfil_keys(row.county_id, [row.key], now)
    why = gettext_noop("transfer refused or taken back")
    obligations.waive_keys(row.county_id, [*row.transfer.keys, row.key], why, now)


def _receive(
    scope: Scope, row: TransferApplication, given: Given, post: HeldPost, now: datetime
) -> None:
    """The school that takes the child in confirms by putting it on a roster of its own."""
    transfer, on, target = row.transfer, given.on, given.school_class
    if transfer is None:
        raise NotPossible(Reason("step", _("The application is not at this step (any more).")))
    if on is None or on <= transfer.asked_on or on > scope.on:
        text = _("The first day lies after the last day at the old school, and not in the future.")
        raise RuleBroken(Reason("on", text, "/on"))
    if target is None or not classes_for(row, on).filter(pk=target.pk).exists():
        text = _("Choose a class of your school in this school year.")
        raise RuleBroken(Reason("school_class", text, "/school_class"))
    stay = enrollment.enroll(row.student, target, on, post, Change.TRANSFER_IN)
    transfers.close(transfer, on, transfers.proof_of(stay), post)
    row.step = Step.CONFIRMED
    obligations.fulfil_keys(row.county_id, transfer.keys, now)


ACTS = {
    Act.AGREE: _agree,
    Act.APPROVE: _approve,
    Act.REFUSE: _decline,
    Act.WITHDRAW: _withdraw,
    Act.RECEIVE: _receive,
}


def follow(now: datetime) -> int:
    """Decisions that are no longer needed: the other side confirmed first, or the child came back.

    Returns how many duties were ended. Safe to repeat.
    """
    owed = Obligation.objects.open().filter(kind=ObligationKind.TRANSFER_DECIDE)
    by_id = {row.key.split(":")[1]: row.pk for row in owed}
    wait = TransferApplication.objects.filter(public_id__in=by_id, step=Step.AGREED)
    for public_id in wait.values_list("public_id", flat=True):
        del by_id[str(public_id)]
    return obligations.waive(by_id.values(), gettext_noop("settled before the decision"), now)
