"""What the pages of a roster file and of a list of another agency share."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from agencies.errors import DomainError, RuleBroken
from agencies.views.base import PageRequest
from students.models.upload import Upload
from students.queries.imports import LIVE
from students.rules import roster_problems

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REFUSED, CONFLICT = 422, 409
State = Upload.State
Labels = Sequence[tuple[str, object]]


def counted(file: Upload, labels: Labels) -> list[tuple[str, object, int]]:
    """The kinds of rows with their numbers."""
    return [(name, label, file.counts.get(name, 0)) for name, label in labels]


def result_page(
    request: PageRequest,
    template: str,
    file: Upload,
    context: dict[str, Any],
    refused: DomainError | None,
) -> HttpResponse:
    """What the dry run found, and what can be done now. refused: why the last act was."""
    mine = file.asked_by and file.asked_by.user_id == request.scope.user_id
    common = {
        "problem": roster_problems.refusal(file.problem),
        "unknown": file.headings.get("unknown", []),
        "can_confirm": file.state in (State.CHECKED, State.NEEDS_SECOND),
        "asked_me": bool(mine),
        "reasons": refused.reasons if refused else (),
    }
    status = 200
    if refused:
        status = REFUSED if isinstance(refused, RuleBroken) else CONFLICT
    return render(request, template, common | context, status=status)


def progress_page(
    request: PageRequest, template: str, file: Upload, context: dict[str, Any]
) -> HttpResponse:
    """The fragment while the work is alive, then the order to load the whole page."""
    if file.state in LIVE:
        return render(request, template, context)
    answer = HttpResponse()
    answer.headers["HX-Refresh"] = "true"
    return answer


def workbook(content: bytes, name: str) -> HttpResponse:
    """A workbook as a download."""
    answer = HttpResponse(content, content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
