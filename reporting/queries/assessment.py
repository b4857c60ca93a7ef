"""Assessments in reach: schemes, the sheets of a year, one sheet with its appeals, what is behind.

Sheets stand in the official order of the units, never in that of their points: no ranking.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, QuerySet

from agencies.errors import NotVisible
from agencies.models import Obligation
from agencies.rules.duties import AgencyKind, Duty
from agencies.rules.scope import Scope
from reporting.models import Appeal, Scheme, Sheet
from reporting.queries.assessment_figures import (
    Asked,
    Unit,
    figures,
    heirs,
    judged,
    owed,
    units,
)
from reporting.rules import assessment as rules
from reporting.rules.agency_duties import Year
from reporting.rules.areas import AreaKind
from reporting.rules.assessment import Found, Row, SheetState, Total
from reporting.rules.assessment_indicators import CATALOGUE, Source

KINDS = (AreaKind.TOWNSHIP, AreaKind.SCHOOL)


def kinds_for(scope: Scope) -> tuple[AreaKind, ...]:
    """The kinds of units whose sheets this person may see."""
    if scope.may(Duty.KEEP_ASSESSMENTS):
        return KINDS
    own = {post.agency_kind for post in scope.posts}
    kinds = {AreaKind.TOWNSHIP: AgencyKind.TOWNSHIP, AreaKind.SCHOOL: AgencyKind.SCHOOL}
    return tuple(kind for kind, body in kinds.items() if body in own)


def schemes(scope: Scope) -> QuerySet[Scheme]:
    """Every scheme of the county; a unit those of its own kind. The latest year first."""
    rows = Scheme.objects.filter(county_id=scope.county_id, kind__in=kinds_for(scope))
    return rows.order_by("-school_year", "-kind")


def scheme_of(county_id: int, kind: str, school_year: int, *, lock: bool = False) -> Scheme | None:
    rows = Scheme.objects.filter(county_id=county_id, kind=kind, school_year=school_year)
    return (rows.select_for_update() if lock else rows).first()


def were_sent(scheme: Scheme) -> bool:
    """A sheet by it has left the house: the scheme stays as it is."""
    return scheme.sheets.exclude(state=SheetState.DRAFT).exists()


def sheets(scope: Scope, kind: str = "", school_year: int | None = None) -> QuerySet[Sheet]:
    """Sheets in sight: the latest year first, then townships and schools in the official order."""
    rows = Sheet.objects.visible_to(scope).select_related("scheme", "agency", "owed")
    if kind:
        rows = rows.filter(kind=kind)
    if school_year is not None:
        rows = rows.filter(school_year=school_year)
    return rows.order_by("-school_year", "-kind", "path", "key")


def sheet_for(scope: Scope, public_id: UUID, *, lock: bool = False) -> Sheet:
    """One sheet that this person may see. Raises NotVisible."""
    rows = sheets(scope).filter(public_id=public_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotVisible
    return found


def without_sheet(scope: Scope, kind: AreaKind, school_year: int) -> list[Unit]:
    """Units of today of which no sheet of the year was drawn, in the official order."""
    drawn = sheets(scope, kind, school_year).values_list("key", flat=True)
    have = set(drawn)
    return [one for one in units(scope.county_id, kind, scope.on) if one.area.key not in have]


def drawn_items(
    scope: Scope, scheme: Scheme, wanted: Collection[Unit], now: datetime
) -> dict[int, list[Row]]:
    """By body, the items of a sheet with the figures of now."""
    found = _found(scope, scheme, wanted, now)
    return {one.agency.pk: rules.drawn(scheme.items, found[one.agency.pk]) for one in wanted}


def _found(
    scope: Scope, scheme: Scheme, wanted: Collection[Unit], now: datetime
) -> dict[int, dict[str, Found]]:
    codes = [str(item["code"]) for item in scheme.items if item["code"]]
    return figures(Asked(scope, list(wanted), Year(scheme.school_year), now), codes)


def items_now(scope: Scope, sheet: Sheet, now: datetime) -> list[Row]:
    """The items of a sheet as they would be drawn now, with the points that a person gave."""
    found = _found(scope, sheet.scheme, [Unit(sheet.area, sheet.agency)], now)
    return rules.drawn(sheet.scheme.items, found[sheet.agency_id], sheet.items)


@dataclass(frozen=True)
class Full:
    """One sheet. changes: of a draft, what is another figure now; what this person may do now."""

    sheet: Sheet
    total: Total
    appeals: dict[int, Appeal]
    changes: list[tuple[Row | None, Row | None]]
    unjudged: list[int]
    until: date | None
    may_keep: bool
    may_answer: bool
    may_sign: bool
    may_appeal: bool

    @property
    def open_appeals(self) -> list[int]:
        return [number for number, one in self.appeals.items() if one.answered_on is None]


def full(scope: Scope, sheet: Sheet, now: datetime) -> Full:
    is_draft, is_sent = (sheet.state == one for one in (SheetState.DRAFT, SheetState.SENT))
    appeals = {one.number: one for one in sheet.appeals.all()}
    until = sheet.owed.due_on if sheet.owed else None
    theirs = sheet.agency_id in scope.agency_ids and scope.may(Duty.ANSWER_ASSESSMENT)
    open_appeals = [number for number, one in appeals.items() if one.answered_on is None]
    accepted = sheet.accepted_on is not None
    ready = until is not None and not rules.why_not_sign(
        open_appeals, accepted=accepted, until=until, today=scope.on
    )
    return Full(
        sheet=sheet,
        total=rules.total(sheet.items),
        appeals=appeals,
        changes=rules.changes(sheet.items, items_now(scope, sheet, now)) if is_draft else [],
        unjudged=rules.unjudged(sheet.items),
        until=until,
        may_keep=scope.may(Duty.KEEP_ASSESSMENTS),
        may_answer=is_sent and theirs and not accepted,
        may_sign=is_sent and ready and scope.may(Duty.SIGN_ASSESSMENT),
        may_appeal=is_sent and theirs and not accepted and until is not None and scope.on <= until,
    )


def item_of(sheet: Sheet, number: int) -> Row:
    """One item of a sheet. Raises NotVisible."""
    for row in sheet.items:
        if row["number"] == number:
            return dict(row)
    raise NotVisible


def behind(sheet: Sheet, item: Row, now: datetime) -> QuerySet[Obligation]:
    """The deadlines behind an item as they stand now: judged first, by their last day.

    Raises NotVisible when it does not count deadlines.
    """
    code = str(item["code"])
    if code not in CATALOGUE or CATALOGUE[code].source is not Source.OBLIGATIONS:
        raise NotVisible
    bodies = heirs([sheet.agency])
    rows = owed(bodies, CATALOGUE[code].kinds, Year(sheet.school_year))
    return rows.annotate(counts=judged(now)).order_by(F("counts").desc(), "due_at", "pk")
