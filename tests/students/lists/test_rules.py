"""When a second person is needed, and which rows mean one person: tables without a database."""

from datetime import date

import pytest

from students.imports.headings import ROSTER, read
from students.imports.list_values import CATEGORIES, LIST, ListReader
from students.rules.focus import FocusGroup
from students.rules.person_list import GROUP_OF, PROVIDERS, Listed, ListKind, much_shorter
from tests.support.world import id_number

TODAY = date(2026, 10, 12)
NUMBER = id_number(902)


@pytest.mark.parametrize(
    ("gone", "before", "second"),
    [(0, 0, False), (20, 100, False), (21, 100, True), (50, 100, True), (100, 100, True)],
)
def test_more_than_the_setting_is_gone(gone, before, second):
    assert much_shorter(gone, before, 20) is second


def test_every_kind_has_a_provider_and_all_but_the_register_a_group():
    assert set(PROVIDERS) == set(ListKind)
    assert set(GROUP_OF) == set(ListKind) - {ListKind.REGISTER}


def listed(kind: ListKind = ListKind.REGISTER, **cells: object) -> tuple[Listed, list[str]]:
    """What a row says, and its problems as "column code"."""
    columns = read(1, list(cells), LIST)
    said, problems = ListReader(columns, kind, TODAY).read(list(cells.values()))
    return said, [f"{one['column']} {one['code']}" for one in problems]


def test_sex_and_birth_date_come_from_the_number_where_the_list_has_none():
    said, problems = listed(姓名="林 小满", 公民身份号码=NUMBER, 户主姓名="林 某")
    assert problems == []
    assert (said.name, said.sex, said.born_on, said.head) == (
        "林小满", "2", date(2013, 5, 4), "林某",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"出生日期": NUMBER, "公民身份号码": "20130504"}, "公民身份号码 swapped"),
        ({"出生日期": NUMBER, "公民身份号码": date(2013, 5, 4)}, "公民身份号码 swapped"),
        ({"出生日期": "20130505", "公民身份号码": NUMBER}, "出生日期 born_on_and_number"),
        ({"性别": "男", "公民身份号码": NUMBER}, "性别 sex_and_number"),
        ({"性别": "2", "公民身份号码": NUMBER}, "性别 code_not_label"),
        ({"公民身份号码": NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1")}, "公民身份号码 check"),
        ({"公民身份号码": "330328201802290012"}, "公民身份号码 date"),
        ({"公民身份号码": 3.30328201305049e17}, "公民身份号码 ruined"),
        ({"公民身份号码": "330328130504123"}, "公民身份号码 length"),
        ({"公民身份号码": "", "性别": "女"}, "公民身份号码 no_number_or_birth"),
        ({"出生日期": "20130504", "性别": ""}, "性别 missing"),
        ({"姓名": "林?满", "公民身份号码": NUMBER}, "姓名 lost_character"),
        ({"姓名": "林\ufffd满", "公民身份号码": NUMBER}, "姓名 lost_character"),
        ({"姓名": "林\ue863满", "公民身份号码": NUMBER}, "姓名 lost_character"),
        ({"姓名": "", "公民身份号码": NUMBER}, "姓名 missing"),
        ({"公民身份号码": NUMBER, "户籍地址": "长" * 121}, "户籍地址 too_long"),
    ],
)  # fmt: skip
def test_each_contradiction_is_named_by_its_column(cells, problem):
    _said, problems = listed(**({"姓名": "林小满"} | cells))
    assert problems == [problem]


@pytest.mark.parametrize("name", ["㛃小满", "林𠮷", "欧阳娜·古丽", "Anna Müller"])
def test_rare_characters_are_names(name):
    said, problems = listed(姓名=name, 公民身份号码=NUMBER)
    assert (said.name, problems) == (name, [])


def test_a_certificate_of_disability_begins_with_the_number():
    said, problems = listed(ListKind.DISABILITY, 姓名="林小满", 残疾人证号=NUMBER + "43")
    assert (said.id_number, said.group, problems) == (NUMBER, FocusGroup.DISABLED, [])
    _said, problems = listed(ListKind.DISABILITY, 姓名="林小满", 残疾人证号=NUMBER[:10])
    assert problems == ["残疾人证号 length"]


def test_a_list_of_households_names_adults_too():
    said, problems = listed(ListKind.POVERTY, 姓名="林某", 出生日期="19650101")
    assert (said.born_on, said.sex, problems) == (date(1965, 1, 1), "", [])
    assert listed(姓名="林某", 性别="男", 出生日期="19650101")[1] == ["出生日期 too_old"]


@pytest.mark.parametrize(
    ("category", "group", "problems"),
    [
        ("", FocusGroup.HARDSHIP, []),
        ("孤儿", FocusGroup.ORPHAN, []),
        ("事实无人抚养", FocusGroup.UNSUPPORTED, []),
        ("服刑人员子女", FocusGroup.PARENT_PRISON, []),
        ("01", "", ["类别 code_not_label"]),
        ("其它", "", ["类别 label"]),
    ],
)
def test_civil_affairs_names_the_group_by_its_label(category, group, problems):
    said, found = listed(ListKind.CIVIL_AFFAIRS, 姓名="林小满", 身份证号=NUMBER, 类别=category)
    assert (said.group, found) == (group, problems)
    assert set(CATEGORIES.values()) < set(FocusGroup)


def test_each_kind_of_file_has_its_own_headings():
    cells = ["姓名", "户主", "班级", "★公民身份号码（18位）", "家庭住址", "实际居住地址"]
    of_list, of_roster = read(1, cells, LIST), read(1, cells, ROSTER)
    assert of_list.index == {"name": 0, "head": 1, "id_number": 3, "address": 4, "lives_at": 5}
    assert of_list.unknown == ["班级"]
    assert "户主" in of_roster.unknown
