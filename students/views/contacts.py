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
from django.views.decorators.http import require_GET

from agencies import clock
from agencies.documents import pictures
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.exports import download
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from students.access import school_post, student_for, transfer_of, visible_students
from students.forms import ConfirmForm, ContactForm
from students.models import Carer, EnrollmentRecord, Guardian, GuardianContact, Student
from students.placement_forms import bytes_of
from students.rules.contact import Channel
from students.services import contacts, transfers

REFUSED = 422


@needs(Duty.CONTACT_GUARDIAN, visible_students)
def contact(request: PageRequest, student_id: UUID) -> HttpResponse:
    """Write down a contact: how, who was reached, what was said, when. ?on= is the absence."""
    scope = request.scope
    student = student_for(scope, student_id)
    school_post(scope, student, Duty.CONTACT_GUARDIAN)
    now = clock.now()
    at_home = request.GET.get("channel") == Channel.VISIT
    channel = Channel.VISIT if at_home else Channel.PHONE
    start = {"channel": channel, "at": timezone.localtime(now), "on": _day(request)}
    form = ContactForm(request.POST or None, request.FILES or None, initial=start)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            contacts.record(scope, student, _sent(form), now)
            messages.success(request, _("The contact is recorded."))
            return redirect("student", student_id)
        except DomainError as refused:
            reasons = refused.reasons
    return _page(request, student, form, reasons, _("Contact with the guardian"))


def _sent(form: ContactForm) -> contacts.Given:
    """Raises RuleBroken for a file that is no photo."""
    given = form.cleaned_data
    own = {name: given[name] for name in ("at", "channel", "reached", "on")}
    home = {name: given[name] for name in ("with_whom", "signed_by", "unsigned_because")}
    data = bytes_of(form, "photo")
    photo = pictures.photo(data, "/photo") if data else None
    return contacts.Given(**own, **home, answer=form.answer, photo=photo)


@require_GET
@needs(Duty.SEE_STUDENTS, visible_students)
def contact_photo(request: PageRequest, student_id: UUID, contact_id: UUID) -> HttpResponse:
    """The photo of a visit at home; ?small=1: as it stands in a list."""
    student = student_for(request.scope, student_id)
    rows = GuardianContact.objects.filter(student=student, public_id=contact_id)
    row = rows.exclude(photo=None).select_related("photo", "thumbnail").first()
    file = row and (row.thumbnail if request.GET.get("small") else row.photo)
    if not file:
        raise NotVisible
    audit.record(request.scope, "contact.photo", f"student:{student_id}", now=clock.now())
    return download(bytes(file.content), file.media_type, file.name)


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
