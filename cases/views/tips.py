"""The pages of tips without login (S1-31): no session, no cookie, nothing that was sent comes back.

There is no CSRF token, since that needs a cookie: these pages know nobody, so nobody's rights can
be borrowed; what a stranger's page could send is refused by where it comes from.
"""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from agencies import clock
from agencies.errors import Reason, RuleBroken
from agencies.models import Region
from agencies.rules import masking
from agencies.views.visitor import network_of
from cases.queries import tips as places
from cases.rules.tips import grouped
from cases.services import proof, tips
from cases.services.tips import Sent, Solution, TooMany
from cases.tip_forms import NumberForm, TipForm

REFUSED, TOO_MANY = 422, 429


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """The form; once it is sent, the tracking number, which is shown only in this answer."""
    _same_site(request)
    county = _county(request)
    if county is None:
        context = {"counties": places.counties(clock.today())}
        return render(request, "tips/counties.html", context)
    here = places.here(county, clock.today())
    if request.method != "POST":
        return _form(request, here, TipForm(here=here))
    form = TipForm(request.POST, here=here)
    if not form.is_valid():
        return _form(request, here, form, status=REFUSED)
    given = form.cleaned_data
    sent = Sent(
        given["kind"],
        given["what"],
        form.region_given,
        form.school_given,
        given["where"],
        given["contact"],
    )
    solution = Solution(given["proof"], given["number"], network_of(request))
    try:
        number = tips.receive(county, sent, solution, clock.now())
    except RuleBroken as refused:
        status = TOO_MANY if isinstance(refused, TooMany) else REFUSED
        return _form(request, here, form, refused.reasons, status)
    return render(request, "tips/sent.html", {"number": grouped(number), "here": here})


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """What became of a tip, for whoever has its number. The number comes in a form, never in an
    address, where it would stand in histories and logs."""
    _same_site(request)
    told: tips.Told | None = None
    reasons: Sequence[Reason] = ()
    answer = 200
    form = NumberForm(request.POST) if request.method == "POST" else NumberForm()
    if form.is_bound and form.is_valid():
        try:
            told = tips.asked(form.cleaned_data["number"], network_of(request), clock.now())
        except RuleBroken as refused:
            reasons = refused.reasons
            answer = TOO_MANY if isinstance(refused, TooMany) else REFUSED
    elif form.is_bound:
        answer = REFUSED
    context = {
        "told": told,
        "reply": masking.strangers_text(told.reply) if told else "",
        "reasons": reasons,
        "errors": form.errors.get("number", ()),
        "form": NumberForm(),
    }
    return render(request, "tips/status.html", context, status=answer)


def _form(
    request: HttpRequest,
    here: places.Here,
    form: TipForm,
    reasons: Sequence[Reason] = (),
    status: int = 200,
) -> HttpResponse:
    """What was typed stays in a form that is refused; each has a task of its own."""
    context = {
        "form": form,
        "here": here,
        "reasons": reasons,
        "challenge": proof.issue(clock.now()),
    }
    return render(request, "tips/write.html", context, status=status)


def _county(request: HttpRequest) -> Region | None:
    """The one of this server, or the one that was chosen."""
    found = places.counties(clock.today())
    if len(found) == 1:
        return found[0]
    wanted = request.GET.get("county", "")
    return next((one for one in found if one.code == wanted), None)


def _same_site(request: HttpRequest) -> None:
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise SuspiciousOperation("A tip was sent from another site.")  # a bare 400
