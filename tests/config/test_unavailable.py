"""Without the database every answer is a 503 that says so; without Redis people still work."""

import pytest
from django.db import OperationalError, connection

from tests.support.clients import api, browser

NOWHERE = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
        "OPTIONS": {"socket_connect_timeout": 1},
    }
}


def gone(execute, sql, params, many, context):
    raise OperationalError("gone")


@pytest.fixture
def closed_quietly(monkeypatch):
    """The test's own transaction survives what a lost connection would end."""
    monkeypatch.setattr(connection, "close", lambda: None)


def test_pages_and_api_answer_503(world, closed_quietly):
    page, machine = browser(world, "teacher"), api(world, "teacher")
    page.raise_request_exception = machine.raise_request_exception = False
    with connection.execute_wrapper(gone):
        answers = [page.get("/cases/"), machine.get("/api/v1/me/")]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert answers[0]["Retry-After"] == "5"
    assert answers[1]["Content-Type"] == "application/problem+json"
    assert answers[1].json()["errors"][0]["code"] == "unavailable"
    assert page.get("/cases/").status_code == 200


def test_a_token_is_given_without_redis(world, settings):
    settings.CACHES = NOWHERE
    client = api(world, "teacher")
    client.credentials()
    given = {"username": "teacher", "password": "a-password-for-tests", "device": "d"}
    assert client.post("/api/v1/tokens/", given, format="json").status_code == 201
