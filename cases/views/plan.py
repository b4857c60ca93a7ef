"""The plan of a child: read, written as one form, approved, worked on, reviewed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import Conflict, DomainError, NotPermitted, NotVisible, Reason
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs, tried
from cases import access
from cases.models import Case, Plan
from cases.plan_forms import DoneForm, DropForm, PlanForm, ReviewForm
from cases.queries import causes as lists
from cases.queries import plan as queries
from cases.queries.plan import MeasureRow, PlanPage
from cases.rules.plan import PLANNED
from cases.rules.workflow import State
from cases.services import plan_work, plans
from cases.services.plan_work import Done, Review
from cases.views.case import head_of

REFUSED = 422


@needs(Duty.SEE_CASES)
def show(request: PageRequest, case_id: UUID) -> HttpResponse:
    """The plan with the standing of each measure, and what can be done with it now."""
    case = access.case_for(request.scope, case_id)
    return _page(request, case)


@needs(Duty.WRITE_PLAN)
def edit(request: PageRequest, case_id: UUID) -> HttpResponse:
    """One form for the whole plan. When somebody else was faster, both versions are shown."""
    case = access.case_for(request.scope, case_id)
    audit.record(request.scope, "plan.read", f"case:{case_id}", now=clock.now())
    plan = Plan.objects.filter(episode=case.current_id).first()
    stored = queries.as_stored(plan) if plan else None
    page = queries.plan_page(request.scope, case, clock.now())
    groups = lists.in_force(case.county_id, request.scope.on)
    form = PlanForm(request.POST or None, stored, groups, page.holders)
    reasons: Sequence[Reason] = ()
    newer: dict[str, Any] | None = None
    checked = request.method == "POST" and not form.adds
    if checked and form.is_valid():
        try:
            plans.write(request.scope, case_id, form.draft, form.version, clock.now())
            _warn_of_empty_seats(request, case)
            return redirect("case_plan", case_id)
        except Conflict as refused:
            reasons = refused.reasons
            current = refused.current if isinstance(refused.current, dict) else None
            newer = queries.readable(current) if current else None
            form.version = current["version"] if current else 0  # saved again, it is meant
        except (NotPermitted, NotVisible):
            raise
        except DomainError as refused:
            reasons = form.show(refused.reasons)
    context = _head(case) | {"form": form, "reasons": reasons, "newer": newer, "plan": plan}
    return render(request, "cases/plan_form.html", context, status=REFUSED if checked else 200)


@require_POST
@needs(Duty.APPROVE_PLAN)
def approve(request: PageRequest, case_id: UUID) -> HttpResponse:
    """Signs the version that the person has before their eyes."""
    case = access.case_for(request.scope, case_id)
    sent = request.POST.get("version", "")
    try:
        plans.approve(request.scope, case_id, int(sent) if sent.isdecimal() else 0, clock.now())
    except NotPermitted:
        raise
    except DomainError as refused:
        return _page(request, case, reasons=refused.reasons)
    messages.success(request, _("The plan is approved. Its measures are owed from now on."))
    return redirect("case_plan", case_id)


@require_POST
@needs(Duty.WRITE_PLAN)
def review(request: PageRequest, case_id: UUID) -> HttpResponse:
    """The effects so far, and the day of the next review."""
    case = access.case_for(request.scope, case_id)
    page = queries.plan_page(request.scope, case, clock.now())
    form = _review_form(page, request)
    if not form.is_valid():
        return _page(request, case, bound=form)
    given = form.cleaned_data
    sent = Review(given["note"], given["version"], form.effects, given["next_on"])
    try:
        plan_work.review(request.scope, case_id, sent, clock.now())
    except NotPermitted:
        raise
    except DomainError as refused:
        return _page(request, case, bound=form, reasons=refused.reasons)
    messages.success(request, _("The review is recorded."))
    return redirect("case_plan", case_id)


@require_POST
@needs(Duty.SEE_CASES)
def done(request: PageRequest, case_id: UUID, measure_id: UUID) -> HttpResponse:
    """A measure is done; whose seat it is, the service asks."""
    form = DoneForm(request.POST, prefix=str(measure_id))

    def write() -> None:
        plan_work.finish(request.scope, case_id, measure_id, Done(**form.cleaned_data), clock.now())

    return _finished(request, case_id, form, write)


@require_POST
@needs(Duty.WRITE_PLAN)
def drop(request: PageRequest, case_id: UUID, measure_id: UUID) -> HttpResponse:
    """A measure is given up, with the reason."""
    form = DropForm(request.POST, prefix=str(measure_id))

    def write() -> None:
        because = form.cleaned_data["because"]
        plan_work.drop(request.scope, case_id, measure_id, because, clock.now())

    return _finished(request, case_id, form, write)


def _finished(request: PageRequest, case_id: UUID, form: Form, write: Any) -> HttpResponse:
    case = access.case_for(request.scope, case_id)
    reasons = tried(form, lambda _given: write())
    if reasons is not None:
        return _page(request, case, bound=form, reasons=reasons)
    return redirect("case_plan", case_id)


def _page(
    request: PageRequest,
    case: Case,
    bound: Form | None = None,
    reasons: Sequence[Reason] = (),
) -> HttpResponse:
    """The plan. bound: the one form that was refused; it keeps what was typed."""
    scope, now = request.scope, clock.now()
    audit.record(scope, "plan.read", f"case:{case.public_id}", now=now)
    page = queries.plan_page(scope, case, now)
    possible = State(case.state) in PLANNED
    writes = scope.may(Duty.WRITE_PLAN)
    plan = page.help.plan
    context = _head(case) | {
        "page": page,
        "plan": plan,
        "causes": [
            (cause, [_measure(request, row, bound, possible) for row in cause.measures])
            for cause in page.help.causes
        ],
        "signed": [(event, queries.readable(event.detail["plan"])) for event in page.signed],
        "may_write": writes and possible,
        "may_approve": bool(plan) and possible and scope.may(Duty.APPROVE_PLAN),
        "review_form": _the_review(page, bound) if writes and possible else None,
        "reasons": reasons,
    }
    refused = bool(reasons) or bound is not None
    return render(request, "cases/plan.html", context, status=REFUSED if refused else 200)


def _the_review(page: PlanPage, bound: Form | None) -> Form | None:
    plan = page.help.plan
    if plan is None or plan.approved_at is None:
        return None
    return bound if isinstance(bound, ReviewForm) else _review_form(page)


def _review_form(page: PlanPage, request: PageRequest | None = None) -> ReviewForm:
    plan = page.help.plan
    return ReviewForm(
        request.POST if request else None,
        measures=[(row.id, row.what) for row in page.help.open_measures if not row.waits],
        initial={"version": plan.version if plan else 0},
    )


def _measure(
    request: PageRequest, row: MeasureRow, bound: Form | None, possible: bool
) -> dict[str, object]:
    """A measure with the forms that this person can fill in for it."""
    writes = request.scope.may(Duty.WRITE_PLAN)
    works = possible and row.open and not row.waits
    mine = bound if bound and bound.prefix == row.id else None
    done_form = mine if isinstance(mine, DoneForm) else DoneForm(prefix=row.id)
    drop_form = mine if isinstance(mine, DropForm) else DropForm(prefix=row.id)
    return {
        "row": row,
        "done_form": done_form if works and (writes or _holds(request, row)) else None,
        "drop_form": drop_form if works and writes else None,
        "refused": mine,
    }


def _holds(request: PageRequest, row: MeasureRow) -> bool:
    return row.holder_post in request.scope.post_ids


def _warn_of_empty_seats(request: PageRequest, case: Case) -> None:
    page = queries.plan_page(request.scope, case, clock.now())
    for seat in page.empty_seats:
        text = _("Nobody sits on the seat “%(seat)s” at present: fill it, or choose another one.")
        messages.warning(request, text % {"seat": seat.label})


def _head(case: Case) -> dict[str, object]:
    return {
        **head_of(case),
        "episode": case.episode.number,
    }
