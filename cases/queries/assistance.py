"""Help over many cases: the list, and its totals by kind and by giver; only what is in scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from agencies.models import Agency
from agencies.rules.duties import AgencyKind
from agencies.rules.region_code import path
from agencies.rules.scope import Scope
from cases.models import Assistance, Case
from cases.queries.plan import GIVER
from cases.rules.assistance import AssistanceKind


@dataclass(frozen=True)
class Wanted:
    """What the person asked for. first, last: help that went on at some time in these days."""

    kind: str = ""
    giver: str = ""
    region: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Total:
    """name: a kind or a giver. money: yuan; children: each once, however often it was helped."""

    name: str
    records: int
    children: int
    money: Decimal


def rows_for(scope: Scope, wanted: Wanted) -> QuerySet[Assistance]:
    """Help to children whose cases this person sees, newest first. Adds given_by."""
    rows = Assistance.objects.filter(case__in=Case.objects.visible_to(scope))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.region:
        rows = rows.filter(case__household__region__path__startswith=path(wanted.region))
    if wanted.first:
        rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=wanted.first))
    if wanted.last:
        rows = rows.filter(starts_on__lte=wanted.last)
    rows = rows.annotate(given_by=GIVER)
    if wanted.giver:
        rows = rows.filter(given_by=wanted.giver)
    return rows.select_related("case__student", "case__household__region").order_by(
        "-starts_on", "-pk"
    )


def by_kind(rows: QuerySet[Assistance]) -> list[Total]:
    return [_total(str(AssistanceKind(row["kind"]).label), row) for row in _summed(rows, "kind")]


def by_giver(rows: QuerySet[Assistance]) -> list[Total]:
    return [_total(row["given_by"], row) for row in _summed(rows, "given_by")]


def whole(rows: QuerySet[Assistance]) -> Total:
    return _total("", rows.order_by().aggregate(**SUMS))


SUMS = {
    "records": Count("pk"),
    "children": Count("case", distinct=True),
    "money": Sum("amount", default=Decimal()),
}


def _summed(rows: QuerySet[Assistance], name: str) -> Iterable[dict[str, Any]]:
    return rows.order_by().values(name).annotate(**SUMS).order_by("-money", "-records", name)


def _total(name: str, row: dict[str, Any]) -> Total:
    return Total(name, row["records"], row["children"], row["money"])


def givers(scope: Scope) -> list[str]:
    """Who has given anything that this person sees, for the filter."""
    rows = Assistance.objects.filter(case__in=Case.objects.visible_to(scope))
    names = rows.annotate(given_by=GIVER).values_list("given_by", flat=True)
    return sorted(set(names.order_by().distinct()))


def may_give(case: Case, on: date) -> QuerySet[Agency]:
    """Agencies offered as givers: offices of the county, the home's own, the child's school."""
    return givers_near(case.county_id, case.household.region.path, case.school_id, on)


def givers_near(county_id: int, home: str, school_id: int | None, on: date) -> QuerySet[Agency]:
    """The same for a home (path of its region) and a school."""
    everywhere = set(AgencyKind) - {AgencyKind.SCHOOL, AgencyKind.VILLAGE, AgencyKind.TOWNSHIP}
    near = Q(kind=AgencyKind.VILLAGE, region__path=home)
    near |= Q(kind=AgencyKind.TOWNSHIP, region__path=home[:9])
    wanted = Q(kind__in=everywhere) | near | Q(pk=school_id)
    return Agency.objects.on(on).filter(wanted, county=county_id).order_by("kind", "name")
