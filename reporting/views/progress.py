"""The page of a term's start for bureau and townships: which schools have done what, how late."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import NotVisible
from agencies.rules.duties import Duty
from agencies.services import nudges
from agencies.views.base import PageRequest, needs
from reporting.forms import ProgressForm
from reporting.queries import filings
from reporting.queries.census import Counts
from reporting.queries.progress import (
    CENSUS,
    KINDS,
    REPORT,
    Cell,
    Filters,
    SchoolRow,
    duties,
    progress,
)
from students.models import Term

COUNTED = (
    ("expected", _("expected")),
    ("arrived", _("arrived")),
    ("explained", _("explained")),
    ("missing", _("missing")),
    ("unanswered", _("unanswered")),
)
PAGES: dict[str, str] = {CENSUS: "census", REPORT: "report"}
ON_A_PAGE = 50  # schools


@dataclass(frozen=True)
class Field:
    """One duty of one school. href: where its paper lies, "" when this reader may not see it."""

    kind: str
    label: str
    cell: Cell | None
    href: str


@dataclass(frozen=True)
class Line:
    """numbers: count, whether it is worrying."""

    name: str
    code: str
    township: str
    fields: tuple[Field, ...]
    numbers: tuple[tuple[str, int, bool], ...]
    names_href: str
    is_overdue: bool


@needs(Duty.SEE_FILINGS)
def show(request: PageRequest, term_id: UUID) -> HttpResponse:
    """Each school with its roll of today, full check and report; overdue first."""
    term = filings.term_for(request.scope, term_id)
    get = request.GET
    given = Filters(get.get("kind", ""), get.get("state", ""), get.get("township", ""))
    found = progress(request.scope, term, given, clock.now())
    full = request.scope.everything
    shown = Paginator(found.rows, ON_A_PAGE).get_page(get.get("page"))
    context = {
        "found": found,
        "term": term,
        "filters": ProgressForm(get or None, townships=found.townships),
        "schools": len(found.rows),
        "lines": [_line(term, row, full=full) for row in shown],
        "next_cursor": _next(request, shown.next_page_number()) if shown.has_next() else "",
        "kinds": [kind.label for kind in KINDS],
        "counted": [label for _key, label in COUNTED],
        "totals": _numbers(found.totals),
        "may_remind": request.scope.may(Duty.REMIND),
        "late": sum(one.overdue for one in found.sums),
    }
    return render(request, "reporting/progress.html", context)


@require_POST
@needs(Duty.REMIND)
def remind(request: PageRequest, term_id: UUID) -> HttpResponse:
    """Remind of one duty of a school, or of all that are overdue."""
    term, now = filings.term_for(request.scope, term_id), clock.now()
    rows = duties(term, now)
    if "late" in request.POST:
        rows = rows.overdue(now)
    else:
        try:
            rows = rows.filter(public_id=UUID(request.POST.get("obligation", "")))
        except ValueError as error:
            raise NotVisible from error
    done = nudges.nudge_all(request.scope, rows, now)
    if done.told:
        text = ngettext("%(count)s reminder is sent.", "%(count)s reminders are sent.", done.told)
        messages.success(request, text % {"count": done.told})
    else:
        messages.info(request, _("Reminded today already, or no longer open."))
    return redirect("term_progress", term_id)


def _next(request: PageRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return f"?{query.urlencode()}"


def _line(term: Term, row: SchoolRow, *, full: bool) -> Line:
    code = row.school.code
    fields = tuple(
        Field(kind, str(kind.label), row.cells.get(kind), _href(term, code, kind, row, full=full))
        for kind in KINDS
    )
    return Line(
        name=row.school.name,
        code=code,
        township=row.township,
        fields=fields,
        numbers=_numbers(row.counts or Counts()),
        names_href=_page(term, code, CENSUS) if full else "",
        is_overdue=any(cell.standing.is_overdue for cell in row.cells.values()),
    )


def _numbers(counts: Counts) -> tuple[tuple[str, int, bool], ...]:
    return tuple(
        (str(label), getattr(counts, key), key in ("missing", "unanswered"))
        for key, label in COUNTED
    )


def _page(term: Term, code: str, kind: str) -> str:
    return f"/terms/{term.public_id}/{PAGES[kind]}/{code}/"


def _href(term: Term, code: str, kind: str, row: SchoolRow, *, full: bool) -> str:
    """The bureau opens every paper; a township what was sent to it."""
    if kind not in PAGES or kind not in row.cells:
        return ""
    sent = kind == REPORT and row.cells[kind].sent > 0
    return _page(term, code, kind) if full or sent else ""
