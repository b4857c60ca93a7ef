"""What every page view shares."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from agencies.access import require
from agencies.rules.duties import Duty

View = Callable[..., HttpResponse]


def needs(duty: Duty | None) -> Callable[[View], View]:
    """Names the duty of a route, and refuses who does not carry it. None: every account."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if duty is not None:
                require(request.scope, duty)
            return view(request, *args, **kwargs)

        guarded.duty = duty  # type: ignore[attr-defined]
        return guarded

    return decorate
