"""The yearly assessment (年终考核): points of a share, what a scheme and a sheet need, appeals.

Sources: wencheng-2019 一(二) S1-15, S1-16, 四(二) S1-70. The documents give no weights: the county
sets them, and nothing is preset. Units are assessed, each by itself: nothing here compares them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.errors import Reason
from agencies.rules.duties import Position
from reporting.rules.areas import AreaKind
from reporting.rules.assessment_indicators import (
    CATALOGUE,
    REWARDS_HIDING,
    of_kind,
    rewards_hiding,
)

# The sheet of a school is the one of its leader too (S1-16), named by post.
CLAUSES = {AreaKind.TOWNSHIP: ("S1-70",), AreaKind.SCHOOL: ("S1-15", "S1-16")}
LEADERS = {
    AreaKind.TOWNSHIP: Position.TOWNSHIP_LEADER,
    AreaKind.SCHOOL: Position.SCHOOL_LEADER,
}
MOST = Decimal(1000)  # points of a whole scheme
CENT = Decimal("0.01")
NO_SUCH = _("There is no such indicator.")
Row = dict[str, object]  # an item of a sheet, as it is frozen


class SheetState(TextChoices):
    DRAFT = "draft", pgettext_lazy("assessment", "draft")
    SENT = "sent", pgettext_lazy("assessment", "sent to the unit")
    SIGNED = "signed", pgettext_lazy("assessment", "signed")


@dataclass(frozen=True)
class Found:
    """A share as the rows have it. excused: fell away; waiting: still runs; neither is in the
    denominator. extended: were given more time. details: what it is made of.
    """

    numerator: int = 0
    denominator: int = 0
    excused: int = 0
    waiting: int = 0
    extended: int = 0
    details: tuple[Row, ...] = ()


HEADS = ("numerator", "denominator")


def earned(most: Decimal, found: Found) -> Decimal | None:
    """Points in proportion to the share, exact, two decimals half up. None: nothing to judge."""
    if not found.denominator:
        return None
    hundredths = Fraction(most) * 100 * found.numerator / found.denominator
    return Decimal((2 * hundredths + 1) // 2) * CENT


def text(points: Decimal | None) -> str:
    """20, 7.5: as people write points; "" for none."""
    if points is None:
        return ""
    return f"{points.normalize():f}"


def points_of(row: Mapping[str, object]) -> Decimal | None:
    """The points that an item has now. None: not judged."""
    return Decimal(str(row["points"])) if row["points"] != "" else None


@dataclass(frozen=True)
class Total:
    """points of most; left_out: points of items with nothing to judge, no part of most."""

    points: Decimal
    most: Decimal
    left_out: Decimal


def total(rows: Iterable[Mapping[str, object]]) -> Total:
    points, most, left_out = Decimal(0), Decimal(0), Decimal(0)
    for row in rows:
        own, its_most = points_of(row), Decimal(str(row["most"]))
        if own is None:
            left_out += its_most
        else:
            points, most = points + own, most + its_most
    return Total(points, most, left_out)


def is_manual(row: Mapping[str, object]) -> bool:
    return not row["code"]


def unjudged(rows: Iterable[Mapping[str, object]]) -> list[int]:
    """Numbers of the items that a person has to judge and has not."""
    return [int(str(row["number"])) for row in rows if is_manual(row) and row["points"] == ""]


@dataclass(frozen=True)
class Wanted:
    """A scheme as it is to be. points: by indicator; manual: items of its own, name and points."""

    kind: str
    school_year: int
    starts_on: date
    source: str
    points: Mapping[str, Decimal]
    manual: Sequence[tuple[str, Decimal | None]] = ()


def scheme_problems(wanted: Wanted, this_year: int) -> list[Reason]:
    """Every reason why there can be no such scheme, each with its place."""
    if wanted.kind not in CLAUSES:
        return [Reason("kind", _("Townships and schools are assessed."), "/kind")]
    found = []
    if not this_year - 1 <= wanted.school_year <= this_year + 1:
        year = _("A scheme is set for the school year that runs, the one before or the next.")
        found.append(Reason("school_year", year, "/school_year"))
    if not wanted.source.strip():
        source = _("Name the paper that sets the scheme.")
        found.append(Reason("source", source, "/source"))
    for code, points in wanted.points.items():
        found += _indicator_problems(AreaKind(wanted.kind), code, points)
    for number, (name, value) in enumerate(wanted.manual, 1):
        found += _manual_problems(number, name, value)
    return found + _whole_problems(wanted)


def _whole_problems(wanted: Wanted) -> list[Reason]:
    names = [name.strip() for name, _points in wanted.manual]
    given = (*wanted.points.values(), *(value or 0 for _name, value in wanted.manual))
    found = []
    if len(set(names)) < len(names):
        found.append(Reason("twice", _("Two items have the same name."), "/manual"))
    if not given:
        found.append(Reason("items", _("Give points to at least one item."), "/points"))
    if sum(given) > MOST:
        found.append(Reason("most", _("A scheme has 1,000 points at most."), "/points"))
    return found


def _indicator_problems(kind: AreaKind, code: str, points: Decimal) -> list[Reason]:
    place = f"/points/{code}"
    if code not in CATALOGUE:
        return [Reason("indicator", REWARDS_HIDING if rewards_hiding(code) else NO_SUCH, place)]
    if code not in of_kind(kind):
        return [Reason("indicator", _("Such a unit does not owe this."), place)]
    return _no_points(points, place)


def _no_points(points: Decimal | None, place: str) -> list[Reason]:
    if points is not None and points > 0 and points == points.quantize(CENT):
        return []
    return [Reason("points", _("Points are above 0, with two decimals at most."), place)]


def _manual_problems(number: int, name: str, points: Decimal | None) -> list[Reason]:
    found = _no_points(points, f"/manual/{number}/points")
    place = f"/manual/{number}/name"
    if not name.strip():
        found.append(Reason("name", _("Say what is judged."), place))
    elif rewards_hiding(name):
        found.append(Reason("rewards_hiding", REWARDS_HIDING, place))
    return found


def items(wanted: Wanted) -> list[Row]:
    """The items of a scheme, numbered: indicators by the catalogue, then the county's own."""
    codes = [code for code in CATALOGUE if code in wanted.points]
    rows: list[Row] = [
        {"code": code, "name": "", "most": text(wanted.points[code])} for code in codes
    ]
    rows += [
        {"code": "", "name": name.strip(), "most": text(points)} for name, points in wanted.manual
    ]
    return [{"number": number, **row} for number, row in enumerate(rows, 1)]


