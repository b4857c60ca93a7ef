"""The yearly assessment until a sheet is sent: the scheme, sheets drawn from rows, points given.

The county sets the points of every item; nothing is preset. A draft whose figures changed is drawn
again before it is sent.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import Conflict, NotPossible, Reason, RuleBroken
from agencies.models import Obligation
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import Scope
from agencies.services import audit, obligations, receipts
from agencies.services.obligations import Ground, Owed
from reporting.models import Scheme, Sheet
from reporting.queries import assessment as queries
from reporting.queries.assessment import sheet_for
from reporting.rules import assessment as rules
from reporting.rules.agency_duties import Year
from reporting.rules.areas import AreaKind
from reporting.rules.assessment import Given, SheetState, Wanted
from reporting.services.nameless import persons_in
from students.rules.identity import school_year_of


@transaction.atomic
def set_scheme(scope: Scope, wanted: Wanted, version: int, now: datetime) -> Scheme:
    """Set the scheme of a kind and year; version: of the one that was seen, 0 when there was none.

    Raises NotPermitted, NotPossible (sheets were sent), Conflict, RuleBroken with every reason.
    """
    post = require(scope, Duty.KEEP_ASSESSMENTS)
    reasons = rules.scheme_problems(wanted, school_year_of(scope.on))
    names = {
        f"/manual/{number}/name": name for number, (name, _points) in enumerate(wanted.manual, 1)
    }
    reasons += persons_in(scope.county_id, {"/source": wanted.source, **names})
    if reasons:
        raise RuleBroken(*reasons)
    row = queries.scheme_of(scope.county_id, wanted.kind, wanted.school_year, lock=True)
    if row is not None and queries.were_sent(row):
        words = _("Sheets by the scheme of this year were sent: it stays as it is.")
        raise NotPossible(Reason("sent", words, "/kind"))
    if (row.version if row else 0) != version:
        words = _("Somebody else changed this scheme meanwhile.")
        current = {"version": row.version if row else 0}
        raise Conflict(Reason("version", words, "/version"), current=current)
    row = row or Scheme(
        county_id=scope.county_id, kind=wanted.kind, school_year=wanted.school_year, version=0
    )
    row.starts_on, row.source = wanted.starts_on, wanted.source.strip()
    row.items = rules.items(wanted)
    row.set_on, row.set_by_id, row.version = scope.on, post.id, row.version + 1
    row.save()
    audit.record(scope, "assessment.scheme", f"scheme:{row.public_id}", now=now, post=post)
    return row


@transaction.atomic
def draw(scope: Scope, kind: str, school_year: int, now: datetime) -> list[Sheet]:
    """Draw a sheet for each unit of the kind that has none of the year; called again: the others.

    Raises NotPermitted, RuleBroken when no scheme is in force or the year has not begun.
    """
    post = require(scope, Duty.KEEP_ASSESSMENTS)
    scheme = queries.scheme_of(scope.county_id, kind, school_year, lock=True)
    if scheme is None or scheme.starts_on > scope.on:
        words = _("No scheme is in force for these units and this year: set it first.")
        raise RuleBroken(Reason("scheme", words, "/school_year"))
    if Year(school_year).first > scope.on:
        raise RuleBroken(Reason("year", _("This school year has not begun."), "/school_year"))
    missing = queries.without_sheet(scope, AreaKind(kind), school_year)
    drawn = queries.drawn_items(scope, scheme, missing, now)
    made = [
        Sheet(
            county_id=scope.county_id,
            kind=one.area.kind,
            key=one.area.key,
            name=one.area.name,
            path=one.area.path,
            school_id=one.area.school_id,
            school_year=school_year,
            scheme=scheme,
            agency=one.agency,
            position=rules.LEADERS[AreaKind(kind)],
            items=drawn[one.agency.pk],
            drawn_on=scope.on,
            drawn_by_id=post.id,
        )
        for one in missing
    ]
    Sheet.objects.bulk_create(made)
    about = f"{kind}:{school_year}"
    audit.record(scope, "assessment.draw", about, now=now, post=post, sheets=len(made))
    return made


@transaction.atomic
def redraw(scope: Scope, sheet_id: UUID, version: int, now: datetime) -> Sheet:
    """Draw the figures of a draft anew; points that a person gave stay where the item is the same.

    Raises NotVisible, NotPermitted, NotPossible (no draft any more), Conflict.
    """
    post = require(scope, Duty.KEEP_ASSESSMENTS)
    row = in_state(scope, sheet_id, version, SheetState.DRAFT)
    row.items = queries.items_now(scope, row, now)
    row.drawn_on, row.drawn_by_id = scope.on, post.id
    return saved(scope, row, "redraw", now)


@transaction.atomic
def give(
    scope: Scope, sheet_id: UUID, version: int, given: Mapping[int, Given], now: datetime
) -> Sheet:
    """Give points to items that a person judges; what is left empty is judged later.

    Raises NotVisible, NotPermitted, NotPossible, Conflict, RuleBroken with every reason.
    """
    require(scope, Duty.KEEP_ASSESSMENTS)
    row = in_state(scope, sheet_id, version, SheetState.DRAFT)
    reasons: list[Reason] = []
    for number, one in given.items():
        item = queries.item_of(row, number)
        if not rules.is_manual(item):
            words = _("Item %(number)s is filled in from rows.") % {"number": number}
            reasons.append(Reason("rows", words, f"/items/{number}"))
            continue
        reasons += rules.given_problems(number, Decimal(str(item["most"])), one)
        place = f"/items/{number}/reason"
        reasons += persons_in(scope.county_id, {place: one.reason})
    if reasons:
        raise RuleBroken(*reasons)
    row.items = [_with(item, given.get(int(item["number"]))) for item in row.items]
    return saved(scope, row, "points", now)


def _with(item: rules.Row, given: Given | None) -> rules.Row:
    if given is None:
        return item
    return {**item, "points": rules.text(given.points), "reason": given.reason.strip()}


@transaction.atomic
def send(scope: Scope, sheet_id: UUID, version: int, now: datetime) -> Sheet:
    """Send a draft to its unit: its figures stay from now on, and the time for appeals runs.

    Raises NotVisible, NotPermitted, Conflict, NotPossible (no draft any more; figures changed;
    an item that a person judges has no points).
    """
    require(scope, Duty.KEEP_ASSESSMENTS)
    row = in_state(scope, sheet_id, version, SheetState.DRAFT)
    words = _("Item %(number)s is not judged.")
    reasons = [
        Reason("unjudged", words % {"number": number}, f"/items/{number}")
        for number in rules.unjudged(row.items)
    ]
    if changed := rules.changes(row.items, queries.items_now(scope, row, now)):
        reasons.append(rules.changed(len(changed)))
    if reasons:
        raise NotPossible(*reasons)
    row.state, row.sent_on = SheetState.SENT, scope.on
    row.owed = owe(row, ObligationKind.ASSESSMENT, scope, now)
    receipts.send(row.owed, [row.agency], now)
    return saved(scope, row, "send", now)


def owe(row: Sheet, kind: ObligationKind, scope: Scope, now: datetime, item: int = 0) -> Obligation:
    """The unit owes its acceptance or appeal to the bureau; the bureau the answer to an appeal."""
    office, theirs = bureau(row.county_id, scope.on), kind is ObligationKind.ASSESSMENT
    by = row.agency if theirs else office
    owed = Owed(
        kind=kind,
        key=f"{kind.value}:{row.public_id}:{item}",
        subject=f"{row.name} {Year(row.school_year).words}"[:80],
        owed_by=by,
        owed_to=office if theirs else row.agency,
        starts_on=scope.on,
        region_path=by.region.path,
        href=f"/assessments/{row.public_id}/",
    )
    ground = Ground(in_force(row.county_id, scope.on), working_calendar(), now)
    return obligations.raise_all(row.county_id, [owed], ground)[0]


def in_state(scope: Scope, sheet_id: UUID, version: int, state: SheetState) -> Sheet:
    """A sheet for writing, as it was seen. Raises NotVisible, NotPossible, Conflict."""
    row = sheet_for(scope, sheet_id, lock=True)
    if row.state != state:
        words = _("Not possible while the sheet is: %(state)s.")
        told = {"state": SheetState(row.state).label}
        raise NotPossible(Reason("state", words % told))
    if row.version != version:
        words = _("Somebody else changed this sheet meanwhile.")
        raise Conflict(Reason("version", words, "/version"), current={"version": row.version})
    return row


def saved(scope: Scope, row: Sheet, deed: str, now: datetime) -> Sheet:
    row.version += 1
    row.save()
    audit.record(scope, f"assessment.{deed}", f"sheet:{row.public_id}", now=now)
    return row
