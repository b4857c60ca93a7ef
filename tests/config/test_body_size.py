"""Bodies that are too large are refused by their length, in words, before anything is read."""

import uuid

import pytest
from django.test import Client
from django.test.client import FakePayload

from config import body_size
from config.body_size import KB, MB
from tests.support.clients import api, browser

CASE = uuid.UUID(int=7)


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/tips/", 64 * KB),
        ("/login/", 64 * KB),
        (f"/cases/{CASE}/visit/", 92 * MB),
        (f"/api/v1/cases/{CASE}/visits/{CASE}/photos/", 92 * MB),
        (f"/api/v1/cases/{CASE}/visits/", 11 * MB),
        ("/imports/", 41 * MB),
        ("/api/v1/imports/roster/", 41 * MB),
        (f"/cases/{CASE}/actions/confirm/", 11 * MB),
        ("/nothing/visit/", 11 * MB),
    ],
)
def test_what_may_be_sent_where(path, limit):
    assert body_size.most(path) == limit


class Unread(FakePayload):
    """A body that must not be read."""

    def read(self, *args: object) -> bytes:
        raise AssertionError("the body was read")


def send(client: Client, path: str, length: object) -> object:
    return client.generic(
        "POST",
        path,
        b"x",
        "multipart/form-data; boundary=x",
        CONTENT_LENGTH=length,
        **{"wsgi.input": Unread()},
    )


@pytest.mark.parametrize("length", ["200000000", "-1", "1e9"])
@pytest.mark.parametrize("path", ["/cases/{}/visit/", "/imports/", "/tips/", "/nowhere/"])
def test_a_page_says_how_much_fits(world, path, length):
    client = browser(world, "village_cadre")
    answer = send(client, path.format(CASE), length)
    if answer.status_code != 413:
        pytest.fail(f"{path}: {answer.status_code}")
    assert "can be sent here at once" in answer.content.decode()


def test_the_api_says_it_as_a_problem(world):
    client = api(world, "village_cadre")
    answer = send(client, f"/api/v1/cases/{CASE}/visits/{CASE}/photos/", "200000000")
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert answer.json()["errors"][0]["code"] == "too_large"
    assert "92 MB" in answer.json()["detail"]
