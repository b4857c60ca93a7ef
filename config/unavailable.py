"""What a request gets that failed: 503 when the database does not answer, 500 otherwise.

Django calls this for every exception that nobody caught, also in the middleware before the view.
"""

import logging
import sys

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.views import defaults

from config import problems

LOG = logging.getLogger(__name__)
RETRY_AFTER = "5"  # seconds


def failed(request: HttpRequest) -> HttpResponse:
    """The handler500 of config/urls.py: the exception is the one being handled."""
    error = sys.exc_info()[1]
    if problems.lost_database(error):
        return unavailable(request, error)
    return defaults.server_error(request)


def unavailable(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """No database, no work: said with a word, and the next request tries again.

    Nothing of the answer asks the database; the connection is not used again.
    """
    LOG.error("The database does not answer: %s.", type(error).__name__)
    connection.close()
    if request.path.startswith("/api/"):
        answer: HttpResponse = JsonResponse(
            problems.gone(), status=503, content_type=problems.MEDIA_TYPE
        )
    else:
        answer = HttpResponse(loader.render_to_string("503.html"), status=503)
    answer.headers["Retry-After"] = RETRY_AFTER
    return answer
