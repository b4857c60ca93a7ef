"""Taking a roster file in: stored under a name of ours, checked at once when it is small."""

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
from students.imports.run import dry_run, refuse
from students.imports.sheet import Refused
from students.models import ImportJob
from students.services.imports import post_at

AT_ONCE = 30 * 1024 * 1024  # unpacked; what is larger is checked in the background


def receive(
    scope: Scope, school_code: str, name: str, chunks: Iterable[bytes], now: datetime
) -> ImportJob:
    """Store the file and check it, now or in the background.

    Raises NotPermitted and NotVisible. A file that cannot be used is a job that is refused.
    """
    require(scope, Duty.IMPORT_ROSTER)
    school = school_for(scope, school_code)
    post = post_at(scope, Duty.IMPORT_ROSTER, school.pk)
    folder = Path(settings.UPLOAD_ROOT) / "rosters"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / secrets.token_hex(16)
    with transaction.atomic():
        job = ImportJob.objects.create(
            county_id=school.county_id,
            school=school,
            file_name=Path(name.replace("\0", "")).name[-120:],
            path=str(path),
            created_at=now,
            created_by_id=post.id,
            effective_on=now.astimezone(CHINA).date(),
        )
        audit.record(scope, "import.upload", f"import:{job.public_id}", now=now, post=post)
    try:
        _store(path, chunks)
        small = sheet.unpacked_size(path) <= AT_ONCE
    except Refused as refused:
        refuse(job, refused.problem)
        return job
    if small:
        dry_run(job)
    return job


def _store(path: Path, chunks: Iterable[bytes]) -> None:
    """Raises Refused as soon as the file grows too large."""
    size = 0
    with path.open("xb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > sheet.MOST_BYTES:
                raise Refused("too_large")
            file.write(chunk)
