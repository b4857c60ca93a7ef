"""Taking the roll: one class, one day, one transaction; the runs of the class with it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import Conflict, NotVisible, Reason, RuleBroken
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from students.queries.roll_day import RollDay, StoredRoll, load
from students.rules.absence import runs
from students.rules.history import Rolls, school_days
from students.rules.marks import Mark, RollState
from students.services import absence, roll_sql


@dataclass(frozen=True)
class Given:
    """One mark as it was sent."""

    mark: str
    reason: str = ""


@dataclass(frozen=True)
class Submission:
    """A roll as it was sent: only pupils who are not plainly present, by public id."""

    version: int
    state: str = RollState.TAKEN
    reason: str = ""
    marks: Mapping[str, Given] = field(default_factory=dict)


@transaction.atomic
def record_day(scope: Scope, class_id: UUID, day: date, sent: Submission, now: datetime) -> RollDay:
    """Store the roll of a class on a day and recompute the runs of its pupils.

    The same roll sent again changes nothing. Raises NotVisible (not your class), NotPermitted,
    RuleBroken (rest day, future, pupil not on the roster, reason missing) and Conflict (somebody
    else saved meanwhile); nothing is stored then.
    """
    sheet = load(scope, class_id, day)
    require(scope, Duty.TAKE_ROLL)
    post = _taker(scope, sheet)
    if post is None:
        raise NotVisible
    today = now.astimezone(CHINA).date()
    if problems := _problems(sheet, sent, today):
        raise RuleBroken(*problems)
    if _same(sheet, sent):
        return sheet
    if sent.version != sheet.version:
        raise _conflict()
    if needs_reason(sheet, sent, today) and not sent.reason.strip():
        text = _("A late or corrected roll, or a class not held, needs a reason.")
        raise RuleBroken(Reason("reason", text, "/reason"))
    changed = _with(sheet, sent)
    saved = roll_sql.store(_row(sheet, changed, sent, post, scope, now))
    if saved is None:
        raise _conflict()
    changed.roll = StoredRoll(saved[0], sent.state, sent.reason, saved[1], now, scope.name)
    _store_runs(sheet, changed)
    return changed


def may_take(scope: Scope, sheet: RollDay) -> bool:
    """Some post of the person takes the rolls of this school."""
    return _taker(scope, sheet) is not None


def _taker(scope: Scope, sheet: RollDay) -> HeldPost | None:
    return next(
        (
            held
            for held in scope.posts
            if Duty.TAKE_ROLL in held.duties and held.agency_id == sheet.school_id
        ),
        None,
    )


def _conflict() -> Conflict:
    text = _("Somebody else saved this roll meanwhile. Nothing of yours was stored yet.")
    return Conflict(Reason("version", text, "/version"))


def _problems(sheet: RollDay, sent: Submission, today: date) -> list[Reason]:
    found = []
    if sheet.day > today:
        found.append(Reason("future", _("A roll cannot be taken for a day to come."), "/date"))
    if not sheet.is_school_day:
        found.append(Reason("not_school_day", _("This is not a school day."), "/date"))
    if sent.state not in (RollState.TAKEN, RollState.NOT_HELD):
        found.append(Reason("state", _("Say whether the class was called or not held."), "/state"))
    if sent.state == RollState.NOT_HELD and sent.marks:
        found.append(Reason("marks", _("A class that was not held has no marks."), "/marks"))
    return found + _mark_problems(sheet, sent)


def needs_reason(sheet: RollDay, sent: Submission, today: date) -> bool:
    """Late (for a day gone by), corrected, or not held at all."""
    return sheet.day < today or sheet.roll is not None or sent.state == RollState.NOT_HELD


def _mark_problems(sheet: RollDay, sent: Submission) -> list[Reason]:
    roster = {pupil.id: pupil for pupil in sheet.pupils}
    found = []
    for index, (student, given) in enumerate(sent.marks.items()):
        pointer = f"/marks/{index}"
        if student not in roster:
            text = _("This student is not on the roster of the class on that day.")
            found.append(Reason("not_on_roster", text, f"{pointer}/student"))
        elif given.mark not in set(Mark):
            found.append(Reason("mark", _("There is no such mark."), f"{pointer}/mark"))
        elif roster[student].placement_on(sheet.day):
            text = _("This student is lawfully away on that day and is not called.")
            found.append(Reason("on_placement", text, f"{pointer}/student"))
    return found


def _same(sheet: RollDay, sent: Submission) -> bool:
    if sheet.roll is None or sheet.roll.state != sent.state:
        return False
    stored = {
        pupil.id: Given(pupil.child.marks[sheet.day], pupil.reasons.get(sheet.day, ""))
        for pupil in sheet.pupils
        if sheet.day in pupil.child.marks
    }
    return stored == dict(sent.marks)


def _with(sheet: RollDay, sent: Submission) -> RollDay:
    """The sheet as it will be once the roll is stored."""
    pupils = []
    for pupil in sheet.pupils:
        marks = {day: mark for day, mark in pupil.child.marks.items() if day != sheet.day}
        reasons = {day: reason for day, reason in pupil.reasons.items() if day != sheet.day}
        if given := sent.marks.get(pupil.id):
            marks[sheet.day] = given.mark
            reasons[sheet.day] = given.reason
        pupils.append(replace(pupil, child=replace(pupil.child, marks=marks), reasons=reasons))
    states = {**sheet.rolls.states, (sheet.class_pk, sheet.day): sent.state}
    return replace(sheet, pupils=pupils, rolls=Rolls(states, sheet.rolls.calendars))


def _row(
    sheet: RollDay,
    changed: RollDay,
    sent: Submission,
    post: HeldPost,
    scope: Scope,
    now: datetime,
) -> roll_sql.Stored:
    marked = [pupil for pupil in changed.pupils if sheet.day in pupil.child.marks]
    before = {p.id: p.child.marks[sheet.day] for p in sheet.pupils if sheet.day in p.child.marks}
    return roll_sql.Stored(
        county=sheet.county_id,
        school_class=sheet.class_pk,
        subject=f"class:{sheet.class_id}",
        day=sheet.day,
        state=sent.state,
        reason=sent.reason.strip(),
        by=post.id,
        user=scope.user_id,
        now=now,
        version=sent.version,
        old_state=sheet.state,
        old_marks=json.dumps(before),
        students=[pupil.pk for pupil in marked],
        marks=[pupil.child.marks[sheet.day] for pupil in marked],
        reasons=[pupil.reasons[sheet.day] for pupil in marked],
    )


def _store_runs(sheet: RollDay, changed: RollDay) -> None:
    """Only pupils with an unexcused mark in the term, or with a run so far, can have one."""
    calendar = changed.calendar
    if calendar is None or changed.term_id is None:
        return
    computed = {}
    for pupil in changed.pupils:
        if pupil.runs or Mark.UNEXCUSED in pupil.child.marks.values():
            days = school_days(pupil.child, changed.rolls, calendar.opens_on, calendar.ends_on)
            computed[pupil.pk] = runs(days, changed.threshold)
    stored = {pupil.pk: pupil.runs for pupil in sheet.pupils if pupil.runs}
    absence.store(sheet.county_id, changed.term_id, stored, computed)
