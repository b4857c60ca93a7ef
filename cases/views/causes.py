"""The county's list of causes: add one, give one another name, end one, from a day on."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import DomainError, NotVisible, Reason
from agencies.rules.duties import Duty
from agencies.views.base import PageRequest, needs, tried
from cases.models import Cause
from cases.plan_forms import CauseNameForm, FromDay, NewCauseForm
from cases.queries import causes as queries
from cases.services import causes

REFUSED = 422


@needs(Duty.MANAGE_LISTS)
def show(request: PageRequest) -> HttpResponse:
    """The list in force and what is to come, and the form for a new cause."""
    scope = request.scope
    groups = queries.whole(scope.county_id, scope.on)
    first = {"starts_on": scope.on}
    form = NewCauseForm(request.POST or None, groups=groups, initial=first)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            causes.add(scope, given["name"], given["below"], given["starts_on"], clock.now())
            messages.success(request, _("The cause is in the list."))
            return redirect("causes")
        except DomainError as refused:
            reasons = refused.reasons
    context = {
        "groups": groups,
        "ended": queries.ended(scope.county_id, scope.on),
        "form": form,
        "reasons": reasons,
        "today": scope.on,
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "cases/causes.html", context, status=status)


@needs(Duty.MANAGE_LISTS)
def one(request: PageRequest, code: str) -> HttpResponse:
    """One cause with its names, and the forms for another name and for its end."""
    return _page(request, code)


@require_POST
@needs(Duty.MANAGE_LISTS)
def rename(request: PageRequest, code: str) -> HttpResponse:
    form = CauseNameForm(request.POST)
    return _change(
        request,
        code,
        form,
        lambda: causes.rename(request.scope, code, now=clock.now(), **form.cleaned_data),
    )


@require_POST
@needs(Duty.MANAGE_LISTS)
def end(request: PageRequest, code: str) -> HttpResponse:
    form = FromDay(request.POST, auto_id="end_%s")
    return _change(
        request,
        code,
        form,
        lambda: causes.end(request.scope, code, now=clock.now(), **form.cleaned_data),
    )


def _change(
    request: PageRequest, code: str, form: Form, work: Callable[[], object]
) -> HttpResponse:
    reasons = tried(form, lambda _given: work())
    if reasons is not None:
        return _page(request, code, form, reasons)
    messages.success(request, _("The list is changed."))
    return redirect("causes")


def _page(
    request: PageRequest, code: str, bound: Form | None = None, reasons: Sequence[Reason] = ()
) -> HttpResponse:
    scope = request.scope
    rows = Cause.objects.filter(county=scope.county_id, code=code).select_related("parent")
    names = list(rows.order_by("-starts_on"))
    if not names:
        raise NotVisible
    first = {"name": names[0].name, "starts_on": scope.on}
    renamed = bound if isinstance(bound, CauseNameForm) else CauseNameForm(initial=first)
    ended = bound if isinstance(bound, FromDay) else FromDay(initial=first, auto_id="end_%s")
    context = {
        "row": names[0],
        "names": names,
        "form": renamed,
        "end_form": ended,
        "reasons": reasons if renamed is bound else (),
        "end_reasons": reasons if ended is bound else (),
    }
    status = 200 if bound is None else REFUSED
    return render(request, "cases/cause.html", context, status=status)
