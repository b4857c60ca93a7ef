"""What people decide about a list of another agency: take it in, apply it, agree as the second."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPossible, Reason, RuleBroken
from agencies.models import Agency
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit
from students.models import PersonList
from students.queries import person_lists
from students.rules.person_list import ListKind
from students.services.imports import wrong_state

State = PersonList.State
EARLIEST = 2000  # no list of this work is older
PURPOSE = 200


@dataclass(frozen=True)
class Said:
    """What is said of a file when it is handed in. as_of: the day that its figures stand for."""

    kind: str
    provider: str
    as_of: date | None
    purpose: str


@transaction.atomic
def take_in(scope: Scope, said: Said, names: tuple[str, str], now: datetime) -> PersonList:
    """A list that waits to be checked. names: of the file as it came, and where it is kept.

    Raises NotPermitted; RuleBroken with every reason, among them that it is not newer than the last
    list of its kind.
    """
    post = require(scope, Duty.IMPORT_LIST)
    provider, as_of = _checked(scope, said, now)
    batch = PersonList.objects.create(
        county_id=scope.county_id,
        kind=said.kind,
        provider=provider,
        as_of=as_of,
        purpose=said.purpose.strip(),
        file_name=names[0],
        path=names[1],
        created_at=now,
        created_by_id=post.id,
    )
    _record(scope, "list.upload", batch, post, now)
    return batch


def _checked(scope: Scope, said: Said, now: datetime) -> tuple[Agency, date]:
    reasons = [*_wrong_day(scope, said, now)]
    provider = None
    if said.kind not in ListKind.values:
        reasons.append(Reason("kind", _("There is no such kind of list."), "/kind"))
    else:
        provider = person_lists.provider_named(
            scope.county_id, scope.on, ListKind(said.kind), said.provider.strip()
        )
        if provider is None:
            text = _("Choose the agency that keeps lists of this kind.")
            reasons.append(Reason("provider", text, "/provider"))
    if not said.purpose.strip():
        text = _("Say for which legal purpose the list was given (个人信息保护法 6).")
        reasons.append(Reason("purpose", text, "/purpose"))
    elif len(said.purpose.strip()) > PURPOSE:
        most = _("At most %(most)s characters.") % {"most": PURPOSE}
        reasons.append(Reason("purpose", most, "/purpose"))
    if reasons or provider is None or said.as_of is None:
        raise RuleBroken(*reasons)
    return provider, said.as_of


def _wrong_day(scope: Scope, said: Said, now: datetime) -> list[Reason]:
    if said.as_of is None:
        return [Reason("as_of", _("Give the day that the list stands for."), "/as_of")]
    if said.as_of > now.astimezone(CHINA).date() or said.as_of.year < EARLIEST:
        text = _(
            "The day that the list stands for lies in the future, or its year cannot be right."
        )
        return [Reason("as_of", text, "/as_of")]
    last = person_lists.last_applied(scope.county_id, said.kind)
    if last and said.as_of <= last.as_of:
        older = _(
            "The list stands for %(day)s, and the last one that was applied for %(last)s: "
            "only a newer list can follow."
        ) % {"day": said.as_of, "last": last.as_of}
        return [Reason("not_newer", older, "/as_of")]
    return []


@transaction.atomic
def confirm(scope: Scope, list_id: object, now: datetime) -> PersonList:
    """Let the background apply the list, or ask for a second person when it lost many.

    Confirming twice changes nothing. Raises NotVisible, NotPermitted, NotPossible.
    """
    batch = person_lists.list_for(scope, list_id, lock=True)
    if batch.state == State.APPLYING:
        return batch
    if batch.state == State.CHECKED:
        post = require(scope, Duty.IMPORT_LIST)
        _can_be_applied(batch)
        if person_lists.loses_too_many(batch):
            batch.state, batch.asked_by_id = State.NEEDS_SECOND, post.id
            batch.save(update_fields=["state", "asked_by"])
            _record(scope, "list.ask_second", batch, post, now)
            return batch
    elif batch.state == State.NEEDS_SECOND:
        post = require(scope, Duty.CONFIRM_LIST)
        _can_be_applied(batch)
        if batch.asked_by and batch.asked_by.user_id == scope.user_id:
            text = _("So many people are gone that a second, different person must agree.")
            raise NotPossible(Reason("second_person", text))
    else:
        raise wrong_state(batch)
    batch.state, batch.confirmed_by_id = State.APPLYING, post.id
    batch.save(update_fields=["state", "confirmed_by"])
    _record(scope, "list.confirm", batch, post, now)
    return batch


def _can_be_applied(batch: PersonList) -> None:
    if not person_lists.to_apply(batch):
        text = _("No row of this file can be applied. Correct the rows and upload the file again.")
        raise NotPossible(Reason("nothing_to_apply", text))
    if person_lists.is_overtaken(batch):
        text = _("Another list of this kind was applied meanwhile. Upload this one again.")
        raise NotPossible(Reason("overtaken", text))


def _record(scope: Scope, verb: str, batch: PersonList, post: HeldPost, now: datetime) -> None:
    audit.record(scope, verb, f"list:{batch.public_id}", now=now, post=post)
