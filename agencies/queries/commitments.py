"""Responsibility in writing: whose papers a person sees, one body's papers, the coverage of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from agencies.errors import NotVisible
from agencies.models import Agency, Commitment, GroupMember, Publicity, StoredFile
from agencies.models.agency import AgencyQuerySet
from agencies.rules.commitments import OWED_BY, PUBLICITY_BY, CommitmentKind, Role
from agencies.rules.duties import AgencyKind
from agencies.rules.scope import Scope

# The parts of the coverage: name and the kinds of bodies that owe it.
PARTS: dict[str, frozenset[AgencyKind]] = {
    "first_leader": OWED_BY[CommitmentKind.GROUP],
    **{kind.value: kinds for kind, kinds in OWED_BY.items()},
    "publicity": PUBLICITY_BY,
}


@dataclass(frozen=True)
class Wanted:
    """Coverage of which year; kind: of bodies, "" for all; gaps: only those that lack something."""

    year: int
    kind: str = ""
    gaps: bool = False


@dataclass(frozen=True)
class Cover:
    """One part over all bodies in sight that owe it."""

    part: str
    have: int
    owe: int


def bodies(scope: Scope) -> AgencyQuerySet:
    """The own bodies and those of the own area; the whole county for who supervises it."""
    rows = Agency.objects.on(scope.on).filter(county_id=scope.county_id)
    if scope.everything:
        return rows
    q = Q(pk__in=scope.agency_ids)
    for path in scope.paths:
        q |= Q(region__path__startswith=path, kind__in=(AgencyKind.VILLAGE, AgencyKind.SCHOOL))
    return rows.filter(q)


def body_for(scope: Scope, agency_id: UUID) -> Agency:
    """Raises NotVisible."""
    found = bodies(scope).select_related("region").filter(public_id=agency_id).first()
    if found is None:
        raise NotVisible
    return found


def may_keep(scope: Scope, body: Agency) -> bool:
    """The body itself; a township for its villages; the bureau, which collects, for all."""
    if scope.everything or body.pk in scope.agency_ids:
        return True
    return body.kind == AgencyKind.VILLAGE and body.region.path.startswith(scope.paths)


def commitment_for(scope: Scope, commitment_id: UUID, *, lock: bool = False) -> Commitment:
    """Raises NotVisible."""
    rows = Commitment.objects.filter(agency__in=bodies(scope), public_id=commitment_id)
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.select_related("agency__region", "by__user").first()
    if found is None:
        raise NotVisible
    return found


def publicity_for(scope: Scope, publicity_id: UUID) -> Publicity:
    """Raises NotVisible."""
    rows = Publicity.objects.filter(agency__in=bodies(scope), public_id=publicity_id)
    found = rows.select_related("agency__region").first()
    if found is None:
        raise NotVisible
    return found


def file_for(scope: Scope, file_id: UUID) -> StoredFile:
    """A file of a paper or activity in sight. Raises NotVisible."""
    seen = bodies(scope)
    papers = Commitment.files.through.objects.filter(commitment__agency__in=seen)
    photos = Publicity.files.through.objects.filter(publicity__agency__in=seen)
    of_these = Q(pk__in=papers.values("storedfile")) | Q(pk__in=photos.values("storedfile"))
    found = StoredFile.objects.filter(of_these, public_id=file_id).first()
    if found is None:
        raise NotVisible
    return found


def papers_of(body: Agency) -> QuerySet[Commitment]:
    """All that was ever filed, newest first."""
    rows = Commitment.objects.filter(agency=body).prefetch_related("files", "members")
    return rows.order_by("-signed_on", "-pk")


def activities_of(body: Agency, year: int) -> QuerySet[Publicity]:
    rows = Publicity.objects.filter(agency=body, on__year=year).prefetch_related("files")
    return rows.order_by("-on", "-pk")


def coverage(scope: Scope, wanted: Wanted) -> AgencyQuerySet:
    """Bodies that owe something in writing, with has_<part>, activities and reach of the year."""
    owing = frozenset[AgencyKind]().union(*PARTS.values())
    rows = bodies(scope).filter(kind__in=owing)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    rows = rows.annotate(
        **{f"has_{part}": Exists(found) for part, found in _found(scope, wanted.year).items()},
        activities=_figure(wanted.year, Count("pk")),
        reach=_figure(wanted.year, Sum("reach")),
    )
    if wanted.gaps:
        lacks = Q()
        for part, kinds in PARTS.items():
            lacks |= Q(**{f"has_{part}": False}, kind__in=kinds)
        rows = rows.filter(lacks)
    return rows.select_related("region").order_by("kind", "region__path", "name", "pk")


def totals(scope: Scope, wanted: Wanted) -> list[Cover]:
    """Of the bodies in sight, how many have what they owe."""
    rows = coverage(scope, Wanted(wanted.year, wanted.kind))
    counts: dict[str, Any] = {}
    for part, kinds in PARTS.items():
        counts[f"owe_{part}"] = Count("pk", filter=Q(kind__in=kinds))
        counts[f"have_{part}"] = Count("pk", filter=Q(**{f"has_{part}": True}, kind__in=kinds))
    found = rows.order_by().aggregate(**counts)
    return [
        Cover(part, found[f"have_{part}"], found[f"owe_{part}"])
        for part in PARTS
        if found[f"owe_{part}"]
    ]


def cells(body: Agency) -> list[tuple[str, str]]:
    """The parts of one row of the coverage: yes, no, or not owed by this kind of body."""
    return [
        (part, ("yes" if getattr(body, f"has_{part}") else "no") if body.kind in kinds else "")
        for part, kinds in PARTS.items()
    ]


def _found(scope: Scope, year: int) -> dict[str, QuerySet[Any]]:
    """Rows that prove each part for the outer body."""
    today = min(scope.on, date(year, 12, 31))
    papers = Commitment.objects.standing(year, today).filter(agency=OuterRef("pk"))
    of_kind = {kind.value: papers.filter(kind=kind) for kind in CommitmentKind}
    of_kind["plan"] = of_kind["plan"].filter(published_on__isnull=False)
    leaders = GroupMember.objects.on(today).filter(role=Role.FIRST)
    first = of_kind["group"].filter(pk__in=leaders.values("group"))
    publicity = _counted(year).filter(agency=OuterRef("pk"))
    return {"first_leader": first, **of_kind, "publicity": publicity}


def _counted(year: int) -> QuerySet[Publicity]:
    return Publicity.objects.filter(on__year=year, cancelled_on=None)


def _figure(year: int, what: Count | Sum) -> Coalesce:
    rows = _counted(year).filter(agency=OuterRef("pk")).order_by().values("agency")
    counted = Subquery(rows.annotate(figure=what).values("figure"), output_field=IntegerField())
    return Coalesce(counted, 0)


def years(on: date) -> Sequence[int]:
    """The years that a page offers: the next one, and five back."""
    return range(on.year + 1, on.year - 6, -1)


def year_asked(text: str, on: date) -> int:
    """The year of an address; what is none of those offered is this year."""
    return next((year for year in years(on) if str(year) == text), on.year)
