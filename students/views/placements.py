"""Lawful absence: choosing the kind, recording or asking for it, and the decision on it."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import DomainError, NotVisible, Reason
from agencies.exports import download
from agencies.rules.duties import AgencyKind, Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from students.access import (
    application_for,
    asking_post,
    deciding_post,
    pupil_for,
    student_for,
    visible_applications,
    visible_students,
)
from students.models import EnrollmentRecord, Guardian, PlacementApplication, Student
from students.placement_forms import AnswerForm, ApplicationForm, PlacementForm
from students.rules.enrollment import PlacementFacts, PlacementKind
from students.rules.placement_kinds import KINDS, missing, rule_of, why_refused
from students.services import changes
from students.services import placement_applications as services

REFUSED = 422
ACTS = {"approve": services.approve, "refuse": services.refuse}


@needs(Duty.ASK_PLACEMENT, visible_students)
def placement(request: PageRequest, student_id: UUID) -> HttpResponse:
    """Choose a kind, then record it with its proof or ask for it. What is none, is said."""
    scope = request.scope
    student = student_for(scope, student_id)
    asking_post(scope, student)
    kind = request.POST.get("kind", request.GET.get("kind", ""))
    rule = rule_of(kind)
    if rule is None:
        reasons = [why_refused(kind)] if kind else []
        return _choose(request, student, reasons)
    if rule.needs_decision(enrolled=_stay(request, student) is not None):
        return _ask(request, student, PlacementKind(kind))
    return _record(request, student, PlacementKind(kind))


def _stay(request: PageRequest, student: Student) -> EnrollmentRecord | None:
    return EnrollmentRecord.objects.on(request.scope.on).filter(student=student).first()


def _choose(request: PageRequest, student: Student, reasons: Sequence[Reason]) -> HttpResponse:
    stay = _stay(request, student)
    at_school = stay is not None and any(
        post.agency_id == stay.school_id and Duty.CHANGE_ENROLLMENT in post.duties
        for post in request.scope.posts
    )
    kinds = [
        {
            "value": kind.value,
            "label": kind.label,
            "proof": rule.proof,
            "months": rule.months,
            "decides": _who_decides(kind, stay),
            "fits": (rule.needs_decision(enrolled=stay is not None) or at_school)
            and rule.enrolled in (None, stay is not None),
        }
        for kind, rule in KINDS.items()
    ]
    context = {"student": student, "kinds": kinds, "reasons": reasons}
    status = REFUSED if reasons else 200
    return render(request, "students/placement_kinds.html", context, status=status)


def _who_decides(kind: PlacementKind, stay: EnrollmentRecord | None) -> str:
    rule = KINDS[kind]
    if AgencyKind.TOWNSHIP in rule.decides:
        return _("township or education bureau")
    if rule.needs_decision(enrolled=stay is not None):
        return _("education bureau")
    return _("recorded by the school")


def _record(request: PageRequest, student: Student, kind: PlacementKind) -> HttpResponse:
    """The school's own: hospital, or studies elsewhere as the school there confirms."""
    pupil = pupil_for(request.scope, student.public_id)
    first = {"kind": kind.value, "starts_on": request.scope.on}
    form = PlacementForm(request.POST or None, initial=first)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            facts = PlacementFacts(**form.cleaned_data)
            changes.approve(request.scope, pupil, facts, clock.now())
            messages.success(request, _("The placement is recorded."))
            return redirect("student", student.public_id)
        except DomainError as refused:
            reasons = refused.reasons
    return _form(request, student, kind, form, reasons)


def _ask(request: PageRequest, student: Student, kind: PlacementKind) -> HttpResponse:
    scope = request.scope
    guardian = Guardian.objects.filter(student=student).order_by("order").first()
    first = {
        "kind": kind.value,
        "starts_on": scope.on,
        "applicant": guardian.name if guardian else "",
    }
    form = ApplicationForm(
        request.POST or None, request.FILES or None, kind=kind, rule=KINDS[kind], initial=first
    )
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            row = services.ask(scope, student, form.sent(), clock.now())
            messages.success(request, _("The application is sent to %(who)s.") % {"who": row.to})
            return redirect("placement_application", row.public_id)
        except DomainError as refused:
            reasons = refused.reasons
    return _form(request, student, kind, form, reasons)