def drawn(
    scheme: Iterable[Row], found: Mapping[str, Found], before: Iterable[Row] = ()
) -> list[Row]:
    """The items of a sheet: figures and points from the rows; what a person gave before stays
    where the item still is the same.
    """
    given = {(row["name"], row["most"]): row for row in before if is_manual(row)}
    rows = []
    for item in scheme:
        if is_manual(item):
            kept = given.get((item["name"], item["most"]), {})
            rows.append(
                {**item, "points": kept.get("points", ""), "reason": kept.get("reason", "")}
            )
            continue
        one = found.get(str(item["code"]), Found())
        heads = {name: getattr(one, name) for name in (*HEADS, "excused", "waiting", "extended")}
        points = text(earned(Decimal(str(item["most"])), one))
        rows.append({**item, **heads, "details": list(one.details), "points": points, "reason": ""})
    return rows


def changes(drawn: Sequence[Row], now: Sequence[Row]) -> list[tuple[Row | None, Row | None]]:
    """Items whose share or points to be had are others now: as drawn, as of today.

    What waits or fell away gives and takes no points: it changes every day.
    """
    then = {(row["code"], row["name"]): row for row in drawn}
    today = {(row["code"], row["name"]): row for row in now}
    return [
        (then.get(key), today.get(key))
        for key in [*then, *(key for key in today if key not in then)]
        if _figures(then.get(key)) != _figures(today.get(key))
    ]


def _figures(row: Row | None) -> tuple[object, ...]:
    return () if row is None else (row["most"], *(row.get(name) for name in HEADS))


def changed(count: int) -> Reason:
    words = _("Figures have changed since they were drawn: %(count)s. Draw them again first.")
    return Reason("changed", words % {"count": count}, "/items")


@dataclass(frozen=True)
class Given:
    """Points that a person gives to an item, and why."""

    points: Decimal | None
    reason: str


def given_problems(number: int, most: Decimal, given: Given) -> list[Reason]:
    """Why a person cannot give these points: above what the item has, or without a reason."""
    place = f"/items/{number}"
    found = []
    if given.points is None or given.points < 0 or given.points != given.points.quantize(CENT):
        words = _("Item %(number)s: points are 0 or more, with two decimals at most.")
        found.append(Reason("points", words % {"number": number}, f"{place}/points"))
    elif given.points > most:
        words = _("Item %(number)s has %(most)s points at most.")
        told = {"number": number, "most": text(most)}
        found.append(Reason("most", words % told, f"{place}/points"))
    if not given.reason.strip():
        words = _("Item %(number)s: say why these points are given.")
        found.append(Reason("reason", words % {"number": number}, f"{place}/reason"))
    return found


def why_not_appeal(*, accepted: bool, until: date, today: date, again: bool) -> list[Reason]:
    """Why an item cannot be appealed against."""
    if accepted:
        return [Reason("accepted", _("The unit has accepted this sheet."))]
    if today > until:
        words = _("Appeals were possible until %(day)s.")
        return [Reason("late", words % {"day": until.isoformat()})]
    if again:
        return [Reason("again", _("There is an appeal against this item already."), "/item")]
    return []


def why_not_sign(
    open_appeals: Sequence[int], *, accepted: bool, until: date, today: date
) -> list[Reason]:
    """A sheet is signed when every appeal is answered and no other can come."""
    words = _("The appeal against item %(number)s is not answered.")
    found = [
        Reason("appeal", words % {"number": number}, f"/items/{number}") for number in open_appeals
    ]
    if not accepted and today <= until:
        waits = _(
            "The unit may appeal until %(day)s: before that, or its acceptance, nothing is signed."
        )
        found.append(Reason("early", waits % {"day": until.isoformat()}))
    return found
