"""One assessment sheet: figures, points, what is behind them, appeals and answers, signature."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypedDict
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.exports import download
from agencies.models import Obligation
from agencies.queries.calendars import working_calendar
from agencies.queries.standing import standing
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit
from agencies.views.base import PageRequest, needs, tried
from agencies.views.responsibility import PARTS
from reporting.assessment_forms import AnswerForm, AppealForm, GiveForm, SheetVersion
from reporting.documents.assessment_paper import details, name
from reporting.documents.paper import from_json
from reporting.documents.pdf import pdf
from reporting.models import Appeal, Sheet
from reporting.queries import assessment as queries
from reporting.queries.assessment import Full
from reporting.rate_forms import year_name
from reporting.rules.areas import AreaKind
from reporting.rules.assessment import CLAUSES, Given, Row, is_manual
from reporting.rules.assessment_indicators import CATALOGUE, Indicator, Source
from reporting.rules.rates import Measure, Stage
from reporting.services import assessment, assessment_appeals
from reporting.services.assessment_appeals import Objection
from students.views.paging import slice_of

REFUSED = 422
PDF = "application/pdf"


class Line(TypedDict):
    """An item as the page shows it."""

    row: Row
    name: str
    indicator: Indicator | None
    details: list[tuple[Row, str | Promise, str]]
    behind: str
    appeal: Appeal | None


def seen(scope: Scope, ids: Collection[UUID]) -> set[UUID]:
    """Of these sheets, those that the person may open: lists of duties link to no other."""
    rows = queries.sheets(scope).filter(public_id__in=list(ids))
    return set(rows.values_list("public_id", flat=True))


@require_GET
@needs(Duty.SEE_ASSESSMENTS, sight=seen)
def show(request: PageRequest, sheet_id: UUID) -> HttpResponse:
    return _page(request, queries.sheet_for(request.scope, sheet_id))


def _page(
    request: PageRequest,
    row: Sheet,
    reasons: Sequence[Reason] = (),
    form: GiveForm | None = None,
) -> HttpResponse:
    full = queries.full(request.scope, row, clock.now())
    may_give = full.may_keep and row.state == "draft"
    context = {
        "row": row,
        "full": full,
        "year_name": year_name(row.school_year),
        "clause": CLAUSES[AreaKind(row.kind)][0],
        "lines": [_line(full, one) for one in row.items],
        "changes": [(name(then or now or {}), then, now) for then, now in full.changes],
        "form": (form or _give_form(row)) if may_give else None,
        "reasons": reasons,
        "list_address": f"{reverse('assessments')}?kind={row.kind}&year={row.school_year}",
    }
    refused = bool(reasons) or bool(form and form.errors)
    return render(request, "assessment/sheet.html", context, status=REFUSED if refused else 200)


def _give_form(row: Sheet) -> GiveForm | None:
    rows = [dict(one) for one in row.items if is_manual(one)]
    first: dict[str, object] = {"version": row.version}
    for one in rows:
        first |= {
            f"points_{one['number']}": one["points"],
            f"reason_{one['number']}": one["reason"],
        }
    return GiveForm(initial=first, rows=rows) if rows else None


def _line(full: Full, row: Row) -> Line:
    sheet, indicator = full.sheet, CATALOGUE.get(str(row["code"]))
    return {
        "row": row,
        "name": name(row),
        "indicator": indicator,
        "details": [(one, _part(one), _children(sheet, indicator, one)) for one in details(row)],
        "behind": _behind(sheet, indicator, row),
        "appeal": full.appeals.get(int(str(row["number"]))),
    }


def _part(one: Row) -> str | Promise:
    """A stage of a rate, or a paper that the unit owes."""
    return Stage(str(one["stage"])).label if "stage" in one else PARTS[str(one["part"])]


def _children(sheet: Sheet, indicator: Indicator | None, one: Row) -> str:
    """The children behind the numerator of a rate, where it was counted."""
    if indicator is None or "stage" not in one or one["source"] or not one["numerator"]:
        return ""
    measure = Measure.LEDGER if indicator.source is Source.LINE else Measure.RETURN
    asked = {
        "measure": measure.value,
        "year": sheet.school_year,
        "on": sheet.drawn_on.isoformat(),
        "unit": sheet.kind,
        "key": sheet.key,
        "stage": one["stage"],
    }
    return f"{reverse('rate_children')}?{urlencode(asked)}"


def _behind(sheet: Sheet, indicator: Indicator | None, row: Row) -> str:
    """The page with the rows of an item."""
    if indicator is None:
        return ""
    match indicator.source:
        case Source.OBLIGATIONS:
            return reverse("assessment_item", args=[sheet.public_id, row["number"]])
        case Source.PAPERS:
            return reverse("responsibility_of", args=[sheet.agency.public_id])
        case Source.CLAUSES:
            address = reverse("agency_duties", args=[sheet.agency.public_id])
            return f"{address}?year={sheet.school_year}"
    return ""


@require_GET
@needs(Duty.SEE_ASSESSMENTS)
def item(request: PageRequest, sheet_id: UUID, number: int) -> HttpResponse:
    """The deadlines behind an item as they stand now, those that count first, 50 on a page."""
    row, now = queries.sheet_for(request.scope, sheet_id), clock.now()
    one = queries.item_of(row, number)
    found, calendar = queries.behind(row, one, now), working_calendar()
    rows, more = slice_of(request, found)
    context = {
        "row": row,
        "item": one,
        "name": name(one),
        "indicator": CATALOGUE[str(one["code"])],
        "lines": [(owed, standing(owed, calendar, now), _counts(owed)) for owed in rows],
        "next_cursor": more,
    }
    return render(request, "assessment/item.html", context)


def _counts(owed: Obligation) -> str:
    if not owed.counts:  # type: ignore[attr-defined]  # annotated by the query
        return _("not counted")
    return pgettext("assessment", "in time") if owed.late is False else _("not in time")


@require_POST
@needs(Duty.KEEP_ASSESSMENTS)
def redraw(request: PageRequest, sheet_id: UUID) -> HttpResponse:
    return _step(request, sheet_id, assessment.redraw)


@require_POST
@needs(Duty.KEEP_ASSESSMENTS)
def give(request: PageRequest, sheet_id: UUID) -> HttpResponse:
    """Save the points and reasons of the items that a person judges."""
    row = queries.sheet_for(request.scope, sheet_id)
    form = GiveForm(request.POST, rows=[dict(one) for one in row.items if is_manual(one)])
    if not form.is_valid():
        return _page(request, row, (), form)
    version, given = form.cleaned_data["version"], form.given()

    def work() -> object:
        return assessment.give(request.scope, sheet_id, version, given, clock.now())

    return _done(request, row, work, form)


@require_POST
@needs(Duty.KEEP_ASSESSMENTS)
def send(request: PageRequest, sheet_id: UUID) -> HttpResponse:
    return _step(request, sheet_id, assessment.send)


@require_POST
@needs(Duty.ANSWER_ASSESSMENT)
def accept(request: PageRequest, sheet_id: UUID) -> HttpResponse:
    return _step(request, sheet_id, assessment_appeals.accept)


@require_POST
@needs(Duty.SIGN_ASSESSMENT)
def sign(request: PageRequest, sheet_id: UUID) -> HttpResponse:
    return _step(request, sheet_id, assessment_appeals.sign)


def _step(request: PageRequest, sheet_id: UUID, work: Callable[..., object]) -> HttpResponse:
    """A step that needs nothing but the version that was on the screen."""
    row = queries.sheet_for(request.scope, sheet_id)
    form = SheetVersion(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    return _done(request, row, lambda: work(request.scope, sheet_id, version, clock.now()))


def _done(
    request: PageRequest, row: Sheet, work: Callable[[], object], form: GiveForm | None = None
) -> HttpResponse:
    try:
        work()
    except (NotPermitted, NotVisible):
        raise
    except DomainError as refused:
        return _page(request, row, refused.reasons, form)
    messages.success(request, _("It is recorded."))
    return redirect("assessment", row.public_id)


@needs(Duty.ANSWER_ASSESSMENT)
def appeal(request: PageRequest, sheet_id: UUID, number: int) -> HttpResponse:
    """The unit appeals against an item."""
    row = queries.sheet_for(request.scope, sheet_id)
    form = AppealForm(request.POST or None, initial={"version": row.version})

    def work(given: dict[str, Any]) -> object:
        wanted = Objection(given["version"], number, given["text"])
        return assessment_appeals.appeal(request.scope, sheet_id, wanted, clock.now())

    return _item_form(request, row, number, form, work)


@needs(Duty.KEEP_ASSESSMENTS)
def answer(request: PageRequest, sheet_id: UUID, number: int) -> HttpResponse:
    """The bureau answers an appeal, with the points from now on."""
    row = queries.sheet_for(request.scope, sheet_id)
    form = AnswerForm(request.POST or None, initial={"version": row.version})

    def work(given: dict[str, Any]) -> object:
        said = Given(given["points"], given["reason"])
        return assessment_appeals.answer(
            request.scope, sheet_id, given["version"], number, said, clock.now()
        )

    return _item_form(request, row, number, form, work)


def _item_form(
    request: PageRequest,
    row: Sheet,
    number: int,
    form: Form,
    work: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    """A form about one item: refused with reasons and what was typed, or back to the sheet."""
    one = queries.item_of(row, number)
    reasons = tried(form, work) if request.method == "POST" else ()
    if reasons is None:
        messages.success(request, _("It is recorded."))
        return redirect("assessment", row.public_id)
    context = {
        "row": row,
        "item": one,
        "name": name(one),
        "appeal": row.appeals.filter(number=number).first(),
        "is_answer": isinstance(form, AnswerForm),
        "form": form,
        "reasons": reasons,
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "assessment/form.html", context, status=status)


@require_GET
@needs(Duty.SEE_ASSESSMENTS)
def as_pdf(request: PageRequest, sheet_id: UUID) -> HttpResponse:
    """The signed sheet as it was frozen. Before the signature there is no paper: 404."""
    row = queries.sheet_for(request.scope, sheet_id)
    if row.paper is None:
        raise NotVisible
    audit.record(request.scope, "assessment.pdf", f"sheet:{row.public_id}", now=clock.now())
    called = f"assessment-{row.key}-{row.school_year}.pdf"
    return download(pdf(from_json(row.paper)), PDF, called)
