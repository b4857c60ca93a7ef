"""The list behind a number of the board, from the same querysets and conditions as the number."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.errors import NotVisible
from agencies.rules.scope import Scope
from cases.rules.workflow import State
from reporting.queries.board import shown
from reporting.queries.facts import FACTS, MARKED, RUNNING, Fact
from reporting.queries.lens import Lens, as_of, look
from reporting.rules.areas import Area
from reporting.rules.indicators import CATALOGUE, Indicator, Rows
from students.models import EnrollmentRecord
from students.models.school_class import class_name
from students.rules.marks import Mark, RollState

PER_PAGE = 50


@dataclass(frozen=True)
class Row:
    """One student, class or case. id: its public id. since and extra: what the list is about."""

    id: str
    name: str
    school: str
    class_name: str
    since: date | None = None
    extra: str = ""


@dataclass(frozen=True)
class Wanted:
    """Which list: the figure, the area, the day, the page and the focus group ("" for all)."""

    key: str
    area: Area
    on: date
    page: int = 1
    tag: str = ""


@dataclass(frozen=True)
class Behind:
    """One page of the list. total: the number on the board."""

    wanted: Wanted
    indicator: Indicator
    as_of: datetime
    total: int
    rows: tuple[Row, ...]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))

    @property
    def previous(self) -> int | None:
        return self.wanted.page - 1 if self.wanted.page > 1 else None

    @property
    def next(self) -> int | None:
        return self.wanted.page + 1 if self.wanted.page < self.pages else None


@dataclass(frozen=True)
class Listing:
    """The whole list, unread. show: makes a Row of one of its values."""

    rows: QuerySet
    show: Callable[[dict], Row]


def listing(scope: Scope, wanted: Wanted, now: datetime) -> Listing:
    """The list. Raises NotVisible for a figure that the area does not have."""
    indicator = shown(wanted.area).get(wanted.key)
    if indicator is None:
        raise NotVisible
    lens = look(scope, wanted.area, wanted.on, now, wanted.tag)
    facts = [fact for fact in FACTS if wanted.key in fact.conditions(lens)]
    return Listing(LISTS[indicator.rows](wanted.key, facts, lens), ROWS[indicator.rows])


def rows(scope: Scope, wanted: Wanted, now: datetime) -> Behind:
    """One page of the list with its total. Raises NotVisible like listing."""
    found = listing(scope, wanted, now)
    first = (wanted.page - 1) * PER_PAGE
    return Behind(
        wanted,
        CATALOGUE[wanted.key],
        as_of(wanted.on, now),
        found.rows.count(),
        tuple(found.show(row) for row in found.rows[first : first + PER_PAGE]),
    )


def _of_fact(key: str, fact: Fact, lens: Lens) -> QuerySet:
    return fact.build(lens).filter(fact.conditions(lens)[key])


def _students(key: str, facts: list[Fact], lens: Lens) -> QuerySet:
    """A figure may be the sum of two facts (unknown: no roll, or marked so)."""
    if len(facts) == 1:
        found = _of_fact(key, facts[0], lens)
    else:
        parts = [Q(pk__in=_of_fact(key, fact, lens).values("pk")) for fact in facts]
        found = EnrollmentRecord.objects.filter(reduce(or_, parts))
    columns = [
        "student__public_id",
        "student__name",
        "school__name",
        "school_class__grade",
        "school_class__number",
    ]
    if facts == [MARKED]:
        columns.append("mark")
    if facts == [RUNNING]:
        columns += ["since", "days", "unknown_days"]
        found = found.annotate(unknown_days=F("run__unknown_days"))
    return found.order_by(
        "school__code", "school_class__grade", "school_class__number", "student__name", "pk"
    ).values(*columns)


def _student_row(row: dict) -> Row:
    extra = ""
    if "mark" in row:
        extra = str(Mark(row["mark"]).label)
    elif "days" in row:
        text = ngettext("%(days)s day", "%(days)s days", row["days"])
        if row["unknown_days"]:
            text = ngettext("at least %(days)s day", "at least %(days)s days", row["days"])
        extra = text % {"days": row["days"]}
    return Row(
        str(row["student__public_id"]),
        row["student__name"],
        row["school__name"],
        class_name(row["school_class__grade"], row["school_class__number"]),
        row.get("since"),
        extra,
    )


def _classes(key: str, facts: list[Fact], lens: Lens) -> QuerySet:
    return (
        _of_fact(key, facts[0], lens)
        .order_by("school__code", "grade", "number")
        .values(
            "public_id",
            "school__name",
            "grade",
            "number",
            state=F("roll__state"),
            reason=F("roll__reason"),
        )
    )


def _class_row(row: dict) -> Row:
    name = class_name(row["grade"], row["number"])
    state = RollState(row["state"] or RollState.NOT_TAKEN).label
    extra = f"{state}: {row['reason']}" if row["reason"] else str(state)
    return Row(str(row["public_id"]), name, row["school__name"], name, extra=extra)


def _cases(key: str, facts: list[Fact], lens: Lens) -> QuerySet:
    return (
        _of_fact(key, facts[0], lens)
        .order_by("number", "pk")
        .values(
            "public_id",
            "then",
            "student__name",
            "school__name",
            "school_class__grade",
            "school_class__number",
            trigger_date=F("current__trigger_date"),
        )
    )


def _case_row(row: dict) -> Row:
    grade = row["school_class__grade"]
    return Row(
        str(row["public_id"]),
        row["student__name"],
        row["school__name"] or _("Not in any school"),
        class_name(grade, row["school_class__number"]) if grade else "",
        row["trigger_date"],
        str(State(row["then"]).label),
    )


LISTS: dict[Rows, Callable[[str, list[Fact], Lens], QuerySet]] = {
    Rows.STUDENTS: _students,
    Rows.CLASSES: _classes,
    Rows.CASES: _cases,
}
ROWS: dict[Rows, Callable[[dict], Row]] = {
    Rows.STUDENTS: _student_row,
    Rows.CLASSES: _class_row,
    Rows.CASES: _case_row,
}
