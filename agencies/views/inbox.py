"""The inbox: what is told and is no task, newest first."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.queries.inbox import PAGE, bundles, in_words, lines_of
from agencies.queries.policy import in_force
from agencies.queries.wording import START
from agencies.rules.policy import Key
from agencies.services import inbox
from agencies.views.base import PageRequest, needs


@require_GET
@needs(None)
def show(request: PageRequest) -> HttpResponse:
    """One page; ?before= goes on behind a line. Many of one kind and day are one line."""
    scope = request.scope
    rows = lines_of(scope.user_id)
    before = _line_id(request.GET.get("before", ""))
    if before:
        rows = rows.filter(pk__lt=rows.filter(public_id=before).order_by().values("pk")[:1])
    found = list(rows[: PAGE + 1])
    most = in_force(scope.county_id, scope.on).number(Key.FLOOD_LIMIT)
    more = len(found) > PAGE
    context = {
        "bundles": bundles(in_words(found[:PAGE]), most),
        "next_cursor": f"?before={found[PAGE - 1].public_id}" if more else "",
        "first_page": not before,
    }
    return render(request, "agencies/inbox.html", context)


def _line_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_GET
@needs(None)
def follow(request: PageRequest, line_id: UUID) -> HttpResponse:
    """Where the line leads; it is read from now on."""
    row = inbox.opened(request.scope.user_id, line_id, clock.now())
    return redirect(row.notice.href or START)


@require_POST
@needs(None)
def read_all(request: PageRequest) -> HttpResponse:
    count = inbox.read(request.scope.user_id, clock.now())
    said = ngettext("%(count)s line is read now.", "%(count)s lines are read now.", count)
    messages.success(request, said % {"count": count})
    return redirect("inbox")
