"""Signatures are computed here once more, from the platforms' descriptions."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from agencies.channels import webhooks
from agencies.channels.base import Message, Outcome
from agencies.channels.exchange import Reply
from agencies.channels.robots import PER_MINUTE, PLATFORMS, Kind, RobotTarget, send

NOW = datetime(2026, 10, 12, 0, 0, 0, 250_000, tzinfo=UTC)
SECONDS = 1_791_763_200
SECRET, TOKEN = "SEC-秘", "tok-91c"
TEXT = "2 visits are due\nCase KC-2026-0007\nhttps://county.example/k/7"


def target(receiver, kind, secret=SECRET):
    return RobotTarget(kind, f"{receiver.url}/", TOKEN, secret)


def test_the_moment_of_these_tests():
    assert datetime.fromtimestamp(SECONDS, UTC) == NOW.replace(microsecond=0)


def test_dingtalk(receiver, message):
    receiver.answers({"errcode": 0, "errmsg": "ok"})
    assert send(target(receiver, "dingtalk"), message, NOW) == Outcome(True, "sent", retry=False)
    [got] = receiver.requests
    stamp = f"{SECONDS}250"
    mac = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256)
    sign = base64.b64encode(mac.digest()).decode()
    assert got.path == "/robot/send"
    assert got.params == {"access_token": TOKEN, "timestamp": stamp, "sign": sign}
    assert got.body == {"msgtype": "text", "text": {"content": TEXT}}


def test_wecom(receiver, message):
    receiver.answers({"errcode": 0, "errmsg": "ok"})
    assert send(target(receiver, "wecom"), message, NOW).ok
    [got] = receiver.requests
    assert (got.path, got.params) == ("/cgi-bin/webhook/send", {"key": TOKEN})
    assert got.body == {"msgtype": "text", "text": {"content": TEXT}}


@pytest.mark.parametrize("answer", [{"code": 0, "msg": "success"}, {"StatusCode": 0}])
def test_feishu(receiver, message, answer):
    receiver.answers(answer)
    assert send(target(receiver, "feishu"), message, NOW).ok
    [got] = receiver.requests
    mac = hmac.new(f"{SECONDS}\n{SECRET}".encode(), b"", hashlib.sha256)
    assert (got.path, got.params) == (f"/open-apis/bot/v2/hook/{TOKEN}", {})
    assert got.body == {
        "timestamp": str(SECONDS),
        "sign": base64.b64encode(mac.digest()).decode(),
        "msg_type": "text",
        "content": {"text": TEXT},
    }


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_without_a_secret_nothing_is_signed(receiver, message, kind):
    receiver.answers({"errcode": 0})
    assert send(target(receiver, kind, ""), message, NOW).ok
    [got] = receiver.requests
    assert {"sign", "timestamp"} & {*got.params, *got.body} == set()


@pytest.mark.parametrize(
    ("kind", "answer", "status", "retry"),
    [
        ("dingtalk", {"errcode": 130101}, "rate_limited", True),
        ("wecom", {"errcode": 45009}, "rate_limited", True),
        ("feishu", {"code": 11232}, "rate_limited", True),
        ("feishu", {"code": 9499}, "rate_limited", True),
        ("dingtalk", {"errcode": -1}, "busy", True),
        ("dingtalk", {"errcode": 310000}, "refused", False),
        ("wecom", {"errcode": 93000}, "refused", False),
        ("feishu", {"code": 19021}, "refused", False),
        ("feishu", {"code": 19001, "StatusCode": 0}, "refused", False),
        ("wecom", {"errcode": 11232}, "refused", False),  # another platform's code
        ("wecom", {"errmsg": "ok"}, "bad_answer", True),
        ("wecom", {"errcode": "0"}, "bad_answer", True),
        ("wecom", {"errcode": False}, "bad_answer", True),
    ],
)  # fmt: skip
def test_what_their_codes_mean(receiver, message, kind, answer, status, retry):
    receiver.answers({**answer, "msg": f"bad {TOKEN} {SECRET}"})
    outcome = send(target(receiver, kind), message, NOW)
    assert (outcome.ok, outcome.status, outcome.retry) == (False, status, retry)
    assert TOKEN not in repr(outcome)
    assert SECRET not in repr(outcome)


@pytest.mark.parametrize(
    ("http", "answer", "status", "retry"),
    [
        (400, {"code": 11232}, "rate_limited", True),
        (400, {"code": 19021}, "refused", False),
        (400, {"code": 0}, "http_400", False),
        (404, b"nothing", "http_404", False),
        (502, b"<html>", "http_502", True),
    ],
)
def test_their_code_counts_before_the_http_status(receiver, message, http, answer, status, retry):
    receiver.answers(answer, http)
    outcome = send(target(receiver, "feishu"), message, NOW)
    assert (outcome.status, outcome.retry) == (status, retry)


def test_a_long_text_is_cut_and_its_link_stays(receiver):
    receiver.answers({"errcode": 0})
    long = Message("题", "案" * 2000, "https://county.example/k/7", "x")
    send(target(receiver, "wecom"), long, NOW)
    content = receiver.requests[0].body["text"]["content"]
    assert 2040 < len(content.encode()) <= 2048
    assert content.endswith("案…\nhttps://county.example/k/7")


def test_nobody_can_call_the_whole_group(receiver):
    receiver.answers({"code": 0})
    loud = Message('<at user_id="all">', "<@all>", "https://county.example/k/7", "x")
    send(target(receiver, "feishu"), loud, NOW)
    assert "<" not in receiver.requests[0].body["content"]["text"]


def test_an_unknown_platform_or_no_token(message):
    for robot in (RobotTarget("icq", "", TOKEN, ""), RobotTarget("wecom", "", "", "")):
        outcome = send(robot, message, NOW)
        assert (outcome.status, outcome.retry) == ("not_configured", False)


def test_the_platforms_own_address_is_the_default(monkeypatch, message):
    called = []

    def post(request):
        called.append(request)
        return Reply(200, {"errcode": 0})

    monkeypatch.setattr(webhooks, "post", post)
    for kind in Kind:
        send(RobotTarget(kind, "", TOKEN, SECRET), message, NOW)
    assert [request.url.split("/")[2] for request in called] == [
        "oapi.dingtalk.com", "qyapi.weixin.qq.com", "open.feishu.cn",
    ]  # fmt: skip
    assert TOKEN not in repr(called)


def test_every_platform_has_a_limit_and_a_target_hides_its_secrets():
    assert set(PER_MINUTE) == set(PLATFORMS) == set(Kind)
    shown = repr(RobotTarget("wecom", "https://x.example", TOKEN, SECRET))
    assert TOKEN not in shown
    assert SECRET not in shown
    assert json.dumps(list(Kind)) == '["dingtalk", "wecom", "feishu"]'
