"""Downloads of the files of a case: only to who sees the case, each one recorded."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from agencies import clock
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases import access
from cases.queries.files import file_of


@require_GET
@needs(Duty.SEE_CASES)
def case_file(request: PageRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    """The bytes as they were stored."""
    case = access.case_for(request.scope, case_id)
    file = file_of(case, file_id)
    now = clock.now()
    audit.record(request.scope, "case.file", f"case:{case_id}", now=now, file=str(file_id))
    return download(bytes(file.content), file.media_type, file.name)


def download(content: bytes, media_type: str, name: str) -> HttpResponse:
    """To be saved, never shown by the browser as a page, and kept by no cache."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
