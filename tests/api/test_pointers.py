"""What is refused points to the field that was sent, as a JSON pointer (RFC 9457, RFC 6901)."""

import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import OutsideNotice, PaperService
from tests.support.clients import api
from tests.support.ladder import confirmed, scan, step


@pytest.fixture
def case(world, clock):
    clock("2026-09-10T12:00:00+08:00")
    return confirmed(world)


def pointers(answer) -> list[str]:
    return sorted(error["pointer"] for error in answer.json()["errors"])


@pytest.mark.parametrize(
    ("role", "method", "path", "body", "expected"),
    [
        ("township_cadre", "post", "actions/request_end/", {}, ["/ending", "/proof"]),
        ("township_cadre", "post", "actions/record_return/", {"on": "2026-09-30"}, ["/on"]),
        ("township_cadre", "post", "ladder/steps/", [1], [""]),
        ("township_cadre", "put", "plan/", {"version": 0, "causes": "x"}, ["/causes"]),
        (
            "township_cadre", "put", "plan/", {"version": 0, "causes": [{"measures": "x"}]},
            ["/causes/0/cause", "/causes/0/measures"],
        ),
    ],
    ids=["end", "return", "list", "causes", "measures"],
)  # fmt: skip
def test_it_is_the_name_of_what_was_sent(world, case, role, method, path, body, expected):
    send = getattr(api(world, role), method)
    answer = send(f"/api/v1/cases/{case.public_id}/{path}", body, format="json")
    assert pointers(answer) == expected


def test_so_do_the_reply_and_the_handover_of_another_county(world, case):
    client = api(world, "bureau_staff")
    letter = {"client_id": str(uuid.uuid4()), "why": "registered", "authority": "瑞安市教育局"}
    client.post(f"/api/v1/cases/{case.public_id}/outside/", letter, format="json")
    url = f"/api/v1/outside/{OutsideNotice.objects.get().public_id}"
    early = {"on": "2026-09-09"}
    replied = client.post(f"{url}/reply/", {**early, "text": " "}, format="json")
    assert pointers(replied) == ["/on", "/text"]
    assert pointers(client.post(f"{url}/handover/", {**early, "way": ""}, format="json")) == [
        "/on",
        "/way",
    ]


def test_one_key_is_one_request_with_its_file(world, case):
    row = step(world, case, "criticism", date(2026, 9, 10))
    client = api(world, "township_cadre")
    url = f"/api/v1/cases/{case.public_id}/papers/{row.paper.public_id}/services/"
    key = {"Idempotency-Key": str(uuid.uuid4())}
    said = {
        "method": "direct", "served_on": "2026-09-10", "place": "家中", "receiver": "张某",
        "relation": "本人",
    }  # fmt: skip

    def send(data: bytes):
        receipt = SimpleUploadedFile("回证.png", data, "image/png")
        return client.post(url, {**said, "receipt": receipt}, format="multipart", headers=key)

    first, again, other = send(scan()), send(scan()), send(scan() + b" ")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    assert pointers(other) == ["/Idempotency-Key"]
    assert PaperService.objects.count() == 1


def test_a_reply_with_a_file_is_sent_twice_without_harm(world, case):
    client = api(world, "bureau_staff")
    letter = {"client_id": str(uuid.uuid4()), "why": "registered", "authority": "瑞安市教育局"}
    client.post(f"/api/v1/cases/{case.public_id}/outside/", letter, format="json")
    url = f"/api/v1/outside/{OutsideNotice.objects.get().public_id}/reply/"
    key = {"Idempotency-Key": str(uuid.uuid4())}

    def send():
        file = SimpleUploadedFile("复函.png", scan(), "image/png")
        return client.post(url, {"text": "已入学", "file": file}, format="multipart", headers=key)

    first, again = send(), send()
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
