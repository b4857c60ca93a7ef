"""Roster files that wait: checked and applied one after another, each as a whole or not at all."""

from datetime import datetime
from pathlib import Path

from django.core.cache import cache
from django.db import IntegrityError, transaction

from students.imports.check import check
from students.imports.sheet import Refused
from students.models import ImportJob
from students.queries.imports import LIVE, progress_key
from students.services import import_apply
from students.services.import_apply import Progress

KEPT_SECONDS = 3600
State = ImportJob.State


def run_waiting(now: datetime) -> int:
    """Check what waits to be checked, apply what was confirmed. Returns how many files.

    Safe to run twice at once: a file that somebody else works on is left to them.
    """
    waiting = ImportJob.objects.filter(state__in=LIVE).order_by("created_at", "pk")
    return sum(run(pk, now) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def run(job_id: int, now: datetime, progress: Progress | None = None) -> bool:
    """Do what this file waits for. False when it waits for nothing, or somebody else does it."""
    job = (
        ImportJob.objects.filter(pk=job_id, state__in=LIVE)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("school")
        .first()
    )
    if job is None:
        return False
    if job.state == State.WAITING:
        dry_run(job)
        return True
    key = progress_key(job)
    try:
        import_apply.apply(job, now, progress or (lambda done: cache.set(key, done, KEPT_SECONDS)))
    except IntegrityError:
        refuse(job, "overtaken")
    return True


def dry_run(job: ImportJob) -> None:
    """Check the file; it is not needed any more then, because the rows are kept."""
    try:
        check(job, Path(job.path))
    except Refused as refused:
        refuse(job, refused.problem)
        return
    except FileNotFoundError:
        refuse(job, "lost")
        return
    Path(job.path).unlink(missing_ok=True)


def refuse(job: ImportJob, problem: str) -> None:
    """The file cannot be used, and why."""
    job.state = State.REFUSED
    job.problem = problem[:200]
    job.save(update_fields=["state", "problem"])
    Path(job.path).unlink(missing_ok=True)
