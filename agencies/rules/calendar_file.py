"""The official notice of a year as a file: read, and everything wrong with it named.

JSON: {"2027": {"source": title, "holidays": {day: name}, "make_up": [day]}}. CSV: columns date,
kind, name (日期, 类型, 名称), kind 放假 or 调休上班. Source: the State Council's yearly notice.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, RuleBroken, Text

MOST_BYTES = 200_000
MOST_NAME, MOST_SOURCE = 30, 120
FEW = 10  # weekdays off: every year since 2014 has more
SATURDAY = 5
YEAR = re.compile(r"20\d\d", re.ASCII)
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
HOLIDAY, MAKE_UP = "holiday", "make_up"
KINDS = {
    **dict.fromkeys(("holiday", "放假", "休", "休息"), HOLIDAY),
    **dict.fromkeys(("make_up", "makeup", "调休上班", "上班", "补班", "班"), MAKE_UP),
}
COLUMNS = {"date": "date", "日期": "date", "kind": "kind", "类型": "kind"}
COLUMNS |= {"name": "name", "名称": "name", "节日": "name"}


@dataclass(frozen=True)
class YearFile:
    """A year's notice without what changes nothing. doubts: what a person should look at twice."""

    year: int
    source: str
    holidays: dict[date, str]
    make_up: frozenset[date]
    doubts: tuple[Text, ...] = ()

    @property
    def kinds(self) -> dict[date, str]:
        """What each day is that is not as its weekday."""
        return dict.fromkeys(self.holidays, HOLIDAY) | dict.fromkeys(self.make_up, MAKE_UP)

    @property
    def worked(self) -> list[date]:
        return sorted(self.make_up)

    def written(self) -> dict[str, dict]:
        """The JSON form, which reads back as the same."""
        holidays = {day.isoformat(): name for day, name in self.holidays.items()}
        make_up = sorted(day.isoformat() for day in self.make_up)
        content = {"source": self.source, "holidays": holidays, "make_up": make_up}
        return {str(self.year): content}


@dataclass(frozen=True)
class Line:
    """One day of a file. where: the words for its place."""

    where: Text
    day: object
    kind: str
    name: object = ""


def read(name: str, content: bytes, source: str = "") -> list[YearFile]:
    """The years of a file. Raises RuleBroken with each place and reason."""
    if len(content) > MOST_BYTES:
        raise _refused("size", _("The file is too large for a calendar."))
    text = _decoded(content)
    if name.lower().endswith(".csv"):
        return [_from_csv(text, source)]
    return years(_from_json(text))


def _refused(code: str, text: Text) -> RuleBroken:
    return RuleBroken(Reason(code, text, "/file"))


