"""Side by side: a row of the register and the children it may mean; a person decides."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import NotPossible
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from students.access import register_for
from students.queries import person_review
from students.services import person_review as services

ROWS = 10  # each has a table of its own


@require_GET
@needs(Duty.CHECK_LIST)
def review(request: PageRequest, list_id: UUID) -> HttpResponse:
    """Rows that wait for a decision; what is decided goes, so the first page is always the work."""
    batch = register_for(request.scope, list_id)
    waiting = person_review.waiting(request.scope, batch)
    rows = list(person_review.with_candidates(waiting)[:ROWS])
    audit.record(request.scope, "list.review", f"list:{list_id}", now=clock.now(), shown=len(rows))
    context = {
        "batch": batch,
        "sides": person_review.sides(rows, request.scope),
        "left": waiting.count(),
    }
    return render(request, "students/person_review.html", context)


@require_POST
@needs(Duty.CHECK_LIST)
def separate(request: PageRequest, list_id: UUID, entry_id: UUID) -> HttpResponse:
    """The row means another child than was said."""
    batch = register_for(request.scope, list_id)
    try:
        services.separate(request.scope, batch, entry_id, clock.now())
    except NotPossible as refused:
        for reason in refused.reasons:
            messages.error(request, str(reason.text))
    return redirect("comparison_row", list_id, entry_id)


@require_POST
@needs(Duty.MERGE_RECORDS)
def withdraw(request: PageRequest, list_id: UUID, entry_id: UUID) -> HttpResponse:
    """The record that was entered from the row is taken back: nobody exists whom it names."""
    batch = register_for(request.scope, list_id)
    try:
        services.withdraw(request.scope, batch, entry_id, clock.now())
        messages.success(request, _("The record is taken back; the row stays with its result."))
    except NotPossible as refused:
        for reason in refused.reasons:
            messages.error(request, str(reason.text))
    return redirect("comparison_row", list_id, entry_id)
