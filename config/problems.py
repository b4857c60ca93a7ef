"""Every error of the API as application/problem+json (RFC 9457) with pointers to the fields."""

from collections.abc import Mapping, Sequence

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import ErrorResponse, ExceptionHandlerContext
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from agencies.errors import DomainError, Reason
from config.middleware import STATUS

MEDIA_TYPE = "application/problem+json"
NON_FIELD = api_settings.NON_FIELD_ERRORS_KEY


def title(status: int) -> str:
    """Titles by status, in the language of the request."""
    return {
        400: _("The request is not well-formed"),
        401: _("Not logged in"),
        403: _("Not permitted"),
        404: _("Not found"),
        405: _("Method not allowed"),
        409: _("Not possible in this state"),
        413: _("Too large"),
        422: _("A rule does not allow this"),
        429: _("Too many requests"),
        503: _("The system does not answer just now"),
    }.get(status, _("Something went wrong"))


class Formatter(ExceptionFormatter):
    """The library's errors in our shape."""

    def format_error_response(self, error_response: ErrorResponse) -> dict[str, object]:
        status = getattr(self.exc, "status_code", 500)
        errors = [
            {
                "code": error.code,
                "detail": error.detail,
                "pointer": _pointer(error.attr or ""),
            }
            for error in error_response.errors
        ]
        return problem(status, errors)


def _pointer(attr: str) -> str:
    """causes.0.name as /causes/0/name; what is wrong with a whole points to the whole."""
    steps = (step for step in attr.split(".") if step not in ("", NON_FIELD))
    return "".join(f"/{step}" for step in steps)


def problem(status: int, errors: Sequence[Mapping[str, object]]) -> dict[str, object]:
    detail = errors[0]["detail"] if len(errors) == 1 else title(status)
    return {
        "type": "about:blank",
        "title": title(status),
        "status": status,
        "detail": detail,
        "errors": errors,
    }


def reason(one: Reason) -> dict[str, object]:
    return {"code": one.code, "detail": str(one.text), "pointer": one.pointer}


def lost_database(error: BaseException | None) -> bool:
    """Whether the database does not answer.

    A server that dies in the middle of an answer leaves no code behind: then psycopg2 raises the
    bare DatabaseError, and only then.
    """
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


def gone() -> dict[str, object]:
    """The database does not answer. Its answer to a COMMIT may be what was lost."""
    detail = _(
        "It is not certain that this was stored. Send it again in a moment, with the same "
        "Idempotency-Key."
    )
    return problem(503, [{"code": "unavailable", "detail": detail, "pointer": ""}])


def too_large(megabytes: int) -> dict[str, object]:
    """The request was not read: it has more bytes than fit through here."""
    detail = _("At most %(most)s MB can be sent here at once.") % {"most": megabytes}
    return problem(413, [{"code": "too_large", "detail": detail, "pointer": ""}])


def malformed() -> dict[str, object]:
    """The address holds a character that no text has."""
    return problem(400, [{"code": "malformed", "detail": title(400), "pointer": ""}])


def handler(exc: Exception, context: ExceptionHandlerContext) -> Response | None:
    """Refusals of the domain keep their reasons; a conflict carries the current object.

    A lost database is left to config/unavailable.py.
    """
    if lost_database(exc):
        return None
    if isinstance(exc, DomainError):
        set_rollback()
        status = next(code for kind, code in STATUS.items() if isinstance(exc, kind))
        body = problem(status, [reason(one) for one in exc.reasons])
        if exc.current is not None:
            body["current"] = exc.current
        return Response(body, status=status, content_type=MEDIA_TYPE)
    response = ExceptionHandler(exc, context).run()
    if response is not None:
        response.content_type = MEDIA_TYPE
    return response


@csrf_exempt  # a program gets the same answer to POST as to GET
def not_found(request: HttpRequest, path: str = "") -> JsonResponse:
    """Unknown addresses below /api/ answer in the same shape."""
    body = problem(404, [{"code": "not_found", "detail": title(404), "pointer": ""}])
    return JsonResponse(body, status=404, content_type=MEDIA_TYPE)
