"""What every request passes: its id, its language, who is asking, refusals as pages."""

import os
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from agencies import clock
from agencies.access import scope_of
from agencies.errors import Conflict, DomainError, NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.rules.scope import Scope
from agencies.views.base import PageRequest
from config import navigation

Answer = Callable[[HttpRequest], HttpResponse]
STATUS = {NotVisible: 404, NotPermitted: 403, RuleBroken: 422, NotPossible: 409, Conflict: 409}
LANGUAGE_COOKIE = settings.LANGUAGE_COOKIE_NAME


class RequestId:
    """One id per request, in the answer's header and in audit events."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: PageRequest) -> HttpResponse:
        request.request_id = str(uuid.uuid4())
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request.request_id
        return response


def language_of(request: HttpRequest) -> str:
    """What the person chose on the pages; what a program asks for at the API."""
    known = dict(settings.LANGUAGES)
    if request.path.startswith("/api/"):
        wanted = request.headers.get("Accept-Language", "")
        return "en" if wanted.lower().startswith("en") else settings.LANGUAGE_CODE
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    if request.path.startswith("/tips/"):
        chosen = request.GET.get("language", chosen)
    return chosen if chosen in known else settings.LANGUAGE_CODE


class Language:
    """Chinese unless the person chose English; the API follows Accept-Language.

    The pages of tips give no cookie: there the choice stands in the address.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = language_of(request)
        translation.activate(code)
        request.LANGUAGE_CODE = code
        response = self.get_response(request)
        response.headers["Content-Language"] = code
        if request.path.startswith("/api/"):
            response.headers["Vary"] = "Accept-Language, Authorization, Cookie"
        return response


class WhoIsAsking:
    """request.scope: posts, duties and reach of the person, resolved once.

    Answers to people who are logged in are never stored by a cache.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: PageRequest, *args: object) -> None:
        if request.user.is_authenticated:
            request.scope = scope_of(request.user)
        else:
            request.scope = Scope(0, 0, clock.today())


class DomainErrors:
    """Refusals of the domain become pages with their reasons; the API has its own handler."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
        template = "404.html" if status == 404 else "refused.html"
        return render(
            request, template, {"reasons": error.reasons, "status": status}, status=status
        )


def _this_page(request: HttpRequest) -> str:
    """Where the language button leads back to. What answers a form may have no address to be
    read at: then the page on which the form stood."""
    if request.method != "POST":
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    same_host = came_from.netloc == request.get_host()
    return came_from.path or "/" if same_host else "/"


def page_frame(request: HttpRequest) -> dict[str, object]:
    """What the frame of every page shows."""
    scope = getattr(request, "scope", None)
    nav = navigation.of(scope, request.path) if scope else navigation.NOWHERE
    fixed = settings.CLOCK_MAY_BE_FIXED and clock.is_fixed()
    return {
        "scope": scope,
        "this_page": _this_page(request),
        "nav": nav,
        "demo": settings.DEMO,
        "demo_clock": bool(settings.DEMO_CLOCK_FILE)
        and "NOW" not in os.environ
        and bool(nav.links),
        "now": clock.now(),
        "clock_is_fixed": fixed,
        "languages": settings.LANGUAGES,
    }
