"""The focus groups of one child: set, reviewed, ended."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import DomainError, NotPossible, Reason
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from students.access import student_for, visible_students
from students.focus_forms import TagForm
from students.queries import focus
from students.rules.focus import FocusGroup
from students.services import focus_by_hand
from students.services.focus import Given

REFUSED = 422


@needs(Duty.TAG_FOCUS, visible_students)
def tags(request: PageRequest, student_id: UUID) -> HttpResponse:
    """All tags that the child has and had, and the form for another."""
    scope, now = request.scope, clock.now()
    student = student_for(scope, student_id)
    form = TagForm(request.POST or None, initial={"starts_on": scope.on})
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        given = Given(sent["source"], sent["starts_on"], sent["ends_on"])
        try:
            focus_by_hand.set_tag(scope, student, FocusGroup(sent["group"]), given, now)
            messages.success(request, _("The focus group is recorded."))
            return redirect("student_tags", student_id)
        except DomainError as refused:
            reasons = refused.reasons
    audit.record(scope, "focus.read", f"student:{student_id}", now=now)
    rows = focus.tags_of(student, scope)
    context = {
        "name": student.name,
        "student_id": student_id,
        "form": form,
        "reasons": reasons,
        "now_on": [row for row in rows if row.ends_on is None or row.ends_on > scope.on],
        "over": [row for row in rows if row.ends_on and row.ends_on <= scope.on],
        "disabled": FocusGroup.DISABLED,
        "may_see_disability": scope.may(Duty.SEE_DISABILITY),
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "students/tags.html", context, status=status)


@require_POST
@needs(Duty.TAG_FOCUS)
def review(request: PageRequest, student_id: UUID, tag_id: UUID) -> HttpResponse:
    """It still holds today."""
    tag = focus.tag_for(student_for(request.scope, student_id), tag_id)
    try:
        focus_by_hand.review(request.scope, tag, clock.now())
        messages.success(request, _("The review is recorded."))
    except NotPossible as refused:
        messages.error(request, str(refused.reasons[0].text))
    return redirect("student_tags", student_id)


@require_POST
@needs(Duty.TAG_FOCUS)
def end(request: PageRequest, student_id: UUID, tag_id: UUID) -> HttpResponse:
    """It does not hold any more after today."""
    tag = focus.tag_for(student_for(request.scope, student_id), tag_id)
    try:
        focus_by_hand.end(request.scope, tag, clock.now())
        messages.success(request, _("The tag ends today."))
    except NotPossible as refused:
        messages.error(request, str(refused.reasons[0].text))
    return redirect("student_tags", student_id)
