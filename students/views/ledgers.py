"""The restricted ledgers: nothing is shown before its purpose is said, nothing to anybody else."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import NotVisible, RuleBroken
from agencies.rules.duties import AgencyKind, Duty
from agencies.views.base import PageRequest, needs
from students.ledger_forms import EntryForm, PurposeForm
from students.models import LedgerKeeper
from students.queries import ledgers as queries
from students.rules.ledgers import Purpose
from students.services import ledgers

REFUSED = 422


@require_GET
@needs(Duty.KEEP_LEDGER)
def own(request: PageRequest) -> HttpResponse:
    """The ledgers that this person keeps. Who keeps none finds no such page."""
    kept = queries.kept_by(request.scope)
    if not kept:
        raise NotVisible
    context = {
        "schools": [row for row in kept if row.agency.kind == AgencyKind.SCHOOL],
        "figures": [row for row in kept if row.agency.kind == AgencyKind.BUREAU],
        "form": PurposeForm(),
    }
    return render(request, "students/ledgers.html", context)


@require_POST
@needs(Duty.KEEP_LEDGER)
def children(request: PageRequest, ledger: str) -> HttpResponse:
    """The children with entries: what for is said first, so a reading is always a POST."""
    keeper = queries.keeper_of(request.scope, ledger)
    purpose = _purpose(request)
    if purpose is None:
        return redirect("ledgers")
    ledgers.read(request.scope, keeper, purpose, clock.now())
    on = request.scope.on
    rows = queries.children(keeper, on)
    context = {
        "keeper": keeper,
        "purpose": purpose,
        "rows": rows,
        "grades": queries.by_grade(keeper, on),
    }
    return render(request, "students/ledger.html", context)


@needs(Duty.KEEP_LEDGER)
def child(request: PageRequest, ledger: str, student_id: UUID) -> HttpResponse:
    """One child: the purpose is asked (GET), then its entries are shown (POST)."""
    scope = request.scope
    keeper = queries.keeper_of(scope, ledger)
    student = queries.pupil_of(keeper, student_id, scope.on)
    purpose = _purpose(request)
    context = {"keeper": keeper, "student": student, "form": PurposeForm()}
    if purpose is None:
        return render(request, "students/ledger_purpose.html", context)
    ledgers.read(scope, keeper, purpose, clock.now(), student)
    return _entries(request, keeper, context, EntryForm(initial={"noted_on": scope.on}))


@require_POST
@needs(Duty.KEEP_LEDGER)
def write(request: PageRequest, ledger: str, student_id: UUID) -> HttpResponse:
    """Add an entry; what was typed stays when it is refused."""
    scope, now = request.scope, clock.now()
    keeper = queries.keeper_of(scope, ledger)
    student = queries.pupil_of(keeper, student_id, scope.on)
    form = EntryForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            ledgers.write(scope, keeper, student, given["words"], given["noted_on"], now)
        except RuleBroken as refused:
            for reason in refused.reasons:
                form.add_error(reason.pointer.removeprefix("/") or None, str(reason.text))
        else:
            messages.success(request, _("The entry is recorded."))
            return redirect("ledger_child", ledger, student_id)
    ledgers.read(scope, keeper, Purpose.WRITING, now, student)
    return _entries(request, keeper, {"keeper": keeper, "student": student}, form)


@require_GET
@needs(Duty.KEEP_LEDGER)
def figures(request: PageRequest, ledger: str) -> HttpResponse:
    """How many pupils of each school have entries, for a keeper at the bureau; no small groups."""
    keeper = queries.keeper_of(request.scope, ledger, AgencyKind.BUREAU)
    ledgers.read(request.scope, keeper, Purpose.CHECK, clock.now())
    rows = queries.by_school(keeper, request.scope.on)
    return render(request, "students/ledger_figures.html", {"keeper": keeper, "rows": rows})


def _entries(
    request: PageRequest, keeper: LedgerKeeper, context: dict, form: EntryForm
) -> HttpResponse:
    shown = context | {"entries": queries.notes(keeper, context["student"]), "entry_form": form}
    status = REFUSED if form.errors else 200
    return render(request, "students/ledger_child.html", shown, status=status)


def _purpose(request: PageRequest) -> Purpose | None:
    form = PurposeForm(request.POST or None)
    return Purpose(form.cleaned_data["purpose"]) if form.is_valid() else None
