"""The comparison through HTTP: the review side by side, the counts, the result of a row, merging."""

import uuid
from datetime import UTC, date, datetime

import pytest

from agencies.models import AuditEvent
from cases.models import Case
from students.models import PersonList, RecordMerge
from students.queries import person_lists
from students.services import list_children, matching
from tests.support.clients import api, browser
from tests.support.registers import register, row, row_of
from tests.support.world import pupil

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 13, 1, tzinfo=UTC)
LONG = "阿依古丽·买买提明·吐尔逊江·阿不都热合曼·艾山江"


@pytest.fixture
def batch(world) -> PersonList:
    """A pupil, a pupil under another name, a child that nobody knew."""
    made = register(world, PersonList.State.APPLIED, applied_at=NOW)
    row_of(made, world.pupils[0])
    row_of(made, world.pupils[1], name="郑和平")
    row(made, name=LONG, born_on=date(2015, 3, 2), sex="1", region=world.village)
    matching.match(made)
    list_children.enter(made, list(person_lists.undecided(made)))
    return made


def entry(batch, number):
    return batch.entries.get(number=number)


def test_two_people_at_one_row_the_second_sees_what_the_first_said(world, batch):
    client = browser(world, "township_cadre")
    url = f"/lists/{batch.public_id}/comparison/{entry(batch, 3).public_id}/"
    told = {"result": "same_province", "note": "温州某校", "seen": ""}
    assert client.post(url, told).status_code == 302
    late = {"result": "out_of_school", "note": "走访", "seen": ""}
    refused = client.post(url, late)
    assert refused.status_code == 422
    assert "温州某校" in refused.content.decode()
    seen = entry(batch, 3).checked_at.isoformat()
    assert f'name="seen" value="{seen}"' in refused.content.decode()
    assert client.post(url, {**late, "seen": seen}).status_code == 302


def test_a_clerk_goes_from_the_menu_to_the_row_and_records_the_result(world, batch):
    client = browser(world, "township_cadre")
    assert client.get("/comparison/").url == f"/lists/{batch.public_id}/comparison/"
    page = client.get(f"/lists/{batch.public_id}/comparison/").content.decode()
    assert LONG in page
    assert "3 rows" in page
    assert str(entry(batch, 1).id_number) not in page
    url = f"/lists/{batch.public_id}/comparison/{entry(batch, 3).public_id}/"
    assert client.get(url).status_code == 200
    refused = client.post(url, {"result": "other", "note": ""})
    assert refused.status_code == 422
    assert "Say what shows it" in refused.content.decode()
    kept = client.post(url, {"result": "in_school", "note": "听说在校"})
    assert kept.status_code == 422
    assert "听说在校" in kept.content.decode()
    assert client.post(url, {"result": "out_of_school", "note": "走访"}).status_code == 302
    assert Case.objects.get().student == entry(batch, 3).student
    assert "走访" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_side_by_side_a_person_decides(world, batch):
    client = browser(world, "township_cadre")
    url = f"/lists/{batch.public_id}/same-child/"
    page = client.get(url).content.decode()
    assert "郑和平" in page
    assert world.pupils[1].name in page
    assert world.pupils[1].id_number not in page
    assert "1 row waits" in page
    wrong = client.post(f"{url}{entry(batch, 2).public_id}/", {"same": "no-uuid"})
    assert wrong.status_code == 404
    done = client.post(f"{url}{entry(batch, 2).public_id}/", {"same": world.pupils[1].public_id})
    assert done.url == url
    assert (entry(batch, 2).student, entry(batch, 2).result) == (world.pupils[1], "in_school")
    assert "No row waits" in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [("bureau_staff", 200), ("village_cadre", 200), ("teacher", 403)]
)
def test_who_gets_the_pages(world, batch, role, status):
    client = browser(world, role)
    for path in ("comparison", "same-child"):
        assert client.get(f"/lists/{batch.public_id}/{path}/").status_code == status
        wanted = 404 if status == 200 else 403
        assert client.get(f"/lists/{uuid.uuid4()}/{path}/").status_code == wanted


def test_rows_of_another_township_do_not_exist(world, batch):
    client = browser(world, "other_cadre")
    url = f"/lists/{batch.public_id}/comparison/"
    assert "郑和平" not in client.get(url).content.decode()
    assert client.get(f"{url}{entry(batch, 2).public_id}/").status_code == 404


