"""A NUL character cannot be typed and the database refuses it: such a request is malformed."""

from collections.abc import Callable
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils import translation

from config import problems
from config.middleware import language_of


class NoNulls:
    """Refuses it with 400 in words: a page, at the API a problem like every other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_api = request.path.startswith("/api/")
        given = [request.path, unquote(request.META.get("QUERY_STRING", ""))]
        if not is_api:  # there the serializers refuse it
            given += [value for values in request.POST.lists() for value in values[1]]
        if not any("\x00" in text for text in given):
            return self.get_response(request)
        with translation.override(language_of(request)):
            if not is_api:
                return HttpResponse(loader.render_to_string("400.html"), status=400)
            body = problems.malformed()
        return JsonResponse(body, status=400, content_type=problems.MEDIA_TYPE)
