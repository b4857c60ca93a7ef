"""The county's rules: every value with its source, and a new one after a look at what moves."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import DomainError, Reason
from agencies.forms import FromDayForm, RuleForm
from agencies.queries import policy_page as queries
from agencies.queries.policy_page import Shown
from agencies.rules.duties import Duty
from agencies.rules.policy_words import shown
from agencies.services import policy as services
from agencies.services.policy import Change, NewRule
from agencies.views.base import PageRequest, needs

REFUSED = 422


@require_GET
@needs(Duty.SEE_DUTIES)
def rules(request: PageRequest) -> HttpResponse:
    """All keys in groups, with the value in force today."""
    scope = request.scope
    context = {
        "groups": queries.groups(scope.county_id, scope.on),
    }
    return render(request, "agencies/policy.html", context)


@require_GET
@needs(Duty.SEE_DUTIES)
def rule(request: PageRequest, key: str) -> HttpResponse:
    """One key: what is in force, its history, and the form for a new value."""
    return _page(request, queries.one(request.scope.county_id, request.scope.on, key))


@require_POST
@needs(Duty.MANAGE_POLICY)
def set_rule(request: PageRequest, key: str) -> HttpResponse:
    """First shows what would move; the second button puts the value in force."""
    scope = request.scope
    row = queries.one(scope.county_id, scope.on, key)
    form = RuleForm(request.POST, entry=row.entry)
    if not form.is_valid():
        return _page(request, row, form=form)
    new = NewRule(row.key, **form.cleaned_data)
    try:
        if request.POST.get("step") != "set":
            return _page(
                request, row, form=form, change=services.would_set(scope, new, clock.now())
            )
        change = services.set_rule(scope, new, clock.now())
    except DomainError as refused:
        return _page(request, row, form=form, reasons=refused.reasons)
    messages.success(request, _told(change))
    return redirect("policy_rule", row.key)


@require_POST
@needs(Duty.MANAGE_POLICY)
def end_rule(request: PageRequest, key: str) -> HttpResponse:
    """Back to the default from a day on."""
    scope = request.scope
    row = queries.one(scope.county_id, scope.on, key)
    form = FromDayForm(request.POST, auto_id="end_%s")
    if not form.is_valid():
        return _page(request, row, end_form=form)
    try:
        day = form.cleaned_data["starts_on"]
        change = services.end_rule(scope, row.key, day, clock.now())
    except DomainError as refused:
        return _page(request, row, end_form=form, end_reasons=refused.reasons)
    messages.success(request, _told(change))
    return redirect("policy_rule", row.key)


def _told(change: Change) -> str:
    text = ngettext(
        "The value is set. %(count)s open deadline has moved.",
        "The value is set. %(count)s open deadlines have moved.",
        change.moved,
    )
    return text % {"count": change.moved}


def _page(
    request: PageRequest,
    row: Shown,
    *,
    form: RuleForm | None = None,
    end_form: FromDayForm | None = None,
    change: Change | None = None,
    **refused: Sequence[Reason],
) -> HttpResponse:
    """Both forms stand on one page, for who may set values; a refused one keeps what was typed.

    refused: reasons for the first form, end_reasons for the second.
    """
    scope = request.scope
    wrong = refused or (form and form.errors) or (end_form and end_form.errors)
    may_set = scope.may(Duty.MANAGE_POLICY)
    if may_set and form is None:
        form = RuleForm(entry=row.entry, initial={"value": row.now.value, "starts_on": scope.on})
    if may_set and end_form is None and (not row.now.is_default or row.coming):
        end_form = FromDayForm(initial={"starts_on": scope.on}, auto_id="end_%s")
    context = {
        "row": row,
        "history": queries.history(scope.county_id, row.key),
        "used_by": queries.used_by(row.key),
        "form": form,
        "end_form": end_form,
        "change": change,
        "before": shown(change.before) if change else "",
        "after": shown(change.after) if change else "",
        "reasons": (),
        "end_reasons": (),
        **refused,
    }
    return render(request, "agencies/policy_rule.html", context, status=REFUSED if wrong else 200)
