"""Left-behind children (S2-17, S2-18): carer, rhythm of contact, the roster, who sees what."""

from datetime import date, timedelta

import pytest

from agencies.errors import NotPermitted, RuleBroken
from agencies.models import AuditEvent, Obligation, PolicyRule
from students.models import Carer, EnrollmentRecord, GuardianContact
from students.rules.contact import TALKS
from students.rules.enrollment import Change
from students.rules.focus import FocusGroup
from students.rules.left_behind import counted_from
from students.services import carers, contacts, enrollment, focus, left_behind
from students.services.focus import Given as Tag
from tests.support.budgets import counted
from tests.support.clients import api, browser
from tests.support.rolls import at
from tests.support.world import World

TODAY = date(2026, 10, 12)
DUE = date(2026, 11, 11)
GRANNY = carers.Given("王奶奶", "奶奶", "13912345678", date(2026, 9, 1))


@pytest.fixture
def left(world: World, clock) -> World:
    """Two children of the first class are left behind."""
    clock("2026-10-12T09:00")
    tag(world, 0, 1)
    left_behind.raise_due(at(TODAY))
    return world


def tag(world: World, *pupils: int, group: FocusGroup = FocusGroup.LEFT_BEHIND_BOTH) -> None:
    ids = [world.pupils[one].pk for one in pupils]
    given = Tag("学籍系统", date(2025, 9, 1))
    focus.tag(ids, group, given, world.posts["bureau_staff"].pk, TODAY)


def owed(world: World, pupil: int = 0) -> list[Obligation]:
    key = f"left_behind:{world.pupils[pupil].public_id}:"
    return list(Obligation.objects.filter(key__startswith=key).order_by("starts_on"))


def talk(world: World, on: date, reached: str = "guardian", channel: str = "video"):
    given = contacts.Given(at(on, 18), channel, reached, "说了学习和身体")
    return contacts.record(world.scope("teacher"), world.pupils[0], given, at(on, 19))


@pytest.mark.parametrize(
    ("last", "taken", "since"),
    [
        (None, (), TODAY),
        (TODAY - timedelta(days=10), (), TODAY - timedelta(days=10)),
        (TODAY - timedelta(days=30), (), TODAY - timedelta(days=30)),
        (TODAY - timedelta(days=31), (), TODAY),
        (TODAY - timedelta(days=10), (TODAY - timedelta(days=10),), TODAY),
    ],
    ids=["never", "within", "last day", "too long ago", "counted already"],
)
def test_nothing_is_overdue_before_anybody_could_know(last, taken, since):
    assert counted_from(last, TODAY, 30, taken) == since


@pytest.mark.parametrize(
    ("reached", "talked"),
    [
        ("guardian", True),
        ("carer", True),
        ("relative", True),
        ("student", False),
        ("nobody", False),
    ],
)
def test_a_grown_up_has_to_be_reached(reached, talked):
    assert (reached in TALKS) is talked


def test_the_school_owes_the_next_contact_once(left: World):
    assert left_behind.raise_due(at(TODAY, 12)) == 0
    (row,) = owed(left)
    assert (row.owed_by, row.owed_to, row.due_on) == (left.school, left.bureau, DUE)
    assert row.href == f"/students/{left.pupils[0].public_id}/contact/"
    assert row.clause == "S2-17"
    assert left.pupils[0].name not in f"{row.subject} {row.basis}"
    assert owed(left, 2) == []


def test_the_rhythm_is_a_policy_value(world: World, clock):
    PolicyRule.objects.create(
        county=world.county, key="focus.left_behind_days", value=14, starts_on=date(2026, 9, 1),
        source="县规定",
    )  # fmt: skip
    tag(world, 0)
    left_behind.raise_due(at(TODAY))
    assert owed(world)[0].due_on == date(2026, 10, 26)


def test_a_talk_meets_it_and_begins_the_next_and_a_try_does_not(left: World, clock):
    day = date(2026, 10, 30)
    clock("2026-10-30T19:00")
    talk(left, day, reached="nobody")
    talk(left, day, reached="student")
    assert owed(left)[0].met_at is None
    talk(left, day)
    first, second = owed(left)
    assert (first.met_at, first.late) == (at(day, 19), False)
    assert (second.starts_on, second.due_on) == (day, date(2026, 11, 30))  # 29 Nov is a Sunday
    assert left_behind.raise_due(at(day, 20)) == 0


def test_it_is_late_after_the_last_day(left: World, clock):
    clock("2026-11-13T19:00")
    assert Obligation.objects.overdue(at(DUE, 23)).count() == 0
    assert Obligation.objects.overdue(at(DUE + timedelta(days=1))).count() == 2
    talk(left, date(2026, 11, 13))
    assert owed(left)[0].late is True


def test_it_falls_with_the_tag_and_comes_back_with_it(left: World):
    focus.end([left.pupils[0].pk], FocusGroup.LEFT_BEHIND_BOTH, TODAY)
    tomorrow = TODAY + timedelta(days=1)
    assert left_behind.follow(at(tomorrow)) == 1
    assert owed(left)[0].waived_because.startswith("the child is left behind no more")
    tag(left, 0, group=FocusGroup.LEFT_BEHIND_PROVINCE)
    assert left_behind.raise_due(at(tomorrow)) == 1
    assert owed(left)[1].starts_on == tomorrow


