"""The roster import: upload, what the dry run found, apply, progress, undo, open questions."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import NotPossible, NotVisible, Reason
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from students.imports import errors, upload
from students.models import ImportJob, ImportRow, RosterQuestion
from students.queries import imports as queries
from students.services import imports as services
from students.views.paging import PAGE, slice_of
from students.views.uploads import REFUSED, counted, progress_page, result_page, workbook

State, Outcome = ImportJob.State, ImportRow.Outcome
RESULTS = (
    (Outcome.NEW, gettext_lazy("new pupils")),
    (Outcome.CHANGED, gettext_lazy("changed pupils")),
    (Outcome.UNCHANGED, gettext_lazy("unchanged pupils")),
    (Outcome.MISSING, gettext_lazy("missing from the file")),
    (Outcome.DUPLICATE, gettext_lazy("duplicate rows")),
    (Outcome.ERROR, gettext_lazy("rows with errors")),
)


@needs(Duty.IMPORT_ROSTER)
def imports(request: PageRequest) -> HttpResponse:
    """Upload a file; earlier files below."""
    reasons: list[Reason] = []
    if request.method == "POST":
        sent = request.FILES.get("file")
        if sent is not None:
            school = request.POST.get("school", "")
            now = clock.now()
            job = upload.receive(request.scope, school, sent.name or "", sent.chunks(), now)
            return redirect("import_result", job.public_id)
        reasons = [Reason("file", _("Choose a file."))]
    context = {
        "reasons": reasons,
        "schools": list(queries.schools_of(request.scope)),
        "jobs": list(queries.jobs(request.scope)[:PAGE]),
        "questions": queries.open_questions(request.scope).count(),
    }
    status = REFUSED if reasons else 200
    return render(request, "students/import_upload.html", context, status=status)


@require_GET
@needs(Duty.IMPORT_ROSTER)
def result(request: PageRequest, job_id: UUID) -> HttpResponse:
    """What the dry run found, and what can be done now."""
    return _result(request, queries.job_for(request.scope, job_id))


def _result(
    request: PageRequest, job: ImportJob, refused: NotPossible | None = None
) -> HttpResponse:
    checked = job.state == State.CHECKED
    context = {
        "job": job,
        "counts": counted(job, RESULTS),
        "to_apply": queries.to_apply(job),
        "done": queries.done_rows(job),
        "needs_second": checked and queries.many_would_leave(job),
    }
    return result_page(request, "students/import_result.html", job, context, refused)


@require_GET
@needs(Duty.IMPORT_ROSTER)
def rows(request: PageRequest, job_id: UUID) -> HttpResponse:
    """The rows behind one number of the result."""
    job = queries.job_for(request.scope, job_id)
    outcome = request.GET.get("outcome", "")
    found = job.rows.order_by("number", "pk")
    if outcome in Outcome.values:
        found = found.filter(outcome=outcome)
    page, next_cursor = slice_of(request, found)
    audit.record(request.scope, "import.rows", f"import:{job_id}", now=clock.now(), of=outcome)
    context = {
        "job": job,
        "outcome": outcome,
        "choices": counted(job, RESULTS),
        "rows": queries.shown_rows(page),
        "next_cursor": next_cursor,
    }
    return render(request, "students/import_rows.html", context)


@require_GET
@needs(Duty.IMPORT_ROSTER)
def progress(request: PageRequest, job_id: UUID) -> HttpResponse:
    """A fragment that asks again every second; the whole page once the work is done."""
    job = queries.job_for(request.scope, job_id)
    context = {"job": job, "to_apply": queries.to_apply(job), "done": queries.done_rows(job)}
    return progress_page(request, "students/_import_progress.html", job, context)


@require_GET
@needs(Duty.IMPORT_ROSTER)
def error_file(request: PageRequest, job_id: UUID) -> HttpResponse:
    """The rows that were left out, to be corrected and uploaded again."""
    job = queries.job_for(request.scope, job_id)
    audit.record(request.scope, "import.errors", f"import:{job_id}", now=clock.now())
    return workbook(errors.of_roster(job), f"errors-{job_id}.xlsx")


@require_POST
@needs(Duty.IMPORT_ROSTER)
def apply(request: PageRequest, job_id: UUID) -> HttpResponse:
    """Confirm, as the first or the second person."""
    try:
        job = services.confirm(request.scope, job_id, clock.now())
    except NotPossible as refused:
        return _result(request, queries.job_for(request.scope, job_id), refused)
    if job.state == State.NEEDS_SECOND:
        messages.warning(request, _("A second person must agree before this is applied."))
    return redirect("import_result", job_id)


@require_POST
@needs(Duty.IMPORT_ROSTER)
def undo(request: PageRequest, job_id: UUID) -> HttpResponse:
    """Take everything back, or say why not."""
    try:
        services.undo(request.scope, job_id, clock.now())
    except NotPossible as refused:
        return _result(request, queries.job_for(request.scope, job_id), refused)
    messages.success(request, _("All that this file changed is as it was before."))
    return redirect("import_result", job_id)


@needs(Duty.CHANGE_ENROLLMENT)
def questions(request: PageRequest) -> HttpResponse:
    """Pupils who were missing from the newest file: where are they?"""
    if request.method == "POST":
        said = request.POST.get("answer", "")
        student = _uuid(request.POST.get("student", ""))
        services.answer(request.scope, student, said, clock.now())
        messages.success(request, _("The answer is recorded."))
        if said == RosterQuestion.Answer.UNKNOWN:  # nobody knows where the child is: a case at once
            return redirect("case_open", student)
        return redirect("roster_questions")
    found = list(queries.open_questions(request.scope)[: PAGE + 1])
    context = {
        "questions": found[:PAGE],
        "more": len(found) > PAGE,
        "answers": RosterQuestion.Answer.choices,
    }
    return render(request, "students/roster_questions.html", context)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotVisible from error