def test_without_a_register_the_page_says_so(world):
    page = browser(world, "bureau_staff").get("/comparison/")
    assert "No register has been applied yet" in page.content.decode()


def test_a_system_reads_the_counts_and_gives_results(world, batch):
    client = api(world, "bureau_staff")
    url = f"/api/v1/comparisons/{batch.public_id}/"
    found = client.get(url).json()
    assert found["total"] == found["to_check"] + sum(found["results"].values()) == 3
    assert found["total"] == sum(one["total"] for one in found["townships"])
    assert found["to_decide"] == 1
    rows = client.get(f"{url}rows/?result=to_check&township={world.township.code}&count=1").json()
    assert rows["count"] == 3
    assert "*" in rows["results"][0]["id_number"]
    assert client.get(f"{url}rows/?township=none&count=1").json()["count"] == 0
    row_url = f"{url}rows/{entry(batch, 2).public_id}/"
    early = client.post(f"{row_url}result/", {"result": "other", "note": "x"}, format="json")
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (422, "/result")
    key = {"HTTP_IDEMPOTENCY_KEY": str(uuid.uuid4())}
    for _again in range(2):
        joined = client.post(
            f"{row_url}join/", {"student": world.pupils[1].public_id}, format="json", **key
        )
        assert (joined.json()["found"], joined.json()["result"]) == ("by_hand", "in_school")
    given = client.post(f"{row_url}result/", {"result": "in_school"}, format="json")
    assert given.json()["result"] == "in_school"
    assert client.get(url).json()["results"]["in_school"] == 1
    nonsense = client.post(f"{row_url}result/", {"result": "gone"}, format="json")
    assert nonsense.status_code == 422
    assert api(world, "teacher").get(url).status_code == 403


def test_two_systems_at_one_row_the_second_gets_what_the_first_said(world, batch):
    client = api(world, "bureau_staff")
    url = f"/api/v1/comparisons/{batch.public_id}/rows/"
    read = next(one for one in client.get(url).json()["results"] if one["name"] == LONG)
    told = {"result": "same_province", "note": "温州某校", "seen": read["seen"]}
    first = client.post(f"{url}{read['id']}/result/", told, format="json")
    assert first.status_code == 200
    late = {"result": "out_of_school", "note": "走访", "seen": read["seen"]}
    refused = client.post(f"{url}{read['id']}/result/", late, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "meanwhile")
    assert refused.json()["current"] == first.json()
    assert not Case.objects.exists()
    late["seen"] = refused.json()["current"]["seen"]
    assert client.post(f"{url}{read['id']}/result/", late, format="json").status_code == 200
    late = {"result": "same_province", "note": "又查"}  # who does not say what it saw is not asked
    assert client.post(f"{url}{read['id']}/result/", late, format="json").status_code == 200


def test_none_of_these_through_the_api(world, batch):
    client = api(world, "township_cadre")
    url = f"/api/v1/comparisons/{batch.public_id}/rows/{entry(batch, 2).public_id}/join/"
    assert client.post(url, {"student": None}, format="json").json()["found"] == "entered"
    again = client.post(url, {"student": None}, format="json")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "joined")


def test_the_page_of_a_merged_record_leads_to_the_kept_one(world):
    kept, other = world.pupils[0], pupil(world.other_class, "张梓涵", world.other_village)
    other.enrollments.update(ends_on=date(2026, 9, 30))
    client = browser(world, "bureau_staff")
    url = f"/students/{kept.public_id}/merge/"
    assert client.post(url, {"q": "张梓涵"}).url == url
    assert str(other.public_id) in client.get(url).content.decode()
    refused = client.post(url, {"absorbed": other.public_id, "reason": ""})
    assert refused.status_code == 422
    assert client.post(url, {"absorbed": other.public_id, "reason": "重复"}).status_code == 302
    moved = client.get(f"/students/{other.public_id}/")
    assert moved.url == f"/students/{kept.public_id}/"
    assert "重复" in client.get(url).content.decode()
    made = RecordMerge.objects.get()
    assert client.post(f"/merges/{made.public_id}/undo/").status_code == 302
    assert client.get(f"/students/{other.public_id}/").status_code == 200
    assert browser(world, "township_cadre").get(url).status_code == 403
    assert client.get(f"/students/{uuid.uuid4()}/").status_code == 404
