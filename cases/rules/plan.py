"""The plan for a child (一生一案, S1-44, S1-65): causes, a measure for each, what they brought.

Who approves: the holder of the township leader's seat or a leader of the education bureau, never
whoever wrote it. The documents want a plan and name no signature; four eyes are our reading.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason
from cases.rules.team import Seat
from cases.rules.workflow import OPEN, State


class Effect(TextChoices):
    SOLVED = "solved", _("the cause is gone")
    BETTER = "better", _("better")
    NONE = "none", _("no effect")
    WORSE = "worse", _("worse")


# A plan rests on a confirmed dropout, and goes on while the child is followed after its return.
PLANNED = OPEN - {State.SUSPECTED, State.VERIFYING}


@dataclass(frozen=True)
class PlannedMeasure:
    """id: of a measure that is in the plan already."""

    what: str
    seat: str
    due_on: date
    id: UUID | None = None


@dataclass(frozen=True)
class PlannedCause:
    """A cause by its code in the county's list, with the measures against it."""

    cause: str
    main: bool = False
    note: str = ""
    measures: Sequence[PlannedMeasure] = ()


@dataclass(frozen=True)
class Draft:
    """A plan as somebody wrote it; without a day of review the county's usual one holds."""

    causes: Sequence[PlannedCause]
    situation: str = ""
    review_on: date | None = None


@dataclass(frozen=True)
class Kept:
    """A measure that the plan has. approved: its clock runs; open: neither done nor dropped."""

    what: str
    due_on: date
    approved: bool
    open: bool = True


@dataclass(frozen=True)
class Known:
    """What the draft is held against. offered, ended: codes of causes; review_on: as it stands."""

    today: date
    offered: Collection[str]
    ended: Collection[str] = ()
    kept: Mapping[UUID, Kept] | None = None
    review_on: date | None = None


def place(cause: int, measure: int | None = None, field: str = "") -> str:
    """The pointer to a field of a draft."""
    within = "" if measure is None else f"/measures/{measure}"
    return f"/causes/{cause}{within}" + (f"/{field}" if field else "")


def problems(draft: Draft, known: Known) -> list[Reason]:
    """Every reason why the draft cannot be stored, each with its place."""
    found = [*_main(draft), *_causes(draft, known)]
    for number, cause in enumerate(draft.causes):
        for row, measure in enumerate(cause.measures):
            found += _measure(measure, known, number, row)
    found += _identities(draft, known.kept or {})
    if _passed(draft.review_on, known.review_on, known.today):
        text = _("The day of the review has passed already.")
        found.append(Reason("review_past", text, "/review_on"))
    return found


def _main(draft: Draft) -> Iterator[Reason]:
    if not draft.causes:
        yield Reason("no_cause", _("Name at least one cause."), "/causes")
        return
    main = [number for number, cause in enumerate(draft.causes) if cause.main]
    if not main:
        yield Reason("no_main", _("Say which cause is the main one."), "/causes")
    for number in main[1:]:
        yield Reason(
            "two_main", _("Only one cause can be the main one."), place(number, None, "main")
        )


def _causes(draft: Draft, known: Known) -> Iterator[Reason]:
    seen: set[str] = set()
    for number, one in enumerate(draft.causes):
        pointer = place(number, None, "cause")
        if one.cause in known.ended:
            text = _("This cause is no longer in the county's list: choose another one.")
            yield Reason("cause_ended", text, pointer)
        elif one.cause not in known.offered:
            yield Reason("cause", _("There is no such cause in the county's list."), pointer)
        elif one.cause in seen:
            yield Reason("cause_twice", _("This cause stands in the plan twice."), pointer)
        seen.add(one.cause)


def _measure(one: PlannedMeasure, known: Known, cause: int, row: int) -> Iterator[Reason]:
    if not one.what.strip():
        yield Reason("what", _("Say what is to be done."), place(cause, row, "what"))
    if one.seat not in set(Seat):
        yield Reason("seat", _("There is no such seat."), place(cause, row, "seat"))
    before = (known.kept or {}).get(one.id) if one.id else None
    if _passed(one.due_on, before.due_on if before else None, known.today):
        text = _("The day by which this is to be done has passed already.")
        yield Reason("due_past", text, place(cause, row, "due_on"))


def _passed(day: date | None, before: date | None, today: date) -> bool:
    """A day that was set in time may pass; none is set that has passed."""
    return day is not None and day < today and day != before


def _identities(draft: Draft, kept: Mapping[UUID, Kept]) -> Iterator[Reason]:
    """Each measure is known and named once; what is approved does not vanish without a word."""
    seen: set[UUID] = set()
    for cause, planned in enumerate(draft.causes):
        for row, one in enumerate(planned.measures):
            if one.id is None:
                continue
            if one.id not in kept:
                text = _("There is no such measure in this plan.")
                yield Reason("measure", text, place(cause, row, "id"))
            elif one.id in seen:
                text = _("This measure stands in the plan twice.")
                yield Reason("measure_twice", text, place(cause, row, "id"))
            seen.add(one.id)
    for key, had in kept.items():
        if had.open and had.approved and key not in seen:
            text = _("“%(what)s” is approved: drop it with a reason instead of leaving it out.")
            yield Reason("left_out", text % {"what": had.what}, "/causes")


@dataclass(frozen=True)
class Approval:
    """What an approval rests on. bare: names of the causes without a measure."""

    wrote_it: bool
    holds_seat: bool
    of_bureau: bool
    approved: bool = False
    bare: Sequence[str] = ()


def approval_problems(facts: Approval) -> list[Reason]:
    """Every reason why this person cannot approve this plan now."""
    found = []
    if facts.approved:
        found.append(Reason("approved", _("The plan is approved already.")))
    if facts.wrote_it:
        found.append(Reason("same_person", _("Whoever wrote the plan cannot approve it.")))
    if not (facts.holds_seat or facts.of_bureau):
        text = _(
            "The plan is approved by the holder of the township leader's seat, or by a leader of"
            " the education bureau."
        )
        found.append(Reason("approver", text))
    for name in facts.bare:
        text = _("No measure against the cause “%(cause)s”.")
        found.append(Reason("no_measure", text % {"cause": name}, "/causes"))
    return found


def done_problem(on: date, planned_on: date, today: date) -> Reason | None:
    """A measure was carried out between the day on which it was planned and today."""
    if on > today:
        return Reason("future", _("The day lies in the future."), "/on")
    if on < planned_on:
        text = _("The measure was planned on %(day)s: it was not carried out before.")
        return Reason("before_plan", text % {"day": planned_on}, "/on")
    return None
