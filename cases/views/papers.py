"""Papers of a case: the list with its downloads, and the form that ends in a new paper."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases import access
from cases.documents.sheet import sheet
from cases.paper_forms import FACT, PaperForm
from cases.queries.paper_facts import Asking, draft_of
from cases.queries.papers import kinds_for, papers_of
from cases.rules.papers import CATALOGUE, LADDER_KINDS, PaperKind
from cases.rules.workflow import OPEN, State
from cases.services import papers
from cases.services.papers import Draft
from cases.views.case import head_of

REFUSED = 422


@require_GET
@needs(Duty.SEE_CASES, access.visible_cases)
def listed(request: PageRequest, case_id: UUID) -> HttpResponse:
    """All papers of a case, newest first, and what the person may issue."""
    case = access.case_for(request.scope, case_id)
    audit.record(request.scope, "case.papers", f"case:{case_id}", now=clock.now())
    context = {
        "rows": papers_of(case),
        "may_serve": request.scope.may(Duty.SERVE_PAPER) and State(case.state) in OPEN,
        "kinds": [(kind.value, kind.label) for kind in kinds_for(request.scope)],
    }
    return render(request, "cases/papers.html", head_of(case) | context)


@needs(Duty.ISSUE_PAPER)
def new(request: PageRequest, case_id: UUID, kind: str) -> HttpResponse:
    """First what is known and what is to be added, then the paper as it will read, then issue."""
    if kind not in set(PaperKind):
        raise NotVisible
    case, wanted, now = access.case_for(request.scope, case_id), PaperKind(kind), clock.now()
    if wanted in LADDER_KINDS:
        return redirect("case_ladder", case_id)
    post = papers.may_issue(request.scope, wanted)
    known = draft_of(Asking(request.scope, case, wanted, post, now))
    form = PaperForm(request.POST or None, kind=wanted, known=known, on=request.scope.on)
    reasons, shown = [], None
    if request.method == "POST" and form.is_valid():
        draft = _draft(form)
        try:
            if request.POST.get("step") == "issue":
                made = papers.issue(request.scope, case, wanted, draft, now)
                messages.success(request, _("Issued: %(number)s") % {"number": made.number})
                return redirect("case_papers", case_id)
            shown = sheet(wanted, papers.preview(request.scope, case, wanted, draft))
        except NotPermitted:
            raise
        except DomainError as refused:
            reasons = _beside_fields(form, refused)
    audit.record(request.scope, "case.paper_form", f"case:{case_id}", now=now, kind=kind)
    more = {"form": form, "reasons": reasons, "shown": shown, "spec": CATALOGUE[wanted]}
    context = head_of(case) | more | {"label": wanted.label}
    status = REFUSED if reasons or form.errors else 200
    return render(request, "cases/paper_form.html", context, status=status)


def _draft(form: PaperForm) -> Draft:
    given = form.cleaned_data
    return Draft(given["client_id"], given["addressee"], form.facts, given["issued_on"])


def _beside_fields(form: PaperForm, refused: DomainError) -> list[Reason]:
    """Reasons that point to a field stand there; the others are returned."""
    left = []
    for reason in refused.reasons:
        path = reason.pointer.strip("/").split("/")
        name = FACT + path[1] if path[0] == "facts" and len(path) > 1 else path[0]
        if name in form.fields:
            form.add_error(name, str(reason.text))
        else:
            left.append(reason)
    return left
