"""Downloads of the files of a case: papers, receipts, scans, photos."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from agencies import clock
from agencies.rules.duties import Duty
from agencies.views.base import PageRequest, needs
from cases import exports


@require_GET
@needs(Duty.SEE_CASES)
def case_file(request: PageRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    """The bytes as they were stored; 404 for a file of anything else."""
    return exports.case_file(request.scope, case_id, file_id, clock.now())
