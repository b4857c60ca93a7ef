"""The dry run of a list: what each row becomes, and how a version differs from the one before."""

from dataclasses import replace
from datetime import date

import pytest

from agencies.errors import NotPermitted, RuleBroken
from agencies.models import AuditEvent
from students.imports import sheet, upload
from students.imports.check_list import BATCH
from students.imports.errors import of_list
from students.models import PersonList, Student
from students.queries.person_lists import rows, shown, shown_rows
from tests.support.lists import AS_OF, applied, of_child, person, said, send, send_file
from tests.support.rosters import NOW, table, text, xls, xlsx
from tests.support.world import id_number

LATER = date(2026, 10, 10)


def changes(batch: PersonList) -> dict[str, int]:
    return {name: number for name, number in shown(batch)["counts"].items() if number}


def problems(batch: PersonList) -> list[tuple[int, str, str]]:
    answer = shown(batch)
    found = answer["errors"] + answer["duplicate_rows"]
    return sorted((one["row"], one["column"], one["code"]) for one in found)


def test_the_first_list_is_all_new_and_nothing_is_entered(world):
    before = Student.objects.count()
    batch = send(world, [of_child(world.pupils[0]), person("林小满", 902)])
    assert (batch.state, changes(batch)) == ("checked", {"new": 2})
    assert (batch.counts["known"], batch.counts["total"], batch.previous) == (1, 2, None)
    assert Student.objects.count() == before
    events = AuditEvent.objects.filter(subject=f"list:{batch.public_id}")
    assert list(events.values_list("verb", "detail")) == [("list.upload", {})]


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
def test_rare_characters_survive_every_format(world, write):
    lines = list(table([person("㛃小满", 902, 户主="𠮷某")]))
    batch = send_file(world, write(lines))
    assert [(one.name, one.head) for one in rows(batch, "new")] == [("㛃小满", "𠮷某")]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (text(table([person("林小满", 902)]), "utf-16"), "encoding"),
        (text(table([person("林小满", 902)])).decode("latin-1").encode(), "no_headings"),
        (text([["姓名", "户主"], ["林小满", ""]]), "no_headings"),
        (
            text([["姓名", "户主", "现住址"], ["林小满", "", ""]]),
            "missing_headings:身份证号/出生日期",
        ),
        (text([["姓名", "户主", "身份证号"]]), "no_rows"),
        (b"x" * (sheet.MOST_BYTES + 1), "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_list_is_refused_as_a_whole(world, content, problem):
    batch = send_file(world, content)
    assert (batch.state, batch.problem) == ("refused", problem)
    assert not batch.entries.exists()
    assert shown(batch)["problem"]


def test_one_number_with_two_names_leaves_out_both(world):
    batch = send(world, [person("林小满", 902), person("林小雨", 904), person("林大满", 902)])
    assert changes(batch) == {"new": 1, "error": 2}
    assert problems(batch) == [(2, "公民身份号码", "two_names"), (4, "公民身份号码", "two_names")]
    assert "stands in row 4 with another name" in shown(batch)["errors"][0]["reason"]


def test_the_same_person_twice_counts_once(world):
    without = {"公民身份号码": "", "户主": "林某"}
    batch = send(
        world,
        [
            person("林小满", 902),
            person("林小满", 902),
            person("林小雨", 904, 户主="林某"),
            person("林小雨", **without),
            person("林小雪", **without),
            person("林小雪", **without),
            person("林小雪", **without | {"户主": "另一户"}),
        ],
    )
    assert changes(batch) == {"new": 4, "duplicate": 3}
    assert problems(batch) == [
        (3, "公民身份号码", "same_number"),
        (5, "姓名", "same_child"),
        (7, "姓名", "same_child"),
    ]


def test_wrong_rows_are_told_without_the_number(world):
    wrong = "330328201305049999"
    batch = send(world, [person("林小满", **{"公民身份号码": wrong}), person("林小雨", 904)])
    answer = shown(batch)
    assert answer["errors"][0] | {"reason": ""} == {
        "row": 2, "column": "公民身份号码", "code": "check", "reason": "",
        "value_shown": "3303**********9999",
    }  # fmt: skip
    assert wrong not in str(answer)


def test_the_error_file_has_the_cells_as_they_were_and_can_be_read_again(world, tmp_path):
    batch = send(world, [person("林小满", 902, 性别="2"), person("林小雨", 904)])
    path = tmp_path / "errors.xlsx"
    path.write_bytes(of_list(batch))
    (one,) = sheet.sheets(path)
    found = list(one.rows())
    assert (found[0][0], found[0][-1]) == ("原行号", "原因")
    assert len(found) == 2
    assert (found[1][0], found[1][1], found[1][2]) == ("2", "林小满", "2")
    assert "Write the name, not a code." in found[1][-1]
    again = send_file(world, of_list(batch))
    assert changes(again) == {"error": 1}


def test_a_version_is_compared_with_the_last_applied_one(world):
    home = {"户籍地址": f"{world.village.name}1号", "户主": "林某"}
    first = [
        person("林小满", 902, **home),
        person("林小雨", 904, **home),
        person("林小雪", 906, **home),
        person("林小风", **home),
        person("林小云", 908, **home),
    ]
    applied(world, first)
    second = [
        first[0],
        first[1] | {"户籍地址": "别处2号", "姓名": "林晓雨"},
        first[3] | {"公民身份号码": id_number(910)},
        first[4] | {"性别": "男"},
        person("林小星", 912, **home),
    ]
    batch = send(world, second, as_of=LATER)
    assert changes(batch) == {"new": 1, "changed": 2, "unchanged": 1, "gone": 1, "error": 1}
    assert batch.counts["before"] == 5
    assert [one.name for one in rows(batch, "gone")] == ["林小雪"]  # 林小云 stands there, wrongly
    told = {one["entry"].name: one["changes"] for one in shown_rows(rows(batch, "changed"))}
    assert [(str(one["field"]), one["before"], one["after"]) for one in told["林晓雨"]] == [
        ("name", "林小雨", "林晓雨"),
        ("registered residence", f"{world.village.name}1号", "别处2号"),
    ]
    assert [(one["before"], one["after"][-4:]) for one in told["林小风"]] == [
        ("", id_number(910)[-4:])
    ]


def test_lists_of_another_kind_are_not_compared(world):
    applied(world, [person("林小满", 902)])
    batch = send(world, [person("林小雨", 904)], "poverty", LATER)
    assert (changes(batch), batch.previous) == ({"new": 1}, None)


@pytest.mark.parametrize("as_of", [AS_OF, date(2026, 9, 1)])
def test_a_list_that_is_not_newer_is_refused_with_both_days(world, as_of):
    applied(world, [person("林小满", 902)])
    with pytest.raises(RuleBroken) as refused:
        send(world, [person("林小满", 902)], as_of=as_of)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.pointer) == ("not_newer", "/as_of")
    assert str(as_of) in str(reason.text)
    assert str(AS_OF) in str(reason.text)
    assert PersonList.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"kind": "pupils"}, "/kind"),
        ({"provider": "大峃镇实验学校"}, "/provider"),
        ({"provider": ""}, "/provider"),
        ({"purpose": "  "}, "/purpose"),
        ({"purpose": "长" * 201}, "/purpose"),
        ({"as_of": date(2026, 10, 13)}, "/as_of"),
        ({"as_of": date(1026, 10, 13)}, "/as_of"),
        ({"as_of": None}, "/as_of"),
    ],
)
def test_what_is_said_of_the_list_is_checked(world, changed, pointer):
    given = replace(said(world), **changed)
    with pytest.raises(RuleBroken) as refused:
        upload.receive_list(world.scope("bureau_staff"), given, "x.csv", [b"x"], NOW)
    assert [reason.pointer for reason in refused.value.reasons] == [pointer]


@pytest.mark.parametrize("role", ["teacher", "school_leader", "township_cadre", "agency_staff"])
def test_only_the_bureau_takes_lists_in(world, role):
    with pytest.raises(NotPermitted):
        send(world, [person("林小满", 902)], role=role)


def test_more_rows_than_a_batch(world):
    count = BATCH + 3
    lines = [["姓名", "性别", "出生日期", "户主"]]
    lines += [[f"林{n}", "男", "20130504", f"户{n}"] for n in range(count)]
    batch = send_file(world, text(lines))
    assert changes(batch) == {"new": count}
