"""What every test stands on: the real database with reference data, the clock, no network."""

import socket
from collections.abc import Callable, Iterator

import pytest
from django.utils import translation

from tests.support.world import World, build_or_load, load_reference

NOW = "2026-10-12T08:00:00+08:00"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with real transactions empty the tables, so they come last, in every order."""
    items.sort(key=empties_the_tables)


def empties_the_tables(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = getattr(item, "fixturenames", ())
    return "transactional_db" in fixtures or bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """The reference data is loaded once, and kept for after tests that empty the tables."""
    with django_db_blocker.unblock():
        load_reference()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """The clock stands at NOW; `clock("2026-10-13T08:00")` moves it, for threads as well."""
    monkeypatch.setenv("NOW", NOW)

    def move(moment: str) -> None:
        monkeypatch.setenv("NOW", moment)

    return move


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Messages are compared in the language of the code."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError("A test tried to reach the network.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def world(db: None) -> World:
    """A small county: two townships, three schools, a post for each duty."""
    return build_or_load()
