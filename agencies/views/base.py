"""What every page view shares."""

from collections.abc import Callable, Collection, Sequence
from functools import wraps
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse

from agencies.access import require
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope

View = Callable[..., HttpResponse]
Sight = Callable[[Scope, Collection[UUID]], set[UUID]]


class PageRequest(HttpRequest):
    """A request of the pages: the middleware has found out who is asking."""

    scope: Scope
    request_id: str


def needs(duty: Duty | None, sight: Sight | None = None) -> Callable[[View], View]:
    """Names the duty of a route, and refuses who does not carry it. None: every account.

    sight: of several ids of its address, those whose page the person may see. It is asked by lists
    that link to it from a lower layer; None: whoever carries the duty may see each.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: PageRequest, *args: object, **kwargs: object) -> HttpResponse:
            if duty is not None:
                require(request.scope, duty)
            return view(request, *args, **kwargs)

        guarded.duty = duty  # type: ignore[attr-defined]  # functions declare none
        guarded.sight = sight  # type: ignore[attr-defined]
        return guarded

    return decorate


def tried(form: Form, work: Callable[[dict[str, Any]], object]) -> Sequence[Reason] | None:
    """Do it with what was typed. None: done; else why not (empty: the form itself is wrong).

    Raises NotPermitted, NotVisible.
    """
    if not form.is_valid():
        return ()
    try:
        work(form.cleaned_data)
    except (NotPermitted, NotVisible):
        raise
    except DomainError as refused:
        return refused.reasons
    return None
