"""The production settings refuse to start half configured."""

import json
import os
import subprocess
import sys

import pytest

SECRETS = {
    "SECRET_KEY": "x" * 60,
    "SEAL_KEY": "y" * 60,
    "ALLOWED_HOSTS": "county.example",
    "DATABASE_URL": "postgresql://u@localhost/db",
    "REDIS_URL": "redis://localhost/0",
}


OWN = ("SITE_URL", "TRUSTED_PROXIES", "WEBHOOK", "SMS_GATEWAY", "EMAIL", "DEFAULT_FROM")


def start(environment: dict[str, str], say: str = "") -> subprocess.CompletedProcess[str]:
    """say: an expression with the settings as `prod`, printed as JSON."""
    known = {k: v for k, v in os.environ.items() if k not in {*SECRETS, "NOW"}}
    clean = {k: v for k, v in known.items() if not k.startswith(OWN)}
    code = f"import json, config.settings.prod as prod; print(json.dumps({say or None}))"
    return subprocess.run(  # noqa: S603 our own words
        [sys.executable, "-c", code],
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


def values(names: list[str], **environment: str) -> list[object]:
    ended = start({**SECRETS, **environment}, f"[{', '.join(f'prod.{name}' for name in names)}]")
    return json.loads(ended.stdout)


def test_without_more_nothing_leaves_the_server():
    names = ["WEBHOOK_HOSTS", "WEBHOOK_PRIVATE_HOSTS", "SMS_GATEWAY", "EMAIL_HOST", "SITE_URL"]
    assert values(names) == [[], [], {}, "", "https://county.example"]


def test_no_proxy_is_believed_unless_it_is_named():
    assert values(["TRUSTED_PROXIES"]) == [[]]
    assert values(["TRUSTED_PROXIES"], TRUSTED_PROXIES="10.0.0.2, unix") == [["10.0.0.2", "unix"]]


def test_channels_come_from_the_environment():
    got = values(
        ["WEBHOOK_HOSTS", "SMS_GATEWAY", "EMAIL_USE_TLS", "EMAIL_USE_SSL", "SITE_URL"],
        WEBHOOK_HOSTS="oapi.dingtalk.com, sms.county.example:8443",
        SMS_GATEWAY_URL="https://sms.county.example:8443/send",
        SMS_GATEWAY_TOKEN="t",
        EMAIL_SECURITY="tls",
        SITE_URL="https://kc.county.example/",
    )
    url = "https://sms.county.example:8443/send"
    sms = {"driver": "http", "url": url, "template": "", "token": "t"}
    hosts = ["oapi.dingtalk.com", "sms.county.example:8443"]
    assert got == [hosts, sms, False, True, "https://kc.county.example"]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"SEAL_KEY": "short"}, "SEAL_KEY"),
        ({"ALLOWED_HOSTS": ".county.example"}, "SITE_URL"),
        ({"SMS_GATEWAY_URL": "https://sms.county.example/"}, "SMS_GATEWAY_TOKEN"),
        ({"EMAIL_SECURITY": "some"}, "EMAIL_SECURITY"),
    ],
)
def test_half_a_channel_is_named(wrong, named):
    ended = start({**SECRETS, **wrong})
    assert ended.returncode != 0
    assert named in ended.stderr
