"""A real receiver of webhooks on this machine, which can be told to misbehave."""

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PAUSE = 0.05  # seconds between two dripped bytes
LONG = 30  # seconds of misbehaviour, then the connection is closed
Behaviour = Callable[["Handler"], None]


@dataclass(frozen=True)
class Got:
    """One request as it came in."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass
class Receiver:
    """Answers 200 and {} until told otherwise; `requests` holds what came, oldest first."""

    scheme: str = "http"
    port: int = 0
    requests: list[Got] = field(default_factory=list)
    ended: Event = field(default_factory=Event)
    behaviour: Behaviour = lambda handler: handler.reply(200, b"{}")

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}"

    def answers(self, content: object, status: int = 200, **headers: str) -> None:
        """content: bytes as they are, everything else as JSON."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.behaviour = lambda handler: handler.reply(status, body, named)

    def redirects(self, to: str, status: int = 302) -> None:
        self.answers(b"", status, Location=to)

    def hangs(self) -> None:
        """Takes the request and says nothing until the test is over or LONG has passed."""
        self.behaviour = lambda handler: handler.wait()

    def drips(self, start: bytes) -> None:
        """Sends start, then a byte now and then until the test is over or LONG has passed."""
        self.behaviour = lambda handler: handler.drip(start)

    def closes(self, start: bytes = b"") -> None:
        """Sends start and closes the connection."""
        self.behaviour = lambda handler: handler.raw(start)


class Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = urlsplit(self.path)
        got = Got(parts.path, dict(parse_qsl(parts.query)), dict(self.headers), json.loads(content))
        self.receiver.requests.append(got)
        self.close_connection = True
        with suppress(OSError):  # the sender may have hung up: that is what is tested
            self.receiver.behaviour(self)

    do_GET = do_POST

    def reply(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def wait(self) -> None:
        self.receiver.ended.wait(LONG)

    def drip(self, start: bytes) -> None:
        self.wfile.write(start)
        for _ in range(round(LONG / PAUSE)):
            if self.receiver.ended.wait(PAUSE):
                break
            self.wfile.write(b"x")

    def raw(self, start: bytes) -> None:
        self.wfile.write(start)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A refused handshake is what is tested, no reason for a traceback."""


@contextmanager
def receiving(certificate: Path | None = None) -> Iterator[Receiver]:
    """A receiver on a free port of 127.0.0.1; https with the certificate of `certify`."""
    receiver = Receiver(scheme="https" if certificate else "http")
    server = Server(("127.0.0.1", 0), type("Bound", (Handler,), {"receiver": receiver}))
    receiver.port = server.server_address[1]
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.ended.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def certify(name: str, folder: Path) -> Path:
    """A file with a key and a certificate that it signed itself for this host name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return file
