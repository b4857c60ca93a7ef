"""Promotion and merger: prepared, looked at class by class, applied, undone."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs, tried
from students.models import RosterMove
from students.move_forms import MoveForm, SureForm
from students.queries import moving as queries
from students.rules.moving import PROBLEMS, Fate, MoveKind, MoveState
from students.services import moving
from students.services.moving import Wanted
from students.views.paging import slice_of

REFUSED = 422
MOST_NAMED = 200  # pupils who are left out, named on the preview


@needs(Duty.MOVE_ROSTERS)
def moves(request: PageRequest) -> HttpResponse:
    """The moves so far, and the form that prepares one."""
    scope = request.scope
    form = MoveForm(
        request.POST or None,
        own=queries.own_schools(scope),
        every=queries.all_schools(scope),
        initial={"kind": MoveKind.PROMOTION, "first_day": scope.on},
    )
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            move = moving.prepare(scope, Wanted(**form.cleaned_data), clock.now())
            return redirect("move", move.public_id)
        except (NotPermitted, NotVisible):
            raise
        except DomainError as refused:
            reasons = refused.reasons
    rows, more = slice_of(request, queries.moves(scope))
    context = {"rows": rows, "next_cursor": more, "form": form, "reasons": reasons}
    status = REFUSED if reasons or form.errors else 200
    return render(request, "students/moves.html", context, status=status)


@require_GET
@needs(Duty.MOVE_ROSTERS)
def show(request: PageRequest, move_id: UUID) -> HttpResponse:
    """The preview, or what was done: per class who goes where, and who is left out by name."""
    return _page(request, queries.move_for(request.scope, move_id))


@needs(Duty.MOVE_ROSTERS)
def of_class(request: PageRequest, move_id: UUID, class_id: UUID) -> HttpResponse:
    """The pupils of one class; of a prepared promotion also who stays back."""
    scope = request.scope
    move = queries.move_for(scope, move_id)
    rows = list(queries.pupils_of(move, class_id))
    if not rows:
        raise NotVisible
    if request.method == "POST":
        chosen = set(request.POST.getlist("stays"))
        staying = {row.student_id for row in rows if str(row.student.public_id) in chosen}
        moving.stay_back(scope, move, [row.student_id for row in rows], staying)
        messages.success(request, _("Recorded."))
        return redirect("move", move_id)
    audit.record(scope, "moves.class", f"move:{move.public_id}", now=clock.now(), shown=len(rows))
    may_stay = move.state == MoveState.PREPARED and move.kind == MoveKind.PROMOTION
    context = {
        "move": move,
        "class_name": rows[0].from_class.name,
        "rows": [
            {
                "row": row,
                "stays": row.fate == Fate.REPEATS,
                "fixed": row.fate == Fate.LEFT_OUT,
                "problem": PROBLEMS.get(row.problem, ""),
            }
            for row in rows
        ],
        "may_stay": may_stay,
    }
    return render(request, "students/move_class.html", context)


@require_POST
@needs(Duty.MOVE_ROSTERS)
def apply(request: PageRequest, move_id: UUID) -> HttpResponse:
    """Do what was looked at."""
    return _decided(request, move_id, moving.apply, _("The rosters are moved."))


@require_POST
@needs(Duty.MOVE_ROSTERS)
def undo(request: PageRequest, move_id: UUID) -> HttpResponse:
    """Everything as it was before."""
    return _decided(request, move_id, moving.undo, _("The rosters are as they were before."))


def _decided(
    request: PageRequest, move_id: UUID, work: Callable[..., RosterMove], words: str
) -> HttpResponse:
    move = queries.move_for(request.scope, move_id)
    form = SureForm(request.POST)
    reasons = tried(form, lambda _given: work(request.scope, move, clock.now()))
    if reasons is not None:
        return _page(request, move, form, reasons)
    messages.success(request, words)
    return redirect("move", move_id)


def _page(
    request: PageRequest,
    move: RosterMove,
    bound: SureForm | None = None,
    reasons: Sequence[Reason] = (),
) -> HttpResponse:
    scope = request.scope
    missing = list(queries.left_out(move)[: MOST_NAMED + 1])
    audit.record(scope, "moves.read", f"move:{move.public_id}", now=clock.now(), shown=len(missing))
    is_merger = move.kind == MoveKind.MERGER
    is_open = move.state == MoveState.PREPARED
    bureau_needed = is_merger and not scope.everything
    context = {
        "move": move,
        "lines": queries.by_class(move),
        "left_out": [
            {"row": row, "problem": PROBLEMS.get(row.problem, "")} for row in missing[:MOST_NAMED]
        ],
        "more_left_out": len(missing) > MOST_NAMED,
        "posts": queries.posts_of(move) if is_merger and is_open else (),
        "duties": queries.duties_of(move).count() if is_merger and is_open else 0,
        "sent_away": queries.sent_away(move).count() if is_merger and is_open else 0,
        "form": (bound or SureForm()) if not bureau_needed else None,
        "bureau_needed": bureau_needed,
        "reasons": reasons,
    }
    return render(request, "students/move.html", context, status=REFUSED if bound else 200)
