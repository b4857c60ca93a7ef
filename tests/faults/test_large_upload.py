"""F15: somebody sends 200 MB, with and without saying how much it is.

One worker, which has answered small uploads before: what it loads at its first request is not
taken for what an upload costs.
"""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.faults.stage import Stage
from tests.faults.web import OnSocket, Web

pytestmark = pytest.mark.fault
MB = 1024 * 1024
SENT, MOST_GROWTH = 200, 50  # megabytes
ANY = "00000000-0000-7000-8000-000000000000"
PROGRAM, PERSON = f"/api/v1/cases/{ANY}/visits/{ANY}/photos/", f"/cases/{ANY}/visit/"
SAID, IN_CHUNKS = {"Content-Length": str(SENT * MB)}, {"Transfer-Encoding": "chunked"}


def memory(web: Web) -> int:
    parent = psutil.Process(web.child.process.pid)
    return sum(one.memory_info().rss for one in (parent, *parent.children(recursive=True)))


def pieces(megabytes: int) -> Iterator[bytes]:
    yield b'--x\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
    for _ in range(megabytes):
        yield b"x" * MB
    yield b"\r\n--x--\r\n"


def send(
    web: Web, path: str, headers: dict[str, str], megabytes: int = SENT
) -> http.client.HTTPResponse:
    """Sends until the server has had enough, then reads what it says."""
    connection = OnSocket(web.path)
    connection.putrequest("POST", path)
    for name, value in {**headers, "Content-Type": "multipart/form-data; boundary=x"}.items():
        connection.putheader(name, value)
    connection.endheaders()
    chunked = headers is IN_CHUNKS
    try:
        for piece in pieces(megabytes):
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
    web = stage.web("upload", workers=1, TMPDIR=str(tmp_path))
    for path in (PROGRAM, PERSON):
        send(web, path, IN_CHUNKS, megabytes=1)
    before = memory(web)
    said = send(web, PROGRAM, SAID)
    assert (said.status, json.loads(said.body)["errors"][0]["code"]) == (413, "too_large")
    assert send(web, PERSON, SAID).status == 413
    unsaid = send(web, PROGRAM, IN_CHUNKS)
    assert unsaid.status in (400, 401, 413)
    grown = (memory(web) - before) / MB
    assert grown < MOST_GROWTH
    assert list(tmp_path.iterdir()) == []
    assert web.is_live()
    saw(
        "F15",
        f"200 MB: 413 by its length and {unsaid.status} in chunks, {grown:.0f} MB more "
        "memory, nothing left in the folder for temporary files",
    )
