"""The bureau's pages of tips: the list, one tip, and what is done with it."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases.models import Tip
from cases.queries import tips
from cases.rules.tips import TipAction, TipState
from cases.services import tip_triage
from cases.services.tip_triage import Link, Opened, Order
from cases.tip_forms import LinkForm, QueueForm, ReasonForm, ReplyForm, chosen
from cases.views.found import found_children

REFUSED = 422
SEARCHED = "tip_search"


@require_GET
@needs(Duty.TRIAGE_TIPS)
def queue(request: PageRequest) -> HttpResponse:
    """Newest first, page by page, as far as the cap."""
    form = QueueForm(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    text = request.GET.get("from", "")[:4]
    start = min(int(text) if text.isascii() and text.isdigit() else 0, tips.MOST)
    found = list(tips.rows_for(request.scope, state)[start : start + tips.PAGE + 1])
    now, more = clock.now(), len(found) > tips.PAGE
    end = start + tips.PAGE
    rows = tips.shown(found[: tips.PAGE], now)
    audit.record(request.scope, "tip.list", "tips", now=now, shown=len(rows))
    context = {
        "rows": rows,
        "short": tips.SHORT,
        "filters": form,
        "state": state,
        "may_set_aside": any(row.tip.state == TipState.NEW for row in rows),
        "most": tips.MOST if more and end >= tips.MOST else 0,
        "next_cursor": f"?state={state}&from={end}" if more and end < tips.MOST else "",
    }
    return render(request, "tips/queue.html", context)


@require_POST
@needs(Duty.TRIAGE_TIPS)
def set_aside(request: PageRequest) -> HttpResponse:
    """Several that are no tips; what somebody has taken meanwhile stays as it is."""
    ids = chosen(request.POST.getlist("tip"))
    try:
        done = tip_triage.set_aside(
            request.scope, ids, request.POST.get("words", "")[:400], clock.now()
        )
    except NotPermitted:
        raise
    except DomainError as refused:
        for reason in refused.reasons:
            messages.error(request, str(reason.text))
        return redirect("tip_queue")
    said = ngettext("%(count)s is set aside.", "%(count)s are set aside.", done)
    messages.success(request, said % {"count": done})
    if left := len(ids) - done:
        stays = ngettext(
            "%(count)s was taken up by somebody else and stays.",
            "%(count)s were taken up by somebody else and stay.",
            left,
        )
        messages.warning(request, stays % {"count": left})
    return redirect("tip_queue")


@require_GET
@needs(Duty.TRIAGE_TIPS)
def one(request: PageRequest, tip_id: UUID) -> HttpResponse:
    """One tip, masked, with what can be done."""
    tip = tips.tip_for(request.scope, tip_id)
    audit.record(request.scope, "tip.read", f"tip:{tip_id}", now=clock.now())
    return _page(request, tip)


@require_POST
@needs(Duty.TRIAGE_TIPS)
def contact(request: PageRequest, tip_id: UUID) -> HttpResponse:
    """The same with the contact and all numbers, in this answer only."""
    opened = tip_triage.opened(request.scope, tip_id, clock.now())
    return _page(request, tips.tip_for(request.scope, tip_id), opened=opened)


@require_POST
@needs(Duty.TRIAGE_TIPS)
def act(request: PageRequest, tip_id: UUID, action: str) -> HttpResponse:
    """Take, answer, set aside, take up again; what was typed stays when it is refused."""
    if action not in set(TipAction) - {TipAction.LINK}:
        raise NotVisible
    tip = tips.tip_for(request.scope, tip_id)
    form: Form = _form_of(TipAction(action), request)
    reasons: Sequence[Reason] = ()
    if form.is_valid():
        given = form.cleaned_data
        order = Order(given["version"], given.get("words", ""))
        try:
            tip_triage.act(request.scope, tip_id, TipAction(action), order, clock.now())
            return redirect("tip", tip_id)
        except NotPermitted:
            raise
        except DomainError as refused:
            reasons = refused.reasons
            tip = tips.tip_for(request.scope, tip_id)
            form.data = {**form.data, f"{action}-version": tip.version}  # the page shows it now
    return _page(request, tip, reasons=reasons, forms={action: form}, status=REFUSED)


@needs(Duty.TRIAGE_TIPS)
def link(request: PageRequest, tip_id: UUID) -> HttpResponse:
    """Find the child inside the scope, then link the tip to its case or open one."""
    tip = tips.tip_for(request.scope, tip_id)
    if request.method == "POST" and "q" in request.POST:
        request.session[SEARCHED] = request.POST["q"].strip()[:40]
        return redirect("tip_link", tip_id)
    if request.method == "POST":
        return _linked(request, tip)
    return _found(request, tip)


def _linked(request: PageRequest, tip: Tip) -> HttpResponse:
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _found(request, tip, on_errors=form.errors.get("on", ()), status=REFUSED)
    given = form.cleaned_data
    order = Link(given["student"], given["on"], given["version"])
    try:
        done = tip_triage.link(request.scope, tip.public_id, order, clock.now())
    except (NotPermitted, NotVisible):
        raise
    except DomainError as refused:
        return _found(request, tip, reasons=refused.reasons, status=REFUSED)
    request.session.pop(SEARCHED, None)
    messages.success(request, _("The tip is linked to case %(number)s.") % {"number": done.case})
    return HttpResponseRedirect(reverse("tip", args=(tip.public_id,)))


def _found(
    request: PageRequest,
    tip: Tip,
    *,
    reasons: Sequence[Reason] = (),
    on_errors: Sequence[object] = (),
    status: int = 200,
) -> HttpResponse:
    day = min(tip.received_at.astimezone(CHINA).date(), request.scope.on)
    context = {
        **found_children(request, SEARCHED),
        "page": tips.page_of(tip, clock.now()),
        "version": tip.version,
        "form": LinkForm(initial={"on": day}),
        "reasons": reasons,
        "on_errors": on_errors,
    }
    return render(request, "tips/link.html", context, status=status)


def _form_of(action: TipAction, request: PageRequest) -> Form:
    kind = ReplyForm if action is TipAction.ANSWER else ReasonForm
    form = kind(request.POST.dict(), prefix=action.value)
    if action is TipAction.TAKE:
        form.fields["words"].required = False
    return form


def _page(
    request: PageRequest,
    tip: Tip,
    *,
    opened: Opened | None = None,
    reasons: Sequence[Reason] = (),
    forms: dict[str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """forms: one that was refused, with what was typed; the others are empty."""
    page = tips.page_of(tip, clock.now())
    given, version = forms or {}, {"version": tip.version}
    acts = [
        {
            "action": action,
            "form": given.get(action)
            or (ReplyForm if action is TipAction.ANSWER else ReasonForm)(
                initial=version, prefix=action.value
            ),
            "is_open": action in given,
        }
        for action in page.actions
        if action not in (TipAction.TAKE, TipAction.LINK)
    ]
    context = {
        "page": page,
        "tip": tip,
        "opened": opened,
        "reasons": reasons,
        "acts": acts,
        "may_take": TipAction.TAKE in page.actions,
        "may_link": TipAction.LINK in page.actions,
    }
    return render(request, "tips/tip.html", context, status=status)
