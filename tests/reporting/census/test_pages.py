"""The page without JavaScript: lists, one form for many children, signing, what stays typed."""

import re

import pytest

from reporting.models import CensusAnswer, Filing
from students.models import EnrollmentChange
from tests.reporting.census.county import OPENS, autumn
from tests.reporting.county import roll
from tests.support.budgets import counted
from tests.support.clients import browser
from tests.support.world import pupil


@pytest.fixture
def made(world, clock):
    clock("2026-09-04T10:00:00+08:00")
    return autumn(world)


def url(made, end: str = "") -> str:
    return f"/terms/{made.world.term.public_id}/census/{made.world.school.code}/{end}"


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def fields(child, code="unknown", note="电话不通", by="王老师", on="2026-09-04"):
    key = child.public_id
    return {f"code-{key}": code, f"note-{key}": note, f"by-{key}": by, f"on-{key}": on}


def test_my_own(made):
    answer = browser(made.world, "teacher").get("/census/")
    assert (answer.status_code, answer.url) == (302, url(made))
    assert browser(made.world, "bureau_staff").get("/census/").status_code == 403


def test_before_any_roll_classes_stand_for_their_children(made):
    page = text(browser(made.world, "school_leader").get(url(made)))
    assert "All of this class have come" in page
    assert "6 children without an answer" in page
    assert "张梓涵" not in page
    assert "升学甲" in page
    assert "张梓涵" in text(browser(made.world, "school_leader").get(url(made) + "?class=7-3"))


def test_answer_several_at_once(made):
    world = made.world
    roll(world.school_class, OPENS, dict.fromkeys(world.pupils[:2], "unexcused"))
    client = browser(world, "school_leader")
    zhang, li, *_ = world.pupils
    given = {
        "version": "1",
        **fields(zhang),
        **fields(li, "on_leave", "骨折"),
        **fields(made["from_sixth"], ""),
    }
    answer = client.post(url(made), given)
    assert (answer.status_code, answer.url) == (302, url(made))
    assert CensusAnswer.objects.count() == 2
    # The same form again says nothing new.
    client.post(url(made), {**given, "version": "2"})
    assert Filing.objects.get().version == 2
    page = text(client.get(url(made)))
    assert "A case is open" in page


def test_a_refused_form_keeps_what_was_typed(made):
    world = made.world
    roll(world.school_class, OPENS, {world.pupils[0]: "unexcused"})
    given = {"version": "1", **fields(world.pupils[0], note="", by="门卫老李")}
    answer = browser(world, "school_leader").post(url(made), given)
    assert answer.status_code == 422
    page = text(answer)
    assert "张梓涵: Say what was found out." in page
    assert "门卫老李" in page
    wrong_day = {"version": "1", **fields(world.pupils[0], on="gestern")}
    assert browser(world, "school_leader").post(url(made), wrong_day).status_code == 422
    assert CensusAnswer.objects.count() == 0


def test_a_stale_form(made):
    world = made.world
    client = browser(world, "school_leader")
    client.post(url(made), {"version": "1", **fields(made["from_sixth"])})
    answer = client.post(url(made), {"version": "1", **fields(made["from_sixth"], note="另查")})
    assert answer.status_code == 409
    assert "另查" in text(answer)


def test_all_of_a_class(made):
    client = browser(made.world, "teacher")
    answer = client.post(url(made, "class/"), {"version": "1", "class": "7-3"}, follow=True)
    assert "6 children have come." in text(answer)


def test_changes_sign_and_read_only(made):
    world = made.world
    roll(world.school_class, OPENS, {})
    EnrollmentChange.objects.create(
        student=world.pupils[0],
        kind="11",
        on=OPENS,
        after=world.pupils[0].enrollments.latest("starts_on"),
    )
    client = browser(world, "school_leader")
    refused = client.post(url(made, "sign/"), {"version": "1", "remarks": "备注在此"})
    assert refused.status_code == 422
    page = text(refused)
    assert "升学甲" in page
    assert "备注在此" in page
    (change,) = re.findall(r'name="(change-[^"]+)"', page)
    client.post(
        url(made),
        {"version": "1", change: "骨折休学", **fields(made["from_sixth"], "other_school")},
    )
    done = client.post(url(made, "sign/"), {"version": "2", "remarks": ""}, follow=True)
    page = text(done)
    assert "what stands here is frozen" in page
    assert "<select" not in page
    assert "Workbook" in page
    office = text(browser(world, "bureau_staff").get(url(made)))
    assert "Read it, then confirm it or send it back" in office
    township = browser(world, "township_cadre").get(url(made))
    assert township.status_code == 200
    assert "Workbook" not in text(township)


@pytest.mark.parametrize(
    "role",
    [
        "other_teacher",
        "second_leader",
        "other_cadre",
        "village_cadre",
        "agency_staff",
        "system_admin",
    ],
)
def test_everybody_else_gets_404(made, role):
    client = browser(made.world, role)
    assert client.get(url(made)).status_code == 404
    assert client.post(url(made), {"version": "1"}).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "?show=arrived",
        "?show=explained",
        "?show=expected",
        "?show=new_here",
        "?show=nonsense&page=x&class=%00",
        "?page=99",
    ],
)
def test_lists(made, query):
    roll(made.world.school_class, OPENS, {})
    answer = browser(made.world, "school_leader").get(url(made) + query)
    assert answer.status_code == (400 if "%00" in query else 200)


def test_arrived_are_paged(made):
    for serial in range(70):
        pupil(made.world.school_class, f"新{serial}", made.world.village)
    roll(made.world.school_class, OPENS, {})
    client = browser(made.world, "school_leader")
    first = text(client.get(url(made) + "?show=expected"))
    assert "page=2" not in first  # the newcomers are not expected
    assert text(client.get(url(made) + "?show=new_here")).count("新") >= 70


def test_children_in_no_zone_are_the_bureaus(made):
    address = f"/terms/{made.world.term.public_id}/no-zone/"
    page = text(browser(made.world, "bureau_staff").get(address))
    assert "升学丙" in page
    assert "新生乙" in page
    assert browser(made.world, "school_leader").get(address).status_code == 403


def test_a_page_costs_the_same_for_more_children(made):
    counts = []
    for more in (0, 20):
        for serial in range(more):
            pupil(made.world.school_class, f"新{serial}", made.world.village)
        with counted() as statements:
            browser(made.world, "school_leader").get(url(made))
        counts.append(len(statements))
    assert counts[0] == counts[1]
