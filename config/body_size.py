"""How large a request may be, by its path: told by its announced length, before it is read (F15).

A request without a length has no body for us: Django reads none. Files are kept on disk while they
come in, and read one at a time: see agencies/documents/pictures.py for what a single one may be.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils import translation

from config import problems
from config.middleware import language_of

KB, MB = 1024, 1024 * 1024
# The first that fits. A form is small beside its files.
LIMITS: tuple[tuple[re.Pattern[str], int], ...] = (
    # Whoever has no account: a tip in Chinese is at most some 12,000 bytes.
    (re.compile(r"^/(tips|login|language)/"), 64 * KB),
    # Nine photos of 10 MB (cases/rules/visits.py).
    (re.compile(r"^/cases/[^/]+/visit/$|/visits/[^/]+/photos/$"), 92 * MB),
    # A photo and the signed log of a lesson at home.
    (re.compile(r"/home-teaching/[^/]+/sessions?/$"), 21 * MB),
    # A roster or a list of 40 MB (students/imports/sheet.py).
    (re.compile(r"^/imports/|^/lists/|^/api/v1/imports/"), 41 * MB),
)
OTHERWISE = 11 * MB  # one scan of 10 MB


def most(path: str) -> int:
    """Bytes that a request to this path may have."""
    return next((limit for pattern, limit in LIMITS if pattern.search(path)), OTHERWISE)


class BodySize:
    """Refuses what is too large, with words; a length that is no number is none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        limit = most(request.path)
        if length.isdecimal() and int(length) <= limit:
            return self.get_response(request)
        with translation.override(language_of(request)):
            return _refused(request, max(limit // MB, 1))


def _refused(request: HttpRequest, megabytes: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        body = problems.too_large(megabytes)
        return JsonResponse(body, status=413, content_type=problems.MEDIA_TYPE)
    return HttpResponse(loader.render_to_string("413.html", {"most": megabytes}), status=413)
