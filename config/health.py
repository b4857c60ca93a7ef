"""Liveness: the process answers. Readiness: the database and Redis answer too."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from redis.exceptions import RedisError


@login_not_required
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"live": True})


@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """503 with the names of what does not answer, and nothing more."""
    answers = {"database": _database(), "redis": _redis()}
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT show_trgm('张三') <> '{}'")
            return bool(cursor.fetchone()[0])
    except Error:
        return False


def _redis() -> bool:
    try:
        cache.set("health", 1, 10)
        return cache.get("health") == 1
    except RedisError:
        return False
