"""Group robots of 钉钉, 企业微信 and 飞书, each with its signature and its codes.

Sources: the platforms' pages on custom group robots. The base address may be another one: 专有钉钉
and private 企业微信 speak the same language on a county's own host.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from agencies.channels import webhooks
from agencies.channels.base import Message, Outcome, later, never, sent
from agencies.channels.exchange import Reply, Request


class Kind(StrEnum):
    DINGTALK = "dingtalk"
    WECOM = "wecom"
    FEISHU = "feishu"


@dataclass(frozen=True)
class RobotTarget:
    """One robot of one group. An empty base_url means the platform's own; secret may be empty
    where the group asks for no signature (企业微信 knows none)."""

    kind: str
    base_url: str = field(repr=False)
    token: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Platform:
    """most_bytes: of one text in UTF-8. too_many and busy: codes after which one tries again."""

    base: str
    build: Callable[[RobotTarget, str, str, datetime], Request]
    most_bytes: int
    too_many: frozenset[int]
    busy: frozenset[int] = frozenset({-1})


def send(target: RobotTarget, message: Message, now: datetime) -> Outcome:
    """One text into the group. now is signed: the platforms take it for an hour at most."""
    if target.kind not in PLATFORMS or not target.token:
        return never("not_configured", "no such robot, or no token")
    platform = PLATFORMS[Kind(target.kind)]
    base = (target.base_url or platform.base).rstrip("/")
    request = platform.build(target, base, _words(message, platform.most_bytes), now)
    reply = webhooks.post(request)
    return reply if isinstance(reply, Outcome) else _understood(platform, reply)


def _understood(platform: Platform, reply: Reply) -> Outcome:
    """Their code says more than the HTTP status, which is 200 or 400 for the same refusal."""
    code = _code(reply.content or {})
    if code is None or (code == 0 and reply.status >= 300):
        content = webhooks.content_of(reply)
        return content if isinstance(content, Outcome) else later("bad_answer", "no code")
    if code == 0:
        return sent()
    if code in platform.too_many:
        return later("rate_limited", f"code {code}")
    if code in platform.busy:
        return later("busy", f"code {code}")
    return never("refused", f"code {code}")


def _code(content: Mapping[str, Any]) -> int | None:
    codes = [content[name] for name in ("errcode", "code", "StatusCode") if name in content]
    return codes[0] if codes and type(codes[0]) is int else None


def _words(message: Message, most: int) -> str:
    """Subject, text and link; what is too long is cut in the text, so that the link stays.

    In all three, "<" may begin a call to everybody in the group, so a full-width one replaces it.
    """
    start = f"{message.subject}\n{message.text}".replace("<", "＜").encode()
    end = f"\n{message.link}".encode()
    if len(start) + len(end) > most:
        start = start[: most - len(end) - 3].decode(errors="ignore").encode() + "…".encode()
    return (start + end).decode()


def _hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), hashlib.sha256)).decode()


def _dingtalk(target: RobotTarget, base: str, words: str, now: datetime) -> Request:
    params = {"access_token": target.token}
    if target.secret:
        stamp = str(int(now.timestamp() * 1000))
        params["timestamp"] = stamp
        params["sign"] = _hmac(target.secret, f"{stamp}\n{target.secret}")
    return Request(f"{base}/robot/send", _text(words), params)


def _wecom(target: RobotTarget, base: str, words: str, now: datetime) -> Request:
    return Request(f"{base}/cgi-bin/webhook/send", _text(words), {"key": target.token})


def _feishu(target: RobotTarget, base: str, words: str, now: datetime) -> Request:
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": words}}
    if target.secret:
        stamp = str(int(now.timestamp()))
        body |= {"timestamp": stamp, "sign": _hmac(f"{stamp}\n{target.secret}", "")}
    return Request(f"{base}/open-apis/bot/v2/hook/{target.token}", body)


def _text(words: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": words}}


PLATFORMS: dict[Kind, Platform] = {
    Kind.DINGTALK: Platform(
        "https://oapi.dingtalk.com", _dingtalk, 15_000, frozenset({130101, 410100})
    ),
    Kind.WECOM: Platform("https://qyapi.weixin.qq.com", _wecom, 2048, frozenset({45009, 45033})),
    Kind.FEISHU: Platform("https://open.feishu.cn", _feishu, 15_000, frozenset({11232, 9499})),
}
# Messages a minute that one robot may send. 钉钉 is silent for ten minutes after more.
PER_MINUTE: dict[Kind, int] = {Kind.DINGTALK: 20, Kind.WECOM: 20, Kind.FEISHU: 100}
