"""F15: somebody sends 200 MB, with and without saying how much it is."""

import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.faults.stage import Stage, until
from tests.faults.web import OnSocket, Web

pytestmark = pytest.mark.fault
MB = 1024 * 1024
SENT, MOST_GROWTH = 200 * MB, 50 * MB
PATH = "/api/v1/cases/{0}/visits/{0}/photos/"
ANY = "00000000-0000-7000-8000-000000000000"


def memory(web: Web) -> int:
    parent = psutil.Process(web.child.process.pid)
    return sum(one.memory_info().rss for one in (parent, *parent.children(recursive=True)))


def settled(web: Web) -> int:
    """Memory once it stands still: every worker of the server has loaded the application."""
    seen = [0]

    def still() -> bool:
        seen.append(memory(web))
        time.sleep(1)
        return abs(seen[-1] - seen[-2]) < MB

    until(still, 60, "every worker has started")
    return memory(web)


def pieces() -> Iterator[bytes]:
    yield b'--x\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
    for _ in range(SENT // MB):
        yield b"x" * MB
    yield b"\r\n--x--\r\n"


def send(web: Web, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    """Sends until the server has had enough, then reads what it says."""
    connection = OnSocket(web.path)
    connection.putrequest("POST", path)
    for name, value in {**headers, "Content-Type": "multipart/form-data; boundary=x"}.items():
        connection.putheader(name, value)
    connection.endheaders()
    chunked = "Transfer-Encoding" in headers
    try:
        for piece in pieces():
            connection.send(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
        if chunked:
            connection.send(b"0\r\n\r\n")
    except (BrokenPipeError, ConnectionResetError):
        pass  # it has answered and closed: what it said is there to be read
    answer = connection.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


def test_two_hundred_megabytes_fill_neither_memory_nor_disk(
    stage: Stage, saw, tmp_path: Path
) -> None:
    web = stage.web("upload", TMPDIR=str(tmp_path))
    before = settled(web)
    said = send(web, PATH.format(ANY), {"Content-Length": str(SENT)})
    assert (said.status, json.loads(said.body)["errors"][0]["code"]) == (413, "too_large")
    page = send(web, f"/cases/{ANY}/visit/", {"Content-Length": str(SENT)})
    assert page.status == 413
    unsaid = send(web, PATH.format(ANY), {"Transfer-Encoding": "chunked"})
    assert unsaid.status in (400, 401, 413)
    grown = memory(web) - before
    assert grown < MOST_GROWTH
    assert list(tmp_path.iterdir()) == []
    assert web.is_live()
    saw(
        "F15",
        f"200 MB: 413 by its length and {unsaid.status} in chunks, {grown / MB:.0f} MB more "
        "memory, nothing left in the folder for temporary files",
    )
