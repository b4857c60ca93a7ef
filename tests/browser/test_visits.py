"""A cadre plans a trip, records a visit for two children with photos; the bureau asks a question."""

import uuid
from datetime import date
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from agencies.models import Region
from cases.models import Case, Visit, VisitPhoto
from cases.services import opening, visits
from cases.services.opening import ByHand
from cases.services.visits import Report
from students.models import Guardian
from tests.browser.conftest import PHONE
from tests.support.rolls import at
from tests.support.world import World, pupil

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = date(2026, 10, 12)
LONG = "阿卜杜热合曼·买买提艾力江"


def opened(county: World, student) -> Case:
    why = ByHand("reported", date(2026, 10, 9), "not seen")
    return opening.open_by_hand(county.scope("township_cadre"), student, why, at(TODAY, 6))


@pytest.fixture
def cases(county: World) -> list[Case]:
    """A household with two children in two schools, five other doors, one in another village."""
    second = pupil(county.second_class, LONG, county.village, household=county.pupils[0].household)
    next_village = Region.objects.filter(parent=county.township).order_by("code")[1]
    far = pupil(county.second_class, "林小远", next_village)
    Guardian.objects.filter(student=second).update(
        name="买买提艾力江·阿卜杜热合曼", relation="祖父"
    )
    return [opened(county, one) for one in (county.pupils[0], second, *county.pupils[1:5], far)]


def photo(folder: Path, name: str, colour: str) -> Path:
    made = Image.new("RGB", (1200, 900), colour)
    ImageDraw.Draw(made).rectangle((300, 200, 900, 700), fill="white")
    made.save(folder / name)
    return folder / name


def test_from_the_trip_sheet_to_a_visit_with_photos(person, county, cases, tmp_path):
    here, there = cases[:2]
    cadre = person("township_cadre", PHONE)
    page = cadre.page
    cadre.goto("/cases/")
    page.click("a:has-text('走访行程单')")
    cadre.picture("visits-01-choose-phone")
    page.check(f"input[value='{county.village.code}']")
    page.click("button:has-text('显示所选村')")
    assert page.locator(".kc-trip-home").count() == 5
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for link in page.locator("main a:visible").all():
        assert link.bounding_box()["height"] >= 44, link.inner_text()
    cadre.picture("visits-02-trip-phone")
    page.click("button:has-text('显示完整电话号码')")
    assert page.locator("a[href='tel:13800000001']").count() == 1
    cadre.axe()

    page.locator(".kc-trip-child", has_text="张梓涵").locator("a.btn").click()
    for name, value in (("place", "home"), ("reached", "guardian"), ("outcome", "promised")):
        page.check(f"input[name={name}][value={value}]", force=True)
    page.check(f"input[name='for-{there.public_id}'][value=refused]", force=True)
    page.fill("textarea[name=note]", "奶奶说老大下周一回校，老二不肯去")
    bad = tmp_path / "假.jpg"
    bad.write_bytes(b"MZ" + bytes(300))
    page.set_input_files("input[name=photos]", [bad])
    cadre.picture("visits-03-form-phone")
    page.click("main button.btn-primary")
    assert "第1张照片（假.jpg）" in page.locator(".kc-note-bad").inner_text()
    assert page.input_value("textarea[name=note]").startswith("奶奶说")
    assert page.is_checked(f"input[name='for-{there.public_id}'][value=refused]")
    cadre.picture("visits-04-refused-phone")
    files = [photo(tmp_path, "a.png", "darkgreen"), photo(tmp_path, "b.jpg", "navy")]
    page.set_input_files("input[name=photos]", files)
    page.click("main button.btn-primary")
    page.wait_for_url(f"**/cases/{here.public_id}/")
    assert VisitPhoto.objects.count() == 2
    assert Visit.objects.get(case=there).outcome == "refused"
    shown = page.locator(".kc-photos img")
    shown.first.scroll_into_view_if_needed()
    for image in shown.all():  # no eval under the policy of the pages: asked from here
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
    cadre.picture("visits-05-case-phone")
    cadre.goto(f"/cases/{there.public_id}/")
    cadre.picture("visits-06-sibling-phone")

    desk = person("township_cadre")
    desk.goto(f"/cases/trip/?village={county.village.code}")
    desk.picture("visits-07-trip-desk")
    desk.page.emulate_media(media="print")
    desk.page.set_viewport_size({"width": 680, "height": 960})
    desk.picture("visits-08-trip-print")
    desk.page.emulate_media(media="screen")
    desk.page.set_viewport_size({"width": 1366, "height": 860})
    desk.goto(f"/cases/{here.public_id}/visit/")
    desk.picture("visits-09-form-desk")
    desk.goto(f"/cases/{here.public_id}/print/")
    desk.picture("visits-10-print")
    # The browser tells of the form that was refused on purpose; nothing else went wrong.
    assert [line for line in cadre.problems + desk.problems if "422" not in line] == []


def test_the_bureau_asks_and_keeps_what_it_was_told(person, county, cases):
    words = "家长答应下周一送孩子回学校，已当面教育，孩子也在场听了"
    for index, case in enumerate(cases[2:6]):
        sent = Report(
            uuid.uuid4(), at(date(2026, 10, 8 + index % 4), 10), "home", "guardian", "promised",
            note=words,
        )  # fmt: skip
        visits.record(county.scope("village_cadre"), case.public_id, sent, at(TODAY, 7))
    bureau = person("bureau_staff")
    bureau.goto("/cases/questions/")
    bureau.picture("visits-11-questions")
    bureau.axe()
    page = bureau.page
    page.click(".kc-question-answer > summary")
    page.check("input[name=answer][value=explained]", force=True)
    page.fill("textarea[name=reason]", "一次村里集中家访，逐户登记时复制了文字。")
    page.click("button:has-text('保存答复')")
    page.wait_for_load_state()
    assert page.locator("text=没有待答的疑问").count() == 1
    page.click(".kc-answered > summary")
    bureau.picture("visits-12-answered")
    phone = person("bureau_staff", PHONE)
    phone.goto("/cases/questions/")
    phone.page.click(".kc-answered > summary")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.picture("visits-13-answered-phone")
    assert bureau.problems + phone.problems == []
