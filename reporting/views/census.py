"""The page of a school's term-start check: answered and signed; views/filings.py goes on."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from reporting.queries import census as rows
from reporting.queries import census_access, census_sheet
from reporting.queries.census_sheet import Sheet
from reporting.queries.census_words import class_label, why
from reporting.rules.expected import Given
from reporting.services import census
from reporting.services.census import Answer, Sent, Signed
from reporting.views import census_page
from reporting.views.census_page import Typed

REFUSED, CONFLICT = 422, 409
MOST = 500  # children without a zone on one page


@needs(Duty.ANSWER_CENSUS)
def own(request: PageRequest) -> HttpResponse:
    """The check of the present term at my school."""
    term = census_access.current_term(request.scope.county_id, request.scope.on)
    school = census_access.own_school(request.scope)
    if term is None or school is None:
        return render(request, "reporting/census_none.html")
    return redirect("census", term.public_id, school.code)


@needs(None)  # whose check a person may see, census_access says
def show(request: PageRequest, term_id: UUID, code: str) -> HttpResponse:
    """GET: the figures, what is missing, what is signed. POST: answers and words on changes."""
    sheet = _sheet(request, term_id, code)
    if request.method != "POST":
        subject = f"school:{sheet.school.public_id}"
        audit.record(
            request.scope, "census.read", subject, now=clock.now(), term=str(sheet.term.public_id)
        )
        return _page(request, sheet)

    def save() -> None:
        sent = _sent(request, sheet)
        census.answer(request.scope, sheet.term, sheet.school, sent, clock.now())
        count = len(sent.answers) + len(sent.explanations)
        text = ngettext("%(count)s entry is saved.", "%(count)s entries are saved.", count)
        messages.success(request, text % {"count": count})

    return _do(request, sheet, save)


@require_POST
@needs(Duty.ANSWER_CENSUS)
def arrive(request: PageRequest, term_id: UUID, code: str) -> HttpResponse:
    """All children of a class without an answer have come."""
    sheet = _sheet(request, term_id, code)

    def save() -> None:
        key, sent = request.POST.get("class", ""), Sent(version=_version(request))
        count = census.arrive_class(request.scope, sheet.term, sheet.school, key, sent, clock.now())
        text = ngettext("%(count)s child has come.", "%(count)s children have come.", count)
        messages.success(request, text % {"count": count})

    return _do(request, sheet, save)


@require_POST
@needs(Duty.SIGN_FILING)
def submit(request: PageRequest, term_id: UUID, code: str) -> HttpResponse:
    sheet = _sheet(request, term_id, code)

    def save() -> None:
        sent = Signed(request.POST.get("remarks", "")[:2000], _version(request))
        census.submit(request.scope, sheet.term, sheet.school, sent, clock.now())
        messages.success(request, _("The full check is signed and with the education bureau."))

    return _do(request, sheet, save)


@needs(Duty.DECIDE_FILING)
def no_zone(request: PageRequest, term_id: UUID) -> HttpResponse:
    """Children whom no school expects: their home lies in no school's zone."""
    scope = request.scope
    if not scope.everything:
        raise NotVisible
    term = census_access.term_for(scope, term_id)
    found = rows.without_zone(rows.frame(term, scope.on), MOST + 1)
    subject = f"term:{term.public_id}"
    audit.record(scope, "census.no_zone", subject, now=clock.now(), shown=min(len(found), MOST))
    lines = [
        (child.name, child.born_on, child.home, class_label(child), why(child))
        for child in found[:MOST]
    ]
    context = {"term": term, "lines": lines, "more": len(found) > MOST}
    return render(request, "reporting/census_no_zone.html", context)


def _sheet(request: PageRequest, term_id: UUID, code: str) -> Sheet:
    term = census_access.term_for(request.scope, term_id)
    school = census_access.school_for(request.scope, term, code)
    return census_sheet.load(request.scope, term, school)


def _do(request: PageRequest, sheet: Sheet, work: Callable[[], None]) -> HttpResponse:
    """Do it and come back to the same list; refused, the page keeps what was typed."""
    try:
        work()
    except NotPermitted:
        raise
    except DomainError as refused:
        fresh = census_sheet.load(request.scope, sheet.term, sheet.school)
        status = REFUSED if isinstance(refused, RuleBroken) else CONFLICT
        typed = Typed(request.POST, refused.reasons)
        return _page(request, fresh, typed, status)
    address = reverse("census", args=(sheet.term.public_id, sheet.school.code))
    wanted = census_page.asked(request.POST)
    return redirect(address + wanted.query().rstrip("?"))


def _page(
    request: PageRequest, sheet: Sheet, typed: Typed | None = None, status: int = 200
) -> HttpResponse:
    params: Any = request.POST if request.method == "POST" else request.GET
    wanted = census_page.asked(params)
    context = census_page.context(request.scope, sheet, wanted, clock.now(), typed)
    return render(request, "reporting/census.html", context, status=status)


def _version(request: PageRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None


def _sent(request: PageRequest, sheet: Sheet) -> Sent:
    """The rows that say something new. Raises RuleBroken for a day that is none."""
    post = request.POST
    stored = {
        str(child.student): (child.code, child.note, child.checked_by, child.checked_on)
        for child in sheet.facts.children
    }
    names = {str(child.student): child.name for child in sheet.facts.children}
    answers: list[Answer] = []
    wrong: list[Reason] = []
    for name, code in post.items():
        child = name.removeprefix("code-")
        if name == child or not code:
            continue
        given = Given(
            str(code),
            post.get(f"note-{child}", "").strip()[:200],
            post.get(f"by-{child}", "").strip()[:40],
            _day(post.get(f"on-{child}", "")),
        )
        if given.checked_on == date.min:
            text = f"{names.get(child, '')}: {_('This is no day.')}"
            wrong.append(Reason("day", text, f"/answers/{len(answers)}/checked_on"))
        elif stored.get(child) != (given.code, given.note, given.checked_by, given.checked_on):
            answers.append(Answer(child, given))
    if wrong:
        raise RuleBroken(*wrong)
    words = _words(request, sheet)
    return Sent(tuple(answers), words, _version(request))


def _words(request: PageRequest, sheet: Sheet) -> tuple[tuple[str, str], ...]:
    """Explanations that differ from what is stored."""
    found = []
    for change in sheet.facts.changes:
        text = request.POST.get(f"change-{change.id}", "").strip()[:200]
        if text and text != change.explanation:
            found.append((change.id, text))
    return tuple(found)


def _day(text: str) -> date:
    """date.min for what is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
