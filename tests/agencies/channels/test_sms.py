import pytest

from agencies.channels.base import Outcome
from agencies.channels.sms import send

PHONE, TOKEN = "13812345678", "gate-44d"


@pytest.fixture
def gateway(receiver, settings):
    settings.SMS_GATEWAY = {
        "driver": "http", "url": f"{receiver.url}/sms", "template": "T1", "token": TOKEN,
    }  # fmt: skip
    return receiver


@pytest.mark.parametrize(
    "chosen",
    [{}, {"driver": "pigeon"}, {"driver": "http"}, {"driver": "http", "url": "https://x.example"}],
)
def test_no_gateway(settings, message, chosen):
    settings.SMS_GATEWAY = chosen
    outcome = send(PHONE, message)
    assert (outcome.ok, outcome.status, outcome.retry) == (False, "not_configured", False)


def test_the_console_shows_a_masked_phone(settings, message, capsys):
    settings.SMS_GATEWAY = {"driver": "console"}
    assert send(PHONE, message).ok
    shown = capsys.readouterr().err
    assert "138****5678" in shown
    assert message.link in shown
    assert PHONE not in shown


def test_the_gateway_gets_all_it_needs(gateway, message):
    gateway.answers({"id": "g-1", "status": "accepted"})
    assert send(PHONE, message) == Outcome(True, "sent", retry=False)
    [got] = gateway.requests
    assert got.path == "/sms"
    assert got.headers["Authorization"] == f"Bearer {TOKEN}"
    assert got.body == {
        "phone": PHONE,
        "template": "T1",
        "params": {"text": message.text, "link": message.link},
        "id": message.dedupe,
    }


@pytest.mark.parametrize(
    ("answer", "status", "retry"),
    [
        ({"status": "rejected"}, "refused", False),
        ({"error": f"bad number {PHONE}"}, "refused", False),
        ({"error": {"code": PHONE}}, "refused", False),
        ({"id": "1", "status": "accepted", "error": "x"}, "refused", False),
        ({"status": "accepted"}, "refused", False),  # without an id nobody can ask about it
        ({"error": "rate_limited"}, "rate_limited", True),
        ({"status": "busy"}, "busy", True),
        ({}, "bad_answer", True),
        ({"status": ["accepted"]}, "bad_answer", True),
    ],
)
def test_what_the_gateway_answers(gateway, message, answer, status, retry):
    gateway.answers(answer)
    outcome = send(PHONE, message)
    assert (outcome.ok, outcome.status, outcome.retry) == (False, status, retry)
    assert PHONE not in repr(outcome)
    assert TOKEN not in repr(outcome)


def test_a_dropped_repeat_did_arrive(gateway, message):
    gateway.answers({"id": "g-1", "status": "duplicate"})
    assert send(PHONE, message).ok


def test_a_failing_gateway(gateway, message):
    gateway.answers({"error": PHONE}, 500)
    assert send(PHONE, message) == Outcome(False, "http_500")
    gateway.answers({}, 401)
    assert send(PHONE, message) == Outcome(False, "http_401", retry=False)
