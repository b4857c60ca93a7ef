"""Sending tips in tests: the proof of work as a browser does it, and the form with it."""

import re
from itertools import count

from django.http import HttpResponse
from django.test import Client

from cases.rules import proof
from cases.services.proof import Challenge
from tests.support.world import World

NUMBER = re.compile(r"<output>([0-9A-Z ]{19})</output>")


def solve(challenge: Challenge) -> int:
    """The number that was drawn."""
    return next(n for n in count() if proof.target(challenge.salt, n) == challenge.target)


def form(world: World, challenge: Challenge | None, **given: str) -> dict[str, str]:
    """What the form sends."""
    data = {
        "kind": "child_labour",
        "what": "在菜市场后面的作坊里做工，没有上学",
        "region": world.village.code,
        "school": "",
        "where": "菜市场后面",
        "contact": "",
        "website": "",
    }
    if challenge:
        data |= {"proof": challenge.token, "number": str(solve(challenge))}
    return {**data, **given}


def send(
    world: World, address: str = "203.0.113.7", client: Client | None = None, **given: str
) -> HttpResponse:
    """Open the page and send the form, from this address, in English."""
    client = client or Client()
    page = client.get("/tips/?language=en", REMOTE_ADDR=address)
    data = form(world, page.context["challenge"], **given)
    return client.post("/tips/?language=en", data, REMOTE_ADDR=address)


def number_of(answer: HttpResponse) -> str:
    """The tracking number on the page after sending."""
    found = NUMBER.search(answer.content.decode())
    assert found, answer.status_code
    return found.group(1)