def test_the_new_school_owes_it_by_the_same_day_and_off_the_roster_nobody(left: World):
    enrollment.change_class(left.pupils[0], left.other_class, TODAY, None, Change.TRANSFER_IN)
    assert left_behind.follow(at(TODAY, 10)) == 1
    assert (owed(left)[0].owed_by, owed(left)[0].due_on) == (left.other_school, DUE)
    EnrollmentRecord.objects.filter(student=left.pupils[1]).update(ends_on=TODAY)
    assert left_behind.follow(at(TODAY + timedelta(days=1))) == 1
    assert owed(left, 1)[0].waived_at is not None


def test_one_carer_at_a_time_and_the_one_before_is_kept(left: World):
    child, teacher = left.pupils[0], left.scope("teacher")
    carers.set_carer(teacher, child, GRANNY, at(TODAY))
    carers.set_carer(teacher, child, carers.Given("李叔", "叔叔", "", TODAY), at(TODAY))
    found = Carer.objects.filter(student=child).order_by("starts_on")
    assert [(one.name, one.ends_on) for one in found] == [
        ("王奶奶", TODAY - timedelta(days=1)),
        ("李叔", None),
    ]
    assert AuditEvent.objects.filter(verb="carer.set").count() == 2


def test_what_a_carer_cannot_be(left: World):
    nobody = carers.Given(" ", "", "", TODAY + timedelta(days=1))
    with pytest.raises(RuleBroken) as refused:
        carers.set_carer(left.scope("teacher"), left.pupils[0], nobody, at(TODAY))
    assert [one.code for one in refused.value.reasons] == ["name", "relation", "future"]
    with pytest.raises(NotPermitted):
        carers.set_carer(left.scope("village_cadre"), left.pupils[0], GRANNY, at(TODAY))


def test_the_roster_shows_carer_and_day_and_what_is_missing(left: World, clock):
    teacher = browser(left, "teacher")
    child = f"/left-behind/{left.pupils[0].public_id}/"
    sent = {"name": "王奶奶", "relation": "奶奶", "phone": "13912345678", "starts_on": "2026-09-01"}
    assert teacher.post(child, {**sent, "relation": ""}).status_code == 422
    assert teacher.post(child, sent).status_code == 302
    page = teacher.get("/left-behind/").content.decode()
    assert "王奶奶 (奶奶)" in page
    assert "139****5678" in page
    assert "13912345678" not in page
    assert "2026-11-11" in page
    assert left.pupils[2].name not in page
    missing = teacher.get("/left-behind/?only=carer").content.decode()
    assert left.pupils[1].name in missing
    assert left.pupils[0].name not in missing
    assert "contacts overdue" not in page
    clock("2026-11-13T09:00")
    assert "2 contacts overdue" in teacher.get("/left-behind/").content.decode()
    late = teacher.get("/left-behind/?only=overdue").content.decode()
    assert left.pupils[0].name in late


def test_a_contact_on_the_page_of_the_duty_meets_it(left: World):
    form = {"channel": "visit", "reached": "carer", "words": "身体好", "at": "2026-10-12T08:30"}
    form |= {"signed_by": "王奶奶"}
    address = owed(left)[0].href
    carers.set_carer(left.scope("teacher"), left.pupils[0], GRANNY, at(TODAY))
    assert "王奶奶" in browser(left, "teacher").get(address).content.decode()
    assert browser(left, "teacher").post(address, form).status_code == 302
    assert GuardianContact.objects.get().reached == "carer"
    assert owed(left)[0].met_at is not None
    page = browser(left, "teacher").get(f"/left-behind/{left.pupils[0].public_id}/")
    assert "at home · who looks after the child" in page.content.decode()


@pytest.mark.parametrize(
    ("role", "listed", "child"),
    [
        ("school_leader", True, 200),
        ("village_cadre", True, 200),
        ("bureau_staff", True, 200),
        ("second_teacher", False, 404),
        ("other_cadre", False, 404),
    ],
)
def test_who_sees_the_roster(left: World, role: str, listed: bool, child: int):
    page = browser(left, role)
    assert (left.pupils[0].name in page.get("/left-behind/").content.decode()) is listed
    assert page.get(f"/left-behind/{left.pupils[0].public_id}/").status_code == child
    assert page.get(f"/left-behind/{left.pupils[2].public_id}/").status_code == 404


def test_the_same_over_the_api(left: World):
    program = api(left, "teacher")
    child = left.pupils[0].public_id
    sent = {"name": "王奶奶", "relation": "奶奶", "phone": "13912345678", "starts_on": "2026-09-01"}
    made = program.post(f"/api/v1/students/{child}/carer/", sent, format="json")
    assert made.status_code == 201
    assert made.json()["carer"]["phone"] == "139****5678"
    rows = program.get("/api/v1/left-behind/?count=1").json()
    assert rows["count"] == 2
    assert {row["due_on"] for row in rows["results"]} == {"2026-11-11"}
    plain = program.post(f"/api/v1/students/{left.pupils[2].public_id}/carer/", sent, format="json")
    assert plain.status_code == 404
    wrong = program.post(f"/api/v1/students/{child}/carer/", {**sent, "name": " "}, format="json")
    assert wrong.status_code == 422


def test_the_roster_needs_as_many_queries_for_two_as_for_six(left: World):
    page = browser(left, "school_leader")
    page.get("/left-behind/")
    with counted() as two:
        page.get("/left-behind/")
    tag(left, 2, 3, 4, 5)
    left_behind.raise_due(at(TODAY, 10))
    with counted() as six:
        page.get("/left-behind/")
    assert len(two) == len(six)
