"""Help: on the page of a case, and the list over many with its totals."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import Reason
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs, tried
from cases import access
from cases.models import Case
from cases.plan_forms import EndHelpForm, HelpFilterForm, HelpForm, TakeBackForm
from cases.queries import assistance as queries
from cases.queries.household import household_page
from cases.queries.plan import HelpRow
from cases.queries.worklist import villages
from cases.rules.assistance import Given
from cases.services import assistance
from cases.views.case import child_of

REFUSED = 422
PAGE = 50
FARTHEST = 1_000_000


@needs(Duty.SEE_CASES)
def show(request: PageRequest, case_id: UUID) -> HttpResponse:
    """What the child and its household received; who may, writes more down."""
    case = access.case_for(request.scope, case_id)
    if request.method != "POST":
        return _page(request, case)
    form = HelpForm(request.POST, givers=queries.may_give(case, request.scope.on))
    return _write(
        request,
        case,
        form,
        lambda: assistance.record(request.scope, case_id, Given(**form.cleaned_data), clock.now()),
    )


@require_POST
@needs(Duty.RECORD_ASSISTANCE)
def end(request: PageRequest, case_id: UUID, help_id: UUID) -> HttpResponse:
    """Help that went on ends."""
    case = access.case_for(request.scope, case_id)
    form = EndHelpForm(request.POST, prefix=str(help_id))
    return _write(
        request,
        case,
        form,
        lambda: assistance.end(
            request.scope, case_id, help_id, form.cleaned_data["ends_on"], clock.now()
        ),
    )


@require_POST
@needs(Duty.RECORD_ASSISTANCE)
def take_back(request: PageRequest, case_id: UUID, help_id: UUID) -> HttpResponse:
    """A wrong record counts no more; the timeline keeps it with the reason."""
    case = access.case_for(request.scope, case_id)
    form = TakeBackForm(request.POST, prefix=str(help_id))
    return _write(
        request,
        case,
        form,
        lambda: assistance.take_back(
            request.scope, case_id, help_id, form.cleaned_data["because"], clock.now()
        ),
    )


@require_GET
@needs(Duty.RECORD_ASSISTANCE)
def overview(request: PageRequest) -> HttpResponse:
    """Help to all children in sight: totals by kind and giver, and the records behind them."""
    scope = request.scope
    filters = HelpFilterForm(
        request.GET or None, givers=queries.givers(scope), regions=villages(scope)
    )
    given = filters.cleaned_data if filters.is_valid() else {}
    rows = queries.rows_for(scope, queries.Wanted(**given))
    text = request.GET.get("from", "")[:7]
    start = min(int(text), FARTHEST) if text.isdecimal() else 0
    found = list(rows[start : start + PAGE + 1])
    audit.record(scope, "assistance.list", "assistance", now=clock.now(), shown=len(found))
    context = {
        "filters": filters,
        "rows": found[:PAGE],
        "whole": queries.whole(rows),
        "by_kind": queries.by_kind(rows),
        "by_giver": queries.by_giver(rows),
        "next_cursor": _next(request.GET, start + PAGE) if len(found) > PAGE else "",
    }
    return render(request, "cases/assistance_list.html", context)


def _next(query: QueryDict, start: int) -> str:
    changed = query.copy()
    changed["from"] = str(start)
    return f"?{changed.urlencode()}"


def _write(
    request: PageRequest, case: Case, form: Form, work: Callable[[], object]
) -> HttpResponse:
    reasons = tried(form, lambda _given: work())
    if reasons is not None:
        return _page(request, case, form, _to_fields(form, reasons))
    messages.success(request, _("The help is recorded."))
    return redirect("case_assistance", case.public_id)


def _to_fields(form: Form, reasons: Sequence[Reason]) -> list[Reason]:
    """Each reason to its field; what has none stands above the form."""
    rest = []
    for reason in reasons:
        name = reason.pointer.strip("/")
        if name in form.fields:
            form.add_error(name, str(reason.text))
        else:
            rest.append(reason)
    return rest


def _page(
    request: PageRequest, case: Case, bound: Form | None = None, reasons: Sequence[Reason] = ()
) -> HttpResponse:
    """bound: the one form that was refused; it keeps what was typed."""
    scope = request.scope
    audit.record(scope, "assistance.read", f"case:{case.public_id}", now=clock.now())
    page = household_page(scope, case, clock.now())
    mine = next(child for child in page.children if child.case.pk == case.pk)
    writes = scope.may(Duty.RECORD_ASSISTANCE)
    form: Form | None = None
    if writes:
        givers = queries.may_give(case, scope.on)
        form = bound if isinstance(bound, HelpForm) else HelpForm(givers=givers)
    context: dict[str, Any] = {
        "case": case,
        "child": child_of(case),
        "help": mine.help,
        "rows": [_row(row, bound, writes) for row in mine.help.assistance],
        "page": page,
        "form": form,
        "reasons": reasons,
        "refused": bound,
    }
    status = 200 if bound is None else REFUSED
    return render(request, "cases/assistance.html", context, status=status)


def _row(row: HelpRow, bound: Form | None, writes: bool) -> dict[str, object]:
    mine = bound if bound and bound.prefix == row.id else None
    end_form = mine if isinstance(mine, EndHelpForm) else EndHelpForm(prefix=row.id)
    back_form = mine if isinstance(mine, TakeBackForm) else TakeBackForm(prefix=row.id)
    return {
        "row": row,
        "end_form": end_form if writes and row.ends_on is None else None,
        "back_form": back_form if writes else None,
        "refused": mine,
    }
