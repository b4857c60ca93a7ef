"""Against a real receiver that misbehaves: bounded, nothing followed, nothing secret told."""

import socket
import time

import pytest

from agencies.channels import addresses
from agencies.channels.base import Outcome
from agencies.channels.exchange import MOST_BYTES, Timeouts
from agencies.channels.webhooks import post_json
from tests.support.receiver import certify, receiving

SHORT = Timeouts(connect=0.5, read=0.4, total=0.8)
PATIENT = Timeouts(connect=10, read=20, total=25)
NEVER = 600  # seconds: longer than the receiver misbehaves
TOKEN = "tok-7f3a"
HEAD = b"HTTP/1.1 200 OK\r\n"


def call(receiver, timeout=PATIENT, path="/send"):
    result = post_json(
        f"{receiver.url}{path}", {"text": "二"}, params={"key": TOKEN},
        headers={"Authorization": f"Bearer {TOKEN}"}, timeout=timeout,
    )  # fmt: skip
    if isinstance(result, Outcome):
        assert TOKEN not in repr(result)
        assert receiver.host not in repr(result)
    return result


def test_a_good_answer_is_its_json_and_the_request_is_complete(receiver):
    receiver.answers({"errcode": 0})
    assert call(receiver) == {"errcode": 0}
    [got] = receiver.requests
    assert (got.path, got.params, got.body) == ("/send", {"key": TOKEN}, {"text": "二"})
    assert got.headers["Host"] == receiver.host
    assert got.headers["Authorization"] == f"Bearer {TOKEN}"
    assert got.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("status", "retry"),
    [(500, True), (503, True), (429, True), (408, True), (400, False), (403, False)],
)
def test_an_http_error(receiver, status, retry):
    receiver.answers({"ok": True}, status)
    assert call(receiver) == Outcome(False, f"http_{status}", retry=retry)


@pytest.mark.parametrize("content", [b"<html>", b"", b"[1]", b"\xff\xfe", b"[" * 60_000])
def test_what_is_no_json_object(receiver, content):
    receiver.answers(content)
    assert call(receiver).status == "bad_answer"


def test_a_redirect_is_not_followed(receiver):
    with receiving() as second:
        receiver.redirects(second.url, 307)
        result = call(receiver)
        assert (result.status, result.retry) == ("redirect", False)
        assert second.requests == []


def test_a_hanging_receiver_is_left_after_the_read_timeout(receiver):
    receiver.hangs()
    assert call(receiver, SHORT._replace(total=NEVER)).status == "timeout"


def test_hanging_within_the_body_is_a_timeout_too(receiver):
    def behaviour(handler):
        handler.raw(HEAD + b"Content-Length: 9\r\n\r\n{")
        handler.wait()

    receiver.behaviour = behaviour
    assert call(receiver, SHORT._replace(total=NEVER)).status == "timeout"


@pytest.mark.parametrize(
    "start",
    [b"", HEAD + b"X-Long: ", HEAD + b"Content-Length: 99999\r\n\r\n", HEAD + b"\r\n"],
    ids=["first line", "header", "body", "body without a length"],
)
def test_dripping_ends_at_the_deadline(receiver, start):
    receiver.drips(start)
    assert call(receiver, SHORT._replace(read=NEVER)).status == "timeout"


def test_a_slow_resolver_ends_at_the_deadline_and_nothing_is_sent_later(receiver, monkeypatch):
    def slow(host, port):
        time.sleep(0.5)
        return ("127.0.0.1",)

    monkeypatch.setattr(addresses, "lookup", slow)
    assert call(receiver, Timeouts(total=0.2)).status == "timeout"
    time.sleep(0.6)
    assert receiver.requests == []


def test_a_closed_connection(receiver):
    receiver.closes()
    assert call(receiver).status == "unreachable"
    receiver.closes(HEAD + b"Content-Length: 9\r\n\r\n{")
    assert call(receiver).status == "unreachable"


def test_nobody_listens(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{taken.getsockname()[1]}"
        settings.WEBHOOK_HOSTS = settings.WEBHOOK_PRIVATE_HOSTS = [host]
        assert post_json(f"http://{host}/", {}, timeout=PATIENT) == Outcome(False, "unreachable")


def test_the_largest_answer_and_one_byte_more(receiver):
    room = MOST_BYTES - len('{"x": ""}')
    receiver.answers({"x": "y" * room})
    assert call(receiver) == {"x": "y" * room}
    receiver.answers({"x": "y" * (room + 1)})
    assert call(receiver).status == "too_long"


def test_a_host_that_is_not_listed_sees_nothing(receiver, settings):
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    result = call(receiver)
    assert (result.status, result.retry) == ("not_allowed", False)
    assert receiver.requests == []


def test_a_private_address_sees_nothing_unless_listed(tmp_path, settings):
    certificate = certify("robot.example", tmp_path)
    with receiving(certificate) as receiver:
        settings.WEBHOOK_HOSTS = [receiver.host]
        assert call(receiver).status == "not_allowed"
        settings.WEBHOOK_PRIVATE_HOSTS = [receiver.host]
        assert call(receiver).status == "tls"  # it is called, and its certificate refused
        assert receiver.requests == []


def test_the_environment_names_no_proxy(receiver, monkeypatch):
    with receiving() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert call(receiver) == {}
        assert proxy.requests == []


def test_a_broken_header_does_not_bring_the_token_into_the_log(receiver, caplog):
    receiver.closes(HEAD + b"Content-Length: 2\r\nno header\r\n\r\n{}")
    call(receiver)
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(("name", "expected"), [("robot.example", {}), ("other.example", None)])
def test_the_checked_address_is_used_and_the_certificate_is_the_hosts(
    tmp_path, settings, monkeypatch, name, expected
):
    """The name resolves once: a second, other answer (DNS rebinding) is never asked for."""
    settings.WEBHOOK_CA_FILE = str(certify(name, tmp_path))
    with receiving(tmp_path / f"{name}.pem") as receiver:
        asked: list[str] = []

        def lookup(host, port):
            asked.append(host)
            return ("127.0.0.1",)

        monkeypatch.setattr(addresses, "lookup", lookup)
        host = f"robot.example:{receiver.port}"
        settings.WEBHOOK_HOSTS = settings.WEBHOOK_PRIVATE_HOSTS = [host]
        result = post_json(f"https://{host}/", {}, timeout=PATIENT)
        assert asked == ["robot.example"]
        if expected is None:
            assert result.status == "tls"
            assert receiver.requests == []
        else:
            assert result == expected
            assert receiver.requests[0].headers["Host"] == host


def test_the_next_address_only_when_the_first_could_not_be_reached(receiver, monkeypatch):
    monkeypatch.setattr(addresses, "lookup", lambda host, port: ("127.0.0.2", "127.0.0.1"))
    connect = socket.socket.connect

    def only_the_second(self, address):
        if address[0] == "127.0.0.2":
            raise ConnectionRefusedError
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_the_second)
    assert call(receiver) == {}
    monkeypatch.setattr(addresses, "lookup", lambda host, port: ("127.0.0.1", "127.0.0.1"))
    receiver.closes()
    assert call(receiver).status == "unreachable"
    assert len(receiver.requests) == 2
