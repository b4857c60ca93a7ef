"""Changes of enrollment, and the return from a lawful placement, as the school records them."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import DomainError, Reason
from agencies.rules.duties import Duty
from agencies.views.base import PageRequest, needs
from students.access import Pupil, open_placement, pupil_for
from students.forms import ChangeForm, ReturnedForm
from students.queries.classes import beside
from students.services import changes
from students.services.changes import Back, Given

REFUSED = 422


@needs(Duty.CHANGE_ENROLLMENT)
def change(request: PageRequest, student_id: UUID) -> HttpResponse:
    """Another class, a transfer out, completed, died; afterwards the roster of the class."""
    pupil = pupil_for(request.scope, student_id)
    form = ChangeForm(
        request.POST or None, classes=beside(pupil.record), initial={"on": request.scope.on}
    )
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            changes.record(request.scope, pupil, Given(**form.cleaned_data), clock.now())
            messages.success(request, _("The change is recorded."))
            return redirect("class_list", pupil.record.school_class.public_id)
        except DomainError as refused:
            reasons = refused.reasons
    return _page(request, pupil, form, reasons, _("Change of enrollment"))


@require_POST
@needs(Duty.CHANGE_ENROLLMENT)
def returned(request: PageRequest, student_id: UUID, placement_id: UUID) -> HttpResponse:
    """The child is back from a placement."""
    pupil = pupil_for(request.scope, student_id)
    row = open_placement(pupil, placement_id)
    form = ReturnedForm(request.POST)
    reasons: Sequence[Reason] = ()
    if form.is_valid():
        try:
            back = Back(**form.cleaned_data)
            changes.returned(request.scope, pupil, row, back, clock.now())
            messages.success(request, _("The return is recorded."))
            return redirect("student", student_id)
        except DomainError as refused:
            reasons = refused.reasons
    return _page(request, pupil, form, reasons, _("Back from the placement"))


def _page(
    request: PageRequest, pupil: Pupil, form: BaseForm, reasons: Sequence[Reason], title: str
) -> HttpResponse:
    context = {
        "title": title,
        "student_id": pupil.student.public_id,
        "name": pupil.student.name,
        "class_name": pupil.record.school_class.name,
        "school_name": pupil.record.school.name,
        "form": form,
        "reasons": reasons,
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "students/pupil_form.html", context, status=status)
