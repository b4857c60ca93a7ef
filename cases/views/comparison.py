"""The comparison of a register: counts by result, the rows behind them, the result of one row."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import Conflict, NotPossible, NotVisible, Reason, RuleBroken
from agencies.rules import masking
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases.comparison_forms import CorrectionForm, ResultForm
from cases.queries import comparison
from cases.services import comparison as services
from cases.services.comparison import Said
from students.access import entries_for, entry_for, register_for
from students.models import PersonEntry, PersonList
from students.queries import person_review
from students.rules.person_list import Result
from students.services import person_review as decisions
from students.views.paging import slice_of

REFUSED = 422


@require_GET
@needs(Duty.CHECK_LIST)
def registers(request: PageRequest) -> HttpResponse:
    """The newest register is the one that is checked."""
    batch = comparison.newest(request.scope.county_id)
    if batch is None:
        return render(request, "cases/comparison_none.html", {})
    return redirect("comparison", batch.public_id)


@require_GET
@needs(Duty.CHECK_LIST)
def show(request: PageRequest, list_id: UUID) -> HttpResponse:
    """How many rows of each class, by township; the rows behind one number below."""
    scope, batch = request.scope, register_for(request.scope, list_id)
    wanted = {name: request.GET.get(name, "") for name in ("result", "township")}
    wanted["result"] = wanted["result"] or "to_check"
    rows, next_cursor = slice_of(request, comparison.rows_for(scope, batch, wanted))
    audit.record(scope, "list.rows", f"list:{list_id}", now=clock.now(), shown=len(rows))
    mine = comparison.rows_for(scope, batch, {"township": wanted["township"]})
    found = comparison.counts(mine)
    differing = wanted | {"result": comparison.DIFFERING}
    context = {
        "batch": batch,
        "counts": found,
        "classes": [(r.value, r.label, found.results[r]) for r in Result],
        "townships": comparison.by_township(entries_for(scope, batch)),
        "wanted": wanted,
        "rows": [_row(row) for row in rows],
        "next_cursor": next_cursor,
        "differing": comparison.rows_for(scope, batch, differing).count(),
        "to_review": person_review.waiting(scope, batch).count(),
    }
    return render(request, "cases/comparison.html", context)


@needs(Duty.CHECK_LIST)
def row(request: PageRequest, list_id: UUID, entry_id: UUID) -> HttpResponse:
    """One row with what our records say, and the form of its result."""
    batch = register_for(request.scope, list_id)
    if request.method != "POST":
        entry = entry_for(request.scope, batch, entry_id)
        audit.record(request.scope, "list.row", f"entry:{entry_id}", now=clock.now())
        return _row_page(request, batch, entry, ResultForm(initial={"result": entry.result}))
    form = ResultForm(request.POST)
    reasons: Sequence[Reason] = ()
    if form.is_valid():
        try:
            said = Said(**form.cleaned_data, seen=request.POST.get("seen"))
            services.give(request.scope, batch, entry_id, said, clock.now())
        except (RuleBroken, NotPossible, Conflict) as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("The result is recorded."))
            return redirect("comparison", list_id)
    entry = entry_for(request.scope, batch, entry_id)
    return _row_page(request, batch, entry, form, reasons)


@require_POST
@needs(Duty.CHECK_LIST)
def correct(request: PageRequest, list_id: UUID, entry_id: UUID) -> HttpResponse:
    """The police have put their register right."""
    batch, form = register_for(request.scope, list_id), CorrectionForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            services.correct(
                request.scope,
                batch,
                entry_id,
                said["correction"],
                said["corrected_on"],
                clock.now(),
            )
        except (RuleBroken, NotPossible) as refused:
            for reason in refused.reasons:
                form.add_error(None, str(reason.text))
        else:
            messages.success(request, _("The correction is recorded."))
            return redirect("comparison_row", list_id, entry_id)
    entry = entry_for(request.scope, batch, entry_id)
    result = ResultForm(initial={"result": entry.result})
    return _row_page(request, batch, entry, result, correction=form)


@require_POST
@needs(Duty.CHECK_LIST)
def decide(request: PageRequest, list_id: UUID, entry_id: UUID) -> HttpResponse:
    """Which child a row means: the one that was pressed, or none of those shown."""
    batch, now = register_for(request.scope, list_id), clock.now()
    same = request.POST.get("same", "")
    try:
        if same:
            services.join(request.scope, batch, entry_id, _uuid(same), now)
            messages.success(request, _("The row means this child."))
        else:
            decisions.none_of_these(request.scope, batch, entry_id, now)
            messages.success(request, _("A child that nobody knew: it is to be accounted for."))
    except NotPossible as refused:
        for reason in refused.reasons:
            messages.error(request, str(reason.text))
    return redirect("person_review", list_id)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotVisible from error


def _row_page(
    request: PageRequest,
    batch: PersonList,
    entry: PersonEntry,
    form: ResultForm,
    reasons: Sequence[Reason] = (),
    correction: CorrectionForm | None = None,
) -> HttpResponse:
    facts = services.facts_of(entry, request.scope.on)
    context = {
        "batch": batch,
        "entry": entry,
        "masked": masking.id_number(entry.id_number) if entry.id_number else "",
        "facts": facts,
        "differs": batch.entries.differing().filter(pk=entry.pk).exists(),
        "our_number": entry.student.masked_id_number if entry.student else "",
        "separable": entry.found in decisions.SEPARABLE,
        "may_withdraw": entry.found == PersonEntry.Found.ENTERED
        and entry.result == Result.REGISTER_ERROR
        and request.scope.may(Duty.MERGE_RECORDS),
        "case_id": services.case_of(entry),
        "seen": services.version_of(entry),
        "note": masking.free_text(entry.note),
        "earlier": comparison.earlier(entry),
        "is_fault": entry.result == Result.REGISTER_ERROR,
        "correction": correction or CorrectionForm(),
        "sees": request.scope.may(Duty.SEE_STUDENTS),
        "form": form,
        "reasons": reasons,
    }
    status = REFUSED if form.is_bound or correction else 200
    return render(request, "cases/comparison_row.html", context, status=status)


def _row(row: PersonEntry) -> dict[str, object]:
    return {
        "public_id": row.public_id,
        "number": row.number,
        "name": row.name,
        "born_on": row.born_on,
        "masked": masking.id_number(row.id_number) if row.id_number else "",
        "head": row.head,
        "address": row.address,
        "found": row.get_found_display(),
        "result": row.get_result_display(),
        "note": masking.free_text(row.note),
    }
