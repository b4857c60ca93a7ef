"""Serving a paper of a case, and the receipt that comes later."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from agencies import clock
from agencies.errors import NotVisible
from agencies.models import Post
from agencies.rules.duties import Duty
from agencies.views.base import PageRequest, needs
from cases import access
from cases.ladder_forms import ReceiptForm, ServiceForm
from cases.models import Case, CasePaper, PaperService
from cases.queries import team as teams
from cases.services import service_of_papers as services
from cases.services.service_of_papers import Served
from cases.views.ladder import Look, answer


@needs(Duty.SERVE_PAPER)
def serve(request: PageRequest, case_id: UUID, paper_id: UUID) -> HttpResponse:
    """How a paper was served, or that it was attempted in vain."""
    case = access.case_for(request.scope, case_id)
    paper = CasePaper.objects.filter(case=case, public_id=paper_id).first()
    if paper is None:
        raise NotVisible
    initial = {"served_on": request.scope.on}
    people = _people(case, request)
    form = ServiceForm(request.POST or None, request.FILES or None, people=people, initial=initial)

    def record() -> None:
        given = form.cleaned_data
        scan = given.pop("receipt")
        sent = Served(**given, receipt=scan.read() if scan else b"")
        services.serve(request.scope, case, paper, sent, clock.now())

    title = _("Service of %(paper)s") % {"paper": f"{paper.title} {paper.number}"}
    why = _("The guardian's time runs from the service, and only with the signed receipt.")
    return answer(request, case, form, Look(title, _("Record the service"), why), record)


@needs(Duty.SERVE_PAPER)
def receipt(request: PageRequest, case_id: UUID, service_id: UUID) -> HttpResponse:
    """Attach the signed receipt of a service, once."""
    case = access.case_for(request.scope, case_id)
    rows = PaperService.objects.filter(paper__case=case, public_id=service_id)
    row = rows.select_related("paper").first()
    if row is None:
        raise NotVisible
    form = ReceiptForm(request.POST or None, request.FILES or None)

    def attach() -> None:
        data = form.cleaned_data["receipt"].read()
        services.attach_receipt(request.scope, case_id, service_id, data, clock.now())

    title = _("Receipt of %(paper)s") % {"paper": row.paper.number}
    why = _("%(way)s on %(day)s. Once attached, it stays.") % {
        "way": row.get_method_display(), "day": row.served_on,
    }  # fmt: skip
    return answer(request, case, form, Look(title, _("Attach the receipt"), why), attach)


def _people(case: Case, request: PageRequest) -> list[Post]:
    """Who of the team may have served it, beside the person who writes."""
    held = teams.seats_of_household(case.household_id, request.scope.on)
    mine = set(request.scope.post_ids)
    return [seat.post for seat in held.values() if seat.post_id not in mine]
