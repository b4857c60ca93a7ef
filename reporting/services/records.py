"""Findings on records: opened and ended by a sweep, cleared by correction or a written word."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import NotPermitted, NotPossible, Reason, RuleBroken
from agencies.models import Agency
from agencies.queries.calendars import working_calendar
from agencies.queries.responsible import bureau
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import AgencyKind, Duty, Reach
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit, obligations
from agencies.services.obligations import Owed
from reporting.models import ConsistencyFinding, SystemMark
from reporting.queries.records import Seen, mark_of, now_true
from reporting.rules.records import Closing
from students.services.owed import raise_each, subject_of


def sweep(now: datetime) -> int:
    """Every county: what is new becomes a finding, what holds no more is corrected.

    Safe to repeat. Returns how many findings changed.
    """
    counties = Agency.objects.filter(kind=AgencyKind.BUREAU).values_list("county_id", flat=True)
    return sum(sweep_county(county_id, now) for county_id in sorted(set(counties)))


@transaction.atomic
def sweep_county(county_id: int, now: datetime) -> int:
    """The same of one county, all or nothing."""
    today = now.astimezone(CHINA).date()
    seen = now_true(county_id, today)
    rows = ConsistencyFinding.objects.select_for_update().filter(county_id=county_id, holds=True)
    known = {(row.student_id, row.kind): row for row in rows}
    over = [row for key, row in known.items() if key not in seen]
    new = {key: found for key, found in seen.items() if key not in known}
    _end(county_id, over, today, now)
    _open(county_id, new, today, now)
    return len(over) + len(new)


def _end(county_id: int, rows: Sequence[ConsistencyFinding], today: date, now: datetime) -> None:
    """What was explained before keeps its explanation; what was open has been corrected."""
    corrected = []
    for row in rows:
        row.holds = False
        if row.closed_on is None:
            row.closed_on, row.closing = today, Closing.CORRECTED
            corrected.append(row.key)
    ConsistencyFinding.objects.bulk_update(rows, ["holds", "closed_on", "closing"], batch_size=500)
    obligations.fulfil_keys(county_id, corrected, now)


def _open(county_id: int, seen: Seen, today: date, now: datetime) -> None:
    made = ConsistencyFinding.objects.bulk_create(
        (
            ConsistencyFinding(
                county_id=county_id,
                student_id=student_id,
                kind=kind,
                agency_id=agency_id,
                evidence=evidence,
                found_on=today,
            )
            for (student_id, kind), (agency_id, evidence) in sorted(seen.items())
        ),
        batch_size=1000,
    )
    if made:
        raise_each(county_id, _owed(county_id, made, today), working_calendar(), now)


def _owed(county_id: int, rows: Iterable[ConsistencyFinding], today: date) -> list[Owed]:
    rows = list(rows)
    office = bureau(county_id, today)
    wanted = {row.agency_id for row in rows}
    owners = Agency.objects.select_related("region").in_bulk(wanted)
    return [
        Owed(
            kind=ObligationKind.CONSISTENCY,
            key=row.key,
            subject=subject_of(owners[row.agency_id]),
            owed_by=owners[row.agency_id],
            owed_to=office,
            starts_on=today,
            region_path=owners[row.agency_id].region.path,
            href=f"/records/{row.public_id}/",
        )
        for row in rows
    ]


@transaction.atomic
def explain(
    scope: Scope, finding: ConsistencyFinding, text: str, now: datetime
) -> ConsistencyFinding:
    """Cleared in writing: the record is right although it does not fit.

    Raises NotPermitted, NotPossible when it is closed already, RuleBroken without words.
    """
    post = _post(scope, finding)
    finding = ConsistencyFinding.objects.select_for_update().get(pk=finding.pk)
    if finding.closed_on is not None:
        raise NotPossible(Reason("closed", _("This finding is closed already.")))
    if not text.strip():
        why = _("An explanation in writing is missing.")
        raise RuleBroken(Reason("explanation", why, "/explanation"))
    finding.closed_on, finding.closing = scope.on, Closing.EXPLAINED
    finding.explanation, finding.closed_by_id = text.strip(), post.id
    finding.save(update_fields=["closed_on", "closing", "explanation", "closed_by"])
    obligations.fulfil_keys(finding.county_id, [finding.key], now)
    audit.record(scope, "record.explain", f"finding:{finding.public_id}", now=now, post=post)
    return finding


def _post(scope: Scope, finding: ConsistencyFinding) -> HeldPost:
    for post in scope.posts:
        if Duty.CLEAR_RECORDS in post.duties and (
            post.reach is Reach.COUNTY or post.agency_id == finding.agency_id
        ):
            return post
    raise NotPermitted(Reason("duty", _("None of your posts carries this duty.")))


@transaction.atomic
def mark(
    scope: Scope, finding: ConsistencyFinding, on: date, operator: str, now: datetime
) -> SystemMark:
    """Note the day on which the national system was brought up to date, and by whom.

    Without a mark that stands it is set, else taken off. The finding ends with the next sweep of
    this child's county, which is done at once. Raises NotPermitted and RuleBroken.
    """
    post = _post(scope, finding)
    row = mark_of(finding.student)
    if problems := _mark_problems(row, on, operator, scope.on):
        raise RuleBroken(*problems)
    if row is None:
        row = SystemMark.objects.create(
            county_id=finding.county_id,
            student_id=finding.student_id,
            marked_on=on,
            operator=operator.strip(),
            by_id=post.id,
        )
    else:
        row.off_on, row.off_operator, row.off_by_id = on, operator.strip(), post.id
        row.save(update_fields=["off_on", "off_operator", "off_by"])
    audit.record(scope, "record.mark", f"student:{finding.student.public_id}", now=now, post=post)
    sweep_county(finding.county_id, now)
    return row


def _mark_problems(row: SystemMark | None, on: date, operator: str, today: date) -> list[Reason]:
    found = []
    if on > today:
        found.append(Reason("future", _("This day is still to come."), "/on"))
    if row is not None and on < row.marked_on:
        text = _("The mark was set on a later day.")
        found.append(Reason("before_mark", text, "/on"))
    if not operator.strip():
        text = _("Say who did it in the national system.")
        found.append(Reason("operator", text, "/operator"))
    return found
