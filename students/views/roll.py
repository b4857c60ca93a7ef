"""Calling the roll: today's class as the teacher's home, any day as a page of its own."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies import clock
from agencies.errors import Conflict, RuleBroken
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from students.models import SchoolClass
from students.queries.missing_rolls import missing_rolls
from students.queries.roll_day import Pupil, RollDay, load
from students.queries.rolls import class_of_teacher, recent_days
from students.rules.identity import school_year_of
from students.rules.marks import Mark, RollState
from students.services import attendance
from students.services.attendance import Given, Submission


@dataclass(frozen=True)
class Line:
    """One pupil as the page shows it: plain values, so that a row costs nothing."""

    id: str
    name: str
    mark: str
    reason: str
    on_placement: str
    run_days: int
    run_at_least: bool
    run_unknown: int
    run_since: date | None


@dataclass(frozen=True)
class ClassLabel:
    public_id: UUID
    name: str


@dataclass(frozen=True)
class SheetPage:
    """The sheet as the templates read it."""

    school_class: ClassLabel
    school_name: str
    day: date
    state: str
    version: int
    reason: str
    taken_by: str
    taken_at: datetime | None
    needs_reason: bool
    why_closed: str
    previous_day: date | None
    next_day: date | None
    pupils: list[Line]


@needs(Duty.TAKE_ROLL)
def today(request: PageRequest) -> HttpResponse:
    """The class teacher's own class today; a school leader gets the list of classes."""
    own = class_of_teacher(request.scope)
    if own is None:
        return redirect("roll_days")
    return redirect("roll", own, request.scope.on)


@needs(Duty.SEE_STUDENTS)
def roll(request: PageRequest, class_id: UUID, day: date) -> HttpResponse:
    """Show the roll of a class on a day; POST saves it."""
    if request.method == "POST":
        return _save(request, class_id, day)
    sheet = load(request.scope, class_id, day)
    audit.record(request.scope, "roll.read", f"class:{class_id}", now=clock.now())
    return render(request, "students/roll.html", page(request, sheet))


def _save(request: PageRequest, class_id: UUID, day: date) -> HttpResponse:
    sent = submission(request)
    try:
        attendance.record_day(request.scope, class_id, day, sent, clock.now())
    except RuleBroken as refused:
        sheet = load(request.scope, class_id, day)
        context = page(request, sheet, sent)
        context["errors"] = [str(reason.text) for reason in refused.reasons]
        return render(request, "students/roll.html", context, status=422)
    except Conflict:
        sheet = load(request.scope, class_id, day)
        context = page(request, sheet)
        different = differences(sheet, sent)
        context |= {"differences": different, "kept": _kept(sheet, sent, different)}
        return render(request, "students/roll_conflict.html", context, status=409)
    return redirect(reverse("roll", args=(class_id, day)) + "?saved=1")


def submission(request: PageRequest) -> Submission:
    """The form as it was sent; a pupil without a mark is present."""
    marks = {}
    for name in request.POST:
        student = name.removeprefix("mark-")
        if name.startswith("mark-") and (value := request.POST.get(name)):
            marks[student] = Given(value, request.POST.get(f"reason-{student}", "").strip()[:100])
    version = request.POST.get("version", "0")
    return Submission(
        version=int(version) if version.isdigit() else 0,
        state=request.POST.get("state", RollState.TAKEN),
        reason=request.POST.get("roll_reason", "").strip()[:200],
        marks=marks if request.POST.get("state") != RollState.NOT_HELD else {},
    )


def page(request: PageRequest, sheet: RollDay, sent: Submission | None = None) -> dict[str, object]:
    """The context of the page; what was typed is kept when the roll was refused."""
    scope = request.scope
    lines = [_line(sheet, pupil, sent) for pupil in sheet.pupils]
    untaken = sheet.days_without_roll(scope.on)
    return {
        "sheet": _sheet(sheet, lines, scope.on),
        "counts": _counts(lines),
        "alerts": [_alert(line) for line in lines if line.run_days >= sheet.threshold],
        "untaken": [day for day in untaken if day < scope.on and day != sheet.day],
        "provisional": sheet.is_provisional,
        "can_take": attendance.may_take(scope, sheet),
        "saved": request.GET.get("saved") == "1",
        "typed_reason": sent.reason if sent else "",
        "errors": [],
    }


