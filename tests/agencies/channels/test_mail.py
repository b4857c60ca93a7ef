"""Mail through the backend of the tests, and against a mail server on this machine."""

import socket
from dataclasses import replace

import pytest

from agencies.channels.base import Outcome
from agencies.channels.mail import SMTP, send
from tests.support.smtp import mail_server

ADDRESS = "li@school.example"


@pytest.fixture
def server(settings):
    with mail_server() as running:
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 1
        yield running


def test_what_is_sent(mailoutbox, settings, message):
    settings.DEFAULT_FROM_EMAIL = "不少一个 <notice@county.example>"
    assert send(ADDRESS, message) == Outcome(True, "sent", retry=False)
    assert send(ADDRESS, message).ok
    assert send(ADDRESS, replace(message, dedupe="visit:8")).ok
    first, again, _other = mailoutbox
    assert (first.to, first.subject) == ([ADDRESS], message.subject)
    assert first.body == f"{message.text}\n{message.link}"
    ids = [mail.message()["Message-ID"] for mail in mailoutbox]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].endswith("@county.example>")
    assert first.message()["X-Notice-Id"] in ids[0]
    assert message.dedupe not in again.message().as_string()


def test_a_subject_cannot_bring_a_header(mailoutbox, message):
    assert send(ADDRESS, replace(message, subject="Hello\r\nBcc: x@evil.example")).ok
    assert mailoutbox[0].message()["Bcc"] is None


@pytest.mark.parametrize("address", ["no address", "a@b.example\nBcc: x@evil.example", "@"])
def test_an_address_that_is_none(message, address, mailoutbox):
    assert send(address, message) == Outcome(False, "bad_address", retry=False)
    assert mailoutbox == []


def test_no_mail_server_is_set(settings, message):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, ""
    assert send(ADDRESS, message).status == "not_configured"


def test_the_mail_server_is_not_there(settings, message):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = taken.getsockname()
        assert send(ADDRESS, message) == Outcome(False, "unreachable")


def test_the_mail_server_says_nothing(settings, message):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = SMTP, 0.3
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        assert send(ADDRESS, message) == Outcome(False, "timeout")


def test_it_arrives_at_the_mail_server(server, message):
    assert send(ADDRESS, message).ok
    assert message.link in server.lines


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "."])
@pytest.mark.parametrize(("code", "retry"), [(451, True), (550, False)])
def test_4xx_passes_and_5xx_stays(server, message, command, code, retry):
    server.answers[command] = f"{code} no {ADDRESS}"
    assert send(ADDRESS, message) == Outcome(False, "refused", f"SMTP {code}", retry)


def test_a_wrong_login_is_tried_again(server, settings, message):
    server.answers |= {"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "535 wrong"}
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "notice", "pass-word"
    assert send(ADDRESS, message) == Outcome(False, "login_failed")
