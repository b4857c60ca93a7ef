"""Admission notices as PDF/A-2b, one a page. Facts reach the layout as JSON, never as markup."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typst

from agencies.documents import fonts, letters
from students.models.school_class import GRADES
from students.rules.admission import LEGAL

LAYOUTS = Path(__file__).with_name("layouts")
TITLE = "义务教育入学通知书"
MOST_TAGGED = 100  # notices; marks for screen readers make a long file ten times larger


def pdf(notices: Sequence[Mapping[str, Any]], *, demo: bool) -> bytes:
    """The notices of these facts, all of one school. The same facts give the same bytes.

    Raises typst.TypstError when the layout is broken, ValueError without a notice.
    """
    if not notices:
        raise ValueError("no notice")
    folder = fonts.root()
    there = fonts.available(folder)
    sheet = {
        "title": TITLE,
        "agency": notices[0]["school"],
        "demo": demo,
        "notices": [_notice(facts) for facts in notices],
    }
    compiler = typst.Compiler(str(LAYOUTS / "notice.typ"), root=str(LAYOUTS), font_paths=there)
    content = compiler.compile(
        format="pdf",
        pdf_standards=fonts.STANDARD,
        sys_inputs={
            "sheet": json.dumps(fonts.all_printable(sheet, folder)),
            "fonts": json.dumps(fonts.families(there)),
        },
        timestamp=_moment(notices[0]["issued_on"]),
        pdf_tags=len(notices) <= MOST_TAGGED,
    )
    if not isinstance(content, bytes):
        raise TypeError("A PDF is one file")
    return content


def _notice(facts: Mapping[str, Any]) -> dict[str, Any]:
    grade = GRADES[int(facts["grade"])]
    born = f"{facts['sex']}，{_day(facts['born_on'])}出生"
    child = f"{facts['child']}（{born}，家庭住址：{facts['home']}）"
    return {
        "school": facts["school"],
        "number": facts["number"],
        "child": facts["child"],
        "addressee": facts["guardian"] or f"{facts['child']}的父母或者其他法定监护人",
        "body": [
            f"按照义务教育免试就近入学的规定，{letters.clean(child)}应于{facts['year']}年秋季进入我校"
            f"{grade}年级就读。请于{_day(facts['opens_on'])}带户口簿和本通知书送其到校报到注册。",
            "因身体状况需要延缓入学，或者已在其他学校就读的，请在报到日前持证明材料与我校联系。",
        ],
        "legal": list(LEGAL),
        "date": _day(facts["issued_on"]),
    }


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(text: str) -> datetime:
    day = date.fromisoformat(text)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
