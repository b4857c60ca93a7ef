"""People and programs before a web server on a socket: real requests, each with its seconds."""

import http.client
import json
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from config.processes import Child

PATIENCE = 30  # seconds: a request that takes longer is a failure
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    def json(self) -> dict:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class OnSocket(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(str(self.path))


@dataclass
class Web:
    path: Path
    child: Child

    def ask(
        self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Raises OSError or HTTPException when there is no answer."""
        began, connection = time.monotonic(), OnSocket(self.path)
        try:
            connection.request(method, url, body, dict(headers or {}))
            got = connection.getresponse()
            read = got.read()
            return Answer(got.status, got.headers, read, time.monotonic() - began)
        finally:
            connection.close()

    def is_live(self) -> bool:
        try:
            return self.ask("GET", "/health/live").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def person(self, username: str, password: str) -> "Person":
        person = Person(self)
        person.get("/login/")
        answer = person.post("/login/", {"username": username, "password": password})
        assert answer.status == 302, (username, answer.status)
        return person

    def program(self, username: str, password: str) -> "Program":
        given = {"username": username, "password": password, "device": "fault"}
        answer = Program(self).send("POST", "/api/v1/tokens/", given)
        assert answer.status == 201, (username, answer.status)
        return Program(self, {"Authorization": f"Token {answer.json()['token']}"}, answer.seconds)


@dataclass
class Person:
    """A browser, as far as the tests need one: cookies and forms."""

    web: Web
    cookies: dict[str, str] = field(default_factory=lambda: {"django_language": "en"})

    def get(self, url: str) -> Answer:
        return self._keep(self.web.ask("GET", url, headers=self._headers()))

    def post(self, url: str, fields: Mapping[str, object]) -> Answer:
        sent = {"csrfmiddlewaretoken": self.cookies["csrftoken"], **fields}
        headers = {**self._headers(), "Content-Type": FORM}
        return self._keep(self.web.ask("POST", url, urlencode(sent).encode(), headers))

    def fields(self, url: str) -> dict[str, str]:
        """What the hidden fields of a page's form say."""
        hidden = re.findall(
            r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.get(url).text
        )
        return dict(hidden)

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}

    def _keep(self, answer: Answer) -> Answer:
        for line in answer.headers.get_all("Set-Cookie") or []:  # type: ignore[attr-defined]
            self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(line).items()}
        return answer


@dataclass
class Program:
    """A program with a token. seconds: how long it took to get that."""

    web: Web
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0

    def send(self, method: str, url: str, body: object = None, key: str = "") -> Answer:
        headers = {**self.headers, "Content-Type": "application/json", "Accept-Language": "en"}
        if key:
            headers["Idempotency-Key"] = key
        sent = json.dumps(body).encode() if body is not None else b""
        return self.web.ask(method, url, sent, headers)