def _sheet(sheet: RollDay, lines: list[Line], today: date) -> SheetPage:
    roll, calendar = sheet.roll, sheet.calendar
    later = calendar.school_days(sheet.day, today) if calendar else ()
    return SheetPage(
        school_class=ClassLabel(sheet.class_id, sheet.name),
        school_name=sheet.school_name,
        day=sheet.day,
        state=sheet.state,
        version=sheet.version,
        reason=roll.reason if roll else "",
        taken_by=roll.taken_by if roll else "",
        taken_at=roll.taken_at if roll else None,
        needs_reason=sheet.day < today or roll is not None,
        why_closed=_why_closed(sheet),
        previous_day=calendar.last_before(sheet.day) if calendar else None,
        next_day=next((day for day in later if day > sheet.day), None),
        pupils=lines,
    )


def _why_closed(sheet: RollDay) -> str:
    if sheet.calendar is None:
        return _("No term is open on this day.")
    if sheet.day in sheet.calendar.closed:
        return _("The school is closed on this day.")
    return _("A rest day in the official calendar.")


def _alert(line: Line) -> dict[str, str]:
    text = _("unexcused for %(days)s school days in a row: find out today where the child is.")
    return {"name": line.name, "student_id": line.id, "text": text % {"days": line.run_days}}


def _line(sheet: RollDay, pupil: Pupil, sent: Submission | None) -> Line:
    run = sheet.run(pupil)
    placement = pupil.placement_on(sheet.day)
    given = sent.marks.get(pupil.id) if sent else None
    mark = pupil.child.marks.get(sheet.day, "")
    reason = pupil.reasons.get(sheet.day, "")
    if sent:
        mark, reason = (given.mark, given.reason) if given else ("", "")
    text = ""
    if placement:
        text = _("lawfully away until %(day)s") % {"day": placement.ends_on}
    return Line(
        pupil.id, pupil.name, mark, reason, text,
        run.days, run.at_least, run.unknown_days, run.since,
    )  # fmt: skip


def _counts(lines: list[Line]) -> dict[str, int]:
    leave = sum(line.mark in (Mark.SICK_LEAVE, Mark.PERSONAL_LEAVE) for line in lines)
    unexcused = sum(line.mark == Mark.UNEXCUSED for line in lines)
    unknown = sum(line.mark == Mark.UNKNOWN for line in lines)
    away = sum(bool(line.on_placement) for line in lines)
    return {
        "enrolled": len(lines),
        "present": len(lines) - leave - unexcused - unknown - away,
        "leave": leave,
        "unexcused": unexcused,
        "unknown": unknown,
        "markable": len(lines) - away,
    }


def differences(sheet: RollDay, sent: Submission) -> list[dict[str, str]]:
    """Only the pupils of whom the two savers say different things."""
    labels = {"": _("present"), **{value: str(label) for value, label in Mark.choices}}
    found = []
    for pupil in sheet.pupils:
        theirs = pupil.child.marks.get(sheet.day, "")
        given = sent.marks.get(pupil.id)
        yours = given.mark if given else ""
        if theirs != yours:
            found.append(
                {
                    "id": pupil.id,
                    "name": pupil.name,
                    "theirs": theirs,
                    "yours": yours,
                    "theirs_label": labels[theirs],
                    "yours_label": labels.get(yours, yours),
                }
            )
    return found


def _kept(
    sheet: RollDay, sent: Submission, different: list[dict[str, str]]
) -> list[tuple[str, str]]:
    """The marks on which both agree, and all reasons, go along unseen."""
    asked = {row["id"] for row in different}
    fields = []
    for pupil in sheet.pupils:
        mark = pupil.child.marks.get(sheet.day)
        if mark and pupil.id not in asked:
            fields.append((f"mark-{pupil.id}", mark))
        given = sent.marks.get(pupil.id)
        reason = pupil.reasons.get(sheet.day) or (given.reason if given else "")
        if reason:
            fields.append((f"reason-{pupil.id}", reason))
    return fields


@needs(Duty.SEE_STUDENTS)
def roll_print(request: PageRequest, class_id: UUID, day: date) -> HttpResponse:
    """The roll on paper, with marks that need no colour."""
    sheet = load(request.scope, class_id, day)
    return render(request, "students/roll_print.html", page(request, sheet))


@needs(Duty.SEE_STUDENTS)
def roll_days(request: PageRequest) -> HttpResponse:
    """Classes and the days on which their roll is missing: those first."""
    today = request.scope.on
    classes = SchoolClass.objects.visible_to(request.scope).of_year(school_year_of(today))
    context = {
        "classes": recent_days(classes, request.scope),
        "missing": missing_rolls(request.scope, clock.now()),
        "today": today,
    }
    return render(request, "students/roll_days.html", context)
