"""A relay before PostgreSQL that can lose an answer: the COMMIT goes through, its reply does not."""

import asyncio
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from config.embedded import NAME, PORT

SOCKET = f".s.PGSQL.{PORT}"
COMMIT = b"COMMIT\x00"


class Relay:
    """Listens in `folder`, passes on to the server in `server`; in a thread of its own."""

    def __init__(self, server: Path, folder: Path) -> None:
        self.server, self.folder = server / SOCKET, folder
        self.address = f"postgresql://postgres@{quote(str(folder), safe='')}:{PORT}/{NAME}"
        self.armed, self.cuts = b"", 0

    def cut_after(self, statement: str) -> None:
        """The next transaction with this statement loses the answer to its COMMIT."""
        self.armed, self.cuts = statement.encode(), 0

    def __enter__(self) -> "Relay":
        self.folder.mkdir(mode=0o700)
        self.loop, ready = asyncio.new_event_loop(), threading.Event()
        self.thread = threading.Thread(target=self._run, args=[ready], daemon=True)
        self.thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self.over.set)
        self.thread.join(10)

    def _run(self, ready: threading.Event) -> None:
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(self._serve(ready))

    async def _serve(self, ready: threading.Event) -> None:
        self.over, self.tasks = asyncio.Event(), set()
        server = await asyncio.start_unix_server(self._connection, self.folder / SOCKET)
        ready.set()
        await self.over.wait()
        server.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _connection(self, ours: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        self.tasks.add(asyncio.current_task())
        theirs, to_server = await asyncio.open_unix_connection(self.server)
        cut = asyncio.Event()
        ways = [self._ask(ours, to_server, cut), self._answer(theirs, out, cut)]
        ends = [asyncio.create_task(way) for way in ways]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
            for writer in (out, to_server):
                writer.close()
                with suppress(OSError):
                    await writer.wait_closed()

    async def _ask(
        self, ours: asyncio.StreamReader, to_server: asyncio.StreamWriter, cut: asyncio.Event
    ) -> None:
        seen = False
        while said := await ours.read(65536):
            seen = seen or (bool(self.armed) and self.armed in said)
            if seen and COMMIT in said:
                self.armed = b""
                cut.set()
            to_server.write(said)
            await to_server.drain()

    async def _answer(
        self, theirs: asyncio.StreamReader, out: asyncio.StreamWriter, cut: asyncio.Event
    ) -> None:
        while said := await theirs.read(65536):
            if cut.is_set():  # PostgreSQL has committed and says so; nobody hears it
                self.cuts += 1
                return
            out.write(said)
            await out.drain()
