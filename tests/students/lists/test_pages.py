"""The pages of the lists, from upload to whom the rows mean, as plain forms."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.models import AuditEvent
from students.imports.run import run_waiting
from students.models import PersonList, Student
from tests.support.clients import browser
from tests.support.lists import PURPOSE, applied, of_child, person, provider, send
from tests.support.rosters import NOW, table, xlsx
from tests.support.world import id_number


def fill(world, rows, **changed) -> dict[str, object]:
    file = SimpleUploadedFile("名单.xlsx", xlsx(table(rows)))
    given = {
        "kind": "register",
        "provider": str(provider(world, "register").public_id),
        "as_of": "2026-09-20",
        "purpose": PURPOSE,
        "file": file,
    }
    return given | changed


def test_upload_look_apply(world):
    client = browser(world, "bureau_staff")
    assert "No list has been uploaded yet." in client.get("/lists/").content.decode()
    assert "Kind of list" in client.get("/lists/new/").content.decode()
    rows = [
        of_child(world.pupils[0]),
        person("林小满", 902, 户籍地址="不知何处", 户主="林大山"),
        person("林小雨", 904, 性别="2"),
    ]
    page = client.post("/lists/new/", fill(world, rows), follow=True)
    batch = PersonList.objects.get()
    one = f"/lists/{batch.public_id}/"
    assert page.redirect_chain == [(one, 302)]
    text = page.content.decode()
    for words in (
        "3 rows were read.", "This is the first list of its kind.", "Apply 2 rows",
        "1 row has the number of a child of ours.", "1 row is left out.", PURPOSE,
    ):  # fmt: skip
        assert words in text
    told = client.get(one + "rows/?of=error").content.decode()
    assert "Write the name, not a code." in told
    assert client.get(one + "errors.xlsx").content[:2] == b"PK"

    waiting = client.post(one + "apply/", follow=True).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    assert b"0 of 2" in client.get(one + "progress/").content
    run_waiting(NOW)
    assert client.get(one + "progress/").headers["HX-Refresh"] == "true"
    done = client.get(one).content.decode()
    assert "2 rows applied on 2026-10-12 08:00" in done
    assert "a child that nobody knew, entered from this list" in done
    entered = client.get(one + "rows/?of=entered").content.decode()
    child = Student.objects.get(name="林小满")
    assert f'href="/students/{child.public_id}/"' in entered
    assert "林大山" in entered
    assert id_number(902) not in entered
    assert "population register" in client.get("/lists/").content.decode()
    read = AuditEvent.objects.filter(subject=f"list:{batch.public_id}", verb="list.rows")
    assert [event.detail for event in read.order_by("pk")] == [{"of": "error"}, {"of": "entered"}]


def test_a_refused_form_keeps_what_was_typed(world):
    client = browser(world, "bureau_staff")
    applied(world, [person("林小满", 902)])
    rows = [person("林小满", 902)]
    page = client.post("/lists/new/", fill(world, rows, as_of="2026-09-19"))
    text = page.content.decode()
    assert page.status_code == 422
    assert "2026-09-19" in text
    assert "2026-09-20" in text
    assert f'value="{PURPOSE}"' in text
    page = client.post("/lists/new/", {"kind": "register", "purpose": "x"})
    assert page.status_code == 422
    assert PersonList.objects.count() == 1


def test_the_first_person_cannot_agree_and_the_second_can(world):
    applied(world, [person(f"林{n}", 902 + 2 * n) for n in range(4)])
    client = browser(world, "bureau_staff")
    given = fill(world, [person("林0", 902)], as_of="2026-10-01")
    page = client.post("/lists/new/", given, follow=True)
    assert "second, different person must agree after you" in page.content.decode()
    one = page.redirect_chain[0][0]
    asked = client.post(one + "apply/", follow=True).content.decode()
    assert "disabled" in asked
    refused = client.post(one + "apply/")
    assert refused.status_code == 409
    leader = browser(world, "bureau_leader")
    assert "bureau_staff 某 asked." in leader.get(one).content.decode()
    leader.post(one + "apply/")
    run_waiting(NOW)
    assert "confirmed by bureau_leader 某" in client.get(one).content.decode()


def test_rows_come_in_pages_of_50(world):
    batch = send(world, [person(f"林{n}", 100 + 2 * n) for n in range(60)])
    client = browser(world, "bureau_staff")
    first = client.get(f"/lists/{batch.public_id}/rows/?of=new").content.decode()
    assert first.count('<th scope="row">') == 50
    assert "?of=new&amp;from=50" in first
    second = client.get(f"/lists/{batch.public_id}/rows/?of=new&from=50").content.decode()
    assert second.count('<th scope="row">') == 10
    nothing = client.get(f"/lists/{batch.public_id}/rows/?of=gone&from=99999999999999999999")
    assert "No such rows." in nothing.content.decode()


@pytest.mark.parametrize("page", ["", "rows/", "progress/", "errors.xlsx"])
def test_who_gets_in(world, page):
    batch = send(world, [person("林小满", 902)])
    for role in ("teacher", "school_leader", "township_leader", "agency_staff", "system_admin"):
        assert browser(world, role).get(f"/lists/{batch.public_id}/{page}").status_code == 403
    client = browser(world, "bureau_staff")
    assert client.get(f"/lists/{batch.public_id}/{page}").status_code == 200
    assert client.get(f"/lists/{uuid.uuid4()}/{page}").status_code == 404


def test_two_people_take_a_list_back(world):
    batch = applied(world, [person("林小满", 902)])
    one = f"/lists/{batch.public_id}/"
    staff, leader = browser(world, "bureau_staff"), browser(world, "bureau_leader")
    assert "Take this list back" in staff.get(one).content.decode()
    assert staff.post(one + "undo/", {"reason": ""}).status_code == 422
    asked = staff.post(one + "undo/", {"reason": "导错了县"}, follow=True).content.decode()
    assert "Reason: 导错了县" in asked
    assert "disabled" in asked
    assert staff.post(one + "undo/").status_code == 409
    assert "Take this list back" in staff.post(one + "keep/", follow=True).content.decode()
    staff.post(one + "undo/", {"reason": "导错了县"})
    assert "bureau_staff 某 asks" in leader.get(one).content.decode()
    alive = leader.post(one + "undo/", follow=True).content.decode()
    assert "The list is being taken back." in alive
    run_waiting(NOW)
    assert leader.get(one + "progress/").headers["HX-Refresh"] == "true"
    done = leader.get(one).content.decode()
    assert "bureau_staff 某 asked, bureau_leader 某 agreed." in done
    assert "1 child whom only this list knew is unlisted again." in done
    assert "林小满" in leader.get(one + "rows/").content.decode()  # as the provider wrote it
    assert leader.post(one + "undo/").status_code == 409
