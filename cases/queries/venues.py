"""The register of places as its pages and the API show it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from agencies.models import Agency, Region
from agencies.rules.duties import AgencyKind
from agencies.rules.scope import Scope
from cases.models import Inspection, Venue
from cases.rules.inspections import InspectionState
from cases.rules.venues import Approval, ApprovalState, VenueKind, approval_state


@dataclass(frozen=True)
class Line:
    """One place. is_closed: on this day; last_held: of its inspections; children: found there."""

    venue: Venue
    approval: ApprovalState
    is_closed: bool
    last_held: date | None
    children: int

    @property
    def kind(self) -> VenueKind:
        return VenueKind(self.venue.kind)

    @property
    def is_unlawful(self) -> bool:
        """An institution at work without an approval that stands."""
        bad = (ApprovalState.NONE, ApprovalState.EXPIRED, ApprovalState.ENDED)
        return self.approval in bad and not self.is_closed


def rows(scope: Scope, kind: str = "", township: str = "", q: str = "") -> QuerySet[Venue]:
    """Places in sight, open ones first. kind, township (a code), q: narrow the list."""
    found = with_facts(Venue.objects.visible_to(scope))
    if kind:
        found = found.filter(kind=kind)
    if township:
        region = Region.objects.filter(county_id=scope.county_id, code=township).first()
        found = found.filter(region__path__startswith=region.path if region else "-")
    if q.strip():
        found = found.filter(Q(name__icontains=q.strip()) | Q(address__icontains=q.strip()))
    return found.order_by("ended_on", "kind", "name", "pk")


def with_facts(found: QuerySet[Venue]) -> QuerySet[Venue]:
    return found.select_related("region__parent", "near").annotate(
        last_held=Max("inspections__held_on"),
        children=Count("inspections__children", distinct=True),
    )


def line(venue: Venue, on: date) -> Line:
    approval = Approval(venue.approval_number, venue.approval_until, venue.approval_ended_on)
    return Line(
        venue,
        approval_state(venue.kind, approval, on),
        bool(venue.ended_on and venue.ended_on <= on),
        getattr(venue, "last_held", None),
        getattr(venue, "children", 0),
    )


def history(scope: Scope, venue: Venue) -> QuerySet[Inspection]:
    """Its inspections as far as the person sees them, newest first."""
    seen = Inspection.objects.visible_to(scope).filter(venue=venue)
    return (
        seen.exclude(state=InspectionState.CANCELLED)
        .select_related("lead")
        .order_by("-planned_on", "-pk")
    )


def regions(scope: Scope) -> list[tuple[str, list[tuple[str, str]]]]:
    """Townships and villages in which this person can enter a place, for a list of choices."""
    found = Region.objects.filter(county_id=scope.county_id).order_by("path")
    if scope.paths and not scope.everything:
        inside = Q()
        for path in scope.paths:
            inside |= Q(path__startswith=path)
        found = found.filter(inside)
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    for region in found.exclude(pk=scope.county_id):
        if len(region.path) <= TOWNSHIP or not groups:
            groups.append((region.name, []))
        groups[-1][1].append((region.code, region.name))
    return groups


TOWNSHIP = 9  # signs of the path of a township


def townships(scope: Scope) -> list[tuple[str, str]]:
    found = Agency.objects.on(scope.on).filter(county_id=scope.county_id, kind=AgencyKind.TOWNSHIP)
    return list(found.order_by("region__path").values_list("region__code", "region__name"))


def schools(scope: Scope) -> list[tuple[str, str]]:
    found = Agency.objects.on(scope.on).filter(county_id=scope.county_id, kind=AgencyKind.SCHOOL)
    return list(found.order_by("name").values_list("code", "name"))
