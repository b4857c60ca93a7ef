"""Entering grade 1 and grade 7 (免试就近入学), admission notices, migrant children (S1-46, 78)."""

from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

ENTRY_GRADES = (1, 7)
LEAVES_PRIMARY = 6  # the grade before the junior stage
OPENS = (9, 1)  # month and day, where the term is not set yet
COUNTED = (7, 1)  # who was in grade 6 on this day of the year enters grade 7 in autumn


class Paper(TextChoices):
    """What is asked of migrant families: the simplest proof that serves (S1-46)."""

    RESIDENCE = "residence", _("residence permit of the guardian")
    WORK = "work", _("proof of work or business")
    IDENTITY = "identity", _("household register or identity card")
    STUDENT_NUMBER = "student_number", _("student number, for children in school already")


class Outcome(TextChoices):
    """What became of an application."""

    WAITING = "waiting", _("waits for the decision")
    PLACED = "placed", _("has a school")
    REFUSED = "refused", _("application refused")


# What every notice has to say (S1-78): the duty, and who answers for it. Printed in Chinese.
LEGAL = (
    "《中华人民共和国义务教育法》第五条、第十一条：适龄儿童、少年的父母或者其他法定监护人应当依法保证其"
    "按时入学接受并完成义务教育。凡年满六周岁的儿童，其父母或者其他法定监护人应当送其入学接受并完成义务"
    "教育；因身体状况需要延缓入学或者休学的，应当提出申请，由乡镇人民政府或者县级教育行政部门批准。",
    "《中华人民共和国义务教育法》第五十八条：无正当理由未依照规定送适龄儿童、少年入学接受义务教育的，由"
    "当地乡镇人民政府或者县级人民政府教育行政部门给予批评教育，责令限期改正。",
    "《中华人民共和国未成年人保护法》第十六条：父母或者其他监护人应当尊重未成年人受教育的权利，保障适龄"
    "未成年人依法接受并完成义务教育。",
)


def opening_day(school_year: int, term_opens_on: date | None) -> date:
    """The opening day of the autumn term; 1 September while the term is not set."""
    return term_opens_on or date(school_year, *OPENS)


def takes_in(first_grade: int | None, last_grade: int | None, grade: int) -> bool:
    """Whether a school with these grades has this one; without an end it has all."""
    return (first_grade or 1) <= grade <= (last_grade or grade)


def deliver_until(opens_on: date, days_before: int, issued_on: date) -> date:
    """The last day of delivery: calendar days before the opening day, never before the issue."""
    return max(opens_on - timedelta(days=days_before), issued_on)


def notice_number(school_year: int, number: int) -> str:
    """入学〔2026〕12号: the year in such brackets, no zero in front (GB/T 9704-2012)."""
    return f"入学〔{school_year}〕{number}号"


def missing_papers(asked: list[str], given: list[str]) -> list[str]:
    """What was asked for and not given yet, in the order in which it was asked for."""
    return [paper for paper in asked if paper not in given]
