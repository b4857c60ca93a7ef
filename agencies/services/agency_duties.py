"""The duties of a county: loaded from its profile, added and ended by the county, each from a day.

Nothing is deleted: what was owed last year can be read next year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotVisible, Reason, RuleBroken
from agencies.models import AgencyDuty, Region
from agencies.rules.agency_duties import When
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.profile import Clause, Profile
from agencies.rules.scope import Scope
from agencies.services import audit

DAY = timedelta(days=1)
STORED = (
    "place", "kind", "zh", "en", "when", "context", "owed_by", "owed_to", "obligations", "evidence",
    "features", "numbers",
)  # fmt: skip
OWN = "OWN"  # the ids of what a county adds itself: OWN-01, OWN-02, ...


@dataclass(frozen=True)
class Loaded:
    """How many duties the file brought, changed and ended; what stayed is not counted.

    rules: values of policy keys that were new.
    """

    added: int
    changed: int
    ended: int
    rules: int = 0


@transaction.atomic
def load(county: Region, profile: Profile, since: date) -> Loaded:
    """The clauses of a profile in force from a day on; a second loading changes nothing.

    A clause that reads otherwise than before begins anew on the day; one of the same document that
    the file no longer has ends the day before. What the county has ended itself stays ended.
    Raises RuleBroken when the day lies before the beginning of what it would change.
    """
    Region.objects.select_for_update().get(pk=county.pk)  # one after the other
    rows = AgencyDuty.objects.filter(county=county)
    last = {row.clause: row for row in rows.order_by("starts_on")}
    made, changed = [], 0
    for clause in profile.clauses:
        before, new = last.pop(clause.id, None), _row(county, profile, clause, since)
        if before is not None:
            if before.ended_because or _same(before, new):
                continue
            _end(before, since)
            changed += 1
        made.append(new)
    gone = [row for row in last.values() if row.document == profile.document and not row.ends_on]
    for row in gone:
        _end(row, since)
    AgencyDuty.objects.bulk_create(made)
    return Loaded(len(made) - changed, changed, len(gone))


def _row(county: Region, profile: Profile, clause: Clause, since: date) -> AgencyDuty:
    fields: dict[str, Any] = {name: getattr(clause, name) for name in STORED}
    given = {name: list(v) if isinstance(v, tuple) else v for name, v in fields.items()}
    return AgencyDuty(
        county=county, clause=clause.id, document=profile.document, starts_on=since, **given
    )


def _same(before: AgencyDuty, new: AgencyDuty) -> bool:
    return before.ends_on is None and all(
        getattr(before, name) == getattr(new, name) for name in ("document", *STORED)
    )


def _end(row: AgencyDuty, on: date, because: str = "") -> None:
    """Not owed from this day on; a row that would begin only then never was."""
    if row.ends_on is not None and row.ends_on < on:
        return
    if row.starts_on > on:
        text = _("%(clause)s is in force only from %(day)s on: choose that day or a later one.")
        words = text % {"clause": row.clause, "day": row.starts_on}
        raise RuleBroken(Reason("later", words, "/starts_on"))
    if row.starts_on == on:
        row.delete()
        return
    row.ends_on, row.ended_because = on - DAY, because
    row.save(update_fields=["ends_on", "ended_because"])


@dataclass(frozen=True)
class OwnDuty:
    """A duty that the county adds: what, who owes it, to whom, since when, by which document."""

    kind: str
    zh: str
    en: str
    owed_by: tuple[str, ...]
    owed_to: tuple[str, ...]
    when: str
    document: str
    place: str
    starts_on: date


@transaction.atomic
def add(scope: Scope, new: OwnDuty, now: datetime) -> AgencyDuty:
    """Add a duty of the county's own. Raises NotPermitted; RuleBroken without a document."""
    post = require(scope, Duty.MANAGE_POLICY)
    if not new.document.strip():
        text = _("Name the document that orders this duty.")
        raise RuleBroken(Reason("source", text, "/document"))
    Region.objects.select_for_update().get(pk=scope.county_id)
    given: Mapping[str, Any] = vars(new) | {
        "owed_by": list(new.owed_by),
        "owed_to": list(new.owed_to),
        "en": new.en or new.zh,
        "when": new.when or When.STANDING,
    }
    own = AgencyDuty.objects.filter(county=scope.county_id, clause__startswith=f"{OWN}-")
    number = own.values("clause").distinct().count() + 1
    row = AgencyDuty.objects.create(
        county_id=scope.county_id, clause=f"{OWN}-{number:02d}", **given
    )
    audit.record(scope, "agency_duty.add", f"clause:{row.clause}", now=now, post=post)
    return row


@transaction.atomic
def end(scope: Scope, clause: str, on: date, because: str, now: datetime) -> None:
    """The last day of a duty, with the reason; loading the profile again does not bring it back.

    Raises NotPermitted, NotVisible; RuleBroken without a reason, or for a day that has passed.
    """
    post = require(scope, Duty.MANAGE_POLICY)
    rows = AgencyDuty.objects.select_for_update().filter(county=scope.county_id, clause=clause)
    row = rows.filter(ends_on__isnull=True).first()
    if row is None:
        raise NotVisible
    if not because.strip():
        text = _("Say why it is no longer owed, and by which document.")
        raise RuleBroken(Reason("because", text, "/because"))
    if on < max(now.astimezone(CHINA).date(), row.starts_on):
        text = _("The last day is today at the earliest, and not before the first.")
        raise RuleBroken(Reason("past", text, "/ends_on"))
    row.ends_on, row.ended_because = on, because.strip()
    row.save(update_fields=["ends_on", "ended_because"])
    days = {"to": on.isoformat()}
    audit.record(scope, "agency_duty.end", f"clause:{clause}", now=now, post=post, **days)
