"""Requests to other agencies: the page of the asked body, and those of the case."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.queries.calendars import working_calendar
from agencies.rules.duties import AgencyKind, Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases import access
from cases.models import HelpRequest
from cases.queries import request_figures
from cases.queries import requests as queries
from cases.queries.requests import Full
from cases.request_forms import AnswerForm, AskForm, PeriodForm, WordsForm
from cases.rules.requests import MATTERS, STEPS, Answer, Matter, Move, Shared
from cases.services import requests as service
from cases.services.requests import Ask, Said
from cases.views.actions import form_page
from cases.views.case import child_of, head_of
from students.rules.identity import school_year_of

REFUSED = 422


@require_GET
@needs(Duty.ANSWER_REQUEST)
def waiting(request: PageRequest) -> HttpResponse:
    """What the own bodies were asked: what waits by due date, what is answered, what has ended."""
    now = clock.now()
    page = queries.waiting(request.scope, now)
    audit.record(request.scope, "request.list", "requests", now=now, shown=len(page.waiting))
    return render(request, "requests/waiting.html", {"page": page})


@require_GET
@needs(Duty.SEE_CASES)
def one(request: PageRequest, request_id: UUID) -> HttpResponse:
    """One request for the asked body; whoever works on its case is led to the page there."""
    if request.scope.may(Duty.ANSWER_REQUEST):
        try:
            return _page(request, access.request_for(request.scope, request_id))
        except NotVisible:
            pass  # perhaps one of the own case
    row = access.own_request_for(request.scope, request_id)
    return redirect("case_requests", row.case.public_id)


def _page(
    request: PageRequest,
    row: HelpRequest,
    reasons: Sequence[Reason] = (),
    answer: AnswerForm | None = None,
    words: str = "",
) -> HttpResponse:
    """What the asked body may see, with the forms of what it can do; the read is recorded."""
    now = clock.now()
    full = _asked_side(row)
    audit.record(
        request.scope,
        "request.read",
        f"request:{row.public_id}",
        now=now,
        fields=queries.names_of(full.shared),
    )
    if Move.ANSWER not in full.moves:
        answer = None  # somebody else was first: what they answered stands above
    elif answer is None:
        answer = AnswerForm(matter=full.line.matter, initial={"version": row.version})
    context = {
        "row": row,
        "full": full,
        "answer_form": answer,
        "refuse_form": WordsForm(initial={"version": row.version, "text": words}),
        "reasons": reasons,
        "can_accept": Move.ACCEPT in full.moves,
    }
    status = REFUSED if reasons or (answer and answer.errors) else 200
    return render(request, "requests/one.html", context, status=status)


def _asked_side(row: HelpRequest) -> Full:
    full_row = queries.with_steps(HelpRequest.objects.filter(pk=row.pk)).get()
    return queries.asked_side(queries.line(full_row, working_calendar(), clock.now()))


@require_POST
@needs(Duty.ANSWER_REQUEST)
def respond(request: PageRequest, request_id: UUID, move: str) -> HttpResponse:
    """Accept, refuse or answer; what was typed stays when it is refused."""
    if move not in set(Move) or not STEPS[Move(move)].theirs:
        raise NotVisible
    row = access.request_for(request.scope, request_id)
    form: AnswerForm | WordsForm
    if move == Move.ANSWER:
        form = AnswerForm(request.POST, request.FILES, matter=Matter(row.matter))
    else:
        form = WordsForm(request.POST)
    reasons: Sequence[Reason] = ()
    if form.is_valid():
        try:
            service.take(request.scope, request_id, Move(move), _said(form), clock.now())
            return redirect("request", request_id)
        except NotPermitted:
            raise
        except DomainError as refused:
            reasons = refused.reasons
    row = access.request_for(request.scope, request_id)
    answer = form if isinstance(form, AnswerForm) else None
    return _page(request, row, reasons, answer, request.POST.get("text", ""))


def _said(form: AnswerForm | WordsForm) -> Said:
    given = form.cleaned_data
    if isinstance(form, WordsForm):
        return Said(given["text"], version=given["version"])
    file = given["file"]
    return Said(
        text=given["text"],
        answer=Answer(given["outcome"], given["paper_number"], given["day"]),
        file=file.read() if file else None,
        version=given["version"],
    )


@require_GET
@needs(Duty.REMIND)
def figures(request: PageRequest) -> HttpResponse:
    """How each body replies and does what it was asked, from day to day."""
    form = PeriodForm(request.GET or None)
    given = form.cleaned_data if form.is_valid() else {}
    on = request.scope.on
    first = given.get("first") or on.replace(year=school_year_of(on), month=9, day=1)
    last = given.get("last") or on
    page = request_figures.page_of(request.scope.county_id, first, last, clock.now())
    filters = PeriodForm({"first": first.isoformat(), "last": last.isoformat()})
    return render(request, "requests/figures.html", {"page": page, "filters": filters})


@require_GET
@needs(Duty.SEE_CASES)
def of_case(request: PageRequest, case_id: UUID) -> HttpResponse:
    """All requests about one case, with what was done, for whoever works on it."""
    return _case_page(request, case_id)


def _case_page(request: PageRequest, case_id: UUID, reasons: Sequence[Reason] = ()) -> HttpResponse:
    case = access.case_for(request.scope, case_id)
    now = clock.now()
    audit.record(request.scope, "case.requests", f"case:{case_id}", now=now)
    context = {
        **head_of(case),
        "rows": queries.of_case(case, now),
        "may_ask": request.scope.may(Duty.ASK_AGENCY),
        "reasons": reasons,
    }
    status = REFUSED if reasons else 200
    return render(request, "requests/case.html", context, status=status)


@needs(Duty.ASK_AGENCY)
def ask(request: PageRequest, case_id: UUID) -> HttpResponse:
    """First the matter; then its form, with the fields that the other body will see."""
    case = access.case_for(request.scope, case_id)
    name = request.GET.get("matter", "")
    bodies = list(queries.bodies(case.county_id, request.scope.on))
    if name not in set(Matter):
        offered = [(one, _kinds(one)) for one in Matter]
        context = {"case": case, "child": child_of(case), "matters": offered}
        return render(request, "requests/matters.html", context)
    matter = Matter(name)
    fitting = [body for body in bodies if body.kind in MATTERS[matter].to]
    first = {"version": case.version}
    form = AskForm(request.POST or None, matter=matter, bodies=fitting, initial=first)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        sent = Ask(
            given["client_id"],
            matter,
            given["to"],
            given["asked"],
            form.particulars(),
            given["version"],
        )
        try:
            service.ask(request.scope, case_id, sent, clock.now())
            return redirect("case_requests", case_id)
        except NotPermitted:
            raise
        except DomainError as refused:
            reasons = refused.reasons
    more = {
        "matter": matter,
        "shares": [Shared(field).label for field in MATTERS[matter].shares],
        "bodies": fitting,
        "kinds": _kinds(matter),
    }
    return form_page(request, "ask_form", case, form, reasons, more)


def _kinds(matter: Matter) -> list[object]:
    return [kind.label for kind in AgencyKind if kind in MATTERS[matter].to]


@require_POST
@needs(Duty.ASK_AGENCY)
def settle(request: PageRequest, case_id: UUID, request_id: UUID, move: str) -> HttpResponse:
    """The asking body says that it is done, or withdraws."""
    if move not in set(Move) or STEPS[Move(move)].theirs:
        raise NotVisible
    _belongs(request, case_id, request_id)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _case_page(request, case_id)
    try:
        service.take(request.scope, request_id, Move(move), _said(form), clock.now())
    except NotPermitted:
        raise
    except DomainError as refused:
        return _case_page(request, case_id, refused.reasons)
    return redirect("case_requests", case_id)


@require_POST
@needs(Duty.ASK_AGENCY)
def letter(request: PageRequest, case_id: UUID, request_id: UUID) -> HttpResponse:
    """The request as a numbered letter, for a body that works on paper."""
    _belongs(request, case_id, request_id)
    try:
        service.write_letter(request.scope, request_id, clock.now())
    except NotPermitted:
        raise
    except DomainError as refused:
        return _case_page(request, case_id, refused.reasons)
    return redirect("case_requests", case_id)


def _belongs(request: PageRequest, case_id: UUID, request_id: UUID) -> None:
    """A request is found only under its own case. Raises NotVisible."""
    row = access.own_request_for(request.scope, request_id)
    if row.case.public_id != case_id:
        raise NotVisible
