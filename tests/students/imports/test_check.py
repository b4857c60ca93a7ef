"""The dry run: what each kind of row becomes, and every reason with its row and column."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from students.models import ImportRow, Student, StudentNumber
from students.queries.imports import shown
from tests.support.rosters import (
    HEADINGS,
    of_pupil,
    roster,
    row,
    table,
    text,
    upload_file,
    upload_rows,
    xls,
    xlsx,
)
from tests.support.world import id_number, pupil

X_SERIAL = 104  # its check character is X


def outcomes(job) -> dict[str, int]:
    return {name: count for name, count in shown(job)["counts"].items() if count}


def only_error(job) -> tuple[str, str]:
    """(column, code) of the one problem."""
    (problem,) = shown(job)["errors"]
    return problem["column"], problem["code"]


def test_a_roster_as_it_stands_changes_nothing(world):
    job = upload_rows(world, roster(world))
    assert job.state == "checked"
    assert outcomes(job) == {"unchanged": 6}


def test_new_changed_missing(world):
    rows = [of_pupil(child) for child in world.pupils[1:]]
    rows[0]["民族"] = "畲族"
    job = upload_rows(world, [*rows, row("林小满", 902)])
    assert outcomes(job) == {"new": 1, "changed": 1, "unchanged": 4, "missing": 1}
    assert job.rows.get(outcome="changed").changes == {"ethnicity": ["", "畲族"]}
    assert shown(job)["missing_pupils"] == [
        {"student": str(world.pupils[0].public_id), "name": "张梓涵", "class": "Grade 7 (3)"}
    ]


@pytest.mark.parametrize(
    "write",
    [
        xlsx,
        xls,
        text,
        lambda lines: text(lines, "utf-8-sig"),
        lambda lines: text(lines, "gb18030"),
    ],
    ids=["xlsx", "xls", "utf-8", "bom", "gb18030"],
)
def test_every_format_reads_the_same(world, write):
    job = upload_file(world, write(list(table(roster(world, row("𠮷小满", 902))))))
    assert outcomes(job) == {"new": 1, "unchanged": 6}


def test_headings_in_any_order_with_titles_stars_and_line_breaks(world):
    one = row("林小满", 902)
    written = {
        "姓名": "★ 姓 名",
        "性别": "性\n别*",
        "身份证件号": "公民身份号码",
        "年级": "所在年级",
    }
    shuffled = {written.get(name, name): one[name] for name in reversed(HEADINGS)}
    shuffled["特长"] = "唱歌"
    lines = [["学校名称", "大峃镇实验学校"], ["学校标识码：", "3133000001"], [], *table([shuffled])]
    job = upload_file(world, xlsx(lines))
    assert outcomes(job) == {"new": 1, "missing": 6}
    assert job.headings["row"] == 4
    assert shown(job)["unknown_columns"] == ["特长"]
    assert job.rows.get(outcome="new").number == 5


def test_missing_headings_are_named(world):
    job = upload_file(
        world, xlsx([["姓名", "民族", "班级", "家庭地址"], ["林小满", "汉族", "3", ""]])
    )
    assert job.state == "refused"
    assert (
        shown(job)["problem"]
        == "These headings are missing: 性别、出生日期、年级、身份证件号/学籍号."
    )


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"姓名": ""}, "姓名", "missing"),
        ({"姓名": "林" * 41}, "姓名", "too_long"),
        ({"性别": "2"}, "性别", "code_not_label"),
        ({"性别": "女生"}, "性别", "label"),
        ({"性别": "男"}, "性别", "sex_and_number"),
        ({"出生日期": "20130505"}, "出生日期", "born_on_and_number"),
        ({"出生日期": "41398"}, "出生日期", "born_on"),
        ({"出生日期": "2013-02-30"}, "出生日期", "born_on"),
        ({"年级": "十年级"}, "年级", "grade"),
        ({"年级": "高一"}, "年级", "grade"),
        ({"班级": "甲班"}, "班级", "class"),
        ({"班级": "八（3）班"}, "年级", "grade_and_class"),
        ({"就读方式": "1"}, "就读方式", "code_not_label"),
        ({"民族": "01"}, "民族", "code_not_label"),
        ({"联系电话": "没有"}, "联系电话", "phone"),
        ({"身份证件号": ""}, "身份证件号", "no_identity"),
        ({"身份证件号": id_number(902)[:17] + ("1" if id_number(902)[17] != "1" else "2")},
         "身份证件号", "check"),
        ({"身份证件号": "330328130504123"}, "身份证件号", "length"),
        ({"身份证件号": "33032820130504A123"}, "身份证件号", "form"),
        ({"身份证件号": "330328201802290012", "出生日期": "20180228"}, "身份证件号", "date"),
        ({"身份证件号": 3.30328201305049e17}, "身份证件号", "ruined"),
        ({"身份证件号": "3.30328E+17"}, "身份证件号", "ruined"),
        ({"身份证件号": "330328201305049000"}, "身份证件号", "ruined"),
        ({"学籍号": "G" + id_number(904)}, "学籍号", "number_and_id"),
        ({"学籍号": "G" + id_number(902)[:17] + "Q"}, "学籍号", "form"),
        ({"学籍号": "X330328201305040001"}, "学籍号", "prefix"),
        ({"身份证件号": "", "学籍号": "L330328201305050001"}, "出生日期", "born_on_and_number"),
    ],
)  # fmt: skip
def test_every_problem_names_its_row_column_and_reason(world, cells, column, code):
    job = upload_rows(world, roster(world, row("林小满", 902, **cells)))
    assert outcomes(job) == {"unchanged": 6, "error": 1}
    assert only_error(job) == (column, code)
    (problem,) = shown(job)["errors"]
    assert problem["row"] == 8
    assert problem["reason"]


def test_a_number_that_is_wrong_is_never_repeated(world):
    wrong = "330328201305049999"
    answer = shown(upload_rows(world, roster(world, row("林小满", **{"身份证件号": wrong}))))
    assert answer["errors"][0]["value_shown"] == "3303**********9999"
    assert wrong not in str(answer)


@pytest.mark.parametrize(
    "cells",
    [
        {"身份证件号": id_number(X_SERIAL).lower()},
        {"身份证件号": f" {id_number(902)[:6]} {id_number(902)[6:]}"},
        {"身份证件号": "".join(chr(ord(c) + 0xFEE0) for c in id_number(902))},
        {"身份证件号": "'" + id_number(902)},
        {"身份证件号": "", "学籍号": "G" + id_number(902)},
        {"身份证件号": "", "学籍号": "L330328201305040001"},
        {"身份证件号": "", "身份证件类型": "无"},
        {"出生日期": date(2013, 5, 4)},
        {"出生日期": 20130504},
        {"出生日期": "2013年5月4日"},
        {"出生日期": "2013/5/4"},
        {"年级": "初一", "班级": "三班"},
        {"年级": "七", "班级": "七（3）班"},
        {"年级": 7, "班级": 3},
        {"年级": "初中一年级", "班级": "（3）班"},
        {"年级": "七年级", "班级": "2026级3班"},
        {"年级": "初2026级", "班级": "七年级3班"},
        {"年级": "7", "班级": "703班"},
    ],
)
def test_what_is_meant_is_understood(world, cells):
    job = upload_rows(world, roster(world, row("林小满", 902, **cells)))
    assert shown(job)["errors"] == []
    assert outcomes(job) == {"new": 1, "unchanged": 6}
    data = job.rows.get(outcome="new").data
    assert (data["grade"], data["class_number"], data["born_on"]) == (7, 3, "2013-05-04")


def test_a_grade_that_the_school_does_not_have(world):
    world.school.last_grade = 6
    world.school.save()
    job = upload_rows(world, [row("林小满", 902)])
    assert only_error(job) == ("年级", "grade_of_school")


def test_the_same_number_twice_names_the_first_row(world):
    job = upload_rows(world, roster(world, row("林小满", 902), row("林小雨", 902)))
    assert outcomes(job) == {"new": 1, "unchanged": 6, "duplicate": 1}
    (problem,) = shown(job)["duplicate_rows"]
    assert (problem["row"], problem["column"]) == (9, "身份证件号")
    assert problem["reason"] == "The same number as in row 8."


def test_the_same_child_without_a_number_twice(world):
    first, second = (row("林小满", **{"学籍号": f"L33032820130504000{n}"}) for n in (1, 2))
    job = upload_rows(world, roster(world, first, second))
    assert outcomes(job) == {"new": 1, "unchanged": 6, "duplicate": 1}
    assert shown(job)["duplicate_rows"][0]["code"] == "same_child"


def test_namesakes_of_one_birthday_with_two_numbers_are_two_children(world):
    job = upload_rows(world, roster(world, row("林小满", 902), row("林小满", 904)))
    assert outcomes(job) == {"new": 2, "unchanged": 6}


def test_a_child_of_another_school_is_a_matter_of_transfer(world):
    other = pupil(world.other_class, "周子墨", world.other_village)
    job = upload_rows(world, roster(world, of_pupil(other)))
    assert outcomes(job) == {"unchanged": 6, "duplicate": 1}
    answer = shown(job)
    assert answer["duplicate_rows"][0]["code"] == "other_school"
    assert world.other_school.name not in str(answer)


def test_a_row_with_an_error_does_not_make_its_child_missing(world):
    rows = roster(world)
    rows[0]["身份证件号"] = 3.30328201305049e17
    job = upload_rows(world, rows)
    assert outcomes(job) == {"unchanged": 5, "error": 1}


def test_a_child_without_id_number_is_found_by_name_and_birth(world):
    child = world.pupils[0]
    StudentNumber.objects.create(
        student=child, number="L330328201305040007", starts_on=date(2026, 9, 1)
    )
    number = child.id_number
    Student.objects.filter(pk=child.pk).update(id_number=None, no_id_reason="户口未落")
    rows = roster(world)
    rows[0] |= {"身份证件号": number, "学籍号": "G" + number}
    job = upload_rows(world, rows)
    assert outcomes(job) == {"changed": 1, "unchanged": 5}
    changes = job.rows.get(outcome="changed").changes
    assert set(changes) == {"id_number", "student_number"}
    assert changes["student_number"][0] == "L3303**********0007"


def test_nothing_of_the_file_is_left_on_the_disk(world, settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path
    upload_rows(world, roster(world))
    upload_file(world, b"\x89PNG\r\n\x1a\n\0\0")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_queries_do_not_grow_with_rows(world):
    def count(rows: int) -> int:
        lines = xlsx(table([row(f"林{n}", n) for n in range(100, 100 + rows)]))
        with CaptureQueriesContext(connection) as queries:
            upload_file(world, lines)
        return len(queries)

    assert count(20) == count(200)
    assert ImportRow.objects.filter(outcome="new").count() == 220
