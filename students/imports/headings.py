"""Which column holds what: headings of the national 学生基本信息 workbook and their synonyms."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from students.imports.sheet import Cell, Refused, Row, Sheet

LOOK_AT = 20
SYNONYMS = {
    "name": "姓名 学生姓名 名字",
    "sex": "性别",
    "born_on": "出生日期 出生年月日 出生时间 生日",
    "id_type": "身份证件类型 身份证类型 证件类型",
    "id_number": "身份证件号 身份证件号码 身份证号 身份证号码 公民身份号码 证件号 证件号码",
    "student_number": "学籍号 学籍号码 全国学籍号 全国学籍号码",
    "no_id_reason": "无身份证原因 无身份证件原因 无证件原因 无身份证件号原因 无证原因",
    "grade": "年级 所在年级 就读年级 年级名称",
    "class": "班级 所在班级 就读班级 班级名称 行政班 班号",
    "ethnicity": "民族",
    "registered_at": "户口所在地 户籍所在地 户籍地 户籍地址 户口地址",
    "lives_at": "现住址 现居住地 现住地址 居住地址 现居住地址",
    "home_at": "家庭地址 家庭住址",
    "phone": "联系电话 联系方式 电话 手机 手机号 手机号码 家长电话",
    "boarding": "就读方式",
}  # fmt: skip
FIELD_OF = {text: name for name, texts in SYNONYMS.items() for text in texts.split()}
NEEDED = {"name": "姓名", "sex": "性别", "born_on": "出生日期", "grade": "年级", "class": "班级"}
IDENTITY = ("id_number", "student_number", "no_id_reason", "id_type")
IDENTITY_SHOWN = "身份证件号/学籍号"
ITEMS = {
    "姓名": "name", "关系": "relation", "与学生关系": "relation", "联系电话": "phone",
    "电话": "phone", "手机": "phone", "手机号": "phone", "手机号码": "phone", "联系方式": "phone",
    "是否监护人": "is_guardian",
}  # fmt: skip
RELATIVE = re.compile(
    r"(?:家庭)?(?:成员|监护人|家长)([1-9一二])?(?:或监护人[1-9一二]?)?的?("
    + "|".join(ITEMS)
    + r")\Z"
)
DECORATION = re.compile(r"[\s★☆*:：]|\([^)]*\)")
RELATIVES = 2


@dataclass(frozen=True)
class Columns:
    """Where the headings stand and what the columns mean."""

    row: int
    texts: Sequence[str]
    index: dict[str, int]
    unknown: list[str] = field(default_factory=list)

    def heading(self, name: str) -> str:
        """The heading as the file writes it, or the usual one."""
        at = self.index.get(name)
        return self.texts[at] if at is not None else NEEDED.get(name, IDENTITY_SHOWN)


def plain(cell: Cell) -> str:
    """Full-width forms, blanks, line breaks, stars and remarks in brackets do not count."""
    return DECORATION.sub("", unicodedata.normalize("NFKC", str(cell)))


def find(table: Sheet) -> Columns | None:
    """The row of headings: of the first 20 rows the one with the most known headings."""
    best: Columns | None = None
    for number, row in enumerate(islice(table.rows(), LOOK_AT), 1):
        columns = read(number, row)
        if len(columns.index) > (len(best.index) if best else 2):
            best = columns
    return best


def read(number: int, row: Row) -> Columns:
    """The columns of one row of headings."""
    texts = [" ".join(str(cell).split()) for cell in row]
    index: dict[str, int] = {}
    unknown = []
    relative = 0
    for at, cell in enumerate(row):
        text = plain(cell)
        if text == "姓名" and "name" in index:
            relative += 1  # the second 姓名 begins the block of a family member
        name = _field(text, relative)
        if name and name not in index:
            index[name] = at
        elif text:
            unknown.append(texts[at])
    return Columns(number, texts, index, unknown)


def _field(text: str, relative: int) -> str:
    if found := RELATIVE.match(text):
        which = {"一": 1, "二": 2}.get(found.group(1) or "1") or int(found.group(1) or 1)
        return f"{ITEMS[found.group(2)]}{which}" if which <= RELATIVES else ""
    if relative and text in ITEMS:
        return f"{ITEMS[text]}{relative}" if relative <= RELATIVES else ""
    return FIELD_OF.get(text, "")


def check(columns: Columns) -> None:
    """Raises Refused with the names of the headings that are missing."""
    missing = [text for name, text in NEEDED.items() if name not in columns.index]
    if not any(name in columns.index for name in IDENTITY):
        missing.append(IDENTITY_SHOWN)
    if missing:
        raise Refused("missing_headings:" + "、".join(missing))
