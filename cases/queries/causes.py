"""The county's list of causes as forms, the API and the page of the list show it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from cases.models import Cause


@dataclass(frozen=True)
class Group:
    """An upper cause with those below it. A group without any stands for itself."""

    upper: Cause
    below: list[Cause] = field(default_factory=list)

    @property
    def choices(self) -> list[Cause]:
        return self.below or [self.upper]


def in_force(county_id: int, on: date) -> list[Group]:
    """The list of a day in its order, in one query."""
    rows = Cause.objects.on(on).filter(county=county_id)
    return _grouped(rows.select_related("parent").order_by("order", "pk"))


def whole(county_id: int, on: date) -> list[Group]:
    """The same with what begins later, each with its latest name."""
    rows = Cause.objects.filter(county=county_id).exclude(ends_on__lt=on)
    newest = {row.code: row for row in rows.select_related("parent").order_by("starts_on", "pk")}
    return _grouped(sorted(newest.values(), key=lambda row: (row.order, row.pk)))


def ended(county_id: int, on: date) -> list[Cause]:
    """What is no longer offered, newest end first: read in old plans only."""
    known = {row.code for row in Cause.objects.on(on).filter(county=county_id)}
    rows = Cause.objects.filter(county=county_id, ends_on__lt=on).exclude(code__in=known)
    newest = {row.code: row for row in rows.select_related("parent").order_by("ends_on", "pk")}
    return list(newest.values())[::-1]


def offered(groups: Iterable[Group]) -> dict[str, Cause]:
    """What a plan can name: the causes below, by their codes."""
    return {row.code: row for group in groups for row in group.choices}


def _grouped(rows: Iterable[Cause]) -> list[Group]:
    """By code, because a renamed group keeps those below it."""
    rows = list(rows)
    groups = {row.code: Group(row) for row in rows if row.parent is None}
    for row in rows:
        if row.parent is not None and row.parent.code in groups:
            groups[row.parent.code].below.append(row)
    return list(groups.values())
