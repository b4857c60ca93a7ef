"""Taking an applied list back: two people decide, the background does it, as a whole.

The rows stay as the provider wrote them and mean nobody any more. Whom only this list had entered
is unlisted again; a child of whom anything else is on record stays a child of ours.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPossible, Reason, RuleBroken
from agencies.models import Region
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit
from students.models import Candidate, FocusTag, Guardian, PersonList, Student
from students.queries import list_undo, person_lists
from students.services import list_facts, screening_results
from students.services.imports import wrong_state

State = PersonList.State
REASON, BATCH = 200, 5000


@transaction.atomic
def take_back(scope: Scope, list_id: object, reason: str, now: datetime) -> PersonList:
    """Ask for it, with the reason in writing; a second, different person agrees by the same call.

    Raises NotVisible, NotPermitted, RuleBroken without a reason, and NotPossible with everything
    that rests on the list.
    """
    batch = person_lists.list_for(scope, list_id, lock=True)
    asked = batch.undo_asked_by
    post = require(scope, Duty.CONFIRM_LIST if asked else Duty.IMPORT_LIST)
    if batch.state == State.UNDOING:
        return batch
    if batch.state != State.APPLIED:
        raise wrong_state(batch)
    if asked and asked.user_id == scope.user_id:
        text = _("A second, different person must agree that the list is taken back.")
        raise NotPossible(Reason("second_person", text))
    if reasons := list_undo.against(batch):
        raise NotPossible(*reasons)
    if asked:
        batch.state, batch.undone_by_id = State.UNDOING, post.id
    elif not reason.strip():
        raise RuleBroken(Reason("reason", _("A reason in writing is missing."), "/reason"))
    else:
        batch.undo_asked_by_id, batch.undo_reason = post.id, reason.strip()[:REASON]
    batch.save(update_fields=["state", "undone_by", "undo_asked_by", "undo_reason"])
    verb = "list.undo" if asked else "list.ask_undo"
    audit.record(scope, verb, f"list:{batch.public_id}", now=now, post=post)
    return batch


@transaction.atomic
def keep(scope: Scope, list_id: object, now: datetime) -> PersonList:
    """The list stays: nobody asks any more that it is taken back. Safe to repeat."""
    batch = person_lists.list_for(scope, list_id, lock=True)
    post = require(scope, Duty.IMPORT_LIST)
    if batch.state != State.APPLIED:
        raise wrong_state(batch)
    batch.undo_asked_by, batch.undo_reason = None, ""
    batch.save(update_fields=["undo_asked_by", "undo_reason"])
    audit.record(scope, "list.keep", f"list:{batch.public_id}", now=now, post=post)
    return batch


@transaction.atomic
def restore(batch: PersonList, now: datetime) -> None:
    """Take back what the list did. When something came to rest on it meanwhile, it stays."""
    Region.objects.select_for_update(no_key=True).get(pk=batch.county_id)  # one list at a time
    if list_undo.against(batch):
        batch.state, batch.undone_by = State.APPLIED, None
        batch.undo_asked_by, batch.undo_reason = None, ""
    else:
        entered = list_undo.entered_first_by(batch)
        tags = _end_tags(batch, now.astimezone(CHINA).date())
        gone = _unlist(batch)
        batch.counts |= {"unlisted": gone, "stay": entered - gone, "tags_ended": tags}
        batch.state, batch.undone_at = State.UNDONE, now
    batch.save()


def _end_tags(batch: PersonList, today: date) -> int:
    """Tags that it gave end today; those that it ended, because it did not name the child, go on.

    Lists give tags without an end, so one that ends the day before this list began ended with it.
    """
    others = FocusTag.objects.filter(batch__kind=batch.kind, county_id=batch.county_id)
    again = FocusTag.objects.filter(
        student=OuterRef("student"), group=OuterRef("group"), starts_on__gte=batch.as_of
    )
    ended = others.filter(~Exists(again), ends_on=batch.as_of - timedelta(days=1))
    ended.exclude(batch=batch).update(ends_on=None)
    return FocusTag.objects.filter(batch=batch, ends_on=None).update(ends_on=today)


def _unlist(batch: PersonList) -> int:
    """Rows mean nobody any more; who was known from them alone goes. Returns how many did."""
    pairs = list(list_undo.entered_only_by(batch).values_list("pk", "household"))
    list_facts.take_back(batch)
    Candidate.objects.filter(entry__batch=batch).delete()
    batch.entries.update(student=None, found="", result="", checked_at=None)
    for start in range(0, len(pairs), BATCH):
        children, homes = (list(side) for side in zip(*pairs[start : start + BATCH], strict=True))
        screening_results.let_go(children)
        for model in (Candidate, Guardian):
            model.objects.filter(student__in=children).delete()
        Student.objects.filter(pk__in=children).delete()
        list_undo.empty(homes).delete()
    return len(pairs)
