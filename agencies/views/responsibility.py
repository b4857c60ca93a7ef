"""Responsibility in writing: the coverage of all bodies, one body, one paper, and their forms."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.commitment_forms import (
    CoverageForm,
    LastDayForm,
    MemberForm,
    PaperForm,
    PublicityForm,
    ReasonForm,
)
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason, Text
from agencies.exports import download
from agencies.models import Agency, Commitment
from agencies.queries import commitments as queries
from agencies.rules.commitments import OWED_BY, YEARLY, CommitmentKind
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.services import commitments as services
from agencies.services.commitments import Activity, Named, Paper
from agencies.views.base import PageRequest, needs, tried

REFUSED, PAGE = 422, 50
PARTS = {
    "first_leader": _("First leader"),
    "group": _("Leading group"),
    "letter": _("Letter"),
    "plan": _("Plan, published"),
    "rules": _("Village rules"),
    "publicity": _("Publicity"),
}


@require_GET
@needs(Duty.KEEP_RESPONSIBILITY)
def coverage(request: PageRequest) -> HttpResponse:
    """Who has what in writing, 50 bodies a page; gaps are marked."""
    scope, on = request.scope, request.scope.on
    filters = CoverageForm(
        {"year": on.year, **request.GET.dict()}, years=queries.years(on), this_year=on.year
    )
    wanted = filters.wanted()
    page = Paginator(queries.coverage(scope, wanted), PAGE).get_page(request.GET.get("page"))
    shown = [{"body": body, "cells": _cells(body)} for body in page]
    asked = request.GET.copy()
    if page.has_next():
        asked["page"] = str(page.next_page_number())
    context = {
        "filters": filters,
        "wanted": wanted,
        "covers": [(PARTS[one.part], one) for one in queries.totals(scope, wanted)],
        "heads": PARTS.values(),
        "rows": shown,
        "next_cursor": f"?{asked.urlencode()}" if page.has_next() else "",
    }
    return render(request, "responsibility/coverage.html", context)


def _cells(body: Agency) -> list[tuple[Text, str]]:
    return [(PARTS[part], state) for part, state in queries.cells(body)]


@require_GET
@needs(Duty.KEEP_RESPONSIBILITY)
def body(request: PageRequest, agency_id: UUID) -> HttpResponse:
    """The papers of one body, and its publicity of a year."""
    scope = request.scope
    found = queries.body_for(scope, agency_id)
    year = queries.year_asked(request.GET.get("year", ""), scope.on)
    papers = list(queries.papers_of(found))
    kinds = [kind for kind in CommitmentKind if found.kind in OWED_BY[kind]]
    more = [kind for kind in CommitmentKind if any(p.kind == kind for p in papers)]
    context = {
        "body": found,
        "year": year,
        "years": queries.years(scope.on),
        "sections": [
            (kind, [p for p in papers if p.kind == kind])
            for kind in CommitmentKind
            if kind in kinds or kind in more
        ],
        "activities": queries.activities_of(found, year)[:PAGE],
        "may_keep": queries.may_keep(scope, found),
    }
    return render(request, "responsibility/body.html", context)


@needs(Duty.KEEP_RESPONSIBILITY)
def file_paper(request: PageRequest, agency_id: UUID, kind: str) -> HttpResponse:
    """File a paper of a kind; files are chosen anew when it is refused."""
    if kind not in CommitmentKind.values:
        raise NotVisible
    of_kind = CommitmentKind(kind)
    form = PaperForm(
        request.POST or None,
        request.FILES or None,
        kind=of_kind,
        initial={"year": request.scope.on.year},
    )

    def save() -> HttpResponse:
        given = form.cleaned_data
        paper = Paper(
            client_id=given["client_id"],
            written=form.written(),
            number=given.get("number", ""),
            counterpart=given.get("counterpart", ""),
            text=given.get("text", ""),
            files=services.taken(given["attached"]),
        )
        made = services.file_paper(request.scope, agency_id, paper, clock.now())
        messages.success(request, _("The paper is on file."))
        return redirect("commitment", made.public_id)

    return _form_page(request, agency_id, form, save, of_kind.label)


@needs(Duty.KEEP_RESPONSIBILITY)
def log_publicity(request: PageRequest, agency_id: UUID) -> HttpResponse:
    form = PublicityForm(
        request.POST or None, request.FILES or None, initial={"on": request.scope.on}
    )

    def save() -> HttpResponse:
        given = dict(form.cleaned_data)
        given["files"] = services.taken(given.pop("attached"))
        services.log_publicity(request.scope, agency_id, Activity(**given), clock.now())
        messages.success(request, _("The activity is in the log."))
        return redirect("responsibility_of", agency_id)

    return _form_page(request, agency_id, form, save, _("Activity of publicity"))


def _form_page(
    request: PageRequest,
    agency_id: UUID,
    form: Form,
    save: Callable[[], HttpResponse],
    title: Text,
) -> HttpResponse:
    found = queries.body_for(request.scope, agency_id)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            return save()
        except (NotPermitted, NotVisible):
            raise
        except DomainError as refused:
            reasons = refused.reasons
    wrong = bool(reasons or form.errors)
    context = {
        "body": found,
        "form": form,
        "title": title,
        "reasons": reasons,
        "again": wrong and bool(request.FILES),
    }
    status = REFUSED if wrong else 200
    return render(request, "responsibility/form.html", context, status=status)


@require_GET
@needs(Duty.KEEP_RESPONSIBILITY)
def paper(request: PageRequest, commitment_id: UUID) -> HttpResponse:
    """One paper with its files; a leading group with its members."""
    return _paper(request, queries.commitment_for(request.scope, commitment_id))


@require_POST
@needs(Duty.KEEP_RESPONSIBILITY)
def name_member(request: PageRequest, commitment_id: UUID) -> HttpResponse:
    """Somebody joins the group."""
    form = MemberForm(request.POST)
    return _act(
        request,
        commitment_id,
        form,
        lambda given: services.name_member(
            request.scope, commitment_id, Named(**given), clock.now()
        ),
    )


@require_POST
@needs(Duty.KEEP_RESPONSIBILITY)
def relieve_member(request: PageRequest, commitment_id: UUID, member_id: UUID) -> HttpResponse:
    """The last day of a member."""
    return _act(
        request,
        commitment_id,
        LastDayForm(request.POST),
        lambda given: services.relieve_member(
            request.scope, commitment_id, member_id, given["on"], clock.now()
        ),
    )


@require_POST
@needs(Duty.KEEP_RESPONSIBILITY)
def end_paper(request: PageRequest, commitment_id: UUID) -> HttpResponse:
    """The last day of a group or of village rules."""
    return _act(
        request,
        commitment_id,
        LastDayForm(request.POST),
        lambda given: services.end(request.scope, commitment_id, given["on"], clock.now()),
    )


@require_POST
@needs(Duty.KEEP_RESPONSIBILITY)
def cancel_paper(request: PageRequest, commitment_id: UUID) -> HttpResponse:
    """It was filed by mistake."""
    return _act(
        request,
        commitment_id,
        ReasonForm(request.POST),
        lambda given: services.cancel(request.scope, commitment_id, given["reason"], clock.now()),
    )


@require_POST
@needs(Duty.KEEP_RESPONSIBILITY)
def cancel_publicity(request: PageRequest, publicity_id: UUID) -> HttpResponse:
    """It was logged by mistake; without a reason nothing changes."""
    row = queries.publicity_for(request.scope, publicity_id)
    try:
        reason = request.POST.get("reason", "")[:200]
        services.cancel_publicity(request.scope, publicity_id, reason, clock.now())
        messages.success(request, _("It is taken back."))
    except (NotPermitted, NotVisible):
        raise
    except DomainError as refused:
        for one in refused.reasons:
            messages.error(request, str(one.text))
    return redirect("responsibility_of", row.agency.public_id)


@require_GET
@needs(Duty.KEEP_RESPONSIBILITY)
def file(request: PageRequest, file_id: UUID) -> HttpResponse:
    """The bytes as they were stored."""
    found = queries.file_for(request.scope, file_id)
    audit.record(request.scope, "commitment.file_read", f"file:{file_id}", now=clock.now())
    return download(bytes(found.content), found.media_type, found.name)


def _act(
    request: PageRequest, commitment_id: UUID, form: Form, work: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    row = queries.commitment_for(request.scope, commitment_id)
    reasons = tried(form, work)
    if reasons is not None:
        return _paper(request, row, form, reasons)
    messages.success(request, _("It is recorded."))
    return redirect("commitment", commitment_id)


def _paper(
    request: PageRequest, row: Commitment, bound: Form | None = None, reasons: Sequence[Reason] = ()
) -> HttpResponse:
    stands = row.cancelled_on is None and row.ends_on is None
    keeps = stands and queries.may_keep(request.scope, row.agency)
    is_group, today = row.kind == CommitmentKind.GROUP, {"on": request.scope.on}
    first = {"starts_on": request.scope.on}
    member = bound if isinstance(bound, MemberForm) else MemberForm(initial=first)
    last = bound if isinstance(bound, LastDayForm) else LastDayForm(initial=today)
    reason = bound if isinstance(bound, ReasonForm) else ReasonForm()
    context = {
        "paper": row,
        "members": row.members.order_by("ends_on", "pk") if is_group else (),
        "member_form": member if keeps and is_group else None,
        "end_form": last if keeps and row.kind not in YEARLY else None,
        "cancel_form": reason if keeps else None,
        "reasons": reasons,
    }
    status = REFUSED if bound else 200
    return render(request, "responsibility/paper.html", context, status=status)
