"""Records that do not fit the child: list, one finding, its clearing, the list as a workbook."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import Reason
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs, tried
from reporting.exports import records_file
from reporting.models import ConsistencyFinding
from reporting.queries import records as queries
from reporting.queries.records import Wanted
from reporting.record_forms import ExplainForm, RecordFilterForm, SystemMarkForm
from reporting.rules.records import EVIDENCE, WHAT_TO_DO, Evidence, FindingKind
from reporting.services import records
from students.access import visible_students
from students.views.paging import slice_of

REFUSED = 422
BY_MARK = (FindingKind.UNMARKED, FindingKind.STILL_MARKED)


@require_GET
@needs(Duty.CLEAR_RECORDS)
def findings(request: PageRequest) -> HttpResponse:
    """How many of each kind are open, and a page of 50 of what was asked for."""
    scope = request.scope
    filters, wanted = _asked(request)
    rows, more = slice_of(request, queries.findings(scope, wanted))
    audit.record(scope, "record.list", "records", now=clock.now(), shown=len(rows))
    context = {
        "filters": filters,
        "counts": queries.counts(scope),
        "rows": [{"row": row, "evidence": EVIDENCE[Evidence(row.evidence)]} for row in rows],
        "query": request.GET.urlencode(),
        "next_cursor": more,
    }
    return render(request, "reporting/records.html", context)


@require_GET
@needs(Duty.CLEAR_RECORDS)
def export(request: PageRequest) -> HttpResponse:
    """All rows of what was asked for, as a workbook."""
    _filters, wanted = _asked(request)
    return records_file(request.scope, wanted, clock.now())


@require_GET
@needs(Duty.CLEAR_RECORDS)
def show(request: PageRequest, finding_id: UUID) -> HttpResponse:
    """One finding: what says so, what to do, how it was cleared."""
    return _page(request, queries.finding_for(request.scope, finding_id))


@require_POST
@needs(Duty.CLEAR_RECORDS)
def explain(request: PageRequest, finding_id: UUID) -> HttpResponse:
    """Clear it in writing."""
    finding = queries.finding_for(request.scope, finding_id)
    form = ExplainForm(request.POST)
    reasons = tried(
        form,
        lambda given: records.explain(request.scope, finding, given["explanation"], clock.now()),
    )
    if reasons is not None:
        return _page(request, finding, form, reasons)
    messages.success(request, _("The explanation is recorded."))
    return redirect("record", finding_id)


@require_POST
@needs(Duty.CLEAR_RECORDS)
def mark(request: PageRequest, finding_id: UUID) -> HttpResponse:
    """The national system was brought up to date."""
    finding = queries.finding_for(request.scope, finding_id)
    form = SystemMarkForm(request.POST)
    reasons = tried(
        form,
        lambda given: records.mark(
            request.scope, finding, given["on"], given["operator"], clock.now()
        ),
    )
    if reasons is not None:
        return _page(request, finding, form, reasons)
    messages.success(request, _("The mark is recorded."))
    return redirect("record", finding_id)


def _asked(request: PageRequest) -> tuple[RecordFilterForm, Wanted]:
    """A filter that is wrong is shown as wrong and narrows nothing."""
    filters = RecordFilterForm({"state": "open", **request.GET.dict()})
    filters.is_valid()
    given = filters.cleaned_data
    state = given.get("state") or "open"
    return filters, Wanted(given.get("kind", ""), given.get("school", "").strip(), state)


def _page(
    request: PageRequest,
    finding: ConsistencyFinding,
    bound: Form | None = None,
    reasons: Sequence[Reason] = (),
) -> HttpResponse:
    scope, child = request.scope, finding.student
    audit.record(scope, "record.read", f"finding:{finding.public_id}", now=clock.now())
    is_open = finding.closed_on is None
    seen = visible_students(scope, [child.public_id])
    kind = FindingKind(finding.kind)
    explains = bound if isinstance(bound, ExplainForm) else ExplainForm()
    marks = bound if isinstance(bound, SystemMarkForm) else SystemMarkForm(initial={"on": scope.on})
    context = {
        "finding": finding,
        "evidence": EVIDENCE[Evidence(finding.evidence)],
        "what_to_do": WHAT_TO_DO[kind],
        "student_url": reverse("student", args=list(seen)) if seen else "",
        "others": queries.others_like(finding, scope),
        "system_mark": queries.mark_of(child),
        "explain_form": explains if is_open else None,
        "mark_form": marks if is_open and kind in BY_MARK else None,
        "reasons": reasons,
    }
    status = REFUSED if bound else 200
    return render(request, "reporting/record.html", context, status=status)
