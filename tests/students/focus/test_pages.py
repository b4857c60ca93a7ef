"""Pages of focus groups: who sees which group, filters, prints, the workbook, restricted data."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from agencies.models import AuditEvent
from students.models import DisabilityRecord, FocusTag, TaughtCheck
from students.rules.disability import certificate_problem
from students.rules.focus import FocusGroup
from students.services import focus
from students.services.focus import Given
from tests.support.clients import api, browser
from tests.support.world import World, id_number

TODAY = date(2026, 10, 12)


def set_tag(world: World, group: FocusGroup, *pupils: int) -> None:
    ids = [world.pupils[i].pk for i in pupils]
    by = world.posts["bureau_staff"].pk
    focus.tag(ids, group, Given("县名单", date(2026, 9, 1)), by, TODAY)


def test_a_township_sets_reviews_and_ends_a_tag_on_the_pages(world: World):
    page, child = browser(world, "township_cadre"), world.pupils[0]
    address = f"/students/{child.public_id}/tags/"
    sent = {"group": "orphan", "starts_on": "2026-10-01", "source": "民政局 [2026]8号"}
    refused = page.post(address, {**sent, "starts_on": "2026-10-20"})
    assert refused.status_code == 422
    assert "民政局 [2026]8号" in refused.content.decode()
    assert page.post(address, sent).status_code == 302
    tag = FocusTag.objects.get(student=child)
    assert (tag.reviewed_on, tag.by) == (TODAY, world.posts["township_cadre"])
    assert "民政局 [2026]8号" in page.get(f"/students/{child.public_id}/").content.decode()
    assert page.post(f"{address}{tag.public_id}/end/").status_code == 302
    tag.refresh_from_db()
    assert tag.ends_on == TODAY
    verbs = AuditEvent.objects.filter(subject=f"student:{child.public_id}").values_list("verb")
    assert {("focus.tag",), ("focus.end",), ("focus.read",)} <= set(verbs)


def test_a_teacher_sees_left_behind_and_not_prison(world: World):
    set_tag(world, FocusGroup.PARENT_PRISON, 0)
    set_tag(world, FocusGroup.LEFT_BEHIND_BOTH, 0)
    child = f"/students/{world.pupils[0].public_id}/"
    teacher, leader = browser(world, "teacher"), browser(world, "school_leader")
    seen = teacher.get(child).content.decode()
    assert "left behind: both parents away" in seen
    assert "child of a prisoner" not in seen
    assert "child of a prisoner" in leader.get(child).content.decode()
    assert teacher.get(f"{child}tags/").status_code == 403
    program = api(world, "teacher")
    assert program.get("/api/v1/students/?tag=parent_prison").status_code == 404
    assert program.get("/api/v1/students/?tag=no_such_group").status_code == 404


def test_lists_of_children_are_narrowed_by_a_tag(world: World):
    set_tag(world, FocusGroup.POOR, 1, 2)
    found = api(world, "school_leader").get("/api/v1/students/?tag=poor&count=1").json()
    names = {world.pupils[1].name, world.pupils[2].name}
    assert {row["name"] for row in found["results"]} == names
    page = browser(world, "school_leader").get("/students/?tag=poor").content.decode()
    assert all(name in page for name in names)
    assert world.pupils[0].name not in page
    ignored = browser(world, "teacher").get("/students/?tag=poor").content.decode()
    assert world.pupils[0].name in ignored  # the teacher has no such filter


def test_a_group_is_listed_counted_printed_and_exported_for_the_bureau(world: World):
    set_tag(world, FocusGroup.POOR, 0, 1)
    bureau, town = browser(world, "bureau_staff"), browser(world, "township_cadre")
    assert 'kc-num">2' in bureau.get("/focus/").content.decode()
    listed = bureau.get("/focus/poor/").content.decode()
    assert world.pupils[0].name in listed
    assert "大峃镇 (2)" in listed
    assert "大峃镇实验学校 (2)" in listed
    other = bureau.get(f"/focus/poor/?township={world.other_township.code}").content.decode()
    assert world.pupils[0].name not in other
    assert world.pupils[1].name in town.get("/focus/poor/?print=1").content.decode()
    answer = bureau.get("/focus/poor/list.xlsx")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert [row[0] for row in rows[1:]] == sorted(
        (one.name for one in world.pupils[:2]), key=["李浩然", "张梓涵"].index
    )
    assert "*" in rows[1][3]
    assert town.get("/focus/poor/list.xlsx").status_code == 403
    exported = AuditEvent.objects.get(verb="focus.export")
    assert exported.detail == {"shown": 2, "township": "", "school": ""}
    assert (
        browser(world, "other_cadre").get("/focus/poor/").content.decode().count("/students/0") == 0
    )


def test_disabled_children_never_leave_as_a_file(world: World):
    set_tag(world, FocusGroup.DISABLED, 0)
    assert browser(world, "bureau_staff").get("/focus/disabled/list.xlsx").status_code == 403


@pytest.mark.parametrize(
    ("number", "category", "grade", "problem"),
    [
        (id_number(1) + "12", "sight", 2, ""),
        (id_number(1) + "12B1", "sight", 2, ""),
        (id_number(1) + "12", "hearing", 2, "category"),
        (id_number(1) + "12", "sight", 3, "grade"),
        ("3303282015031501251" + "2", "sight", 2, "id"),
        ("12345", "sight", 2, "form"),
        (id_number(1) + "15", "sight", 2, "form"),
    ],
)
def test_a_certificate_number_says_what_it_says(number, category, grade, problem):
    assert certificate_problem(number, category, grade, TODAY) == problem


def test_the_disability_record_is_sealed_restricted_and_each_reading_recorded(world: World):
    child = world.pupils[0]
    address = f"/students/{child.public_id}/disability/"
    assert browser(world, "township_cadre").get(address).status_code == 403
    assert browser(world, "other_leader").get(address).status_code == 404
    leader = browser(world, "school_leader")
    number = child.id_number + "53"
    sent = {"category": "intellect", "grade": "3", "number": number, "valid_to": "2030-01-01"}
    assert leader.post(address, {**sent, "grade": "4"}).status_code == 422
    assert leader.post(address, sent).status_code == 302
    record = DisabilityRecord.objects.get(student=child)
    assert number not in record.sealed_number
    assert leader.post(f"{address}check/", {"taught": "at_home"}).status_code == 302
    assert TaughtCheck.objects.get(record=record).taught == "at_home"
    before = AuditEvent.objects.filter(verb="disability.read").count()
    seen = leader.get(address).content.decode()
    assert AuditEvent.objects.filter(verb="disability.read").count() == before + 1
    assert number not in seen
    assert f"{number[:4]}{'*' * 12}{number[-4:]}" in seen
    assert leader.post(address, {**sent, "number": "", "grade": "2"}).status_code == 302
    record.refresh_from_db()
    assert (record.grade, bool(record.sealed_number)) == (2, True)
    figures = browser(world, "bureau_staff").get("/focus/disabled/").content.decode()
    assert "kc-figures" in figures
    assert (
        number
        not in browser(world, "bureau_staff").get(f"/students/{child.public_id}/").content.decode()
    )
