"""A notice as a file: both forms read to the same, and everything wrong is named."""

import json
from datetime import date

import pytest

from agencies.errors import RuleBroken
from agencies.rules import calendar_file
from tests.support.official import FILE

TITLE = "国务院办公厅关于2027年部分节假日安排的通知"
OFF = [date(2027, 2, day) for day in (5, 8, 9, 10, 11)] + [
    date(2027, 10, d) for d in (1, 4, 5, 6, 7)
]
CONTENT = {
    "source": TITLE,
    "holidays": {day.isoformat(): "节" for day in OFF},
    "make_up": ["2027-02-07", "2027-02-20"],
}
CSV = "".join(f"{day},放假,节\n" for day in OFF) + "2027-02-07,调休上班,\n2027-02-20,上班,\n"


def read(content: object, name: str = "x.json", source: str = ""):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return calendar_file.read(name, data, source)


def test_both_forms_are_the_same():
    (by_json,) = read({"2027": CONTENT})
    (by_csv,) = read(("date,kind,name\n" + CSV).encode(), "x.csv", TITLE)
    assert by_json == by_csv
    assert (by_json.year, by_json.source, by_json.doubts) == (2027, TITLE, ())
    assert by_json.kinds[date(2027, 2, 7)] == "make_up"
    assert calendar_file.years(by_json.written()) == [by_json]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    ("day", "head"),
    [("{0:%Y-%m-%d}", "date,kind,name"), ("{0.year}/{0.month}/{0.day}", "日期,类型,名称"),
     ("{0.year}年{0.month}月{0.day}日", "名称,日期,类型,备注")],
)  # fmt: skip
def test_what_spreadsheet_programs_write(encoding, day, head):
    lines = [head]
    for one in OFF:
        cells = {"date": day.format(one), "kind": "放假", "name": "春节", "备注": ""}
        names = [calendar_file.COLUMNS.get(name, name) for name in head.split(",")]
        lines.append(",".join(cells[name] for name in names))
    (file,) = read("\r\n".join([*lines, "", ",,"]).encode(encoding), "节假日.CSV", TITLE)
    assert list(file.holidays) == OFF
    assert set(file.holidays.values()) == {"春节"}


def test_the_built_in_file_reads_without_doubts_or_changes():
    found = calendar_file.read("years.json", FILE.read_bytes())
    assert [file.year for file in found] == list(range(2019, 2027))
    assert [file.doubts for file in found] == [()] * len(found)
    written = json.loads(FILE.read_text("utf-8"))
    for file in found:
        assert file.written()[str(file.year)]["holidays"] == written[str(file.year)]["holidays"]
        assert file.written()[str(file.year)]["make_up"] == sorted(
            written[str(file.year)]["make_up"]
        )


def test_days_that_change_nothing_are_left_out_and_named():
    content = CONTENT | {"make_up": ["2027-02-07", "2027-02-22"]}
    content["holidays"] = content["holidays"] | {"2027-02-06": "春节"}
    (file,) = read({"2027": content})
    assert file.make_up == {date(2027, 2, 7)}
    assert date(2027, 2, 6) not in file.holidays
    assert [str(doubt)[:10] for doubt in file.doubts] == ["2027-02-06", "2027-02-22"]


def test_a_thin_year_is_doubted():
    (file,) = read({"2027": CONTENT | {"holidays": {"2027-01-01": "元旦"}}})
    assert "Only 1 weekdays off" in str(file.doubts[0])


def year(**changes: object) -> dict:
    return {"2027": {**CONTENT, **changes}}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"2027": {"source" "x"}}', "Line 1, column 20: not readable as JSON"),
        (b"", "Line 1, column 1"),
        (b"[" * 100_000, "nested too deeply"),
        (b"\xff\xfe\x00\x01\xff", "is no text"),
        (b"x" * 200_001, "too large"),
        (b'{"2027": {"source": "x", "holidays": {"2027-01-01": "a", "2027-01-01": "b"}, "make_up": []}}', "“2027-01-01” stands in the file more than once"),
        ([], "has to be an object of years"),
        ({}, "has to be an object of years"),
        (None, "has to be an object of years"),
        ({"next": CONTENT}, "“next” is no year"),
        ({"1027": CONTENT}, "“1027” is no year"),
        ({"2027": []}, "2027: source, holidays and make_up are missing"),
        ({"2027": {"source": TITLE}}, "holidays has to be an object"),
        (year(make_up="2027-02-07"), "make_up a list"),
        (year(source=""), "title of the official notice is missing"),
        (year(source=7), "title of the official notice is missing"),
        (year(source="x" * 121), "title of the official notice is missing"),
        (year(source="a\x00b"), "title of the official notice is missing"),
        (year(holidays={"2026-12-31": "元旦"}), "2026-12-31 does not lie in 2027"),
        (year(holidays={"2027-02-30": "x"}), "“2027-02-30” is no day"),
        (year(holidays={"soon": "x"}), "“soon” is no day"),
        (year(holidays={"2027-01-01": 7}), "the name has to be a text"),
        (year(holidays={"2027-01-01": "a\x00"}), "the name has to be a text"),
        (year(holidays={"2027-01-01": "x" * 31}), "the name has to be a text"),
        (year(make_up=["2027-02-07", "2027-2-7"]), "2027-02-07 stands in the file more than once"),
        (year(make_up=["2027-02-08"]), "2027-02-08 stands in the file more than once"),
        (year(make_up=[20270207]), "“20270207” is no day"),
    ],
)  # fmt: skip
def test_json_that_is_refused(content, words):
    with pytest.raises(RuleBroken) as refused:
        read(content)
    assert any(words in str(reason.text) for reason in refused.value.reasons)


@pytest.mark.parametrize(
    ("content", "source", "words"),
    [
        ("", TITLE, "first line has to name the columns"),
        ("a,b\n1,2\n", TITLE, "first line has to name the columns"),
        ("date,kind\n", TITLE, "No line of the file has a day"),
        ("date,kind\nx,放假\n", TITLE, "No line of the file has a day"),
        ("date,kind,name\n" + CSV, "", "title of the official notice is missing"),
        ("date,kind,name\n" + CSV + "2027-05-03,停课,\n", TITLE, "Line 14: the kind has to be"),
        ("date,kind,name\n" + CSV + "2027-02-31,放假,\n", TITLE, "Line 14: “2027-02-31” is no day"),
        (
            "date,kind,name\n" + CSV + "2028-01-01,放假,\n",
            TITLE,
            "Line 14: 2028-01-01 does not lie",
        ),
        ("date,kind,name\n" + CSV + "2027-02-05,放假,\n", TITLE, "Line 14: 2027-02-05 stands"),
        ('date,kind\n"2027-01-01', TITLE, "cannot be read as CSV"),
        ("date,kind\n2027-01-01\n", TITLE, "Line 2: the kind"),
    ],
)
def test_csv_that_is_refused(content, source, words):
    with pytest.raises(RuleBroken) as refused:
        read(content.encode(), "x.csv", source)
    assert any(words in str(reason.text) for reason in refused.value.reasons)


def test_every_wrong_line_is_named_at_once():
    with pytest.raises(RuleBroken) as refused:
        read({"2027": {"holidays": {"x": "y", "2026-01-01": "z"}, "make_up": ["2027-13-01"]}})
    assert len(refused.value.reasons) == 4
