"""The pages of the import, from upload to undo, as plain forms."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from students.imports.run import run_waiting
from students.models import ImportJob, RosterQuestion
from tests.support.clients import browser
from tests.support.rosters import NOW, of_pupil, roster, row, table, xlsx
from tests.support.world import id_number


def send(client, rows, school="3133000001"):
    file = SimpleUploadedFile("名单.xlsx", xlsx(table(rows)))
    return client.post("/imports/", {"file": file, "school": school}, follow=True)


def test_upload_look_apply_undo(world):
    client = browser(world, "school_leader")
    assert b"Roster file" in client.get("/imports/").content
    rows = roster(world, row("林小满", 902), row("林小雨", 904, 性别="2"))
    rows[0] |= {
        "民族": "畲族",
        "班级": "4班",
        "成员1姓名": "张某某",
        "成员1联系电话": "13900003333",
    }
    page = send(client, rows)
    text = page.content.decode()
    job = ImportJob.objects.get()
    assert page.redirect_chain == [(f"/imports/{job.public_id}/", 302)]
    assert "Apply 2 rows" in text
    assert "1 row is left out." in text
    rows_page = client.get(f"/imports/{job.public_id}/rows/?outcome=changed").content.decode()
    assert "Grade 7 (3)" in rows_page
    assert "Grade 7 (4)" in rows_page
    assert "139****3333" in rows_page
    assert "13900003333" not in rows_page
    errors = client.get(f"/imports/{job.public_id}/rows/?outcome=error").content.decode()
    assert "Write the name, not a code." in errors
    assert client.get(f"/imports/{job.public_id}/errors.xlsx").content[:2] == b"PK"

    waiting = client.post(f"/imports/{job.public_id}/apply/", follow=True).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    assert b"0 of 2" in client.get(f"/imports/{job.public_id}/progress/").content
    run_waiting(NOW)
    assert client.get(f"/imports/{job.public_id}/progress/").headers["HX-Refresh"] == "true"
    applied = client.get(f"/imports/{job.public_id}/").content.decode()
    assert "2 rows applied on 2026-10-12 08:00" in applied
    assert str(job.public_id) in applied
    undone = client.post(f"/imports/{job.public_id}/undo/", follow=True).content.decode()
    assert "Undone on 2026-10-12 08:00" in undone
    assert b"UNDEFINED" not in client.get("/imports/").content


def test_the_first_person_cannot_agree_and_the_second_can(world):
    client = browser(world, "school_leader")
    page = send(client, [of_pupil(child) for child in world.pupils[1:]]).content.decode()
    assert "second, different person must agree after you" in page
    job = ImportJob.objects.get()
    page = client.post(f"/imports/{job.public_id}/apply/", follow=True).content.decode()
    assert "disabled" in page
    assert client.post(f"/imports/{job.public_id}/apply/").status_code == 409
    deputy = browser(world, "deputy_leader")
    assert "disabled" not in deputy.get(f"/imports/{job.public_id}/").content.decode()
    deputy.post(f"/imports/{job.public_id}/apply/")
    run_waiting(NOW)
    page = client.get("/roster-questions/").content.decode()
    assert world.pupils[0].name in page
    given = {"student": world.pupils[0].public_id, "answer": "unknown"}
    client.post("/roster-questions/", given)
    assert RosterQuestion.objects.get().answer == "unknown"
    assert "No open question." in client.get("/roster-questions/").content.decode()


def test_a_file_that_cannot_be_read_says_why(world):
    client = browser(world, "school_leader")
    file = SimpleUploadedFile("名单.xlsx", b"")
    page = client.post("/imports/", {"file": file, "school": "3133000001"}, follow=True)
    assert "The file is empty." in page.content.decode()
    assert client.post("/imports/", {"school": "3133000001"}).status_code == 422


def test_no_page_shows_a_whole_number(world):
    client = browser(world, "school_leader")
    rows = roster(world, row("林小满", 902, 性别="2"))
    send(client, rows)
    job = ImportJob.objects.get()
    for page in ("", "rows/", "rows/?outcome=error", "rows/?outcome=unchanged"):
        text = client.get(f"/imports/{job.public_id}/{page}").content.decode()
        assert id_number(902) not in text
        assert "UNDEFINED" not in text


@pytest.mark.parametrize("role", ["teacher", "township_cadre", "system_admin"])
def test_somebody_else(world, role):
    assert browser(world, role).get("/imports/").status_code == 403


def test_another_school(world):
    client = browser(world, "school_leader")
    send(client, roster(world))
    job = ImportJob.objects.get()
    other = browser(world, "other_leader")
    for page in ("", "rows/", "progress/", "errors.xlsx"):
        assert other.get(f"/imports/{job.public_id}/{page}").status_code == 404
    assert send(other, roster(world)).status_code == 404
