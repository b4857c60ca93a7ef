"""Two records of one child become one, and that can be undone; both keep their histories.

The absorbed record points to the one that is kept and counts nowhere. What the kept record had not
known is taken over, and RecordMerge.undo says what it was before.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPossible, NotVisible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit
from students.models import (
    EnrollmentRecord,
    FocusTag,
    PersonEntry,
    Placement,
    PlacementApplication,
    RecordMerge,
    Student,
    Transfer,
)

ENDS = ("completed_on", "died_on")  # taken over where the kept record does not say them


@transaction.atomic
def merge(
    scope: Scope,
    records: tuple[Student, Student],
    reason: str,
    now: datetime,
    also: Iterable[Reason] = (),
) -> RecordMerge:
    """records: (kept, absorbed). also: further reasons against it, from a higher layer.

    Raises RuleBroken without a reason or for one record, NotPossible with everything that has to be
    settled first: an absorbed record with a present enrollment, placement or open transfer.
    """
    post = require(scope, Duty.MERGE_RECORDS)
    if not reason.strip():
        raise RuleBroken(Reason("reason", _("A reason in writing is missing."), "/reason"))
    return absorb(scope, post, records, reason, now, also)


def absorb(
    scope: Scope,
    post: HeldPost,
    records: tuple[Student, Student],
    reason: str,
    now: datetime,
    also: Iterable[Reason] = (),
) -> RecordMerge:
    """The same in the name of a post whose duty is known: who decides on a row of a list."""
    if records[0].pk == records[1].pk:
        text = _("These are not two records.")
        raise RuleBroken(Reason("one_record", text, "/absorbed"))
    locked = Student.objects.select_for_update(of=("self",)).in_bulk([one.pk for one in records])
    kept, absorbed = (locked[one.pk] for one in records)
    if reasons := [*_against(kept, absorbed, scope.on), *also]:
        raise NotPossible(*reasons)
    made = RecordMerge.objects.create(
        county_id=kept.county_id,
        kept=kept,
        absorbed=absorbed,
        reason=reason.strip()[:200],
        undo=_take_over(kept, absorbed),
        at=now,
        by_id=post.id,
    )
    Student.objects.filter(pk=absorbed.pk).update(merged_into=kept)
    audit.record(scope, "student.merge", f"merge:{made.public_id}", now=now, post=post)
    return made


@transaction.atomic
def undo(scope: Scope, merge_id: UUID | str, now: datetime) -> RecordMerge:
    """Both records stand as before. Raises NotVisible; NotPossible if it is undone already."""
    post = require(scope, Duty.MERGE_RECORDS)
    made = (
        RecordMerge.objects.select_for_update(of=("self",))
        .filter(public_id=merge_id, county_id=scope.county_id)
        .select_related("kept", "absorbed")
        .first()
    )
    if made is None:
        raise NotVisible
    if made.undone_at:
        raise NotPossible(Reason("undone", _("This merge is undone already.")))
    Student.objects.filter(pk=made.absorbed_id).update(merged_into=None)
    for name, (before, after) in made.undo["days"].items():
        still = Student.objects.filter(pk=made.kept_id, **{name: after})  # nobody changed it since
        still.update(**{name: before})
    PersonEntry.objects.filter(pk__in=made.undo["entries"]).update(student=made.absorbed_id)
    FocusTag.objects.filter(pk__in=made.undo["tags"]).update(student=made.absorbed_id)
    made.undone_at, made.undone_by_id = now, post.id
    made.save(update_fields=["undone_at", "undone_by"])
    audit.record(scope, "student.unmerge", f"merge:{merge_id}", now=now, post=post)
    return made


def _against(kept: Student, absorbed: Student, day: date) -> list[Reason]:
    """Everything that has to be settled first."""
    found = []
    if kept.merged_into_id or absorbed.merged_into_id or absorbed.absorbed.exists():
        text = _("One of the records is part of another one already.")
        found.append(Reason("merged", text))
    if EnrollmentRecord.objects.filter(student=absorbed).exclude(ends_on__lt=day).exists():
        text = _("The record that would go is on a roster: end that enrollment first.")
        found.append(Reason("enrolled", text))
    if Placement.objects.filter(student=absorbed, returned_on=None, ends_on__gte=day).exists():
        text = _("The record that would go has a lawful absence: keep it, or end that first.")
        found.append(Reason("placement", text))
    if PlacementApplication.objects.waiting().filter(student=absorbed).exists():
        text = _("An application of the record that would go waits for its decision.")
        found.append(Reason("application", text))
    if Transfer.objects.unconfirmed().filter(student=absorbed).exists():
        text = _("The record that would go has a transfer that nobody has confirmed.")
        found.append(Reason("transfer", text))
    return found


def _take_over(kept: Student, absorbed: Student) -> dict[str, Any]:
    """What the kept record did not know; returns how it was before."""
    after = {name: getattr(kept, name) or getattr(absorbed, name) for name in ENDS}
    after["known_since"] = _earlier(kept.known_since, absorbed.known_since)
    days = {
        name: (_text(getattr(kept, name)), _text(value))
        for name, value in after.items()
        if value != getattr(kept, name)
    }
    Student.objects.filter(pk=kept.pk).update(**after)
    entries = list(absorbed.entries.values_list("pk", flat=True))
    PersonEntry.objects.filter(pk__in=entries).update(student=kept)
    groups = kept.tags.values("group")
    tags = list(absorbed.tags.exclude(group__in=groups).values_list("pk", flat=True))
    FocusTag.objects.filter(pk__in=tags).update(student=kept)
    return {"days": days, "entries": entries, "tags": tags}


def _earlier(one: date | None, other: date | None) -> date | None:
    """None: since it is of school age, the earliest of all."""
    return min(one, other) if one and other else None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
