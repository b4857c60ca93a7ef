"""A contact with a guardian, and the confirmation of a transfer: forms about one child."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from agencies import clock
from agencies.errors import DomainError, NotPermitted, Reason
from agencies.rules.duties import Duty
from agencies.views.base import PageRequest, needs
from students.access import school_post, student_for, transfer_of, visible_students
from students.forms import ConfirmForm, ContactForm
from students.models import Carer, EnrollmentRecord, Guardian, Student
from students.services import contacts, transfers

REFUSED = 422


@needs(Duty.CONTACT_GUARDIAN, visible_students)
def contact(request: PageRequest, student_id: UUID) -> HttpResponse:
    """Write down a contact: how, who was reached, what was said, when. ?on= is the absence."""
    scope = request.scope
    student = student_for(scope, student_id)
    school_post(scope, student, Duty.CONTACT_GUARDIAN)
    now = clock.now()
    start = {"channel": "phone", "at": timezone.localtime(now), "on": _day(request)}
    form = ContactForm(request.POST or None, initial=start)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        sent = contacts.Given(
            given["at"], given["channel"], given["reached"], form.answer, given["on"]
        )
        try:
            contacts.record(scope, student, sent, now)
            messages.success(request, _("The contact is recorded."))
            return redirect("student", student_id)
        except DomainError as refused:
            reasons = refused.reasons
    return _page(request, student, form, reasons, _("Contact with the guardian"))


def _day(request: PageRequest) -> date | None:
    """The day of absence that the link named; nothing for what is no day."""
    try:
        return parse_date(request.GET.get("on", ""))
    except ValueError:
        return None


@needs(Duty.CONFIRM_TRANSFER)
def confirm_transfer(request: PageRequest, student_id: UUID, transfer_id: UUID) -> HttpResponse:
    """The other side has confirmed; afterwards the child may be out of sight."""
    scope = request.scope
    student = student_for(scope, student_id)
    transfer = transfer_of(student, transfer_id)
    if transfers.may_confirm(scope, transfer) is None:
        raise NotPermitted
    form = ConfirmForm(request.POST or None, initial={"on": scope.on})
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            given = transfers.Given(**form.cleaned_data)
            transfers.confirm(scope, transfer, given, clock.now())
            messages.success(request, _("The confirmation is recorded."))
            return redirect("student_list")
        except DomainError as refused:
            reasons = refused.reasons
    return _page(request, student, form, reasons, _("Confirm the transfer"))


def _page(
    request: PageRequest, student: Student, form: BaseForm, reasons: Sequence[Reason], title: str
) -> HttpResponse:
    """Whom to call stands on the page of the contact only."""
    guardians: list[Guardian | Carer] = []
    if isinstance(form, ContactForm):
        guardians = [
            *student.guardians.order_by("order"),
            *Carer.objects.on(request.scope.on).filter(student=student),
        ]
    records = EnrollmentRecord.objects.filter(student=student).order_by("-starts_on")
    latest = records.select_related("school", "school_class").first()
    context = {
        "title": title,
        "student_id": student.public_id,
        "name": student.name,
        "class_name": latest.school_class.name if latest else "",
        "school_name": latest.school.name if latest else "",
        "guardians": guardians,
        "form": form,
        "reasons": reasons,
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "students/pupil_form.html", context, status=status)
