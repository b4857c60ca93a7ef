"""Home teaching: the plans in sight, one plan with its log, a session from the phone, visits."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agencies import clock
from agencies.documents import pictures
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.exports import download
from agencies.models import StoredFile
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from students.access import (
    home_teacher,
    plan_for,
    pupil_for,
    visible_plans,
    visible_students,
)
from students.forms import ReasonForm
from students.models import HomePlan, Placement, Student
from students.placement_forms import HomePlanForm, HomeSessionForm, QualityForm, bytes_of
from students.queries import home_teaching as queries
from students.rules.enrollment import PlacementKind
from students.rules.home_teaching import Plan
from students.services import home_teaching as services
from students.services.home_teaching import PlanGiven, SessionSent
from students.views.paging import slice_of

REFUSED = 422
A_YEAR = 400  # sessions on paper


@require_GET
@needs(Duty.SEE_STUDENTS)
def plans(request: PageRequest) -> HttpResponse:
    """Plans in sight with this week and this school year, the longest without a session first."""
    scope = request.scope
    found, more = slice_of(request, queries.plans(scope))
    audit.record(scope, "home.list", "home_plans", now=clock.now(), shown=len(found))
    context = {"standings": queries.standings(found, scope.on), "next_cursor": more}
    return render(request, "students/home_plans.html", context)


@require_GET
@needs(Duty.SEE_STUDENTS, visible_plans)
def plan(request: PageRequest, plan_id: UUID) -> HttpResponse:
    """One plan: its week, its year, its sessions and the visits of the bureau."""
    scope = request.scope
    row = _read(request, plan_id, "home.read")
    sessions = row.taught.select_related(
        "teacher__user", "photo", "thumbnail", "signature"
    ).order_by("-day", "-starts_at")
    found, more = slice_of(request, sessions)
    [standing] = queries.standings([row], scope.on)
    context = {
        **_head(scope, row),
        "standing": standing,
        "sessions": found,
        "next_cursor": more,
        "visits": row.quality_visits.select_related("by__user").order_by("-on"),
        "may_teach": _may_teach(scope, row),
        "may_visit": scope.may(Duty.VISIT_HOME_TEACHING),
    }
    return render(request, "students/home_plan.html", context)


@require_GET
@needs(Duty.SEE_STUDENTS)
def log_print(request: PageRequest, plan_id: UUID) -> HttpResponse:
    """The log of the sessions on paper, oldest first, with room for signatures."""
    row = _read(request, plan_id, "home.print")
    [standing] = queries.standings([row], request.scope.on)
    taught = row.taught.counted().select_related("teacher__user")
    sessions = taught.order_by("day", "starts_at")[:A_YEAR]
    context = {**_head(request.scope, row), "standing": standing, "sessions": sessions}
    return render(request, "students/home_log_print.html", context)


@needs(Duty.TEACH_AT_HOME)
def session(request: PageRequest, plan_id: UUID) -> HttpResponse:
    """Record a session; what was typed stays when it is refused, only files are chosen anew."""
    row = plan_for(request.scope, plan_id)
    home_teacher(request.scope, row)
    now = clock.now()
    form = HomeSessionForm(
        request.POST or None,
        request.FILES or None,
        now=timezone.localtime(now),
        initial={"periods": row.periods},
    )
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            services.record(request.scope, plan_id, _sent(form), now)
            messages.success(request, _("The session is recorded."))
            return redirect("home_plan", plan_id)
        except DomainError as refused:
            reasons = refused.reasons
    return _form(request, row, form, reasons, _("Record a session"))


def _sent(form: HomeSessionForm) -> SessionSent:
    data, at = form.cleaned_data, form.cleaned_data["at"].astimezone(CHINA)
    photo, signed = bytes_of(form, "photo"), bytes_of(form, "signature")
    return SessionSent(
        client_id=data["client_id"],
        day=at.date(),
        starts_at=at.time().replace(second=0, microsecond=0),
        periods=data["periods"],
        where=data["where"],
        content=data["content"],
        signed_by=data["signed_by"],
        photo=pictures.photo(photo, "/photo") if photo else None,
        signature=pictures.scan(signed, "/signature") if signed else None,
    )


@needs(Duty.TEACH_AT_HOME)
def cancel(request: PageRequest, plan_id: UUID, session_id: UUID) -> HttpResponse:
    """A session that was not as recorded counts no more, for a reason."""
    row = plan_for(request.scope, plan_id)
    home_teacher(request.scope, row)
    taught = row.taught.counted().filter(public_id=session_id).first()
    if taught is None:
        raise NotVisible
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.cancel(
            request.scope, plan_id, session_id, form.cleaned_data["because"], clock.now()
        )
        messages.success(request, _("The session is cancelled."))
        return redirect("home_plan", plan_id)
    began = f"{taught.day} {taught.starts_at:%H:%M}"
    title = _("Cancel the session of %(began)s") % {"began": began}
    return _form(request, row, form, (), title)


@needs(Duty.VISIT_HOME_TEACHING)
def quality(request: PageRequest, plan_id: UUID) -> HttpResponse:
    """What the bureau found on its visit."""
    row = plan_for(request.scope, plan_id)
    form = QualityForm(request.POST or None, initial={"on": request.scope.on})
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.visit(
                request.scope, plan_id, data["on"], data["finding"], data["words"], clock.now()
            )
            messages.success(request, _("The visit is recorded."))
            return redirect("home_plan", plan_id)
        except DomainError as refused:
            reasons = refused.reasons
    return _form(request, row, form, reasons, _("Quality visit"))


@needs(Duty.TEACH_AT_HOME, visible_students)
def make(request: PageRequest, student_id: UUID) -> HttpResponse:
    """A plan for a child with approved home teaching, or the next one after it."""
    scope = request.scope
    pupil = pupil_for(scope, student_id)
    placement = _placement(pupil.student, scope.on)
    starts_on = max(scope.on, placement.starts_on)
    usual = queries.usual_plan(pupil.student.county_id, starts_on, placement.ends_on)
    form = HomePlanForm(
        request.POST or None,
        request.FILES or None,
        posts=queries.may_teach_at_home(pupil.record.school, starts_on),
        initial={**vars(usual), "consent_on": scope.on},
    )
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            row = services.make(scope, pupil, _given(form), clock.now())
            messages.success(request, _("The plan is recorded."))
            return redirect("home_plan", row.public_id)
        except DomainError as refused:
            reasons = refused.reasons
    context = {"student": pupil.student, "school": pupil.record.school, "form": form}
    context |= {"reasons": reasons, "placement": placement, "file_again": bool(request.FILES)}
    status = REFUSED if reasons or form.errors else 200
    return render(request, "students/home_plan_form.html", context, status=status)


def _placement(student: Student, on: date) -> Placement:
    rows = Placement.objects.filter(
        student=student, kind=PlacementKind.HOME_TEACHING, returned_on__isnull=True
    )
    found = rows.filter(ends_on__gte=on).order_by("starts_on").first()
    if found is None:
        raise NotVisible
    return found


def _given(form: HomePlanForm) -> PlanGiven:
    data, scan = form.cleaned_data, bytes_of(form, "file")
    return PlanGiven(
        plan=Plan(**{name: data[name] for name in Plan.__dataclass_fields__}),
        teacher=data["teacher"],
        goals=data["goals"],
        consent_by=data["consent_by"],
        consent_on=data["consent_on"],
        consent=pictures.scan(scan, "/file") if scan else None,
    )


@require_GET
@needs(Duty.SEE_STUDENTS)
def home_file(request: PageRequest, plan_id: UUID, file_id: UUID) -> HttpResponse:
    """A photo or scan of this plan or of one of its sessions."""
    row = _read(request, plan_id, "home.file")
    taught = row.taught.all()
    mine = StoredFile.objects.filter(public_id=file_id)
    for ids in ("photo", "thumbnail", "signature"):
        if found := mine.filter(pk__in=taught.values(ids)).first():
            return download(bytes(found.content), found.media_type, found.name)
    if row.consent_file_id and (found := mine.filter(pk=row.consent_file_id).first()):
        return download(bytes(found.content), found.media_type, found.name)
    raise NotVisible


def _read(request: PageRequest, plan_id: UUID, verb: str) -> HomePlan:
    row = plan_for(request.scope, plan_id)
    subject, ident = f"student:{row.student.public_id}", str(plan_id)
    audit.record(request.scope, verb, subject, now=clock.now(), plan=ident)
    return row


def _may_teach(scope: Scope, row: HomePlan) -> bool:
    try:
        home_teacher(scope, row)
    except NotPermitted:
        return False
    return row.starts_on <= scope.on


def _head(scope: Scope, row: HomePlan) -> dict[str, object]:
    """sees_child: the teacher of a plan may not see the page of the child."""
    ident = row.student.public_id
    return {"row": row, "sees_child": ident in visible_students(scope, [ident])}


def _form(
    request: PageRequest, row: HomePlan, form: Form, reasons: Sequence[Reason], title: str
) -> HttpResponse:
    context = {
        **_head(request.scope, row),
        "form": form,
        "reasons": reasons,
        "title": title,
        "file_again": bool(request.FILES),
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "students/home_form.html", context, status=status)
