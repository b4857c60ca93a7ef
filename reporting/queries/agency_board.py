"""The board of a body: what waits for it, what it answered in time, what it waits for itself.

A body answers for those that it took over from; a township for every body with its seat in it.
A fixed number of statements, whatever there is. No child's name.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat

from agencies.models import Agency, Extension, Obligation
from agencies.models.obligation import ObligationQuerySet
from agencies.queries.obligations import visible_to
from agencies.rules.duties import AgencyKind
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import Scope
from cases.models import HelpRequest
from cases.rules.requests import WAITS_FOR_THEM
from reporting.queries.agency_duties import predecessors
from reporting.rules.agency_board import NEEDS_HELP, OTHERS_ANSWER, Answered, Part, Result
from reporting.rules.periods import Period
from reporting.rules.rates import NOTHING, Rate
from students.models import MigrantApplication, PlacementApplication, Transfer, TransferApplication
from students.rules.admission import Outcome
from students.rules.transfer import Step


@dataclass(frozen=True)
class Bodies:
    """Whose board it is. path: the township's, where it is about all bodies with a seat in it.

    ids: of the bodies; those of a township as a query, so that they cost no statement.
    """

    ids: Collection[int] | QuerySet
    path: str = ""


@dataclass(frozen=True)
class Link:
    """Another body's deadline that is about this one. asked: it asked; else it has to answer."""

    asked: bool
    key: str
    agency_id: int
    href: str


@dataclass(frozen=True)
class Open:
    """Open duties of one kind. first: the nearest due moment."""

    kind: ObligationKind
    total: int
    late: int
    first: datetime


@dataclass(frozen=True)
class Board:
    """The numbers of the three parts, the nearest due first."""

    waiting: list[Open]
    answered: dict[ObligationKind, Answered]
    asked: list[Open]

    @property
    def rate(self) -> Rate:
        """Of all kinds together."""
        return sum((one.rate for one in self.answered.values()), NOTHING)


def bodies_of(agency: Agency, *, alone: bool = False) -> Bodies:
    """alone: of a township only the government itself."""
    if agency.kind == AgencyKind.TOWNSHIP and not alone:
        path = agency.region.path
        rows = Agency.objects.filter(county=agency.county_id, region__path__startswith=path)
        return Bodies(rows.values("pk"), path)
    return Bodies([agency.pk, *(one.pk for one in predecessors([agency])[agency.pk])])


def links_of(agency_ids: Collection[int] | QuerySet) -> list[Link]:
    """Applications that these bodies sent or have to answer, where another body owes the duty."""
    placements = PlacementApplication.objects.waiting().filter(asked_by__agency__in=agency_ids)
    agreed = TransferApplication.objects.filter(step=Step.AGREED, school__in=agency_ids)
    migrants = MigrantApplication.objects.filter(
        outcome=Outcome.WAITING, recorded_by__agency__in=agency_ids
    )
    arriving = Transfer.objects.unconfirmed().filter(
        application__step=Step.APPROVED, application__to_school__in=agency_ids
    )
    asked = _links(placements, "placement_decide", "asked_by__agency", "/placements/applications/")
    found = asked.union(
        _links(agreed, "transfer_decide", "school", "/transfers/"),
        _links(migrants, "migrant", "recorded_by__agency", "/admission/migrants/"),
        _links(arriving, "transfer", "application__to_school", "/transfers/", "application__"),
        all=True,
    )
    return [Link(*row) for row in found]


def _links(rows: QuerySet, key: str, agency: str, href: str, of: str = "") -> QuerySet:
    """key: how the key of the duty begins; the public id of the row follows.

    of: the application whose page it is, where the row is none: it is to be answered.
    """
    return rows.values_list(
        Value(not of, BooleanField()),
        Concat(Value(f"{key}:"), Cast("public_id", CharField())),
        agency,
        Concat(Value(href), Cast(f"{of}public_id", CharField()), Value("/")),
    )


