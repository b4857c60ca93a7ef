"""Aid to children: the list of all in sight, and what one child got with the form for more."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases.aid_forms import AidFilterForm
from cases.plan_forms import HelpForm, TakeBackForm
from cases.queries import aid as queries
from cases.queries.worklist import villages
from cases.rules.assistance import AssistanceKind, Given
from cases.services import aid
from students.access import student_for, visible_students
from students.models import Student
from students.views.paging import PAGE, next_of, start_of

REFUSED = 422


@require_GET
@needs(Duty.RECORD_ASSISTANCE)
def overview(request: PageRequest) -> HttpResponse:
    """Aid to all children in sight, with the help of their cases."""
    scope = request.scope
    filters = AidFilterForm(request.GET or None, regions=villages(scope))
    given = filters.cleaned_data if filters.is_valid() else {}
    own, helped = queries.both(scope, queries.Wanted(**given))
    start = start_of(request)
    found = list(queries.listed(own, helped)[start : start + PAGE + 1])
    audit.record(scope, "aid.list", "aid", now=clock.now(), shown=len(found[:PAGE]))
    context = {
        "filters": filters,
        "rows": [_row(one) for one in found[:PAGE]],
        "whole": queries.whole(own, helped),
        "next_cursor": next_of(request, start) if len(found) > PAGE else "",
        "may_import": scope.may(Duty.IMPORT_LIST),
    }
    return render(request, "aid/list.html", context)


@needs(Duty.RECORD_ASSISTANCE, visible_students)
def child(request: PageRequest, student_id: UUID) -> HttpResponse:
    """What the child got, from whom; who may, writes more down."""
    scope = request.scope
    student = student_for(scope, student_id)
    form = HelpForm(request.POST or None, givers=queries.givers(student, scope.on))
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            aid.record(scope, student_id, Given(**form.cleaned_data), clock.now())
            messages.success(request, _("The help is recorded."))
            return redirect("child_aid", student_id)
        except (NotPermitted, NotVisible):
            raise
        except DomainError as refused:
            reasons = refused.reasons
    return _child(request, student, form, reasons)


def _child(
    request: PageRequest,
    student: Student,
    form: HelpForm,
    reasons: Sequence[Reason],
    back: tuple[UUID, TakeBackForm] | None = None,
) -> HttpResponse:
    """back: the record whose taking back was refused, with its form."""
    scope = request.scope
    audit.record(scope, "aid.read", f"student:{student.public_id}", now=clock.now())
    own = queries.aid_rows(scope).filter(student=student)
    helped = queries.help_rows(scope).filter(case__student=student)
    context = {
        "student": student,
        "rows": [_row(one) | {"form": _form(one, back)} for one in queries.listed(own, helped)],
        "whole": queries.whole(own, helped),
        "case": queries.open_case(student),
        "form": form,
        "reasons": reasons,
        "refused": back[0] if back else None,
    }
    status = REFUSED if reasons or form.errors or back else 200
    return render(request, "aid/child.html", context, status=status)


def _form(row: dict[str, Any], back: tuple[UUID, TakeBackForm] | None) -> TakeBackForm | None:
    """What came with a list is taken back with it, what a case got on its page."""
    if not row["by_hand"]:
        return None
    mine = back is not None and back[0] == row["public_id"]
    return back[1] if back and mine else TakeBackForm(prefix=str(row["public_id"]))


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"kind_label": AssistanceKind(row["kind"]).label}


@require_POST
@needs(Duty.RECORD_ASSISTANCE)
def take_back(request: PageRequest, student_id: UUID, aid_id: UUID) -> HttpResponse:
    """A wrong record counts no more; it is kept with the reason."""
    scope = request.scope
    student = student_for(scope, student_id)
    form = TakeBackForm(request.POST, prefix=str(aid_id))
    if form.is_valid():
        try:
            aid.take_back(scope, student_id, aid_id, form.cleaned_data["because"], clock.now())
            messages.success(request, _("The record is taken back."))
            return redirect("child_aid", student_id)
        except RuleBroken as refused:
            form.add_error("because", str(refused.reasons[0].text))
    givers = queries.givers(student, scope.on)
    return _child(request, student, HelpForm(givers=givers), (), (aid_id, form))
