"""The disability record of a child: its own duty, and each reading is recorded."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import DomainError, Reason
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from students.access import student_for, visible_students
from students.focus_forms import CheckForm, RecordForm
from students.queries.disability import certificate, record_of
from students.rules.disability import Category, Taught
from students.services import disability

REFUSED = 422


@needs(Duty.SEE_DISABILITY, visible_students)
def record(request: PageRequest, student_id: UUID) -> HttpResponse:
    """The certificate, its form, and the checks of where the child is taught."""
    scope, now = request.scope, clock.now()
    student = student_for(scope, student_id)
    audit.record(scope, "disability.read", f"student:{student_id}", now=now)
    known = record_of(student)
    start = {
        "category": known.category if known else None,
        "grade": known.grade if known else None,
        "valid_to": known.valid_to if known else None,
    }
    form = RecordForm(request.POST or None, initial=start)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        given = disability.Given(
            Category(sent["category"]), sent["grade"], sent["number"], sent["valid_to"]
        )
        try:
            disability.record(scope, student, given, now)
            messages.success(request, _("The certificate is recorded."))
            return redirect("student_disability", student_id)
        except DomainError as refused:
            reasons = refused.reasons
    context = {
        "name": student.name,
        "student_id": student_id,
        "form": form,
        "check_form": CheckForm(),
        "reasons": reasons,
        "record": known,
        "number": certificate(known) if known else "",
        "checks": known.checks.select_related("by__user").order_by("-on", "-pk") if known else [],
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "students/disability.html", context, status=status)


@require_POST
@needs(Duty.SEE_DISABILITY)
def check(request: PageRequest, student_id: UUID) -> HttpResponse:
    """The yearly check: where the child is taught today."""
    student = student_for(request.scope, student_id)
    form = CheckForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose where the child is taught."))
        return redirect("student_disability", student_id)
    try:
        taught = Taught(form.cleaned_data["taught"])
        disability.check(request.scope, student, taught, clock.now())
        messages.success(request, _("The check is recorded."))
    except DomainError as refused:
        messages.error(request, str(refused.reasons[0].text))
    return redirect("student_disability", student_id)
