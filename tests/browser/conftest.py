"""A real Chromium against a real server. Pictures are kept in var/pictures/ and looked at."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests.support.world import PASSWORD, World, build_or_load

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
PICTURES = Path(__file__).parents[2] / "var" / "pictures"
CHROMIUM = next(
    (p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).exists()), None
)
DESK, PHONE = {"width": 1366, "height": 860}, {"width": 390, "height": 844}
BAD = {"serious", "critical"}


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium; nothing of it calls home."""
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture
def county(transactional_db: None) -> World:
    """The cast, in a database that the server's threads see as well."""
    return build_or_load()


class Person:
    """Somebody at a browser."""

    def __init__(self, context: BrowserContext, server: str, name: str) -> None:
        self.page: Page = context.new_page()
        self.server, self.name = server, name
        self.problems: list[str] = []
        self.page.on("console", lambda m: self.problems.append(m.text) if m.type == "error" else 0)

    def log_in(self, username: str) -> None:
        self.goto("/login/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")

    def goto(self, path: str) -> None:
        self.page.goto(self.server + path)

    def picture(self, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    def axe(self) -> None:
        """Nothing serious for people who cannot see or use a mouse."""
        found = Axe().run(self.page).response["violations"]
        serious = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in BAD]
        assert serious == []


@pytest.fixture
def person(
    browser: Browser, live_server: LiveServer, county: World
) -> Iterator[Callable[..., Person]]:
    """Make somebody with a browser of their own: person("teacher", PHONE)."""
    contexts = []

    def make(username: str = "", size: dict[str, int] = DESK, **options: object) -> Person:
        context = browser.new_context(viewport=size, **options)
        contexts.append(context)
        somebody = Person(context, live_server.url, username)
        if username:
            somebody.log_in(username)
        return somebody

    yield make
    for context in contexts:
        context.close()