def rows_of(bodies: Bodies, links: list[Link], part: Part, period: Period) -> ObligationQuerySet:
    """The duties of a part. The period is of what was to be answered; the rest is open today."""
    rows = Obligation.objects.all()
    if part == Part.ANSWERED:
        return rows.filter(owed_by__in=bodies.ids, due_on__range=(period.first, period.last))
    keys = [one.key for one in links if one.asked == (part == Part.ASKED)]
    own = Q(owed_by__in=bodies.ids)
    if part == Part.WAITING:
        return rows.open().filter(own | Q(key__in=keys))
    asked = Q(owed_to__in=bodies.ids) | Q(key__in=keys)
    if bodies.path:
        asked |= Q(region_path__startswith=bodies.path)
    return rows.open().filter((asked & ~own) | (own & Q(kind__in=OTHERS_ANSWER)))


def with_result(rows: ObligationQuerySet, now: datetime) -> ObligationQuerySet:
    """Adds result: which Result each of them has now."""
    past = Q(late=True) | Q(met_at=None, due_at__lt=now)
    helped = HelpRequest.objects.running().filter(
        state__in=WAITS_FOR_THEM,
        by__agency=OuterRef("owed_by"),
        asked_at__lte=OuterRef("due_at"),
        case__obligations__obligation=OuterRef("pk"),
    )
    extended = Q(pk__in=Extension.objects.values("obligation"))
    return rows.annotate(
        result=Case(
            When(waived_at__isnull=False, then=Value(Result.FALLEN)),
            When(past & Q(kind__in=OTHERS_ANSWER), then=Value(Result.WAITING)),
            When(late=True, then=Value(Result.LATE)),
            When(past & Q(kind__in=NEEDS_HELP) & Exists(helped), then=Value(Result.WAITING)),
            When(past, then=Value(Result.OPEN_LATE)),
            When(extended, then=Value(Result.EXTENDED)),
            When(met_at__isnull=False, then=Value(Result.IN_TIME)),
            default=Value(Result.TO_COME),
        )
    )


def board_of(bodies: Bodies, links: list[Link], period: Period, now: datetime) -> Board:
    """One statement for all three parts."""
    waiting, answered, asked = (
        _counted(rows_of(bodies, links, part, period), part, now) for part in Part
    )
    opened: dict[str, list[Open]] = defaultdict(list)
    counts: dict[ObligationKind, dict[Result, int]] = defaultdict(dict)
    for part, name, result, *numbers in waiting.union(answered, asked, all=True):
        kind = ObligationKind(name)
        if part == Part.ANSWERED:
            counts[kind][Result(result)] = numbers[0]
        else:
            opened[part].append(Open(kind, *numbers))
    return Board(
        waiting=sorted(opened[Part.WAITING], key=lambda one: one.first),
        answered={kind: Answered(counts[kind]) for kind in ObligationKind if kind in counts},
        asked=sorted(opened[Part.ASKED], key=lambda one: one.first),
    )


def _counted(rows: ObligationQuerySet, part: Part, now: datetime) -> ObligationQuerySet:
    """By kind, and what was answered by result as well."""
    if part == Part.ANSWERED:
        rows = with_result(rows, now)
    else:
        rows = rows.annotate(result=Value("", CharField()))
    return (
        rows.order_by()
        .annotate(part=Value(part.value, CharField()))
        .values_list("part", "kind", "result")
        .annotate(
            total=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)), first=Min("due_at")
        )
    )


def shown_to(scope: Scope, rows: ObligationQuerySet, part: Part) -> ObligationQuerySet:
    """In their order, with what a line shows. seen: whether the person may open the duty itself."""
    seen: Value | Case = Value(value=True)
    if not scope.everything:
        mine = When(pk__in=visible_to(scope).values("pk"), then=seen)
        seen = Case(mine, default=Value(value=False))
    order = ("-due_at", "-pk") if part == Part.ANSWERED else ("due_at", "pk")
    extended = Exists(Extension.objects.filter(obligation=OuterRef("pk")))
    shown = rows.annotate(seen=seen, extended=extended)
    return shown.select_related("owed_by", "owed_to").order_by(*order)


def led(rows: Iterable[Obligation], links: Iterable[Link]) -> list[Obligation]:
    """The rows; what another body owes because of an application leads to the application."""
    pages, found = {one.key: one.href for one in links}, list(rows)
    for row in found:
        row.href = pages.get(row.key, row.href)
    return found
