"""The visit form with photos and siblings, the trip sheet, the questions, through HTTP."""

import io
import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from agencies.models import AuditEvent, StoredFile
from cases.models import Case, SignalAnswer, Visit, VisitPhoto
from cases.services import opening, visits
from cases.services.opening import ByHand
from cases.services.visits import Report
from students.models import Guardian, Household
from tests.support.clients import api, browser
from tests.support.rolls import at
from tests.support.world import World, pupil

TODAY = date(2026, 10, 12)
pytestmark = pytest.mark.django_db


def opened(world: World, student) -> Case:
    why = ByHand("reported", date(2026, 10, 9), "not seen")
    return opening.open_by_hand(world.scope("township_cadre"), student, why, at(TODAY, 7))


def picture(colour: str = "red", name: str = "a.jpg") -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")


def typed(**more: object) -> dict[str, object]:
    return {
        "client_id": str(uuid.uuid4()),
        "at": "2026-10-12T07:30",
        "place": "home",
        "reached": "guardian",
        "outcome": "promised",
        "note": "奶奶说孩子在温州",
        **more,
    }


@pytest.fixture
def home(world: World) -> list[Case]:
    second = pupil(world.second_class, "张梓萱", world.village, household=world.pupils[0].household)
    return [opened(world, world.pupils[0]), opened(world, second)]


def test_the_form_asks_for_each_sibling_without_a_default(world, home):
    here, there = home
    page = browser(world, "village_cadre").get(f"/cases/{here.public_id}/visit/")
    text = page.content.decode()
    assert "张梓萱" in text
    assert 'enctype="multipart/form-data"' in text
    field = f'name="for-{there.public_id}"'
    chosen = [part for part in text.split("<input")[1:] if field in part and " checked" in part]
    assert all('value=""' in part for part in chosen)
    # whoever does not see the sibling is not told of it
    page = browser(world, "teacher").get(f"/cases/{here.public_id}/visit/")
    assert f"for-{there.public_id}" in page.content.decode()  # sits in the team of the household
    page = browser(world, "second_leader").get(f"/cases/{there.public_id}/visit/")
    assert page.status_code == 200


