"""What every API view shares: the scope, one answer per Idempotency-Key, pages of a list."""

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies import clock
from agencies.access import require, scope_of
from agencies.errors import Reason, RuleBroken
from agencies.models import User
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import requests

PAGE = 50
FARTHEST = 10_000_000  # no list is longer
M = TypeVar("M", bound=Model)


EARLIEST, LATEST = 2000, 2100  # years that a day of this work can lie in


def of_this_time(value: date) -> None:
    """Refuses days and moments that lie outside living memory: somebody mistyped the year."""
    if not EARLIEST <= value.year <= LATEST:
        raise serializers.ValidationError(_("The year cannot be right."))


class ApiView(APIView):
    """A view of the API. duty: what the caller must carry, None for every account."""

    duty: Duty | None = None
    user: User
    scope: Scope

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        if not request.user.is_authenticated:
            raise NotAuthenticated
        self.user = request.user
        self.scope = scope_of(self.user)
        if self.duty is not None:
            require(self.scope, self.duty)

    def once(self, request: Request, work: Callable[[], Response]) -> Response:
        """Do a write once per Idempotency-Key; without a key, simply do it."""
        text = request.headers.get("Idempotency-Key")
        if not text:
            return work()
        try:
            key = UUID(text)
        except ValueError as error:
            wrong = _("The Idempotency-Key must be a UUID.")
            raise RuleBroken(Reason("idempotency_key", wrong, "/Idempotency-Key")) from error
        asked = (request.method or "", request.path, request.data)
        answer = requests.once(self.user, key, asked, clock.now(), lambda: _plain(work()))
        return Response(answer.body, status=answer.status)


def _plain(response: Response) -> requests.Answer:
    return requests.Answer(response.status_code, response.data)


def page(
    request: Request, rows: QuerySet[M], show: Callable[[M], Mapping[str, object]]
) -> Response:
    """One page of a list in its stable order, with opaque cursors; count only when asked for."""
    start = _start(request.query_params.get("cursor", ""))
    found = list(rows[start : start + PAGE + 1])
    body: dict[str, object] = {
        "results": [show(row) for row in found[:PAGE]],
        "next": _link(request, start + PAGE) if len(found) > PAGE else None,
        "previous": _link(request, max(start - PAGE, 0)) if start else None,
    }
    if request.query_params.get("count") == "1":
        body["count"] = rows.count()
    return Response(body)


def _start(cursor: str) -> int:
    """Where the page begins; a cursor that is none begins anew."""
    try:
        start = int(base64.urlsafe_b64decode(cursor.encode()) or b"0")
    except (ValueError, binascii.Error):
        return 0
    return start if 0 <= start <= FARTHEST else 0


def _link(request: Request, start: int) -> str:
    query = {key: value for key, value in request.query_params.items() if key != "cursor"}
    query["cursor"] = base64.urlsafe_b64encode(str(start).encode()).decode()
    return f"{request.path}?{urlencode(query)}"
