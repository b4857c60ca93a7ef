"""The pages of responsibility: coverage, one body, forms that keep what was typed."""

import uuid

from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.models import Commitment, Publicity
from tests.support.clients import browser
from tests.support.ladder import scan


def letter(**more) -> dict[str, object]:
    return {
        "client_id": str(uuid.uuid4()), "title": "2026年责任书", "year": 2026,
        "side": "government", "signer": "镇长 王某", "copies": 1, "signed_on": "2026-09-01",
    } | more  # fmt: skip


def test_from_coverage_to_a_letter_with_its_scan(world):
    client = browser(world, "township_leader")
    answer = client.get("/responsibility/?gaps=on")
    assert world.town_hall.name in answer.content.decode()
    url = f"/responsibility/{world.town_hall.public_id}/new/letter/"
    refused = client.post(url, letter(year=2030))
    assert refused.status_code == 422
    assert "镇长 王某" in refused.content.decode()
    photo = SimpleUploadedFile("责任书.png", scan(), "image/png")
    made = client.post(url, letter(attached=[photo]))
    row = Commitment.objects.get()
    assert (made.status_code, made.url) == (302, f"/commitments/{row.public_id}/")
    assert "镇长 王某" in client.get(made.url).content.decode()
    kept = client.get(f"/responsibility/files/{row.files.get().public_id}/")
    assert kept["Content-Type"] == "image/jpeg"
    assert browser(world, "other_cadre").get(made.url).status_code == 404


def test_the_group_and_its_members(world):
    client = browser(world, "township_leader")
    body = {"client_id": str(uuid.uuid4()), "title": "领导小组", "signed_on": "2026-09-01"}
    made = client.post(f"/responsibility/{world.town_hall.public_id}/new/group/", body)
    who = {"role": "first", "name": "王某", "title": "镇长", "starts_on": "2026-09-01"}
    assert client.post(f"{made.url}members/", who).status_code == 302
    assert client.post(f"{made.url}members/", {**who, "role": "king"}).status_code == 422
    member = Commitment.objects.get().members.get()
    ended = client.post(f"{made.url}members/{member.public_id}/relieve/", {"on": "2026-10-01"})
    assert ended.status_code == 302
    assert "2026-10-01" in client.get(made.url).content.decode()
    assert client.post(f"{made.url}cancel/", {"reason": ""}).status_code == 422
    assert client.post(f"{made.url}cancel/", {"reason": "误录"}).status_code == 302
    assert client.post(f"{made.url}cancel/", {"reason": "误录"}).status_code == 422


def test_publicity_is_logged_and_taken_back(world):
    client = browser(world, "school_leader")
    home = f"/responsibility/{world.school.public_id}/"
    done = {
        "client_id": str(uuid.uuid4()), "on": "2026-09-20", "channel": "meeting",
        "statutes": ["minors"], "place": "礼堂", "reach": 640, "what": "开学第一课",
    }  # fmt: skip
    assert client.post(f"{home}publicity/", {**done, "reach": -1}).status_code == 422
    assert client.post(f"{home}publicity/", done).status_code == 302
    assert "开学第一课" in client.get(f"{home}?year=2026").content.decode()
    row = Publicity.objects.get()
    client.post(f"/publicity/{row.public_id}/cancel/", {"reason": "重复"})
    row.refresh_from_db()
    assert row.cancelled_because == "重复"


def test_the_heads_of_the_coverage_are_in_the_language_of_the_reader(world):
    client = browser(world, "bureau_staff")
    client.cookies["django_language"] = "zh-hans"
    assert "工作方案（已公布）" in client.get("/responsibility/").content.decode()


def test_nonsense_in_the_address_narrows_nothing(world):
    client = browser(world, "bureau_staff")
    assert client.get("/responsibility/?year=x&kind=y&page=z").status_code == 200
    assert client.get(f"/responsibility/{world.school.public_id}/?year=0000").status_code == 200
    assert client.get(f"/responsibility/{world.school.public_id}/new/treaty/").status_code == 404