def test_a_visit_with_photos_for_two_children(world, home):
    here, there = home
    client = browser(world, "village_cadre")
    sent = typed(photos=[picture(), picture("blue", "b.jpg")])
    sent[f"for-{there.public_id}"] = "refused"
    answer = client.post(f"/cases/{here.public_id}/visit/", sent)
    assert (answer.status_code, answer.url) == (302, f"/cases/{here.public_id}/")
    assert Visit.objects.get(case=there).outcome == "refused"
    page = client.get(f"/cases/{here.public_id}/").content.decode()
    for photo in VisitPhoto.objects.select_related("file", "thumbnail"):
        assert f"/cases/{here.public_id}/files/{photo.file.public_id}/" in page
        assert f"/cases/{here.public_id}/files/{photo.thumbnail.public_id}/" in page
    printed = client.get(f"/cases/{here.public_id}/print/").content.decode()
    assert printed.count("<img") == 2
    got = client.get(f"/cases/{here.public_id}/files/{photo.file.public_id}/")
    assert (got.status_code, got["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in got["Cache-Control"] or "private" in got["Cache-Control"]
    # not through another case, and not for another township
    assert client.get(f"/cases/{there.public_id}/files/{photo.file.public_id}/").status_code == 404
    other = browser(world, "other_cadre")
    assert other.get(f"/cases/{here.public_id}/files/{photo.file.public_id}/").status_code == 404


def test_a_bad_photo_is_named_what_was_typed_stays_and_nothing_is_half_stored(world, home):
    here, there = home
    client = browser(world, "village_cadre")
    bad = SimpleUploadedFile("假照片.jpg", b"MZ" + bytes(200), "image/jpeg")
    sent = typed(photos=[picture(), bad])
    sent[f"for-{there.public_id}"] = "refused"
    answer = client.post(f"/cases/{here.public_id}/visit/", sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Photo 2 (假照片.jpg)" in text
    assert "奶奶说孩子在温州" in text
    assert "Choose the photos again" in text
    assert (Visit.objects.count(), StoredFile.objects.count()) == (0, 0)
    for name, value in (("outcome", "promised"), (f"for-{there.public_id}", "refused")):
        (kept,) = [
            part
            for part in text.split("<input")[1:]
            if f'name="{name}"' in part and " checked" in part
        ]
        assert f'value="{value}"' in kept


def test_found_at_school_leads_on_to_the_return(world, home):
    here, there = home
    client = browser(world, "township_cadre")
    sent = typed(place="school")
    sent[f"for-{there.public_id}"] = "found_at_school"
    answer = client.post(f"/cases/{here.public_id}/visit/", sent)
    assert answer.url == f"/cases/{there.public_id}/actions/record_return/"


def test_of_several_photos_the_empty_one_is_named(world, home):
    empty = SimpleUploadedFile("空.jpg", b"", "image/jpeg")
    sent = typed(photos=[picture("red", "好.jpg"), empty])
    client = browser(world, "village_cadre")
    page = client.post(f"/cases/{home[0].public_id}/visit/", sent)
    assert page.status_code == 422
    assert "Photo 2 (空.jpg)" in page.content.decode()
    assert not Visit.objects.exists()


def test_a_sibling_out_of_sight_is_a_number_without_a_name(world, home):
    """The leader of one school works on one child: the other one goes to another school."""
    here, there = home
    page = browser(world, "deputy_leader").get(f"/cases/{here.public_id}/").content.decode()
    assert "1 more case of this household lies outside your sight." in page
    assert "张梓萱" not in page
    assert str(there.public_id) not in page
    told = api(world, "deputy_leader").get(f"/api/v1/cases/{here.public_id}/").json()
    assert told["siblings"] == []
    page = browser(world, "township_cadre").get(f"/cases/{here.public_id}/").content.decode()
    assert f'href="/cases/{there.public_id}/"' in page
    assert "outside your sight" not in page


def test_photos_and_siblings_through_the_api(world, home):
    here, there = home
    client = api(world, "village_cadre")
    url = f"/api/v1/cases/{here.public_id}/visits/"
    sent = {
        "client_id": str(uuid.uuid4()),
        "at": "2026-10-12T07:30:00+08:00",
        "place": "message",
        "reached": "guardian",
        "outcome": "promised",
        "for": [{"case": str(there.public_id), "outcome": "other"}],
    }
    made = client.post(url, sent, format="json")
    assert made.status_code == 201
    assert made.json()["for"] == [{"case": str(there.public_id), "outcome": "other"}]
    photos = f"{url}{made.json()['id']}/photos/"
    answer = client.post(photos, {"photos": [picture(), picture("blue")]}, format="multipart")
    assert (answer.status_code, len(answer.json()["photos"])) == (201, 2)
    answer = client.post(photos, {"photos": picture()}, format="multipart")
    assert (answer.status_code, len(answer.json()["photos"])) == (201, 2)
    bad = SimpleUploadedFile("x.jpg", b"<svg/>")
    answer = client.post(photos, {"photos": [bad]}, format="multipart")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "page")
    assert answer.json()["errors"][0]["pointer"] == "/photos/0"
    assert client.post(photos, {}, format="multipart").status_code == 400
    sent["client_id"], sent["for"] = str(uuid.uuid4()), [{"case": str(there.public_id)}]
    answer = client.post(url, sent, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/for/0/outcome")
    assert api(world, "other_cadre").post(photos, {"photos": picture()}).status_code == 404


def test_the_trip_sheet_lists_doors_not_files(world, home):
    here, _there = home
    visits.record(
        world.scope("village_cadre"),
        here.public_id,
        Report(uuid.uuid4(), at(TODAY, 7), "home", "guardian", "refused"),
        at(TODAY, 8),
    )
    client = browser(world, "township_cadre")
    page = client.get(f"/cases/trip/?village={world.village.code}").content.decode()
    assert page.count('class="kc-trip-home"') == 1
    assert page.count('class="kc-trip-child"') == 2
    assert "2026-10-12 at home：refused" in page
    assert "138****" in page
    assert "13800000001" not in page
    read = AuditEvent.objects.get(verb="trip.read")
    assert read.detail == {"villages": [world.village.code]}


def test_whole_telephones_are_asked_for_and_recorded(world, home):
    client = browser(world, "township_cadre")
    page = client.post(f"/cases/trip/?village={world.village.code}").content.decode()
    phone = Guardian.objects.get(student=world.pupils[0]).phone
    assert f'href="tel:{phone}"' in page
    assert AuditEvent.objects.filter(verb="trip.phones").count() == 1
    assert browser(world, "system_admin").post("/cases/trip/").status_code == 403


def test_the_trip_sheet_knows_only_what_the_person_sees(world, home):
    far = Household.objects.create(county=world.county, region=world.other_village, address="远1号")
    opened_far = pupil(world.other_class, "林小远", world.other_village, household=far)
    why = ByHand("reported", date(2026, 10, 9), "not seen")
    opening.open_by_hand(world.scope("other_cadre"), opened_far, why, at(TODAY, 7))
    both = f"/cases/trip/?village={world.village.code}&village={world.other_village.code}"
    for role, seen in (("township_cadre", 1), ("other_cadre", 1), ("bureau_staff", 2)):
        page = browser(world, role).get(both).content.decode()
        assert page.count('class="kc-trip-home"') == seen, role
    # a whole township; nonsense is nothing; the only village there is, is meant
    bureau = browser(world, "bureau_staff")
    page = bureau.get(f"/cases/trip/?village={world.other_township.code}").content.decode()
    assert ("林小远" in page, "张梓涵" in page) == (True, False)
    page = bureau.get("/cases/trip/?village=%27%3B--&village=²³").content.decode()
    assert 'class="kc-trip-home"' not in page
    page = browser(world, "other_cadre").get("/cases/trip/").content.decode()
    assert "林小远" in page


def test_the_work_list_leads_to_the_sheet_of_its_village(world, home):
    page = browser(world, "township_cadre").get(f"/cases/?region={world.village.code}")
    assert f"/cases/trip/?village={world.village.code}" in page.content.decode()
    assert "/cases/questions/" not in page.content.decode()
    assert "/cases/questions/" in browser(world, "bureau_staff").get("/cases/").content.decode()


@pytest.fixture
def copied(world: World) -> list[Visit]:
    """Three visits of one cadre, word by word the same."""
    made = []
    for index in range(3):
        case = opened(world, world.pupils[index])
        sent = Report(
            uuid.uuid4(), at(date(2026, 10, 8 + index), 10), "home", "guardian", "promised",
            note="家长答应下周一送回学校，已经当面教育，电话330328201305040014",
        )  # fmt: skip
        made.append(visits.record(world.scope("village_cadre"), case.public_id, sent, at(TODAY, 7)))
    return made


def answered(made: list[Visit], **more: object) -> dict[str, object]:
    ids = ",".join(str(one.public_id) for one in made)
    return {
        "kind": "same_text",
        "visits": ids,
        "answer": "explained",
        "reason": "一次集中家访",
        **more,
    }


def test_a_question_is_answered_once_and_folded_away(world, copied):
    client = browser(world, "bureau_staff")
    page = client.get("/cases/questions/").content.decode()
    assert "The same words at several visits" in page
    assert "not a finding" in page
    assert "330328201305040014" not in page
    answer = client.post("/cases/questions/", answered(copied))
    assert answer.status_code == 302
    client.post("/cases/questions/", answered(copied))
    assert SignalAnswer.objects.count() == 1
    page = client.get("/cases/questions/").content.decode()
    assert "No question is open." in page
    assert "一次集中家访" in page
    client.post("/cases/questions/", answered(copied, answer="talk"))
    assert SignalAnswer.objects.count() == 2
    # one more visit in the same words asks anew
    case = opened(world, world.pupils[4])
    sent = Report(
        uuid.uuid4(),
        at(date(2026, 10, 11), 10),
        "home",
        "guardian",
        "promised",
        note=copied[0].note,
    )
    visits.record(world.scope("village_cadre"), case.public_id, sent, at(TODAY, 7))
    assert "No question is open." not in client.get("/cases/questions/").content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"reason": ""}, "required"),
        ({"answer": "guilty"}, "Select a valid choice"),
        ({"visits": "nonsense"}, "There is no such question."),
        ({"visits": str(uuid.uuid4())}, "This question has changed meanwhile."),
        ({"kind": "many"}, "This question has changed meanwhile."),
    ],
)
def test_an_answer_without_its_question_or_reason_is_refused(world, copied, more, words):
    answer = browser(world, "bureau_staff").post("/cases/questions/", answered(copied, **more))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not SignalAnswer.objects.exists()


def test_nobody_answers_about_an_own_visit_and_nobody_else_sees_questions(world, copied):
    copied[0].present.add(world.posts["bureau_leader"])
    answer = browser(world, "bureau_leader").post("/cases/questions/", answered(copied))
    assert answer.status_code == 422
    assert "Whoever made a visit" in answer.content.decode()
    for role in ("township_leader", "township_cadre", "village_cadre", "school_leader", "teacher"):
        client = browser(world, role)
        assert client.get("/cases/questions/").status_code == 403
        assert client.post("/cases/questions/", answered(copied)).status_code == 403
