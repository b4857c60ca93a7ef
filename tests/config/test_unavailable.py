"""Without the database every answer is a 503 that says so; without Redis people still work."""

import pytest
from django.db import DatabaseError, DataError, InterfaceError, OperationalError, connection

from config.problems import lost_database
from tests.support.clients import api, browser

NOWHERE = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
        "OPTIONS": {"socket_connect_timeout": 1},
    }
}
# What psycopg2 raises when a server does not answer, breaks off, or dies in an answer.
GONE = [OperationalError, InterfaceError, DatabaseError]


@pytest.fixture
def closed_quietly(monkeypatch):
    """The test's own transaction survives what a lost connection would end."""
    monkeypatch.setattr(connection, "close", lambda: None)


def failing(kind):
    def fail(execute, sql, params, many, context):
        raise kind("FATAL: 张三")

    return connection.execute_wrapper(fail)


@pytest.mark.parametrize("kind", GONE)
def test_pages_and_api_answer_503(world, closed_quietly, kind):
    page, machine = browser(world, "teacher"), api(world, "teacher")
    page.raise_request_exception = machine.raise_request_exception = False
    with failing(kind):
        answers = [
            page.get("/cases/"),
            machine.get("/api/v1/me/"),
            machine.post(f"/api/v1/cases/{world.pupils[0].public_id}/visits/", {}, format="json"),
        ]
    assert [answer.status_code for answer in answers] == [503, 503, 503]
    shown, said, written = answers
    assert {answer["Retry-After"] for answer in (shown, said, written)} == {"5"}
    assert "does not answer" in shown.content.decode()
    assert {answer["Content-Type"] for answer in (said, written)} == {"application/problem+json"}
    assert said.json()["errors"][0]["code"] == "unavailable"
    assert all("张三" not in answer.content.decode() for answer in answers)
    assert page.get("/cases/").status_code == 200
    assert machine.get("/api/v1/me/").status_code == 200


def test_in_the_language_of_the_program(world, closed_quietly):
    machine = browser(world, "teacher")
    machine.raise_request_exception = False
    with failing(OperationalError):
        english = machine.get("/api/v1/me/", headers={"Accept-Language": "en"}).json()
        chinese = machine.get("/api/v1/me/", headers={"Accept-Language": "zh"}).json()
    assert english["title"] == "The system does not answer just now"
    assert chinese["title"] != english["title"]
    assert "Idempotency-Key" in english["detail"]
    assert "Idempotency-Key" in chinese["detail"]


def test_another_error_of_the_database_is_no_lost_database():
    assert not lost_database(DataError("too long"))
    assert not lost_database(None)


def test_probes_tell_what_is_gone(client, db, closed_quietly):
    with failing(OperationalError):
        answers = [client.get(f"/health/{name}") for name in ("live", "ready", "status")]
    assert [answer.status_code for answer in answers] == [200, 503, 503]
    assert answers[1].json() == {"database": False, "redis": True}
    assert (answers[2].json()["ok"], answers[2].json()["database"]) == (False, False)


def test_a_token_is_given_without_redis(world, settings):
    settings.CACHES = NOWHERE
    client = api(world, "teacher")
    client.credentials()
    given = {"username": "teacher", "password": "a-password-for-tests", "device": "d"}
    assert client.post("/api/v1/tokens/", given, format="json").status_code == 201


def test_pages_do_not_ask_redis(world, settings):
    settings.CACHES = NOWHERE
    page = browser(world, "teacher")
    login = {"username": "teacher", "password": "a-password-for-tests"}
    assert page.get("/cases/").status_code == 200
    assert page.post("/login/", login).status_code == 302
    assert page.get("/health/ready").json() == {"database": True, "redis": False}
