"""Apply and undo: nothing twice, nothing lost, every field back."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.errors import NotPermitted, NotPossible, NotVisible
from agencies.models import AuditEvent
from students.imports.run import run_waiting
from students.models import (
    EnrollmentChange,
    EnrollmentRecord,
    Guardian,
    Household,
    RosterQuestion,
    SchoolClass,
    Student,
    StudentNumber,
)
from students.queries.imports import shown
from students.services import imports
from tests.support.rolls import U, take
from tests.support.rosters import NOW, of_pupil, roster, row, upload_rows
from tests.support.world import id_number


def applied(world, rows, role="school_leader", now=NOW):
    job = upload_rows(world, rows, role, now=now)
    imports.confirm(world.scope(role), job.public_id, now)
    assert run_waiting(now) == 1
    job.refresh_from_db()
    return job


def everything() -> dict[str, list]:
    """All that an import may touch, by value."""
    models = (Student, StudentNumber, Guardian, Household, EnrollmentRecord, SchoolClass,
              EnrollmentChange)  # fmt: skip
    found = {model.__name__: list(model.objects.order_by("pk").values()) for model in models}
    for guardian in found["Guardian"]:
        guardian.pop("id")  # replaced as a whole
    found["Guardian"].sort(key=str)
    return found


def test_a_new_child_gets_all_that_the_row_says(world):
    new = row(
        "单小满",
        902,
        民族="汉",
        学籍号="G" + id_number(902),
        就读方式="住校",
        现住址=f"{world.township.name}{world.village.name}12号",
        成员1姓名="单某",
        成员1关系="父亲",
        成员1联系电话="13900001111",
    )
    job = applied(world, roster(world, new))
    child = Student.objects.get(name="单小满")
    assert (child.sex, child.born_on, child.ethnicity) == ("2", date(2013, 5, 4), "汉族")
    assert child.boarding
    assert " shanxiaoman" in child.name_keys
    assert child.household.region == world.village
    assert child.guardians.get().phone == "13900001111"
    assert child.numbers.get().number == "G" + id_number(902)
    record = child.enrollments.get()
    assert (record.school_class, record.starts_on) == (world.school_class, date(2026, 9, 1))
    assert child.changes.get().kind == "entry"
    assert (job.state, job.done_rows) == ("applied", 1)
    assert AuditEvent.objects.filter(subject=f"import:{job.public_id}").count() == 2


def test_in_the_first_weeks_a_new_child_has_been_there_since_the_term_opened(world, clock):
    clock("2026-09-20T08:00:00+08:00")
    now = datetime.fromisoformat("2026-09-20T08:00:00+08:00")
    applied(world, roster(world, row("林小满", 902)), now=now)
    record = EnrollmentRecord.objects.get(student__name="林小满")
    assert record.starts_on == world.term.starts_on


def test_siblings_share_a_household_when_a_guardian_has_the_same_name_and_phone(world):
    parent = {"成员1姓名": "林某", "成员1关系": "母亲", "成员1联系电话": "13900002222"}
    applied(world, roster(world, row("林小满", 902, **parent), row("林小雨", 904, **parent)))
    applied(
        world, roster(world, row("林小满", 902), row("林小雨", 904), row("林小风", 906, **parent))
    )
    homes = set(Student.objects.filter(name__startswith="林小").values_list("household", flat=True))
    assert len(homes) == 1


def test_the_same_file_again_changes_nothing(world):
    rows = roster(
        world, row("林小满", 902, 现住址="别处1号"), row("林小雨", 学籍号="L330328201305040003")
    )
    first, second = (upload_rows(world, rows) for _ in range(2))
    for job in (first, second):
        imports.confirm(world.scope("school_leader"), job.public_id, NOW)
    assert run_waiting(NOW) == 2
    before = everything()
    assert Student.objects.filter(name__startswith="林小").count() == 2
    third = applied(world, rows)
    assert third.counts["unchanged"] == 8
    assert everything() == before
    second.refresh_from_db()
    assert (second.counts["new"], second.counts["unchanged"]) == (0, 8)
    assert run_waiting(NOW) == 0


def test_a_change_of_class_is_two_dated_records(world):
    rows = roster(world)
    rows[0]["班级"] = "七（4）班"
    job = applied(world, rows)
    child = world.pupils[0]
    old, new = child.enrollments.order_by("starts_on")
    assert (old.ends_on, new.starts_on) == (date(2026, 10, 11), date(2026, 10, 12))
    assert (new.school_class.number, new.school_class.grade) == (4, 7)
    assert child.changes.get().kind == "29"
    assert job.rows.get(outcome="changed").changes == {"school_class": [[2026, 7, 3], [2026, 7, 4]]}


def test_a_day_with_a_mark_stays_with_the_class_that_gave_it(world):
    take(world, date(2026, 10, 12), {0: U})
    rows = roster(world)
    rows[0]["班级"] = "七（4）班"
    applied(world, rows)
    new = world.pupils[0].enrollments.get(ends_on__isnull=True)
    assert new.starts_on == date(2026, 10, 13)


def test_a_temporary_number_is_followed_by_the_real_one_of_the_same_child(world):
    child = world.pupils[0]
    number = child.id_number
    old = StudentNumber.objects.create(
        student=child, number="L330328201305040007", starts_on=date(2026, 9, 1)
    )
    rows = roster(world)
    rows[0] |= {"身份证件号": number, "学籍号": "G" + number}
    Student.objects.filter(pk=child.pk).update(id_number=None, no_id_reason="户口未落")
    applied(world, rows)
    child.refresh_from_db()
    old.refresh_from_db()
    assert (child.id_number, child.no_id_reason) == (number, "")
    assert old.ends_on == date(2026, 10, 11)
    assert child.numbers.get(ends_on__isnull=True).number == "G" + number
    assert Student.objects.filter(name=child.name).count() == 1


def test_missing_pupils_become_questions_and_stay_on_the_roster(world):
    Student.objects.filter(pk=world.pupils[0].pk).update(name="张梓晗")
    rows = [of_pupil(child) for child in world.pupils[1:]]
    job = upload_rows(world, rows)
    imports.confirm(world.scope("school_leader"), job.public_id, NOW)
    imports.confirm(world.scope("deputy_leader"), job.public_id, NOW)
    run_waiting(NOW)
    question = RosterQuestion.objects.get()
    assert question.student_id == world.pupils[0].pk
    asked = world.pupils[0].public_id
    assert world.pupils[0].enrollments.get().ends_on is None
    said = imports.answer(world.scope("school_leader"), asked, "here", NOW)
    assert said.answered_at == NOW
    with pytest.raises(NotVisible):
        imports.answer(world.scope("other_leader"), asked, "here", NOW)
    with pytest.raises(NotPossible):
        imports.answer(world.scope("school_leader"), asked, "here", NOW)


def test_when_many_would_leave_a_second_different_person_decides(world):
    job = upload_rows(world, [of_pupil(child) for child in world.pupils[1:]])
    first = world.scope("school_leader")
    assert imports.confirm(first, job.public_id, NOW).state == "needs_second"
    with pytest.raises(NotPossible) as refused:
        imports.confirm(first, job.public_id, NOW)
    assert refused.value.reasons[0].code == "second_person"
    assert run_waiting(NOW) == 0
    assert not RosterQuestion.objects.exists()
    assert imports.confirm(world.scope("bureau_staff"), job.public_id, NOW).state == "applying"
    assert run_waiting(NOW) == 1


def test_exactly_ten_percent_may_leave_with_one_person(world):
    rows = [row(f"林{n}", n) for n in range(902, 910, 2)]
    applied(world, roster(world, *rows))
    job = upload_rows(world, roster(world, *rows[1:]))
    assert (job.counts["missing"], job.counts["roster"]) == (1, 10)
    assert imports.confirm(world.scope("school_leader"), job.public_id, NOW).state == "applying"


def test_undo_puts_every_field_back(world):
    child = world.pupils[0]
    StudentNumber.objects.create(
        student=child, number="L330328201305040007", starts_on=date(2026, 9, 1)
    )
    rows = roster(
        world, row("林小满", 902, 班级="5班", 成员1姓名="林某", 成员1联系电话="13900001111")
    )
    before = everything()
    rows[0] |= {
        "姓名": "张梓晗", "民族": "畲族", "户口所在地": "文成县", "就读方式": "住校", "班级": "4班",
        "现住址": world.other_township.name + "某处", "学籍号": "G" + child.id_number,
        "成员1姓名": "张某某", "成员1关系": "母亲", "成员1联系电话": "13900003333",
    }  # fmt: skip
    job = applied(world, rows)
    assert everything() != before
    assert imports.undo(world.scope("school_leader"), job.public_id, NOW).state == "undone"
    assert everything() == before
    with pytest.raises(NotPossible):
        imports.undo(world.scope("school_leader"), job.public_id, NOW)


def test_undo_gives_a_record_its_planned_end_back(world):
    record = world.pupils[0].enrollments.get()
    EnrollmentRecord.objects.filter(pk=record.pk).update(ends_on=date(2026, 12, 31))
    rows = roster(world)
    rows[0]["班级"] = "4班"
    before = everything()
    job = applied(world, rows)
    assert everything() != before
    imports.undo(world.scope("school_leader"), job.public_id, NOW)
    assert everything() == before


def test_undo_takes_questions_back(world):
    job = upload_rows(world, [of_pupil(child) for child in world.pupils[1:]])
    imports.confirm(world.scope("school_leader"), job.public_id, NOW)
    imports.confirm(world.scope("deputy_leader"), job.public_id, NOW)
    run_waiting(NOW)
    later = applied(world, roster(world))
    assert RosterQuestion.objects.get().answer == "here"
    with pytest.raises(NotPossible) as refused:
        imports.undo(world.scope("school_leader"), job.public_id, NOW)
    assert "later_import" in str(refused.value) or "answered" in str(refused.value)
    imports.undo(world.scope("school_leader"), later.public_id, NOW)
    assert RosterQuestion.objects.get().answered_at is None


def test_what_was_built_on_keeps_the_file_from_being_undone(world):
    job = applied(world, roster(world, row("林小满", 902)))
    Student.objects.filter(pk=world.pupils[0].pk).update(ethnicity="苗族")
    world.pupils.append(Student.objects.get(name="林小满"))
    take(world, date(2026, 10, 12), {6: U})
    before = everything()
    with pytest.raises(NotPossible) as refused:
        imports.undo(world.scope("school_leader"), job.public_id, NOW)
    assert refused.value.reasons[0].code == "built_on"
    assert everything() == before


def test_a_field_that_somebody_changed_since_is_not_overwritten(world):
    rows = roster(world)
    rows[0]["民族"] = "畲族"
    job = applied(world, rows)
    Student.objects.filter(pk=world.pupils[0].pk).update(ethnicity="苗族")
    with pytest.raises(NotPossible) as refused:
        imports.undo(world.scope("school_leader"), job.public_id, NOW)
    assert refused.value.reasons[0].code == "changed_since"


def test_who_may(world):
    job = upload_rows(world, roster(world))
    with pytest.raises(NotVisible):
        imports.confirm(world.scope("other_leader"), job.public_id, NOW)
    with pytest.raises(NotPermitted):
        upload_rows(world, roster(world), "teacher")
    with pytest.raises(NotVisible):
        upload_rows(world, roster(world), "other_leader")
    assert upload_rows(world, roster(world), "bureau_staff").state == "checked"


def test_rows_left_out_are_not_applied(world):
    rows = roster(world, row("林小满", 902, 性别="1"))
    job = applied(world, rows)
    assert shown(job)["counts"]["error"] == 1
    assert not Student.objects.filter(name="林小满").exists()


def test_a_file_without_a_faultless_row_cannot_be_applied(world):
    job = upload_rows(world, [row("林小满", 902, 性别="1")])
    with pytest.raises(NotPossible):
        imports.confirm(world.scope("school_leader"), job.public_id, NOW)


def test_queries_of_the_apply_do_not_grow_with_rows(world):
    def count(first: int, rows: int) -> int:
        lines = [
            row(f"林{n}", n, 成员1姓名="林某", 成员1联系电话=f"1390000{n:04}")
            for n in range(first, first + rows)
        ]
        job = upload_rows(world, roster(world, *lines))
        scope = world.scope("school_leader")
        Student.objects.filter(pk__in=[child.pk for child in world.pupils]).update(ethnicity="")
        imports.confirm(scope, job.public_id, NOW)
        with CaptureQueriesContext(connection) as queries:
            run_waiting(NOW)
        return len(queries)

    assert count(100, 8) == count(100, 200)
