"""Roster moves: prepared as a preview, applied in one transaction, undone as a whole or refused."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import NotPermitted, NotPossible, Reason, RuleBroken
from agencies.models import Agency
from agencies.rules.duties import Duty, Reach
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit
from students.models import AbsenceRun, EnrollmentChange, EnrollmentRecord, SchoolClass, Student
from students.models.roster_move import RosterMove, RosterMoveRow
from students.queries import moving as queries
from students.queries.calendars import term_on
from students.rules.enrollment import Change
from students.rules.identity import school_year_of
from students.rules.moving import BEGINS, ENDS, Fate, MoveKind, MoveState, Place
from students.services import absence, school_merger
from students.services.move_undo import take_back

DAY = timedelta(days=1)
BATCH = 1000
CHANGES = {
    (MoveKind.PROMOTION, Fate.MOVES): Change.PROMOTION,
    (MoveKind.PROMOTION, Fate.LEAVES): Change.PROMOTION,
    (MoveKind.PROMOTION, Fate.REPEATS): Change.REPEAT,
    (MoveKind.PROMOTION, Fate.FINISHES): Change.COMPLETED,
    (MoveKind.MERGER, Fate.MOVES): Change.CLASS,
}


@dataclass(frozen=True)
class Wanted:
    """What is to move. first_day: the first day in the new classes; target: of a merger."""

    kind: str
    school: Agency
    first_day: date
    target: Agency | None = None


@transaction.atomic
def prepare(scope: Scope, wanted: Wanted, now: datetime) -> RosterMove:
    """Work out what would happen and keep it to be looked at; rosters do not change.

    What was prepared before for the same school is replaced. Raises NotPermitted, and RuleBroken
    when there is nothing to move.
    """
    post = _post(scope, wanted.school.pk)
    if problems := _problems(wanted):
        raise RuleBroken(*problems)
    RosterMove.objects.filter(
        school=wanted.school, kind=wanted.kind, state=MoveState.PREPARED
    ).delete()
    move = RosterMove.objects.create(
        county_id=scope.county_id,
        kind=wanted.kind,
        school=wanted.school,
        target=wanted.target if wanted.kind == MoveKind.MERGER else None,
        first_day=wanted.first_day,
        school_year=school_year_of(wanted.first_day),
        prepared_at=now,
        prepared_by_id=post.id,
    )
    if not _fill(move):
        text = _("Nobody is left to move: this was done already, or the rosters are empty.")
        raise RuleBroken(Reason("nothing", text))
    audit.record(scope, "moves.prepare", f"move:{move.public_id}", now=now, post=post)
    return move


def _problems(wanted: Wanted) -> list[Reason]:
    found = []
    if wanted.kind not in set(MoveKind):
        found.append(Reason("kind", _("There is no such move."), "/kind"))
    if wanted.kind == MoveKind.MERGER and wanted.target is None:
        found.append(Reason("target", _("Say which school takes over."), "/target"))
    if wanted.target is not None and wanted.target == wanted.school:
        text = _("A school cannot be merged into itself.")
        found.append(Reason("target", text, "/target"))
    return found


def _fill(move: RosterMove, staying: Collection[int] = ()) -> int:
    rows = RosterMoveRow.objects.bulk_create(
        (
            RosterMoveRow(
                move=move,
                student_id=one.student_id,
                before_id=one.record_id,
                from_class_id=one.class_id,
                was_to_end_on=one.ends_on,
                fate=one.next.fate,
                problem=one.next.problem,
                to_year=one.next.to.year if one.next.to else None,
                to_grade=one.next.to.grade if one.next.to else None,
                to_number=one.next.to.number if one.next.to else None,
            )
            for one in queries.plan(move, staying)
        ),
        batch_size=BATCH,
    )
    return len(rows)


@transaction.atomic
def stay_back(
    scope: Scope, move: RosterMove, of_class: Iterable[int], staying: Collection[int]
) -> None:
    """Of these pupils of a prepared promotion (ids of students), who repeats the grade."""
    _post(scope, move.school_id)
    move = _locked(move, MoveState.PREPARED)
    if move.kind != MoveKind.PROMOTION:
        raise NotPossible(Reason("kind", _("Nobody stays back in a merger.")))
    repeats = set(_staying(move)) - set(of_class) | set(staying)
    move.rows.all().delete()
    _fill(move, repeats)


def _staying(move: RosterMove) -> list[int]:
    return list(move.rows.filter(fate=Fate.REPEATS).values_list("student_id", flat=True))


@transaction.atomic
def apply(scope: Scope, move: RosterMove, now: datetime) -> RosterMove:
    """Do what was looked at, all of it or nothing. A merger is applied by the bureau.

    Raises NotPermitted, and NotPossible when it is applied already, the rosters changed since it
    was prepared, or a merger would leave somebody behind.
    """
    post = _post(scope, move.school_id)
    if move.kind == MoveKind.MERGER and post.reach is not Reach.COUNTY:
        text = _("A merger is applied by the bureau.")
        raise NotPermitted(Reason("bureau", text))
    Agency.objects.select_for_update(no_key=True).filter(
        pk__in=[move.school_id, move.target_id]
    ).order_by("pk").first()
    move = _locked(move, MoveState.PREPARED)
    rows = list(move.rows.order_by("pk"))
    _as_prepared(move, rows)
    if move.kind == MoveKind.MERGER and any(row.fate == Fate.LEFT_OUT for row in rows):
        text = _("A school does not end while pupils of it are left out.")
        raise NotPossible(Reason("left_out", text))
    move.undo = {"classes": _ensure_classes(move, rows)}
    _write(move, rows, post)
    if move.target_id is not None:
        move.undo |= school_merger.hand_over(move, move.target_id)
    move.state, move.applied_at, move.applied_by_id = MoveState.APPLIED, now, post.id
    move.save(update_fields=["state", "applied_at", "applied_by", "undo"])
    audit.record(scope, "moves.apply", f"move:{move.public_id}", now=now, post=post, rows=len(rows))
    return move


def _as_prepared(move: RosterMove, rows: list[RosterMoveRow]) -> None:
    """What somebody looked at is what is done: anything else has to be looked at again."""
    known = {(row.before_id, row.fate, row.to_grade, row.to_number) for row in rows}
    there = {
        (
            one.record_id,
            one.next.fate.value,
            one.next.to.grade if one.next.to else None,
            one.next.to.number if one.next.to else None,
        )
        for one in queries.plan(move, set(_staying(move)))
    }
    if known != there:
        text = _("The rosters changed since this was prepared. Prepare it again and look at it.")
        raise NotPossible(Reason("changed", text))


def _ensure_classes(move: RosterMove, rows: list[RosterMoveRow]) -> list[int]:
    """The classes that rows go to exist afterwards. Returns those that were made."""
    school_id = move.target_id or move.school_id
    there = _classes(school_id)
    wanted = sorted(
        {
            (row.to_year, row.to_grade, row.to_number)
            for row in rows
            if row.fate in BEGINS and row.to_year and row.to_grade and row.to_number
        }
    )
    made = SchoolClass.objects.bulk_create(
        SchoolClass(
            county_id=move.county_id, school_id=school_id,
            school_year=year, grade=grade, number=number,
        )
        for year, grade, number in wanted
        if Place(year, grade, number) not in there
    )  # fmt: skip
    return [row.pk for row in made]


def _classes(school_id: int) -> dict[Place, int]:
    rows = SchoolClass.objects.filter(school=school_id)
    columns = rows.values_list("school_year", "grade", "number", "pk")
    return {Place(year, grade, number): pk for year, grade, number, pk in columns}


def _write(move: RosterMove, rows: list[RosterMoveRow], post: HeldPost) -> None:
    """End the old enrollments, begin the new ones, note each change: a few statements in all."""
    last, school_id = move.first_day - DAY, move.target_id or move.school_id
    classes = _classes(school_id)
    ending = [row for row in rows if row.fate in ENDS]
    EnrollmentRecord.objects.filter(pk__in=[row.before_id for row in ending]).update(ends_on=last)
    done = [row.student_id for row in rows if row.fate == Fate.FINISHES]
    Student.objects.filter(pk__in=done).update(completed_on=last)
    beginning = [row for row in rows if row.fate in BEGINS]
    records = EnrollmentRecord.objects.bulk_create(
        (
            EnrollmentRecord(
                county_id=move.county_id,
                student_id=row.student_id,
                school_id=school_id,
                school_class_id=classes[
                    Place(row.to_year or 0, row.to_grade or 0, row.to_number or 0)
                ],
                starts_on=move.first_day,
            )
            for row in beginning
        ),
        batch_size=BATCH,
    )
    for row, record in zip(beginning, records, strict=True):
        row.after = record
    RosterMoveRow.objects.bulk_update(beginning, ["after"], batch_size=BATCH)
    EnrollmentChange.objects.bulk_create(
        (
            EnrollmentChange(
                student_id=row.student_id,
                kind=CHANGES[MoveKind(move.kind), Fate(row.fate)],
                on=move.first_day if row.fate in BEGINS else last,
                before_id=row.before_id,
                after=row.after,
                by_id=post.id,
            )
            for row in ending
        ),
        batch_size=BATCH,
    )
    refresh_runs(move, [row.student_id for row in ending])


def refresh_runs(move: RosterMove, student_ids: Collection[int]) -> None:
    """A run of absence goes with the child to its new class."""
    term = term_on(move.county_id, move.first_day)
    if term is None:
        return
    running = AbsenceRun.objects.filter(term=term, student_id__in=student_ids)
    if pks := set(running.values_list("student_id", flat=True)):
        absence.refresh(pks, term)


@transaction.atomic
def undo(scope: Scope, move: RosterMove, now: datetime) -> RosterMove:
    """Every roster as it was before, or NotPossible with every reason."""
    post = _post(scope, move.school_id)
    if move.kind == MoveKind.MERGER and post.reach is not Reach.COUNTY:
        raise NotPermitted(Reason("bureau", _("A merger is undone by the bureau.")))
    move = _locked(move, MoveState.APPLIED)
    rows = list(move.rows.select_related("after").order_by("pk"))
    take_back(move, rows)
    refresh_runs(move, [row.student_id for row in rows])
    move.state, move.undone_at, move.undone_by_id = MoveState.UNDONE, now, post.id
    move.save(update_fields=["state", "undone_at", "undone_by"])
    audit.record(scope, "moves.undo", f"move:{move.public_id}", now=now, post=post)
    return move


def _locked(move: RosterMove, state: MoveState) -> RosterMove:
    rows = RosterMove.objects.select_for_update(of=("self",)).select_related("school", "target")
    move = rows.get(pk=move.pk)
    if move.state != state:
        text = _("This was done already, or undone.")
        raise NotPossible(Reason("state", text))
    return move


def _post(scope: Scope, school_id: int) -> HeldPost:
    """The bureau first: what needs the bureau is then done in its name."""
    mine = [post for post in scope.posts if Duty.MOVE_ROSTERS in post.duties]
    for post in mine:
        if post.reach is Reach.COUNTY:
            return post
    for post in mine:
        if post.agency_id == school_id:
            return post
    raise NotPermitted(Reason("duty", _("None of your posts carries this duty.")))
