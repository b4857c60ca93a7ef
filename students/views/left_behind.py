"""Left-behind children: the roster with carers and contacts due, and the page of one child."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.queries.policy import in_force
from agencies.rules.duties import Duty
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from students.access import school_post, student_for, visible_students
from students.left_behind_forms import CarerForm
from students.models import Carer, GuardianContact, Student
from students.queries import left_behind as queries
from students.services import carers
from students.views.paging import slice_of

REFUSED = 422
SHOWN = 20  # contacts of one child


@require_GET
@needs(Duty.SEE_STUDENTS)
def roster(request: PageRequest) -> HttpResponse:
    """Every left-behind child in sight; ?only=overdue or ?only=carer, ?school= a code."""
    scope, now = request.scope, clock.now()
    wanted = queries.Wanted(request.GET.get("school", "")[:12], request.GET.get("only", "")[:12])
    children, more = slice_of(request, queries.rows_for(scope, wanted, now))
    audit.record(scope, "left_behind.list", "left_behind", now=now, shown=len(children))
    context = {
        "rows": queries.lines(children, now),
        "figures": queries.figures(scope, now),
        "schools": queries.schools(scope),
        "wanted": wanted,
        "rhythm": in_force(scope.county_id, scope.on).number(Key.LEFT_BEHIND_DAYS),
        "next_cursor": more,
    }
    return render(request, "students/left_behind.html", context)


@needs(Duty.SEE_STUDENTS, visible_students)
def child(request: PageRequest, student_id: UUID) -> HttpResponse:
    """Who looks after the child, the contacts, and the form for another carer."""
    scope, now = request.scope, clock.now()
    student = student_for(scope, student_id)
    line = queries.one(scope, student, now)
    if line is None:
        raise NotVisible
    may_write = _may(carers.keeping_post, scope, student)
    if request.method == "POST" and not may_write:
        raise NotPermitted
    form = CarerForm(request.POST or None, initial={"starts_on": scope.on})
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            carers.set_carer(scope, student, carers.Given(**form.cleaned_data), now)
            messages.success(request, _("It is recorded who looks after the child."))
            return redirect("left_behind_child", student_id)
        except DomainError as refused:
            reasons = refused.reasons
    audit.record(scope, "left_behind.read", f"student:{student_id}", now=now)
    contacts = GuardianContact.objects.filter(student=student).select_related("by__user")
    may_contact = _may(_calls, scope, student)
    context = {
        "line": line,
        "student": student,
        "form": form if may_write else None,
        "reasons": reasons,
        "carers": Carer.objects.filter(student=student).order_by("-starts_on"),
        "contacts": contacts.order_by("-at")[:SHOWN],
        "contact_url": reverse("student_contact", args=[student_id]) if may_contact else "",
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "students/left_behind_child.html", context, status=status)


def _may(ask: Callable[[Scope, Student], object], scope: Scope, student: Student) -> bool:
    try:
        ask(scope, student)
    except NotPermitted:
        return False
    return True


def _calls(scope: Scope, student: Student) -> object:
    return school_post(scope, student, Duty.CONTACT_GUARDIAN)
