"""Applying a checked roster: every row is matched again, so that nothing is entered twice."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from agencies.models import Agency
from students.models import AbsenceRun, ImportJob, ImportRow, Roll, RosterQuestion
from students.queries.calendars import term_on
from students.queries.places import homes
from students.queries.roster_match import Roster, known_to, roster_of
from students.rules.identity import school_year_of
from students.rules.roster import Entry, Match, Place, match
from students.services import absence, import_rows, roster
from students.services.import_rows import Applied
from students.services.roster import Changed, School

BATCH = 2000
Outcome = ImportRow.Outcome
Progress = Callable[[int], None]


@transaction.atomic
def apply(job: ImportJob, now: datetime, progress: Progress) -> None:
    """Write the new and changed rows of a job that is being applied: all of them or none.

    progress is told the number of rows done. Missing pupils become questions.
    """
    Agency.objects.select_for_update(no_key=True).get(pk=job.school_id)
    school = _school(job)
    place = Place(job.county_id, job.school_id, school.year)
    known_roster = roster_of(job.school_id, job.effective_on)
    done = 0
    moved: list[int] = []
    for batch in _batches(job):
        moved += _apply_batch(batch, job, school, place, known_roster)
        done += len(batch)
        progress(done)
    _refresh_runs(moved, job)
    _ask(job, now)
    counts: Counter[str] = Counter(job.rows.values_list("outcome", flat=True).iterator())
    job.counts = {**job.counts, **{name: counts[name] for name in Outcome.values}}
    job.counts["classes"] = school.created_classes
    job.done_rows = done
    job.state = ImportJob.State.APPLIED
    job.applied_at = now
    job.save(update_fields=["counts", "done_rows", "state", "applied_at"])


def _school(job: ImportJob) -> School:
    year = school_year_of(job.effective_on)
    term = term_on(job.county_id, job.effective_on)
    opened_on = term.starts_on if term else job.effective_on
    called = Roll.objects.filter(school_class__school=job.school_id, day__gte=opened_on)
    return School(
        county_id=job.county_id,
        school_id=job.school_id,
        school_region_id=job.school.region_id,
        year=year,
        opened_on=opened_on,
        changed_from=job.effective_on,
        called=frozenset(called.values_list("school_class_id", flat=True).distinct()),
        by=job.confirmed_by_id,
        homes=homes(job.county_id, job.effective_on),
        classes=roster.classes_of(job.school_id, year),
    )


def _batches(job: ImportJob) -> Iterator[list[tuple[int, dict[str, Any]]]]:
    """(row, what it says) of the rows to apply, in the order of the file."""
    wanted = job.rows.filter(outcome__in=(Outcome.NEW, Outcome.CHANGED)).order_by("pk")
    last = 0
    while rows := list(wanted.filter(pk__gt=last).values_list("pk", "data")[:BATCH]):
        last = rows[-1][0]
        yield rows


def _apply_batch(
    rows: Sequence[tuple[int, dict[str, Any]]],
    job: ImportJob,
    school: School,
    place: Place,
    known: Roster,
) -> list[int]:
    """Returns the children whose class changed."""
    entries = [Entry.from_json(said) for _pk, said in rows]
    records = known_to(job.county_id, entries, known, job.effective_on)
    matches = [match(entry, records, place) for entry in entries]
    school.ensure_classes(entry.school_class(school.year) for entry in entries)
    new = [i for i, found in enumerate(matches) if found.outcome == Outcome.NEW]
    changed = {
        i: Changed(found.record, entries[i], found.changes)
        for i, found in enumerate(matches)
        if found.outcome == Outcome.CHANGED and found.record
    }
    made = dict(zip(new, roster.enter([entries[i] for i in new], school), strict=True))
    roster.change(list(changed.values()), school)
    applied = []
    for i, (pk, _said) in enumerate(rows):
        if i in made:
            applied.append(Applied(pk, Outcome.NEW, (), made[i].undo, made[i].student))
        elif i in changed:
            undo = changed[i].undo
            applied.append(Applied(pk, Outcome.CHANGED, (), undo, undo["student"]))
        else:
            applied.append(_overtaken(pk, entries[i], matches[i]))
    import_rows.mark(applied)
    return [row.record.pk for row in changed.values() if "school_class" in row.changes]


def _overtaken(pk: int, entry: Entry, found: Match) -> Applied:
    """Another import or person was first: nothing to do, or no longer possible."""
    problems: list[dict[str, Any]] = []
    if found.problem:
        problems = [
            {"column": "姓名", "code": found.problem, "value_shown": entry.name, "params": {}}
        ]
    student = found.record.pk if found.record and not found.problem else None
    return Applied(pk, found.outcome, problems, {}, student)


def _refresh_runs(student_ids: Sequence[int], job: ImportJob) -> None:
    """A run of absence goes with the child to the new class."""
    term = term_on(job.county_id, job.effective_on)
    if term is None or not student_ids:
        return
    running = AbsenceRun.objects.filter(term=term, student_id__in=student_ids)
    if pks := set(running.values_list("student_id", flat=True)):
        absence.refresh(pks, term)


def _ask(job: ImportJob, now: datetime) -> None:
    """A pupil missing from the file becomes a question; one who is in it answers the old one."""
    here = job.rows.filter(
        outcome__in=(Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED), student__isnull=False
    )
    RosterQuestion.objects.filter(
        school_id=job.school_id, answered_at__isnull=True, student__in=here.values("student")
    ).update(answer=RosterQuestion.Answer.HERE, answered_by_id=job.confirmed_by_id, answered_at=now)
    missing = job.rows.filter(outcome=Outcome.MISSING, student__isnull=False)
    RosterQuestion.objects.bulk_create(
        (
            RosterQuestion(job=job, student_id=pk, school_id=job.school_id, asked_at=now)
            for pk in missing.values_list("student_id", flat=True)
        ),
        batch_size=BATCH,
        ignore_conflicts=True,
    )