def _decoded(content: bytes) -> str:
    """UTF-8, or what a Chinese spreadsheet program writes."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused("encoding", _("The file is no text: neither UTF-8 nor GB18030."))


def _from_json(text: str) -> Mapping[str, object]:
    twice: list[str] = []

    def pairs(found: list[tuple[str, object]]) -> dict[str, object]:
        counts = Counter(key for key, _value in found)
        twice.extend(key for key, count in counts.items() if count > 1)
        return dict(found)

    try:
        content = json.loads(text, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno, "why": error.msg}
        words = _("Line %(line)s, column %(column)s: not readable as JSON (%(why)s).")
        raise _refused("json", words % place) from error
    except RecursionError as error:
        raise _refused("json", _("The file is nested too deeply to be a calendar.")) from error
    if twice:
        words = _("“%(key)s” stands in the file more than once.")
        raise RuleBroken(*(Reason("twice", words % {"key": key}, "/file") for key in twice))
    if not isinstance(content, dict) or not content:
        raise _refused("form", _('The file has to be an object of years: {"2027": {…}}.'))
    return content


def years(content: Mapping[str, object]) -> list[YearFile]:
    """Years in the JSON form. Raises RuleBroken with every reason of every year."""
    found: list[YearFile] = []
    reasons: list[Reason] = []
    for year, inside in content.items():
        try:
            found.append(_year(str(year), inside))
        except RuleBroken as refused:
            reasons += refused.reasons
    if reasons:
        raise RuleBroken(*reasons)
    return found


def _year(year: str, content: object) -> YearFile:
    if not YEAR.fullmatch(year):
        raise _refused("year", _("“%(year)s” is no year.") % {"year": year})
    if not isinstance(content, dict):
        raise _refused(
            "form", _("%(year)s: source, holidays and make_up are missing.") % {"year": year}
        )
    off, on = content.get("holidays"), content.get("make_up", [])
    if not isinstance(off, dict) or not isinstance(on, list):
        words = _("%(year)s: holidays has to be an object of days and names, make_up a list.")
        raise _refused("form", words % {"year": year})
    lines = [Line(f"holidays “{day}”", day, HOLIDAY, name) for day, name in off.items()]
    lines += [Line(f"make_up “{day}”", day, MAKE_UP) for day in on]
    return _checked(int(year), content.get("source"), lines)


def _from_csv(text: str, source: str) -> YearFile:
    try:
        rows = list(csv.reader(text.splitlines(), strict=True))
    except csv.Error as error:
        words = _("The file cannot be read as CSV (%(why)s).") % {"why": error}
        raise _refused("csv", words) from error
    heads = [COLUMNS.get(cell.strip().lower(), "") for cell in rows[0]] if rows else []
    if not {"date", "kind"} <= set(heads):
        raise _refused("columns", _("The first line has to name the columns date, kind and name."))
    lines = [
        Line(_("Line %(number)s") % {"number": number}, cells.get("date", ""), kind, cells["name"])
        for number, row in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in row)
        for cells in [{"name": "", **dict(zip(heads, map(str.strip, row), strict=False))}]
        for kind in [KINDS.get(cells.get("kind", "").lower(), "")]
    ]
    days = [day for line in lines if (day := _day(line.day))]
    if not days:
        raise _refused("empty", _("No line of the file has a day."))
    year = Counter(day.year for day in days).most_common(1)[0][0]
    return _checked(year, source, lines)


def _day(text: object) -> date | None:
    """A day as 2027-01-01, 2027/1/1 or 2027年1月1日."""
    found = DAY.fullmatch(text) if isinstance(text, str) else None
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _checked(year: int, source: object, lines: Iterable[Line]) -> YearFile:
    """Every day lies in the year and stands there once; a day that changes nothing is left out."""
    reasons = [] if _printable(source, MOST_SOURCE) and source else [_no_source(year)]
    kinds: dict[date, str] = {}
    holidays: dict[date, str] = {}
    doubts: list[Text] = []
    for line in lines:
        day = _day(line.day)
        if problem := _problem(line, day, year, kinds):
            reasons.append(Reason("line", f"{line.where}: {problem}", "/file"))
            continue
        kinds[day] = line.kind  # type: ignore[index]  # a day that is none is a problem
        holidays[day] = str(line.name)  # type: ignore[index]
    if reasons:
        raise RuleBroken(*reasons)
    useful = {day: kind for day, kind in kinds.items() if (kind == HOLIDAY) == _is_weekday(day)}
    doubts += [_changes_nothing(day, kind) for day, kind in kinds.items() if day not in useful]
    off = {day: holidays[day] for day, kind in sorted(useful.items()) if kind == HOLIDAY}
    if len(off) < FEW:
        words = _("Only %(count)s weekdays off in %(year)s: is the notice complete?")
        doubts.append(words % {"count": len(off), "year": year})
    on = frozenset(day for day, kind in useful.items() if kind == MAKE_UP)
    return YearFile(year, str(source).strip(), off, on, tuple(doubts))


def _problem(line: Line, day: date | None, year: int, seen: Mapping[date, str]) -> Text | None:
    if day is None:
        return _("“%(text)s” is no day.") % {"text": str(line.day)[:40]}
    if day.year != year:
        return _("%(day)s does not lie in %(year)s.") % {"day": day, "year": year}
    if not line.kind:
        return _("the kind has to be 放假 or 调休上班.")
    if day in seen:
        return _("%(day)s stands in the file more than once.") % {"day": day}
    if not _printable(line.name, MOST_NAME):
        return _("the name has to be a text of at most %(most)s characters.") % {"most": MOST_NAME}
    return None


def _printable(text: object, most: int) -> bool:
    return isinstance(text, str) and text.isprintable() and len(text.strip()) <= most


def _no_source(year: int) -> Reason:
    words = _("%(year)s: the title of the official notice is missing.") % {"year": year}
    return Reason("source", words, "/source")


def _is_weekday(day: date) -> bool:
    return day.weekday() < SATURDAY


def _changes_nothing(day: date, kind: str) -> Text:
    if kind == HOLIDAY:
        return _("%(day)s lies on a weekend and is off anyway: left out.") % {"day": day}
    return _("%(day)s is worked anyway, no weekend: a slip of the pen?") % {"day": day}
