"""Values by label, never by bare code: the same number means opposite things in two systems."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

SEXES = {"男": "1", "女": "2", "男性": "1", "女性": "2"}
YES_NO = {"是": True, "否": False, "有": True, "无": False}
BOARDING = {
    "走读": False, "借宿": False, "送教上门": False, "其他": False,
    "住校": True, "住读": True, "寄宿": True, "住宿": True, "住宿生": True, "走读生": False,
    "住校生": True, "寄宿生": True,
}  # fmt: skip
RESIDENT_ID = frozenset({"", "居民身份证", "身份证", "居民身份证件", "二代身份证"})
DIGITS = {text: number for number, text in enumerate("一二三四五六七八九", 1)}
DATE = re.compile(
    r"(\d{4})(?:年|[-/.]?)(\d{1,2})(?:月|[-/.]?)(\d{1,2})日?(?:[ T]0?0:00(?::00)?)?\Z"
)
ENTRY_YEAR = re.compile(r"(小学?|初中?)?(20\d\d)级?\Z")
PRIMARY = re.compile(r"(?:小学?)?([一二三四五六七八九1-9])(?:年级|年)?\Z")
JUNIOR = re.compile(r"初中?([一二三1-3])(?:年级|年)?\Z")
JUNIOR_LONG = re.compile(r"初中([七八九7-9])(?:年级)?\Z")
CLASS = re.compile(r"(.*?)\(?(\d{1,2}|[一二三四五六七八九十]{1,3})\)?班?\Z")


@dataclass(frozen=True)
class SchoolOf:
    """What the labels of one file are read against."""

    year: int
    first_grade: int = 1
    last_grade: int = 9


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Half-width, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def is_code(text: str) -> bool:
    return text.isdigit()


def day(cell: object) -> date | None:
    """A date cell, 20150315, 2015-03-15, 2015/3/15 or 2015年3月15日; never a bare count of days."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = DATE.match(unicodedata.normalize("NFKC", str(cell)).strip())
    if not found or (len(str(cell)) < 8 and str(cell).isdigit()):
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def grade(text: str, school: SchoolOf) -> int | None:
    """一年级 … 九年级, 7, 初一, 小学三年级, 2026级. None when it is not a grade."""
    text = folded(text)
    if found := PRIMARY.match(text):
        return _digit(found.group(1))
    if found := JUNIOR.match(text):
        return _digit(found.group(1)) + 6
    if found := JUNIOR_LONG.match(text):
        return _digit(found.group(1))
    if found := ENTRY_YEAR.match(text):
        return _by_entry(found.group(1) or "", school.year - int(found.group(2)) + 1, school)
    return None


def _by_entry(stage: str, years_in: int, school: SchoolOf) -> int | None:
    """The grade of those who entered so many school years ago, the current one included.

    Where a school has both stages and the label does not say which, grade 1 to 3 stays open: None.
    """
    primary = years_in if 1 <= years_in <= 6 and school.first_grade <= years_in else None
    junior = years_in + 6 if 1 <= years_in <= 3 and years_in + 6 <= school.last_grade else None
    if primary is not None and primary > school.last_grade:
        primary = None
    if stage:
        return primary if stage.startswith("小") else junior
    if primary and junior:
        return None
    return primary or junior


@lru_cache(maxsize=4096)
def school_class(text: str, school: SchoolOf) -> tuple[int | None, int] | None:
    """(grade if the label names one, number) of 3, 1班, （1）班, 七（3）班, 三班, 2026级3班."""
    found = CLASS.match(folded(text))
    if not found:
        return None
    number = _number(found.group(2))
    if not number:
        return None
    named = found.group(1)
    if not named:
        return None, number
    of_grade = grade(named, school)
    if of_grade is None and not ENTRY_YEAR.match(named):
        return None
    return of_grade, number


def choice(text: str, possible: Mapping[str, object]) -> object | None:
    return possible.get(folded(text))


def _digit(text: str) -> int:
    return DIGITS.get(text) or int(text)


def _number(text: str) -> int | None:
    """1 to 99, in digits or in Chinese."""
    if text.isdigit():
        return int(text) or None
    tens, ten, ones = text.partition("十")
    if not ten:
        return DIGITS.get(text)
    if any(part and part not in DIGITS for part in (tens, ones)):
        return None
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
