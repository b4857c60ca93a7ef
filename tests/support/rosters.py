"""Roster files made by code: the national columns, in any order, in any format."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

import openpyxl
import xlwt

from students.imports import upload
from students.models import ImportJob, Student
from tests.support.world import World, id_number

NOW = datetime.fromisoformat("2026-10-12T08:00:00+08:00")
HEADINGS = (
    "姓名", "性别", "出生日期", "民族", "身份证件类型", "身份证件号", "学籍号", "户口所在地", "年级",
    "班级", "就读方式", "现住址", "联系电话", "成员1姓名", "成员1关系", "成员1联系电话",
)  # fmt: skip
BORN = date(2013, 5, 4)


def row(name: str, serial: int = 0, **cells: object) -> dict[str, object]:
    """A child of grade 7, class 3; serial: of an invented ID number (even: a girl), 0 for none."""
    found: dict[str, object] = dict.fromkeys(HEADINGS, "")
    found |= {
        "姓名": name,
        "性别": "男" if serial % 2 else "女",
        "出生日期": f"{BORN:%Y%m%d}",
        "年级": "七年级",
        "班级": "3班",
    }
    if serial:
        found["身份证件号"] = id_number(serial)
    return found | cells


def of_pupil(child: Student, **cells: object) -> dict[str, object]:
    """The row of a child of the cast, whose sex on record is made to fit its number."""
    serial = int(child.id_number[14:17])
    child.sex = Student.Sex.MALE if serial % 2 else Student.Sex.FEMALE
    child.save(update_fields=["sex"])
    return row(child.name, serial, **cells)


def roster(world: World, *others: dict[str, object]) -> list[dict[str, object]]:
    """All pupils of the first school, and other rows."""
    return [*(of_pupil(child) for child in world.pupils), *others]


def table(rows: Iterable[dict[str, object]]) -> Iterator[Sequence[object]]:
    rows = list(rows)
    headings = list(rows[0]) if rows else list(HEADINGS)
    yield headings
    for one in rows:
        yield [one.get(name, "") for name in headings]


def xlsx(lines: Iterable[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(list(line))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def xls(lines: Iterable[Sequence[object]]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("学生基本信息")
    for at, line in enumerate(lines):
        for column, cell in enumerate(line):
            sheet.write(at, column, cell)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def text(lines: Iterable[Sequence[object]], encoding: str = "utf-8") -> bytes:
    content = io.StringIO(newline="")
    csv.writer(content).writerows(lines)
    return content.getvalue().encode(encoding)


def upload_rows(
    world: World,
    rows: Iterable[dict[str, object]],
    role: str = "school_leader",
    now: datetime = NOW,
) -> ImportJob:
    return upload_file(world, xlsx(table(rows)), role, now=now)


def upload_file(
    world: World, content: bytes, role: str = "school_leader", *, now: datetime = NOW
) -> ImportJob:
    return upload.receive(world.scope(role), world.school.code, "名单.xlsx", [content], now)
