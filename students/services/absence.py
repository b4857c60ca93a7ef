"""Runs of absence as rows: recomputed from the rolls of the term, never counted up."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from django.db import transaction

from agencies.queries.policy import in_force
from agencies.rules.policy import Key
from students.models import AbsenceRun, Term
from students.queries.history import school_days_of
from students.queries.recount import differences
from students.rules.absence import Run, runs


class Known(Protocol):
    """A stored run, as far as matching needs it."""

    @property
    def id(self) -> int: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def last_on(self) -> date: ...


FIELDS = ["last_on", "days", "unknown_days", "crossed_on", "rests_on_unknown", "ended_on"]


def store(
    county_id: int,
    term_id: int,
    stored: Mapping[int, Sequence[Known]],
    computed: Mapping[int, Sequence[Run]],
) -> None:
    """Make the rows of these children equal to the computed runs.

    A run keeps its row (and so its case) when it still overlaps: one statement in the usual
    case, one more for each run whose first day moved and one to remove what is no run any more.
    """
    for student_id, found in computed.items():
        _move_first_days(found, stored.get(student_id, ()))
    kept = {(student_id, run.starts_on) for student_id, found in computed.items() for run in found}
    gone = [
        known.id
        for student_id, several in stored.items()
        for known in several
        if (student_id, known.starts_on) not in kept
        and not _successor(known, computed.get(student_id, ()), several)
    ]
    if gone:
        AbsenceRun.objects.filter(pk__in=gone).delete()
    rows = [
        AbsenceRun(county_id=county_id, student_id=student_id, term_id=term_id, **vars(run))
        for student_id, found in computed.items()
        for run in found
    ]
    if rows:
        AbsenceRun.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["student", "starts_on"],
            update_fields=FIELDS,
        )


def _successor(known: Known, found: Sequence[Run], several: Sequence[Known]) -> Run | None:
    """The computed run that this row goes on as, when only its first day has moved."""
    taken = {one.starts_on for one in several}
    for run in found:
        if run.starts_on in taken:
            continue
        rivals = [one for one in several if _overlap(run, one)]
        if rivals and rivals[0].id == known.id and not _same_start(known, found):
            return run
    return None


def _same_start(known: Known, found: Sequence[Run]) -> bool:
    return any(run.starts_on == known.starts_on for run in found)


def _overlap(run: Run, known: Known) -> bool:
    return run.starts_on <= known.last_on and known.starts_on <= run.last_on


def _move_first_days(found: Sequence[Run], several: Sequence[Known]) -> None:
    for known in several:
        if run := _successor(known, found, several):
            AbsenceRun.objects.filter(pk=known.id).update(starts_on=run.starts_on)


@transaction.atomic
def refresh(student_ids: Iterable[int], term: Term) -> int:
    """Recompute these children's runs in the term. Returns the number of children."""
    ids = sorted(set(student_ids))
    threshold = in_force(term.county_id, term.starts_on).number(Key.ABSENCE_CONSECUTIVE_DAYS)
    history = school_days_of(ids, term, term.starts_on, term.ends_on)
    stored: dict[int, list[AbsenceRun]] = {}
    for row in AbsenceRun.objects.filter(student_id__in=ids, term=term).order_by("starts_on"):
        stored.setdefault(row.student_id, []).append(row)
    computed = {pk: runs(days, threshold) for pk, days in history.items()}
    store(term.county_id, term.pk, stored, computed)
    return len(ids)


def reconcile(term: Term) -> int:
    """Compare the rows with a recount from the rolls and repair what differs."""
    wrong = differences(term)
    return refresh(wrong, term) if wrong else 0
