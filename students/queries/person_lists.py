"""Lists of other agencies: the one door to them, their versions, and their rows for a page."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy

from agencies.errors import NotVisible
from agencies.models import Agency
from agencies.queries.policy import in_force
from agencies.rules import masking
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from students.models import Candidate, PersonEntry, PersonList, Student
from students.queries.imports import SHOWN_ERRORS, progress_key, shown_problem
from students.rules import roster_problems
from students.rules.person_list import PROVIDERS, ListKind, much_shorter

State, Change, Found = PersonList.State, PersonEntry.Change, PersonEntry.Found
NO_PLACE, NOBODY, DIFFERING = "no_place", "nobody", "differing"


def lists(scope: Scope) -> QuerySet[PersonList]:
    """The lists of the county, the newest version of each kind first."""
    rows = PersonList.objects.filter(county_id=scope.county_id)
    return rows.select_related("provider", "created_by__user").order_by("-as_of", "-pk")


def list_for(scope: Scope, list_id: object, *, lock: bool = False) -> PersonList:
    """The list, if it is of the person's county. Raises NotVisible."""
    rows = PersonList.objects.filter(county_id=scope.county_id, public_id=UUID(str(list_id)))
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.select_related(
        "provider",
        "previous",
        "created_by__user",
        "asked_by__user",
        "confirmed_by__user",
        "undo_asked_by__user",
        "undone_by__user",
    ).first()
    if found is None:
        raise NotVisible
    return found


def last_applied(county_id: int, kind: str) -> PersonList | None:
    """The version of a list that is in force."""
    rows = PersonList.objects.filter(county_id=county_id, kind=kind, state=State.APPLIED)
    return rows.order_by("-as_of").first()


def is_overtaken(batch: PersonList) -> bool:
    """Whether another list of the kind was applied, or is about to be, since this was checked."""
    last = last_applied(batch.county_id, batch.kind)
    others = PersonList.objects.filter(
        county_id=batch.county_id, kind=batch.kind, state=State.APPLYING
    ).exclude(pk=batch.pk)
    return (last.pk if last else None) != batch.previous_id or others.exists()


def providers(county_id: int, on: date) -> QuerySet[Agency]:
    """The agencies that keep such lists."""
    rows = Agency.objects.on(on).filter(county_id=county_id, kind__in=set(PROVIDERS.values()))
    return rows.select_related("region").order_by("kind", "region__path", "name", "pk")


def provider_named(county_id: int, on: date, kind: ListKind, text: str) -> Agency | None:
    """The agency of the right kind with this code, name or public id; where it has neither code nor
    namesake, also the one of the whole county for the word of its kind ("police").
    """
    rows = list(providers(county_id, on).filter(kind=PROVIDERS[kind]))
    named = [one for one in rows if text in (one.code, one.name, str(one.public_id))]
    if text == PROVIDERS[kind]:
        named = [one for one in rows if one.region_id == county_id] or rows
    return named[0] if text and len(named) == 1 else None


def loses_too_many(batch: PersonList) -> bool:
    """Whether a second, different person must agree."""
    percent = in_force(batch.county_id, batch.as_of).number(Key.LIST_LOSS_PERCENT)
    return much_shorter(batch.counts[Change.GONE], batch.counts["before"], float(percent))


def known_by_number(batch: PersonList) -> int:
    """Rows whose number is that of a child of ours."""
    ours = Student.objects.filter(county_id=batch.county_id, id_number=OuterRef("id_number"))
    return batch.entries.standing().filter(~Q(id_number=""), Exists(ours)).count()


def to_apply(batch: PersonList) -> int:
    """Rows that the list consists of."""
    return sum(batch.counts.get(change, 0) for change in PersonEntry.STANDING)


def done_rows(batch: PersonList) -> int:
    """How many of them are done; while the list is being applied others read it from the cache."""
    if batch.state == State.APPLYING:
        return cache.get(progress_key(batch.public_id), 0)
    return to_apply(batch) if batch.state == State.APPLIED else 0


def rows(batch: PersonList, of: str) -> QuerySet[PersonEntry]:
    """The rows of one kind: a change, a way of being found, without a place, nobody of ours, or of
    a child whose record has another name or number."""
    found = batch.entries.select_related("previous", "region", "student")
    found = found.order_by("number", "pk")
    if of in Change.values:
        return found.filter(change=of)
    if of in Found.values:
        return found.standing().filter(found=of)
    if of == NO_PLACE:
        return found.standing().filter(region__isnull=True)
    if of == NOBODY:
        return found.standing().filter(student__isnull=True)
    return found.differing() if of == DIFFERING else found


