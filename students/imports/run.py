"""Files that wait: checked, applied or taken back one after another, as a whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction

from students.imports import check, check_list
from students.imports.sheet import Refused
from students.models import ImportJob, PersonList
from students.models.upload import Upload
from students.queries.imports import LIVE, progress_key
from students.services import import_apply, list_apply, list_undo
from students.services.import_apply import Progress
from students.services.list_apply import Overtaken

KEPT_SECONDS = 3600
State = Upload.State


@dataclass(frozen=True)
class Work:
    """What is done with the files of one kind. place: whose file it is."""

    model: type[ImportJob] | type[PersonList]
    place: str
    check: Callable[[Any, Path], None]
    apply: Callable[[Any, datetime, Progress], None]


ROSTERS = Work(ImportJob, "school", check.check, import_apply.apply)
LISTS = Work(PersonList, "provider", check_list.check, list_apply.apply)


def run_waiting(now: datetime) -> int:
    """Check what waits to be checked, apply what was confirmed. Returns how many files.

    Safe to run twice at once: a file that somebody else works on is left to them.
    """
    done = 0
    for work in (ROSTERS, LISTS):
        waiting = work.model.objects.filter(state__in=LIVE).order_by("created_at", "pk")
        done += sum(run(pk, now, work=work) for pk in waiting.values_list("pk", flat=True))
    return done


@transaction.atomic
def run(job_id: int, now: datetime, progress: Progress | None = None, work: Work = ROSTERS) -> bool:
    """Do what this file waits for. False when it waits for nothing, or somebody else does it."""
    job = (
        work.model.objects.filter(pk=job_id, state__in=LIVE)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related(work.place)
        .first()
    )
    if job is None:
        return False
    if job.state == State.WAITING:
        dry_run(job, work)
        return True
    if isinstance(job, PersonList) and job.state == State.UNDOING:
        list_undo.restore(job, now)
        return True
    key = progress_key(job.public_id)
    try:
        work.apply(job, now, progress or (lambda done: cache.set(key, done, KEPT_SECONDS)))
    except (IntegrityError, Overtaken):
        refuse(job, "overtaken")
    return True


def dry_run(job: Upload, work: Work) -> None:
    """Check the file; it is not needed any more then, because the rows are kept."""
    try:
        work.check(job, Path(job.path))
    except Refused as refused:
        refuse(job, refused.problem)
        return
    except FileNotFoundError:
        refuse(job, "lost")
        return
    Path(job.path).unlink(missing_ok=True)


def refuse(job: Upload, problem: str) -> None:
    """The file cannot be used, and why."""
    job.state = State.REFUSED
    job.problem = problem[:200]
    job.save(update_fields=["state", "problem"])
    Path(job.path).unlink(missing_ok=True)
