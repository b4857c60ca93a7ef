"""The register of places that are looked into: entered, changed; closed by a penalty."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import Conflict, Reason, RuleBroken
from agencies.models import Agency, Region
from agencies.rules.duties import AgencyKind, Duty
from agencies.rules.scope import Scope
from agencies.services import audit
from cases import access
from cases.models import Venue
from cases.rules import venues as rules
from cases.rules.inspections import CLOSES, ENDS_THE_APPROVAL
from cases.rules.venues import VenueKind


@dataclass(frozen=True)
class Entry:
    """A place as it is written down. region: its code; near: the code of a school, or empty.

    schooling: how an approved institution ensures the schooling of the children it trains.
    """

    client_id: UUID
    kind: str
    name: str
    address: str
    region: str
    near: str = ""
    approved_by: str = ""
    approval_number: str = ""
    approval_until: date | None = None
    schooling: str = ""
    version: int | None = None


@transaction.atomic
def register(scope: Scope, entry: Entry, now: datetime) -> Venue:
    """Enter a place; the same client_id again gives the first entry.

    Raises NotPermitted, RuleBroken with everything that is missing or does not fit.
    """
    post = require(scope, Duty.INSPECT)
    known = Venue.objects.filter(county_id=scope.county_id, client_id=entry.client_id).first()
    if known:
        return known
    row = Venue(county_id=scope.county_id, client_id=entry.client_id, by_id=post.id)
    _fill(scope, row, entry)
    row.save()
    audit.record(scope, "venue.register", f"venue:{row.public_id}", now=now, post=post)
    return row


@transaction.atomic
def change(scope: Scope, venue_id: UUID, entry: Entry, now: datetime) -> Venue:
    """Write it down anew, for example with a new approval: one that was taken away stands no more.

    Raises NotVisible, Conflict (changed meanwhile), RuleBroken.
    """
    row = access.venue_for(scope, venue_id, lock=True)
    if entry.version is not None and entry.version != row.version:
        text = _("Somebody else changed this entry meanwhile. Look at it as it is now first.")
        raise Conflict(Reason("version", text, "/version"), current={"version": row.version})
    before = row.approval_number
    _fill(scope, row, entry)
    if row.approval_number and row.approval_number != before:
        row.approval_ended_on, row.ending_number = None, ""
    row.version += 1
    row.save()
    audit.record(scope, "venue.change", f"venue:{row.public_id}", now=now)
    return row


def _fill(scope: Scope, row: Venue, entry: Entry) -> None:
    reasons = rules.problems(
        entry.name, entry.address, entry.approval_number, entry.approval_until, entry.approved_by
    )
    if entry.kind not in VenueKind.values:
        reasons.append(Reason("kind", _("There is no such kind."), "/kind"))
    region = Region.objects.filter(county_id=scope.county_id, code=entry.region).first()
    if region is None or not _covers(scope, region):
        text = _("This place lies outside your area.")
        reasons.append(Reason("region", text, "/region"))
    near = _school(scope, entry.near)
    if entry.near and near is None:
        reasons.append(Reason("near", _("There is no such school."), "/near"))
    if reasons or region is None:
        raise RuleBroken(*reasons)
    row.kind, row.region, row.near = entry.kind, region, near
    for name in ("name", "address", "approved_by", "approval_number", "schooling"):
        setattr(row, name, getattr(entry, name).strip())
    row.approval_until = entry.approval_until


def _covers(scope: Scope, region: Region) -> bool:
    return scope.everything or not scope.paths or region.path.startswith(scope.paths)


def _school(scope: Scope, code: str) -> Agency | None:
    rows = Agency.objects.on(scope.on).filter(county_id=scope.county_id, kind=AgencyKind.SCHOOL)
    return rows.filter(code=code).first() if code else None


def end_by(row: Venue, penalty: str, number: str, on: date) -> None:
    """What a penalty means for the place: its approval ends, or it is closed."""
    if penalty in ENDS_THE_APPROVAL and row.approval_number and not row.approval_ended_on:
        row.approval_ended_on, row.ending_number = on, number
    if penalty in CLOSES and not row.ended_on:
        row.ended_on = on
    row.version += 1
    row.save()
