"""Taking a file in: stored under a name of ours, checked at once when it is small."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from agencies.access import require
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit
from students.access import school_for
from students.imports import sheet
from students.imports.run import LISTS, ROSTERS, Work, dry_run, refuse
from students.imports.sheet import Refused
from students.models import ImportJob, PersonList
from students.models.upload import Upload
from students.services import person_lists
from students.services.imports import post_at
from students.services.person_lists import Said

# Bytes when unpacked; what is larger is checked in the background.
AT_ONCE, LIST_AT_ONCE = 30 * 1024 * 1024, 8 * 1024 * 1024


def receive(
    scope: Scope, school_code: str, name: str, chunks: Iterable[bytes], now: datetime
) -> ImportJob:
    """Store the roster and check it, now or in the background.

    Raises NotPermitted and NotVisible. A file that cannot be used is a job that is refused.
    """
    require(scope, Duty.IMPORT_ROSTER)
    school = school_for(scope, school_code)
    post = post_at(scope, Duty.IMPORT_ROSTER, school.pk)
    path = _new_path("rosters")
    with transaction.atomic():
        job = ImportJob.objects.create(
            county_id=school.county_id,
            school=school,
            file_name=_plain(name),
            path=str(path),
            created_at=now,
            created_by_id=post.id,
            effective_on=now.astimezone(CHINA).date(),
        )
        audit.record(scope, "import.upload", f"import:{job.public_id}", now=now, post=post)
    _store_and_check(job, ROSTERS, chunks, AT_ONCE)
    return job


def receive_list(
    scope: Scope, said: Said, name: str, chunks: Iterable[bytes], now: datetime
) -> PersonList:
    """Store the list of another agency and check it, now or in the background.

    Raises NotPermitted and RuleBroken. A file that cannot be used is a list that is refused.
    """
    path = _new_path("lists")
    batch = person_lists.take_in(scope, said, (_plain(name), str(path)), now)
    _store_and_check(batch, LISTS, chunks, LIST_AT_ONCE)
    return batch


def _plain(name: str) -> str:
    return Path(name.replace("\0", "")).name[-120:]


def _new_path(kind: str) -> Path:
    folder = Path(settings.UPLOAD_ROOT) / kind
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / secrets.token_hex(16)


def _store_and_check(job: Upload, work: Work, chunks: Iterable[bytes], at_once: int) -> None:
    path = Path(job.path)
    try:
        _store(path, chunks)
        small = sheet.unpacked_size(path) <= at_once
    except Refused as refused:
        refuse(job, refused.problem)
        return
    if small:
        dry_run(job, work)


def _store(path: Path, chunks: Iterable[bytes]) -> None:
    """Raises Refused as soon as the file grows too large."""
    size = 0
    with path.open("xb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > sheet.MOST_BYTES:
                raise Refused("too_large")
            file.write(chunk)
