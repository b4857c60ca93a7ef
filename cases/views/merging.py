"""Two records of one child: find the other one, see both beside each other, merge, undo."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import NotPossible, NotVisible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases.services import merging
from students.access import student_for
from students.models import Student
from students.queries.merging import beside, merges_of
from students.queries.roster import search
from students.services import merging as records

REFUSED = 422
SEARCHED = "merge_search"  # in the session: a name in an address would stand in histories and logs
MOST_FOUND = 10


@needs(Duty.MERGE_RECORDS)
def merge(request: PageRequest, student_id: UUID) -> HttpResponse:
    """Search for the other record; then which one is kept, and why they are one child."""
    student = student_for(request.scope, student_id)
    if request.method == "POST" and "q" in request.POST:
        request.session[SEARCHED] = request.POST["q"].strip()[:40]
        return redirect("record_merge", student_id)
    if request.method == "POST":
        return _merge(request, student)
    return _page(request, student)


def _merge(request: PageRequest, kept: Student) -> HttpResponse:
    """The record of this page is kept, the chosen one becomes part of it."""
    reason = request.POST.get("reason", "")
    try:
        absorbed = student_for(request.scope, _uuid(request.POST.get("absorbed", "")))
        merging.merge(request.scope, (kept, absorbed), reason, clock.now())
    except (RuleBroken, NotPossible) as refused:
        return _page(request, kept, refused.reasons, reason)
    request.session.pop(SEARCHED, None)
    messages.success(request, _("The two records are one child now."))
    return redirect("student", kept.public_id)


def _page(
    request: PageRequest, student: Student, reasons: Sequence[Reason] = (), reason: str = ""
) -> HttpResponse:
    q = request.session.get(SEARCHED, "")
    found = search(request.scope, q).exclude(pk=student.pk)[:MOST_FOUND] if q else []
    others = beside([student, *found], request.scope.on)
    audit.record(request.scope, "student.search", "students", now=clock.now(), shown=len(others))
    context = {
        "own": others[0],
        "others": others[1:],
        "merges": merges_of(student),
        "q": q,
        "reason": reason,
        "reasons": reasons,
    }
    return render(request, "cases/merge.html", context, status=REFUSED if reasons else 200)


@require_POST
@needs(Duty.MERGE_RECORDS)
def undo(request: PageRequest, merge_id: UUID) -> HttpResponse:
    """Both records stand as before."""
    done = records.undo(request.scope, merge_id, clock.now())
    messages.success(request, _("The two records are separate again."))
    return redirect("student", done.kept.public_id)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotVisible from error