def undecided(batch: PersonList) -> QuerySet[PersonEntry]:
    """Rows that mean nobody yet, and for which nobody is proposed any more: new children."""
    proposed = Candidate.objects.filter(entry=OuterRef("pk"), refused_at__isnull=True)
    return batch.entries.standing().filter(~Exists(proposed), student__isnull=True).order_by("pk")


def found_counts(batch: PersonList) -> dict[str, int]:
    """Rows by the way in which their child was found, those that mean nobody of ours, and those
    whose child has another name or number on record."""
    standing = batch.entries.standing().order_by()
    counted = dict(standing.values_list("found").annotate(number=Count("pk")))
    counts = {found: counted.get(found, 0) for found in Found.values}
    nobody = standing.filter(student__isnull=True).count()
    return counts | {NOBODY: nobody, DIFFERING: batch.entries.differing().count()}


LABELS = {
    "name": gettext_lazy("name"),
    "sex": gettext_lazy("sex"),
    "born_on": gettext_lazy("date of birth"),
    "id_number": gettext_lazy("ID number"),
    "address": gettext_lazy("registered residence"),
    "lives_at": gettext_lazy("place where it lives"),
    "head": gettext_lazy("head of the household"),
}


def shown_rows(entries: Iterable[PersonEntry]) -> list[dict[str, Any]]:
    """Rows for a page: who, where, what has changed, what is wrong, whose record it is."""
    return [
        {
            "entry": entry,
            "id_number": masking.id_number(entry.id_number),
            "place": entry.lives_at or entry.address,
            "changes": _changes(entry) if entry.change == Change.CHANGED else [],
            "problems": [shown_problem(entry.number, one) for one in entry.problems],
        }
        for entry in entries
    ]


def _changes(entry: PersonEntry) -> list[dict[str, Any]]:
    before = entry.previous
    if before is None:
        return []
    return [
        {"field": label, "before": _words(before, name), "after": _words(entry, name)}
        for name, label in LABELS.items()
        if getattr(before, name) != getattr(entry, name)
    ]


def _words(entry: PersonEntry, name: str) -> str:
    value = getattr(entry, name)
    if name == "id_number":
        return masking.id_number(value)
    if name == "sex":
        return str(Student.Sex(value).label) if value else ""
    return value.isoformat() if isinstance(value, date) else value or ""


def _problems(batch: PersonList, change: str) -> list[dict[str, Any]]:
    left_out = batch.entries.filter(change=change).order_by("number")
    pairs = left_out.values_list("number", "problems")[:SHOWN_ERRORS]
    return [shown_problem(number, one) for number, found in pairs for one in found]


def shown(batch: PersonList) -> dict[str, Any]:
    """The list as one object, for the API and the command."""
    counts = {name: batch.counts.get(name, 0) for name in Change.values}
    gone = rows(batch, Change.GONE)[:SHOWN_ERRORS]
    return {
        "id": str(batch.public_id),
        "kind": batch.kind,
        "provider": batch.provider.name,
        "as_of": batch.as_of.isoformat(),
        "purpose": batch.purpose,
        "state": batch.state,
        "file_name": batch.file_name,
        "problem": roster_problems.refusal(batch.problem),
        "previous_as_of": batch.previous.as_of.isoformat() if batch.previous else None,
        "rows": batch.counts.get("total", 0),
        "counts": counts,
        "new": counts[Change.NEW],
        "changed": counts[Change.CHANGED],
        "unchanged": counts[Change.UNCHANGED],
        "gone": counts[Change.GONE],
        "duplicates": counts[Change.DUPLICATE],
        "errors_total": counts[Change.ERROR],
        "errors": _problems(batch, Change.ERROR),
        "duplicate_rows": _problems(batch, Change.DUPLICATE),
        "gone_rows": [
            {
                "name": entry.name,
                "born_on": entry.born_on.isoformat() if entry.born_on else None,
                "student": str(entry.student.public_id) if entry.student else None,
            }
            for entry in gone
        ],
        "known_by_number": batch.counts.get("known", 0),
        "without_place": batch.counts.get(NO_PLACE, 0),
        "found": found_counts(batch) if batch.state == State.APPLIED else {},
        "unknown_columns": batch.headings.get("unknown", []),
        "undo_reason": batch.undo_reason,
        "unlisted": batch.counts.get("unlisted", 0),
        "stay": batch.counts.get("stay", 0),
        "tags_ended": batch.counts.get("tags_ended", 0),
        "done_rows": done_rows(batch),
        "rows_to_apply": to_apply(batch),
    }