def _form(
    request: PageRequest,
    student: Student,
    kind: PlacementKind,
    form: Form,
    reasons: Sequence[Reason],
) -> HttpResponse:
    context = {
        "student": student,
        "kind": kind,
        "rule": KINDS[kind],
        "decides": _who_decides(kind, _stay(request, student)),
        "form": form,
        "reasons": reasons,
        "file_again": bool(request.FILES),
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "students/placement_form.html", context, status=status)


@require_GET
@needs(Duty.ASK_PLACEMENT, visible_applications)
def application(request: PageRequest, application_id: UUID) -> HttpResponse:
    """One application with its proof; who may decides here."""
    row = _read(request, application_id)
    return _page(request, row, AnswerForm(), ())


@require_GET
@needs(Duty.ASK_PLACEMENT)
def application_print(request: PageRequest, application_id: UUID) -> HttpResponse:
    """The application form on paper, to be signed and stamped."""
    row = _read(request, application_id)
    stay = EnrollmentRecord.objects.on(row.asked_on).filter(student=row.student).first()
    context = {"row": row, "stay": stay, "lacks": missing(row.asked)}
    return render(request, "students/application_print.html", context)


def _read(request: PageRequest, application_id: UUID) -> PlacementApplication:
    row = application_for(request.scope, application_id)
    subject, ident = f"student:{row.student.public_id}", str(application_id)
    audit.record(
        request.scope, "placement.application", subject, now=clock.now(), application=ident
    )
    return row


@require_POST
@needs(Duty.DECIDE_PLACEMENT)
def decide(request: PageRequest, application_id: UUID, act: str) -> HttpResponse:
    """Approve or refuse, with a reason."""
    row = application_for(request.scope, application_id)
    form = AnswerForm(request.POST)
    reasons: Sequence[Reason] = ()
    if act not in ACTS:
        raise NotVisible
    if form.is_valid():
        try:
            ACTS[act](request.scope, application_id, form.cleaned_data["answer"], clock.now())
            messages.success(request, _("The decision is recorded."))
            return redirect("placement_application", application_id)
        except DomainError as refused:
            reasons = refused.reasons
    return _page(request, row, form, reasons)


@needs(Duty.ASK_PLACEMENT)
def complete(request: PageRequest, application_id: UUID) -> HttpResponse:
    """Correct or complete an application that waits; a scan that came before stays."""
    row = application_for(request.scope, application_id)
    kind = PlacementKind(row.kind)
    first = {name: getattr(row, name) for name in ApplicationForm.base_fields if name != "file"}
    first["to"] = row.to.kind
    form = ApplicationForm(
        request.POST or None, request.FILES or None, kind=kind, rule=KINDS[kind], initial=first
    )
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            services.complete(request.scope, application_id, form.sent(), clock.now())
            return redirect("placement_application", application_id)
        except DomainError as refused:
            reasons = refused.reasons
    return _form(request, row.student, kind, form, reasons)


@require_POST
@needs(Duty.ASK_PLACEMENT)
def withdraw(request: PageRequest, application_id: UUID) -> HttpResponse:
    """Take an application back."""
    services.withdraw(request.scope, application_id, clock.now())
    messages.success(request, _("The application is taken back."))
    return redirect("placement_application", application_id)


@require_GET
@needs(Duty.ASK_PLACEMENT)
def application_file(request: PageRequest, application_id: UUID) -> HttpResponse:
    """The scanned proof."""
    row = _read(request, application_id)
    if row.file is None:
        raise NotVisible
    return download(bytes(row.file.content), row.file.media_type, row.file.name)


def _page(
    request: PageRequest, row: PlacementApplication, form: Form, reasons: Sequence[Reason]
) -> HttpResponse:
    scope, waits = request.scope, row.state == PlacementApplication.State.ASKED
    is_mine = row.asked_by.user_id == scope.user_id
    decides = waits and deciding_post(scope, row) is not None
    context = {
        "row": row,
        "lacks": missing(row.asked) if waits else [],
        "form": form,
        "reasons": reasons,
        "may_decide": decides and not is_mine,
        "other_decides": decides and is_mine,
        "may_withdraw": waits and row.asked_by.agency_id in scope.agency_ids,
        "waits": waits,
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "students/placement_application.html", context, status=status)
