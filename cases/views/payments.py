"""Payment lists: upload, what the dry run found, apply, take back."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases.aid_forms import PaymentForm
from cases.imports import payments as imports
from cases.models import PaymentList, PaymentRow
from cases.plan_forms import TakeBackForm
from cases.queries import aid as queries
from cases.services import payments
from cases.services.payments import Said
from students.rules import roster_problems
from students.views.paging import slice_of

REFUSED = 422
State = PaymentList.State


@require_GET
@needs(Duty.IMPORT_LIST)
def lists(request: PageRequest) -> HttpResponse:
    """All payment lists, the newest first."""
    rows, more = slice_of(request, queries.payment_lists(request.scope))
    return render(request, "aid/payments.html", {"rows": rows, "next_cursor": more})


@needs(Duty.IMPORT_LIST)
def new(request: PageRequest) -> HttpResponse:
    """Upload a list; nothing is recorded for any child yet."""
    scope = request.scope
    payers = queries.payers(scope.county_id, scope.on)
    form = PaymentForm(request.POST or None, request.FILES or None, payers=payers)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        file = given["file"]
        said = Said(given["giver"], given["kind"], given["what"], given["paid_on"])
        try:
            batch = imports.receive(scope, said, file.name or "", file.chunks(), clock.now())
            return redirect("payment_list", batch.public_id)
        except RuleBroken as refused:
            reasons = refused.reasons
    status = REFUSED if reasons or form.errors else 200
    return render(request, "aid/upload.html", {"form": form, "reasons": reasons}, status=status)


@require_GET
@needs(Duty.IMPORT_LIST)
def show(request: PageRequest, list_id: UUID) -> HttpResponse:
    """What the dry run found, or what was applied. ?of=error: the rows that are left out."""
    return _show(request, queries.payment_list_for(request.scope, list_id))


def _show(
    request: PageRequest,
    batch: PaymentList,
    reasons: Sequence[Reason] = (),
    form: TakeBackForm | None = None,
) -> HttpResponse:
    wrong, good = queries.wrong_rows(batch), queries.good_rows(batch)
    of_errors = request.GET.get("of") == "error"
    rows, more = slice_of(request, wrong if of_errors else good)
    subject = f"payments:{batch.public_id}"
    audit.record(request.scope, "payments.read", subject, now=clock.now(), shown=len(rows))
    context = {
        "batch": batch,
        "problem": roster_problems.refusal(batch.problem),
        "good": good.count(),
        "wrong": wrong.count(),
        "money": queries.money(good),
        "of_errors": of_errors,
        "rows": [(row, _reasons(row)) for row in rows],
        "next_cursor": more,
        "may_apply": batch.state == State.CHECKED,
        "back_form": (form or TakeBackForm()) if batch.state == State.APPLIED else None,
        "reasons": reasons,
    }
    status = REFUSED if reasons or (form and form.errors) else 200
    return render(request, "aid/payment_list.html", context, status=status)


def _reasons(row: PaymentRow) -> list[tuple[str, str, str]]:
    """Column, what stood there (masked), what is wrong with it."""
    return [
        (one["column"], one["value_shown"], roster_problems.reason(one)) for one in row.problems
    ]


@require_POST
@needs(Duty.IMPORT_LIST)
def apply(request: PageRequest, list_id: UUID) -> HttpResponse:
    """The good rows become aid records."""
    batch = queries.payment_list_for(request.scope, list_id)
    try:
        number = payments.apply(request.scope, list_id, clock.now())
    except (NotPermitted, NotVisible):
        raise
    except DomainError as refused:
        return _show(request, batch, refused.reasons)
    text = ngettext("%(n)s record was made.", "%(n)s records were made.", number)
    messages.success(request, text % {"n": number})
    return redirect("payment_list", list_id)


@require_POST
@needs(Duty.IMPORT_LIST)
def take_back(request: PageRequest, list_id: UUID) -> HttpResponse:
    """All records of the list count no more."""
    batch = queries.payment_list_for(request.scope, list_id)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        return _show(request, batch, form=form)
    try:
        payments.take_back(request.scope, list_id, form.cleaned_data["because"], clock.now())
    except (NotPermitted, NotVisible):
        raise
    except DomainError as refused:
        return _show(request, batch, refused.reasons)
    messages.success(request, _("The list is taken back."))
    return redirect("payment_list", list_id)
