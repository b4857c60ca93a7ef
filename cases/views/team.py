"""The team of a household: its seats, who held them, and what is arranged after a return."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from agencies import clock
from agencies.errors import DomainError, NotPermitted, Reason
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases import access
from cases.models import Case
from cases.queries import team as teams
from cases.queries.seats import history_of
from cases.rules import team as rules
from cases.rules.acts import Deed
from cases.services import catch_up
from cases.services import team as service
from cases.services.catch_up import Arranged
from cases.team_forms import CatchUpForm, TeamForm
from cases.views.actions import form_page
from cases.views.case import head_of


@needs(Duty.FORM_TEAM)
def change(request: PageRequest, case_id: UUID) -> HttpResponse:
    """Change the seats of the household: six, and two more for each further school."""
    case = access.case_for(request.scope, case_id)
    form = _team_form(request, case)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        by = access.acting_post(request.scope, Deed.CHANGE_TEAM)
        order = service.Order(request.scope.on, clock.now(), given.pop("version"), by)
        try:
            wanted = {
                key: service.post_for(chosen, key, order.on) if chosen else None
                for key, chosen in given.items()
            }
            service.put(case, wanted, order)
            return redirect("case", case_id)
        except DomainError as refused:
            reasons = refused.reasons
    return form_page(request, "team_form", case, form, reasons, {"groups": form.groups()})


def _team_form(request: PageRequest, case: Case) -> TeamForm:
    on = request.scope.on
    home = teams.home_of(case.household, case)
    rows = teams.seats_of_household(case.household_id, on)
    return TeamForm(
        request.POST or None,
        home=home,
        offer=teams.offer_for(case.household, home, on),
        held={chair: rows[chair].post for chair in rules.chairs(home) if chair in rows},
        initial={"version": case.version},
    )


@needs(Duty.SEE_CASES)
def history(request: PageRequest, case_id: UUID) -> HttpResponse:
    """Who held which seat from when to when, and what came of it on this case."""
    case = access.case_for(request.scope, case_id)
    audit.record(request.scope, "case.team_history", f"case:{case_id}", now=clock.now())
    context = {
        **head_of(case),
        "holdings": history_of(case),
    }
    return render(request, "cases/team_history.html", context)


@needs(Duty.TEACH_AFTER_RETURN)
def arrange(request: PageRequest, case_id: UUID) -> HttpResponse:
    """What was arranged in class for a child that is back."""
    case = access.case_for(request.scope, case_id)
    catch_up.post_of(request.scope, case)
    first = {"on": request.scope.on, "version": case.version}
    form = CatchUpForm(request.POST or None, initial=first)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            catch_up.arrange(request.scope, case_id, Arranged(**form.cleaned_data), clock.now())
            return redirect("case", case_id)
        except NotPermitted:
            raise
        except DomainError as refused:
            reasons = refused.reasons
    return form_page(request, "catch_up_form", case, form, reasons)
