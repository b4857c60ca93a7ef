"""Liveness and readiness, without a login and without a word too much."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_live_and_ready():
    assert Client().get("/health/live").json() == {"live": True}
    ready = Client().get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"database": True, "redis": True})


@pytest.mark.django_db
def test_not_ready_without_redis(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()["redis"]) == (503, False)


@pytest.mark.django_db
def test_headers_of_every_page():
    answer = Client().get("/login/")
    assert "no-store" in answer["Cache-Control"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Request-Id"]
