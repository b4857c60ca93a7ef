"""A mail server on this machine that answers one command as it is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


@dataclass
class MailServer:
    """`answers` maps the first word of a command, or "." for the end of the mail, to a reply."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


class Handler(StreamRequestHandler):
    server_of: MailServer

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline().decode():
            word = line.split(maxsplit=1)[0].upper() if line.strip() else ""
            if word == "DATA":
                self.say("354 go on")
                while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                    self.server_of.lines.append(line)
                word = "."
            self.say(self.server_of.answers.get(word, "250 ok"))
            if word == "QUIT":
                return

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    told = MailServer()
    handler = type("Bound", (Handler,), {"server_of": told})
    with ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        told.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield told
        server.shutdown()
        thread.join(5)
