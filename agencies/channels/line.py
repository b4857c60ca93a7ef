"""One connection that goes to a checked address only and ends at a deadline, whatever happens.

requests bounds each read, not the whole call: a server that sends one byte now and then would hold
a worker for ever. So the call runs in a thread, and at the deadline its socket is shut down.
"""

import socket
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection

from agencies.channels.addresses import Place

T = TypeVar("T")


class Call:
    """What the waiting side and the calling thread share."""

    def __init__(self) -> None:
        self.over = False
        self.sock: socket.socket | None = None

    def opened(self, sock: socket.socket | None) -> None:
        """A connection stands; nothing was asked yet. Too late means it is shut at once."""
        self.sock = sock
        if self.over:
            self.stop()

    def stop(self) -> None:
        """The deadline passed: whoever waits for this socket wakes up."""
        self.over = True
        if self.sock is not None:
            with suppress(OSError):
                # Not SSLSocket.shutdown: that drops its state while the thread still reads.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


def within(seconds: float, call: Call, work: Callable[[], T]) -> T:
    """The result or error of work; TimeoutError after so many seconds, and the call is stopped."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, name="webhook", daemon=True).start()
    try:
        return future.result(seconds)
    finally:
        call.stop()


def session(place: Place, address: str, call: Call, verify: bool | str) -> requests.Session:
    """A session for one call to this address of the place; nothing comes from the environment."""
    fresh = requests.Session()
    fresh.trust_env = False
    fresh.verify = verify
    fresh.headers = {
        "Host": place.header,
        "Accept-Encoding": "identity",  # what is read is what came: its size is bounded
        "User-Agent": "not-one-less",
    }
    fresh.mount(f"{place.scheme}://", _Pinned(place, address, call))
    return fresh


class _Pinned(HTTPAdapter):
    """Connects to the given address; the certificate must still be the host's."""

    def __init__(self, place: Place, address: str, call: Call) -> None:
        super().__init__()
        self.place, self.address, self.call = place, address, call

    # Any: the published types know neither server_hostname nor the class of a connection.
    def build_connection_pool_key_attributes(
        self, request: Any, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        where: Any
        how: Any
        where, how = super().build_connection_pool_key_attributes(request, verify, cert)
        pinned = {"scheme": self.place.scheme, "host": self.address, "port": self.place.port}
        if self.place.scheme == "https":
            how["server_hostname"] = self.place.host
        return {**where, **pinned}, how

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: Any,
        proxies: Mapping[str, str] | None = None,
        cert: Any = None,
    ) -> Any:
        pool: Any = super().get_connection_with_tls_context(request, verify, None, cert)
        pool.ConnectionCls = _watched(pool.ConnectionCls, self.call)
        return pool


def _watched(base: Any, call: Call) -> type[HTTPConnection]:
    class Watched(base):
        def connect(self) -> None:
            super().connect()
            call.opened(self.sock)

    return Watched
