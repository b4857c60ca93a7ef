"""The legal ladder of a case: where it stands, steps, papers of other bodies, outcomes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason, Text
from agencies.models import Agency
from agencies.rules.duties import AgencyKind, Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases import access
from cases.documents.sheet import Sheet, sheet
from cases.ladder_forms import ExternalForm, OutcomeForm, OutsideForm, StepForm
from cases.models import Case, LegalStep
from cases.queries import ladder as queries
from cases.rules.ladder import OUTSIDE_PAPERS, Rung, StepOutcome
from cases.rules.papers import CATALOGUE, PaperKind
from cases.services import ladder as services
from cases.services.ladder import External, Outcome, StepOrder
from cases.views.actions import show_again
from cases.views.case import head_of

REFUSED = 422
# What other bodies issue, with the law they rest on: offered while typing.
PAPERS_OF_OTHERS = (
    "训诫书",
    "督促监护令",
    "责令接受家庭教育指导令",
    "劝诫书",
    "民事调解书",
    "民事判决书",
)


@needs(Duty.SEE_CASES, access.visible_cases)
def show(request: PageRequest, case_id: UUID) -> HttpResponse:
    """Where the case stands: done, now, next and why not yet; the steps with their papers."""
    case = access.case_for(request.scope, case_id)
    page = queries.ladder_page(request.scope, case)
    audit.record(request.scope, "ladder.read", f"case:{case_id}", now=clock.now())
    context = {
        **head_of(case),
        "rungs": [{"place": place, "wanted": _wanted(place.rung)} for place in page.places],
        "steps": page.steps,
        "tests": queries.two_tests(case, request.scope.on),
        "may_take": request.scope.may(Duty.TAKE_LEGAL_STEP),
        "may_serve": request.scope.may(Duty.SERVE_PAPER),
    }
    return render(request, "cases/ladder.html", context)


def _wanted(rung: Rung) -> list[str]:
    """What has to stand on the paper of a rung, in words."""
    if not rung.paper:
        return []
    return [
        str(one.words)
        for one in CATALOGUE[PaperKind(rung.paper)].fields
        if one.required or one.name in rung.needs
    ]


@needs(Duty.TAKE_LEGAL_STEP)
def step(request: PageRequest, case_id: UUID, rung: str) -> HttpResponse:
    """Take the step of a rung: its paper is issued."""
    scope = request.scope
    case = access.case_for(scope, case_id)
    row = next((one for one in queries.rows_on(case.county_id, scope.on) if one.key == rung), None)
    if row is None or not row.own_paper:
        raise NotVisible
    known = services.known_facts(scope, case, queries.as_rung(row), clock.now())
    initial = {"on": scope.on, "version": case.version, "addressee": _justice(case, request)}
    form = StepForm(request.POST or None, rung=queries.as_rung(row), known=known, initial=initial)

    def take() -> Sheet | None:
        given = form.cleaned_data
        order = StepOrder(
            client_id=given["client_id"],
            on=given["on"],
            rung=rung,
            facts=form.facts(),
            addressee=given.get("addressee", ""),
            days=given.get("days"),
            version=given["version"],
        )
        if request.POST.get("step") != "issue":
            shown = services.preview(scope, case_id, order, clock.now())
            return sheet(PaperKind(row.paper), shown)
        services.take_step(scope, case_id, order, clock.now())
        return None

    look = Look(row.name, "", known["basis"], preview=True)
    return answer(request, case, form, look, take)


def _justice(case: Case, request: PageRequest) -> str:
    """The body to which a file usually goes."""
    bodies = Agency.objects.on(request.scope.on).filter(county_id=case.county_id)
    return bodies.filter(kind=AgencyKind.JUSTICE).values_list("name", flat=True).first() or ""


@needs(Duty.TAKE_LEGAL_STEP)
def outside(request: PageRequest, case_id: UUID) -> HttpResponse:
    """A step outside the ladder, with the article that it rests on."""
    scope = request.scope
    case = access.case_for(scope, case_id)
    asked = request.GET.get("paper", "")
    kind = next((one for one in OUTSIDE_PAPERS if one == asked), None)
    known = services.known_outside(scope, case, kind, clock.now()) if kind else {}
    initial = {"on": scope.on, "version": case.version}
    form = OutsideForm(request.POST or None, paper=kind, known=known, initial=initial)

    def take() -> Sheet | None:
        given = form.cleaned_data
        order = StepOrder(
            client_id=given["client_id"],
            on=given["on"],
            name=given["name"],
            basis=given["basis"],
            facts=form.facts_said(),
            paper=kind or "",
            days=given.get("days"),
            counting=given.get("counting", ""),
            version=given["version"],
        )
        if kind and request.POST.get("step") != "issue":
            return sheet(kind, services.preview(scope, case_id, order, clock.now()))
        services.take_step(scope, case_id, order, clock.now())
        return None

    papers: list[tuple[str, Text]] = [("", _("Without a paper"))]
    papers += [(one.value, one.label) for one in OUTSIDE_PAPERS]
    look = Look(
        _("A step outside the ladder"),
        _("Record"),
        _("A measure that the ladder of the county does not know, with the article it rests on."),
        preview=bool(kind),
        papers=[(value, label, value == (kind or "")) for value, label in papers],
    )
    return answer(request, case, form, look, take)


@needs(Duty.TAKE_LEGAL_STEP)
def external(request: PageRequest, case_id: UUID) -> HttpResponse:
    """Record the paper of another body."""
    case = access.case_for(request.scope, case_id)
    form = ExternalForm(request.POST or None, request.FILES or None)

    def record() -> None:
        given = form.cleaned_data
        scan = given.pop("scan")
        paper = External(**given, scan=scan.read() if scan else b"")
        services.record_external(request.scope, case_id, paper, clock.now())

    look = Look(_("A paper of another body"), _("Record"), offered=PAPERS_OF_OTHERS)
    return answer(request, case, form, look, record)


@needs(Duty.TAKE_LEGAL_STEP)
def outcome(request: PageRequest, case_id: UUID, step_id: UUID) -> HttpResponse:
    """What came of a step."""
    case = access.case_for(request.scope, case_id)
    row = LegalStep.objects.filter(case=case, public_id=step_id).first()
    if row is None:
        raise NotVisible
    form = OutcomeForm(request.POST or None, initial={"on": request.scope.on})

    def record() -> None:
        given = form.cleaned_data
        said = Outcome(StepOutcome(given["outcome"]), given["on"], given["note"])
        services.record_outcome(request.scope, case_id, step_id, said, clock.now())

    return answer(request, case, form, Look(row.name, _("Record the outcome")), record)


@dataclass(frozen=True)
class Look:
    """How a form is headed, what its button says, what stands above it, what is offered.

    preview: the paper is shown as it will read before it is issued.
    papers: which can be chosen: kind, words, whether it is the one.
    """

    title: Text
    button: Text
    intro: Text = ""
    offered: Sequence[str] = ()
    preview: bool = False
    papers: Sequence[tuple[str, Text, bool]] = ()


def answer(
    request: PageRequest, case: Case, form: BaseForm, look: Look, work: Callable[[], Sheet | None]
) -> HttpResponse:
    """The form; sent, the work is done, or what was typed stays beside every reason.

    Work that gives a sheet has only looked: the paper is shown above the form.
    """
    reasons: Sequence[Reason] = ()
    shown: Sheet | None = None
    if request.method == "POST" and form.is_valid():
        try:
            shown = work()
            if shown is None:
                return redirect("case_ladder", case.public_id)
        except (NotPermitted, NotVisible):
            raise
        except DomainError as refused:
            reasons = refused.reasons
            show_again(request, form, case)
    context = {**head_of(case), "form": form, "reasons": reasons, "look": look, "shown": shown}
    status = REFUSED if reasons or form.errors else 200
    return render(request, "cases/ladder_form.html", context, status=status)
