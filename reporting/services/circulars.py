"""Circulars: drawn from the rows, drawn again when the rows changed, issued and signed for.

Nothing that names a person gets into one; what was issued is never changed (the database refuses).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import Conflict, NotPossible, NotVisible, Reason, RuleBroken
from agencies.models import Agency, Receipt
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import Scope
from agencies.services import audit, obligations, receipts, sequences
from agencies.services.obligations import Ground, Owed
from reporting.models import Circular
from reporting.queries import circulars as queries
from reporting.queries.circulars import circular_for
from reporting.queries.talks import talk_for
from reporting.rules import circulars as rules
from reporting.rules.circulars import CircularState
from reporting.rules.rates import Measure
from reporting.services.nameless import persons_in


@dataclass(frozen=True)
class Addressees:
    """Whom it is sent to. recipients: ids of bodies; groups: RecipientGroup, besides."""

    recipients: tuple[UUID, ...]
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Draft:
    """units: as in queries.circulars.unit_value; recipients, groups: as in Addressees; talk:
    its cause."""

    client_id: UUID
    title: str
    text: str
    measure: str
    school_year: int
    units: tuple[str, ...]
    recipients: tuple[UUID, ...]
    talk: UUID | None = None
    groups: frozenset[str] = frozenset()


@transaction.atomic
def draft(scope: Scope, wanted: Draft, now: datetime) -> Circular:
    """Draw a circular from the rows of today. The same client_id again gives the first one.

    Raises NotVisible, NotPermitted, RuleBroken naming each word by which a person could be found.
    """
    post = require(scope, Duty.HOLD_TALK)
    known = Circular.objects.filter(county_id=scope.county_id, client_id=wanted.client_id).first()
    if known:
        return known
    talk = talk_for(scope, wanted.talk) if wanted.talk else None
    told = _told(scope, Addressees(wanted.recipients, wanted.groups), wanted.units)
    reasons = rules.problems(wanted.title, wanted.text, len(wanted.units), len(told))
    reasons += _persons(scope.county_id, wanted.title, wanted.text)
    figures = _figures(scope, wanted.measure, wanted.school_year, wanted.units)
    reasons += _sources(scope.county_id, figures)
    if wanted.units and not figures:
        text = _("None of these units has such a figure in this year.")
        reasons.append(Reason("no_figures", text, "/units"))
    if reasons:
        raise RuleBroken(*reasons)
    row = Circular.objects.create(
        county_id=scope.county_id,
        talk=talk,
        title=wanted.title.strip(),
        text=wanted.text.strip(),
        measure=wanted.measure,
        school_year=wanted.school_year,
        units=sorted(set(wanted.units)),
        figures=figures,
        drawn_on=scope.on,
        by_id=post.id,
        client_id=wanted.client_id,
    )
    row.recipients.set(told)
    audit.record(scope, "circular.draft", f"circular:{row.public_id}", now=now, post=post)
    return row


def _figures(
    scope: Scope, measure: str, school_year: int, units: Iterable[str]
) -> list[dict[str, object]]:
    if measure not in Measure.values:
        raise RuleBroken(Reason("measure", _("There is no such rate."), "/measure"))
    wanted = set(units)
    return queries.drawn(scope.county_id, Measure(measure), school_year, wanted, scope.on)


def _told(scope: Scope, wanted: Addressees, units: Collection[str]) -> list[Agency]:
    ids = set(wanted.recipients)
    return [
        one
        for one in queries.recipients(scope.county_id, scope.on)
        if one.public_id in ids or queries.groups_of(one, units) & wanted.groups
    ]


def _sources(county_id: int, figures: Iterable[Mapping[str, object]]) -> list[Reason]:
    """What was entered carries its source: words that name somebody are put right there first."""
    words = "\n".join(sorted({str(one["source"]) for one in figures if one["source"]}))
    return persons_in(county_id, {"/figures": words})


def _persons(county_id: int, title: str, text: str) -> list[Reason]:
    return persons_in(county_id, {"/title": title, "/text": text})


@dataclass(frozen=True)
class Seen:
    """The draft as it was on the screen, and the words as they are to be."""

    version: int
    title: str
    text: str


@transaction.atomic
def redraw(scope: Scope, circular_id: UUID, seen: Seen, now: datetime) -> Circular:
    """Draw the figures of a draft anew, with the words that go with them.

    Raises NotVisible, NotPermitted, NotPossible (issued), Conflict (changed meanwhile), RuleBroken.
    """
    post = require(scope, Duty.HOLD_TALK)
    row = _draft_for(scope, circular_id, seen.version)
    reasons = rules.problems(seen.title, seen.text, len(row.units), row.recipients.count())
    reasons += _persons(row.county_id, seen.title, seen.text)
    if reasons:
        raise RuleBroken(*reasons)
    row.title, row.text = seen.title.strip(), seen.text.strip()
    row.figures = _figures(scope, row.measure, row.school_year, row.units)
    if reasons := _sources(row.county_id, row.figures):
        raise RuleBroken(*reasons)
    row.drawn_on, row.version = scope.on, row.version + 1
    row.save()
    audit.record(scope, "circular.redraw", f"circular:{row.public_id}", now=now, post=post)
    return row


@transaction.atomic
def address(
    scope: Scope, circular_id: UUID, version: int, wanted: Addressees, now: datetime
) -> Circular:
    """Whom a draft is sent to: one of a group can be left out, others added.

    Raises NotVisible, NotPermitted, NotPossible (issued), Conflict (changed meanwhile), RuleBroken.
    """
    post = require(scope, Duty.HOLD_TALK)
    row = _draft_for(scope, circular_id, version)
    told = _told(scope, wanted, row.units)
    if reasons := rules.problems(row.title, row.text, len(row.units), len(told)):
        raise RuleBroken(*reasons)
    row.recipients.set(told)
    row.version += 1
    row.save()
    audit.record(scope, "circular.address", f"circular:{row.public_id}", now=now, post=post)
    return row


@transaction.atomic
def issue(scope: Scope, circular_id: UUID, version: int, now: datetime) -> Circular:
    """Issue what was seen: from now on its figures and words stay, and each recipient signs for it.

    Raises NotVisible, NotPermitted, NotPossible (issued; figures changed since they were drawn),
    Conflict (changed meanwhile), RuleBroken naming each word by which a person could be found.
    """
    post = require(scope, Duty.ISSUE_CIRCULAR)
    row = _draft_for(scope, circular_id, version)
    if changed := queries.changes(row, scope.on):
        raise NotPossible(rules.changed(len(changed)))
    named = _persons(row.county_id, row.title, row.text)
    if reasons := named + _sources(row.county_id, row.figures):
        raise RuleBroken(*reasons)
    serial = sequences.next_number(row.county_id, "circular", scope.on.year)
    row.number = f"通报〔{scope.on.year}〕{serial}号"
    row.issued_on, row.issued_by_id = scope.on, post.id
    row.state = CircularState.ISSUED
    row.save()
    _send(row, scope.on, now)
    audit.record(scope, "circular.issue", f"circular:{row.public_id}", now=now, post=post)
    return row


@transaction.atomic
def drop(scope: Scope, circular_id: UUID, version: int, now: datetime) -> Circular:
    """A draft is not issued after all. Raises NotVisible, NotPermitted, NotPossible, Conflict."""
    post = require(scope, Duty.HOLD_TALK)
    row = _draft_for(scope, circular_id, version)
    row.state, row.version = CircularState.DROPPED, row.version + 1
    row.save()
    audit.record(scope, "circular.drop", f"circular:{row.public_id}", now=now, post=post)
    return row


def _draft_for(scope: Scope, circular_id: UUID, version: int) -> Circular:
    row = circular_for(scope, circular_id, lock=True)
    if row.state != CircularState.DRAFT:
        raise NotPossible(Reason("state", _("It is no draft any more: nothing is changed.")))
    if row.version != version:
        text = _("Somebody else changed this draft meanwhile.")
        raise Conflict(Reason("version", text, "/version"), current={"version": row.version})
    return row


def _send(row: Circular, on: date, now: datetime) -> None:
    """Each recipient owes its signature and has a receipt with a time of its own."""
    told = list(row.recipients.select_related("region").order_by("pk"))
    office = bureau(row.county_id, on)
    owed = [
        Owed(
            kind=ObligationKind.CIRCULAR,
            key=f"{ObligationKind.CIRCULAR.value}:{row.public_id}:{body.pk}",
            subject=f"{row.number} {row.title}"[:80],
            owed_by=body,
            owed_to=office,
            starts_on=on,
            region_path=body.region.path,
            href=f"/circulars/{row.public_id}/",
        )
        for body in told
    ]
    ground = Ground(in_force(row.county_id, on), working_calendar(), now)
    made = obligations.raise_all(row.county_id, owed, ground)
    for one, body in zip(made, told, strict=True):
        receipts.send(one, [body], now)


@transaction.atomic
def sign(scope: Scope, circular_id: UUID, now: datetime) -> list[Receipt]:
    """Sign for it in the name of the own bodies; the first time stands, late or not is fixed.

    Raises NotVisible when it was not sent to a body of this person.
    """
    row = circular_for(scope, circular_id)
    owed = list(queries.obligations_of(row).filter(owed_by__in=scope.agency_ids).order_by("pk"))
    if not owed:
        raise NotVisible
    signed = [receipts.sign(scope, one, now, Duty.SEE_CIRCULARS) for one in owed]
    obligations.fulfil([one.pk for one in owed], now)
    audit.record(scope, "circular.sign", f"circular:{row.public_id}", now=now)
    return signed
