"""The parents' committee and the events of a school, written down by its leader."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import NotPermitted, NotPossible, NotVisible, Reason, RuleBroken
from agencies.models import Agency
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit
from students.access import leader_at
from students.models import CommitteeSeat, SchoolEvent
from students.rules.school_life import Event, SeatKind, problems

DAY = timedelta(days=1)


@transaction.atomic
def seat(
    scope: Scope, school: Agency, name: str, kind: str, of_class: str, now: datetime
) -> CommitteeSeat:
    """From today this parent has a seat. Safe to repeat. Raises NotPermitted and RuleBroken."""
    post = _post(scope, school)
    if not name.strip() or kind not in set(SeatKind):
        raise RuleBroken(Reason("name", _("The name is missing."), "/name"))
    sitting = CommitteeSeat.objects.on(scope.on).filter(school=school, name=name.strip()).first()
    if sitting:
        return sitting
    made = CommitteeSeat.objects.create(
        school=school,
        name=name.strip(),
        kind=kind,
        of_class=of_class.strip(),
        starts_on=scope.on,
        by_id=post.id,
    )
    audit.record(scope, "committee.seat", f"agency:{school.public_id}", now=now, post=post)
    return made


@transaction.atomic
def end_seat(scope: Scope, school: Agency, seat_id: UUID, now: datetime) -> None:
    """The parent leaves the committee today. Raises NotPermitted and NotVisible."""
    post = _post(scope, school)
    row = CommitteeSeat.objects.on(scope.on).filter(school=school, public_id=seat_id).first()
    if row is None:
        raise NotVisible
    if row.starts_on == scope.on:
        row.delete()  # entered and taken back on one day
    else:
        row.ends_on = scope.on - DAY
        row.save(update_fields=["ends_on"])
    audit.record(scope, "committee.end", f"agency:{school.public_id}", now=now, post=post)


@transaction.atomic
def hold(scope: Scope, school: Agency, event: Event, now: datetime) -> SchoolEvent:
    """Write down a meeting or an activity; the same one twice is one. Raises NotPermitted and
    RuleBroken with each place."""
    post = _post(scope, school)
    if found := list(problems(event, scope.on)):
        raise RuleBroken(*found)
    made, is_new = SchoolEvent.objects.get_or_create(
        school=school,
        kind=event.kind,
        title=event.title.strip(),
        on=event.on,
        taken_back_at=None,
        defaults={
            "reach": event.reach,
            "words": event.words.strip(),
            "by_id": post.id,
            "recorded_at": now,
        },
    )
    if is_new:
        audit.record(scope, "school_event.hold", f"event:{made.public_id}", now=now, post=post)
    return made


@transaction.atomic
def take_back(
    scope: Scope, school: Agency, event_id: UUID, because: str, now: datetime
) -> SchoolEvent:
    """The record was wrong: it counts no more and is kept with the reason.

    Raises NotPermitted, NotVisible, NotPossible (taken back already), RuleBroken (no reason).
    """
    post = _post(scope, school)
    rows = SchoolEvent.objects.filter(school=school, public_id=event_id)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise NotVisible
    if row.taken_back_at:
        raise NotPossible(Reason("state", _("It is taken back already.")))
    if not because.strip():
        raise RuleBroken(Reason("reason", _("A reason in writing is missing."), "/because"))
    row.taken_back_at, row.taken_back_because = now, because.strip()
    row.save(update_fields=["taken_back_at", "taken_back_because"])
    audit.record(scope, "school_event.take_back", f"event:{event_id}", now=now, post=post)
    return row


def _post(scope: Scope, school: Agency) -> HeldPost:
    post = leader_at(scope, school.pk)
    if post is None:
        raise NotPermitted(Reason("duty", _("None of your posts carries this duty.")))
    return post
