"""Duties: what my bodies owe, are owed and supervise; one duty; reminding and extending."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import DomainError, Reason
from agencies.forms import DutyFilterForm, ExtendForm
from agencies.models import Obligation
from agencies.queries import duties
from agencies.queries.duties import DONE, Filters
from agencies.queries.duty import duty_page
from agencies.queries.obligations import obligation_for
from agencies.queries.standing import Standing
from agencies.rules.duties import Duty
from agencies.rules.obligations import KINDS, LEVELS, ObligationKind
from agencies.rules.scope import Scope
from agencies.services import extensions, nudges
from agencies.services.nudges import Nudged
from agencies.views.base import PageRequest, Sight, needs

REFUSED = 422


@require_GET
@needs(Duty.SEE_DUTIES)
def show(request: PageRequest) -> HttpResponse:
    """One page of the list, grouped by urgency; the filters narrow it."""
    form = DutyFilterForm(request.GET.dict(), _usual_view(request.scope))
    filters, scope = _filters(form), request.scope
    page = duties.page_of(scope, filters, clock.now(), request.GET.get("cursor", ""))
    places = places_of(scope, [one.owed for group in page.groups for one in group.lines])
    asked = {name: value for name, value in form.data.items() if name in form.fields and value}
    more = urlencode(asked | {"cursor": page.next_cursor}) if page.next_cursor else ""
    context = {
        "filters": form,
        "page": page,
        "groups": [
            {
                "key": group.key,
                "label": group.label,
                "total": group.total,
                "lines": [line_of(scope, one, places) for one in group.lines],
            }
            for group in page.groups
        ],
        "asked": asked,
        "done": filters.state in DONE,
        "narrowed": any((filters.kind, filters.body, filters.until, filters.state)),
        "may_remind": scope.may(Duty.REMIND),
        "most": nudges.MOST,
        "next_cursor": f"?{more}" if more else "",
    }
    return render(request, "agencies/duties.html", context)


def _usual_view(scope: Scope) -> str:
    """Who supervises the county begins with all of it, everybody else with the own body."""
    return "all" if scope.may(Duty.REMIND) else "mine"


def _filters(form: DutyFilterForm) -> Filters:
    """A filter that is wrong is shown as wrong and narrows nothing."""
    form.is_valid()
    given = form.cleaned_data
    return Filters(
        mine=given.get("view") == "mine",
        kind=given.get("kind", ""),
        state=given.get("state", ""),
        body=given.get("body", "").strip(),
        until=given.get("until"),
    )


def line_of(scope: Scope, standing: Standing, places: set[str]) -> dict[str, object]:
    """What agencies/_duty_row.html shows; places: of places_of."""
    row = standing.owed
    return {
        "standing": standing,
        "owed": row,
        "level": _level_words(row.level) if row.level else "",
        "is_mine": row.owed_by_id in scope.agency_ids,
        "place": row.href if row.href in places else "",
    }


def _level_words(level: int) -> object:
    """A ladder with more rungs than the table ends at its top."""
    return LEVELS[min(level, max(LEVELS))]


def places_of(scope: Scope, rows: Iterable[Obligation]) -> set[str]:
    """Where these duties are done, as far as the person may open that page."""
    return openable(scope, {row.href for row in rows})


def openable(scope: Scope, links: Iterable[str]) -> set[str]:
    """The pages among these that the person may open.

    A body owes more than each of its people may see: a teacher not the children of other classes.
    """
    found: set[str] = set()
    asked: dict[Sight, dict[UUID, set[str]]] = defaultdict(lambda: defaultdict(set))
    for href in links:
        try:
            place = resolve(href)
        except Resolver404:
            continue
        duty, sight = getattr(place.func, "duty", None), getattr(place.func, "sight", None)
        if duty is not None and not scope.may(duty):
            continue
        if sight is None:
            found.add(href)
        else:
            asked[sight][next(iter(place.kwargs.values()))].add(href)
    for sight, hrefs in asked.items():
        found.update(*(hrefs[seen] for seen in sight(scope, hrefs)))
    return found


@require_GET
@needs(Duty.SEE_DUTIES)
def one(request: PageRequest, duty_id: UUID) -> HttpResponse:
    return _page(request, obligation_for(request.scope, duty_id))


@require_POST
@needs(Duty.REMIND)
def remind(request: PageRequest, duty_id: UUID) -> HttpResponse:
    """One click reminds whoever owes this, once a day."""
    row = obligation_for(request.scope, duty_id)
    _say(request, nudges.nudge(request.scope, [row], clock.now()))
    return redirect("duty", duty_id)


@require_POST
@needs(Duty.REMIND)
def remind_all(request: PageRequest) -> HttpResponse:
    """One click reminds all of a filtered list: its overdue ones, or those to come if asked for."""
    form = DutyFilterForm(request.POST.dict(), _usual_view(request.scope))
    filters, now = _filters(form), clock.now()
    if form.is_valid():
        rows = duties.rows_for(request.scope, filters, now)
        chosen = duties.to_remind(rows, filters, now)
        _say(request, nudges.nudge_all(request.scope, chosen, now))
    asked = {name: value for name, value in form.data.items() if name in form.fields and value}
    return redirect(f"{reverse('duties')}?{urlencode(asked)}")


def _say(request: PageRequest, done: Nudged) -> None:
    if done.told:
        said = ngettext("%(count)s reminder is sent.", "%(count)s reminders are sent.", done.told)
        messages.success(request, said % {"count": done.told})
    if done.already:
        said = ngettext(
            "Of %(count)s duty somebody has been reminded today already.",
            "Of %(count)s duties somebody has been reminded today already.",
            done.already,
        )
        messages.info(request, said % {"count": done.already})
    if done.left:
        said = ngettext(
            "%(count)s more is left: click again.",
            "%(count)s more are left: click again.",
            done.left,
        )
        messages.warning(request, said % {"count": done.left})
    if not done.told and not done.already:
        messages.info(request, _("There is nothing to remind of."))


@require_POST
@needs(Duty.EXTEND_DEADLINE)
def extend(request: PageRequest, duty_id: UUID) -> HttpResponse:
    """A later last day; a refused form keeps what was typed."""
    row, form = obligation_for(request.scope, duty_id), ExtendForm(request.POST)
    reasons: Sequence[Reason] = ()
    if form.is_valid():
        given = form.cleaned_data
        try:
            extensions.extend(request.scope, duty_id, given["due_on"], given["reason"], clock.now())
            messages.success(request, _("The deadline is extended, and whoever owes it is told."))
            return redirect("duty", duty_id)
        except DomainError as refused:
            reasons = refused.reasons
    return _page(request, row, form=form, reasons=reasons, status=REFUSED)


def _page(
    request: PageRequest, row: Obligation, *, status: int = 200, **given: Any
) -> HttpResponse:
    """given: a form that was refused, with its reasons."""
    scope, now = request.scope, clock.now()
    is_open = row.state(now) not in DONE
    mine = row.owed_by_id in scope.agency_ids
    may_extend = is_open and scope.may(Duty.EXTEND_DEADLINE) and not mine
    page, kind = duty_page(row, now), KINDS[ObligationKind(row.kind)]
    context = {
        "page": page,
        "steps": [(one, _level_words(one.level)) for one in page.moments],
        "earlier": [(one, _level_words(one.level)) for one in page.escalations],
        "owed": row,
        "kind": kind,
        "level": _level_words(row.level),
        "place": row.href if places_of(scope, [row]) else "",
        "mine": mine,
        "may_remind": is_open and scope.may(Duty.REMIND),
        "form": ExtendForm() if may_extend else None,
        **given,
    }
    return render(request, "agencies/duty.html", context, status=status)
