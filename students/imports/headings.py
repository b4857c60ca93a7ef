"""Which column holds what: the headings of a kind of file, found by their synonyms.

Here is the national 学生基本信息 workbook; list_values.py has the lists of other agencies.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from students.imports import sheet
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
class Vocabulary:
    """The headings of one kind of file. needed: the usual heading of each column it must have;
    one_of: columns of which it must have one, shown as one_of_shown; relatives: whether the second
    姓名 begins the block of a family member.
    """

    synonyms: Mapping[str, str]
    needed: Mapping[str, str]
    one_of: Sequence[str]
    one_of_shown: str
    relatives: bool = False
    field_of: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        pairs = {text: name for name, texts in self.synonyms.items() for text in texts.split()}
        object.__setattr__(self, "field_of", pairs)

    def usual(self, name: str) -> str:
        """The heading of a column that the file does not have."""
        if name in self.one_of:
            return self.one_of_shown
        return self.needed.get(name) or self.synonyms[name].split()[0]


ROSTER = Vocabulary(SYNONYMS, NEEDED, IDENTITY, IDENTITY_SHOWN, relatives=True)


@dataclass(frozen=True)
class Columns:
    """Where the headings stand and what the columns mean."""

    row: int
    texts: Sequence[str]
    index: dict[str, int]
    vocabulary: Vocabulary
    unknown: list[str] = field(default_factory=list)

    def heading(self, name: str) -> str:
        """The heading as the file writes it, or the usual one."""
        at = self.index.get(name)
        return self.texts[at] if at is not None else self.vocabulary.usual(name)

    def as_json(self) -> dict[str, object]:
        """What is kept of them with the file."""
        return {
            "row": self.row,
            "texts": list(self.texts),
            "unknown": self.unknown,
            "columns": self.index,
        }


def table(path: Path, vocabulary: Vocabulary) -> tuple[Sheet, Columns]:
    """The first sheet with all needed headings.

    Raises Refused: without one the refusal names what is missing.
    """
    problem = Refused("no_headings")
    for one in sheet.sheets(path):
        columns = find(one, vocabulary)
        if columns is None:
            continue
        try:
            check(columns)
        except Refused as refused:
            problem = refused
            continue
        return one, columns
    raise problem


def rows_below(one: Sheet, columns: Columns) -> Iterator[tuple[int, Row]]:
    """Each row below the headings that is not blank, with its number in the sheet."""
    for number, row in enumerate(one.rows(), 1):
        if number > columns.row and any(cell != "" and str(cell).strip() for cell in row):
            yield number, row


def plain(cell: Cell) -> str:
    """Full-width forms, blanks, line breaks, stars and remarks in brackets do not count."""
    return DECORATION.sub("", unicodedata.normalize("NFKC", str(cell)))


def find(one: Sheet, vocabulary: Vocabulary) -> Columns | None:
    """The row of headings: of the first 20 rows the one with the most known headings."""
    best: Columns | None = None
    for number, row in enumerate(islice(one.rows(), LOOK_AT), 1):
        columns = read(number, row, vocabulary)
        if len(columns.index) > (len(best.index) if best else 2):
            best = columns
    return best


def read(number: int, row: Row, vocabulary: Vocabulary) -> Columns:
    """The columns of one row of headings."""
    texts = [" ".join(str(cell).split()) for cell in row]
    index: dict[str, int] = {}
    unknown = []
    relative = 0
    for at, cell in enumerate(row):
        text = plain(cell)
        if vocabulary.relatives and text == "姓名" and "name" in index:
            relative += 1  # the second 姓名 begins the block of a family member
        name = _relative(text, relative) if vocabulary.relatives else ""
        name = name or vocabulary.field_of.get(text, "")
        if name and name not in index:
            index[name] = at
        elif text:
            unknown.append(texts[at])
    return Columns(number, texts, index, vocabulary, unknown)


def _relative(text: str, relative: int) -> str:
    """The column of a family member; relative: how many blocks of one have begun."""
    if found := RELATIVE.match(text):
        which = {"一": 1, "二": 2}.get(found.group(1) or "1") or int(found.group(1) or 1)
        return f"{ITEMS[found.group(2)]}{which}" if which <= RELATIVES else ""
    if relative and text in ITEMS:
        return f"{ITEMS[text]}{relative}" if relative <= RELATIVES else ""
    return ""


def check(columns: Columns) -> None:
    """Raises Refused with the names of the headings that are missing."""
    words = columns.vocabulary
    missing = [text for name, text in words.needed.items() if name not in columns.index]
    if not any(name in columns.index for name in words.one_of):
        missing.append(words.one_of_shown)
    if missing:
        raise Refused("missing_headings:" + "、".join(missing))
