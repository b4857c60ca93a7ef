"""Files of a case as they leave the house: only to who sees the case, each one recorded."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse

from agencies.exports import download
from agencies.rules.scope import Scope
from agencies.services import audit
from cases import access
from cases.queries.files import file_of


def case_file(scope: Scope, case_id: UUID, file_id: UUID, now: datetime) -> HttpResponse:
    """The bytes as they were stored. Raises NotVisible for what is not of this case."""
    file = file_of(access.case_for(scope, case_id), file_id)
    audit.record(scope, "case.file", f"case:{case_id}", now=now, file=str(file_id))
    return download(bytes(file.content), file.media_type, file.name)
