"""ID numbers, student numbers and age (rules 9 and 12)."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
ID_FORM = re.compile(r"\d{17}[\dX]\Z")
TEMPORARY_FORM = re.compile(r"L(\d{6})(\d{8})\d{4}\Z")
FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")
ENTRY_MONTH_DAY = (8, 31)


class IdProblem(StrEnum):
    LENGTH = "length"
    FORM = "form"
    DATE = "date"
    CHECK = "check"
    PREFIX = "prefix"


@dataclass(frozen=True)
class Identity:
    """What a valid ID number says of its holder."""

    number: str
    born_on: date
    male: bool


def normalised(text: str) -> str:
    """Without blanks, half-width, an upper-case X."""
    return "".join(text.split()).translate(FULL_WIDTH).upper()


def parse_id(text: str, today: date) -> Identity | IdProblem:
    """An 18-digit ID number by GB 11643: form, real date of birth in the past, check digit."""
    number = normalised(text)
    if len(number) != 18:
        return IdProblem.LENGTH
    if not ID_FORM.match(number):
        return IdProblem.FORM
    born_on = _date(number[6:14])
    if born_on is None or born_on > today or born_on.year < 1900:
        return IdProblem.DATE
    if check_character(number[:17]) != number[17]:
        return IdProblem.CHECK
    return Identity(number, born_on, male=int(number[16]) % 2 == 1)


def check_character(first_17: str) -> str:
    """GB 11643: weighted sum modulo 11."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def has_right_check(number: str) -> bool:
    """Whether it is 18 characters with the check character of the first 17."""
    return bool(ID_FORM.match(number)) and check_character(number[:17]) == number[17]


def parse_student_number(text: str, today: date) -> str | IdProblem:
    """A 学籍号: G or J and 18 characters built like an ID number, or L with area, birth, 4 digits.

    An L number is temporary and has no check digit. J: children without an ID number get
    area, birth, serial and check character of the same form.
    """
    number = normalised(text)
    if number[:1] == "L":
        found = TEMPORARY_FORM.match(number)
        if not found:
            return IdProblem.FORM
        return number if _date(found.group(2)) else IdProblem.DATE
    if number[:1] not in ("G", "J"):
        return IdProblem.PREFIX
    problem = parse_id(number[1:], today)
    return problem if isinstance(problem, IdProblem) else number


def full_years(born_on: date, on: date) -> int:
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def school_year_of(day: date) -> int:
    """The year in which the school year began: 1 September to 31 August."""
    return day.year if day.month >= 9 else day.year - 1


def end_of_school_year(day: date) -> date:
    """The last day of the school year in which the day lies."""
    return date(school_year_of(day) + 1, *ENTRY_MONTH_DAY)


AUTUMN_OPENS, SPRING_OPENS = range(8, 11), range(1, 5)  # months


def lies_in_its_year(school_year: int, season: str, opens_on: date) -> bool:
    """An autumn term opens from August to October of the school year, a spring term in the next
    January to April (usual practice): anything else is a slip of the pen."""
    if season == "autumn":
        return opens_on.year == school_year and opens_on.month in AUTUMN_OPENS
    return opens_on.year == school_year + 1 and opens_on.month in SPRING_OPENS


@dataclass(frozen=True)
class Cohort:
    """Dates of birth of one school year's children of compulsory age, both ends included."""

    first: date
    last: date

    def __contains__(self, born_on: date) -> bool:
        return self.first <= born_on <= self.last


def compulsory_cohort(school_year: int, entry_age: int, years: int) -> Cohort:
    """Who is of school age (义务教育法 11: full 6; rule 9: on 31 August, that day included).

    School year 2026 (2026/27), age 6, nine years: born 2011-09-01 to 2020-08-31.
    """
    last = date(school_year - entry_age, *ENTRY_MONTH_DAY)
    return Cohort(date(last.year - years, 9, 1), last)


def stays_in_the_work(born_on: date, cohort: Cohort, completed: bool) -> bool:
    """Past the age without having completed grade 9 is still in the work (rule 9)."""
    return (
        born_on <= cohort.last and not completed and (born_on in cohort or born_on < cohort.first)
    )


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
