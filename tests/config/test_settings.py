"""The production settings refuse to start half configured."""

import os
import subprocess
import sys

import pytest

SECRETS = {
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "county.example",
    "DATABASE_URL": "postgresql://u@localhost/db",
    "REDIS_URL": "redis://localhost/0",
}


def start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k not in {*SECRETS, "NOW"}}
    return subprocess.run(
        [sys.executable, "-c", "import config.settings.prod"],
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_with_all_secrets_it_starts():
    assert start(SECRETS).returncode == 0


@pytest.mark.parametrize("missing", sorted(SECRETS))
def test_a_missing_secret_is_named(missing):
    ended = start({k: v for k, v in SECRETS.items() if k != missing})
    assert ended.returncode != 0
    assert missing in ended.stderr


def test_a_fixed_clock_is_refused():
    ended = start({**SECRETS, "NOW": "2026-09-04T08:00:00+08:00"})
    assert ended.returncode != 0
    assert "NOW" in ended.stderr
