"""The case page, its printed file, and the receipts of its reports."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.rules import masking
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.rules.urgency import days_left
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases import access
from cases.forms import VisitForm
from cases.models import Case, CaseReport, Episode
from cases.queries.detail import CasePage, case_page
from cases.queries.seats import SeatRow
from cases.queries.work import WorkRow
from cases.rules.workflow import BACK, OPEN, Action, State
from cases.services import catch_up, reports
from cases.views.worklist import act_url
from students.models import EnrollmentRecord, Student
from students.models.school_class import class_name
from students.rules.identity import full_years

STEPS = (
    State.SUSPECTED,
    State.VERIFYING,
    State.CONFIRMED,
    State.PERSUADING,
    State.RETURNED,
    State.CLOSED,
)


@needs(Duty.SEE_CASES, access.visible_cases)
def show(request: PageRequest, case_id: UUID) -> HttpResponse:
    """Everything about one case on one page."""
    context = _context(request, case_id, "case.read")
    return render(request, "cases/case.html", context)


@needs(Duty.SEE_CASES)
def printed(request: PageRequest, case_id: UUID) -> HttpResponse:
    """The case file on paper."""
    context = _context(request, case_id, "case.print")
    return render(request, "cases/case_print.html", context)


@require_POST
@needs(Duty.RECEIVE_REPORT)
def acknowledge(request: PageRequest, case_id: UUID, role: str) -> HttpResponse:
    """A person of the recipient signs for the report."""
    case = access.case_for(request.scope, case_id)
    reports.acknowledge(request.scope, case, role, clock.now())
    return redirect("case", case_id)


def _context(request: PageRequest, case_id: UUID, verb: str) -> dict[str, object]:
    now = clock.now()
    case = access.case_for(request.scope, case_id)
    page = case_page(request.scope, case, now)
    audit.record(request.scope, verb, f"case:{case_id}", now=now)
    return context_of(page, request.scope)


def context_of(page: CasePage, scope: Scope) -> dict[str, object]:
    """The page as its templates read it."""
    case = page.case
    url = str(case.public_id)
    people = [row.post for row in page.seats if row.post]
    may_visit = access.may(scope, Action.VISIT) and State(case.state) in OPEN
    return {
        **head_of(case),
        "steps": _steps(case),
        "next_duty": _next_duty(page),
        "follow_up": page.follow_up
        and {
            "day": page.follow_up.counted,
            "of": page.follow_up.required,
            "attended": page.follow_up.attended,
            "unknown": page.follow_up.unknown,
        },
        "missing_seats": [row.label for row in page.missing_seats],
        "school_warnings": page.school_warnings,
        "why_visible": page.why,
        "seats": [_seat(row) for row in page.seats],
        "team_url": reverse("case_team", args=(url,)) if scope.may(Duty.FORM_TEAM) else "",
        "catch_up_url": _catch_up_url(case, scope),
        "reports": [_report(report, page, scope) for report in page.reports],
        "work": [_work(row, url) for row in page.work],
        "household_url": reverse("case_household", args=(url,))
        if page.siblings or page.hidden
        else "",
        "timeline": page.entries,
        "actions": [
            {
                "label": one.action.label,
                "possible": one.possible,
                "reasons": one.reasons,
                "url": act_url(url, one.action),
            }
            for one in page.actions
            if not one.duty_missing and one.action is not Action.VISIT
        ],
        "guardians": page.guardians,
        "siblings": [
            {
                "public_id": other.public_id,
                "name": other.student.name,
                "state": other.state,
                "state_label": State(other.state).label,
            }
            for other in page.siblings
        ],
        "hidden": page.hidden,
        "visit_form": VisitForm(people=people, now=page.now, siblings=_counted_too(page))
        if may_visit
        else None,
        "visit_url": reverse("case_visit", args=(url,)),
        "reasons": [],
    }


def _work(row: WorkRow, case_id: str) -> dict[str, object]:
    return {
        "label": row.kind.name,
        "url": reverse(row.kind.route, args=(case_id,)),
        "said": row.said,
        "due": row.due,
    }


def _catch_up_url(case: Case, scope: Scope) -> str:
    if State(case.state) in BACK and catch_up.may(scope, case):
        return reverse("case_catch_up", args=(case.public_id,))
    return ""


def _counted_too(page: CasePage) -> list[Case]:
    """Children of the household for whom a visit can count as well."""
    return [one for one in page.siblings if State(one.state) in OPEN]


def head_of(case: Case) -> dict[str, object]:
    """The case and its child, as the heads of all its pages read them."""
    return {
        "case": {
            "public_id": case.public_id,
            "number": case.number,
            "state": case.state,
            "state_label": State(case.state).label,
            "version": case.version,
        },
        "child": child_of(case),
    }


def child_of(case: Case) -> dict[str, object]:
    """The child's basics, masked."""
    student, home = case.student, case.household.region
    grade = case.school_class
    return {
        "public_id": student.public_id,
        "name": student.name,
        "sex": student.get_sex_display(),
        "age": full_years(student.born_on, case.state_since),
        "class_name": class_name(grade.grade, grade.number) if grade else "",
        "school_name": case.school.name if case.school else "",
        "masked_id": student.masked_id_number,
        "masked_number": masking.student_number(getattr(case, "student_number", None) or ""),
        "home": f"{home.parent.name if home.parent else ''}{home.name} {case.household.address}",
        "tags": _tags(case.episode),
    }


def label_of(student: Student, scope: Scope) -> dict[str, object]:
    """A child without a case, as the heads of pages show it."""
    home = student.household.region
    record = EnrollmentRecord.objects.on(scope.on).filter(student=student).first()
    grade = record.school_class if record else None
    return {
        "public_id": student.public_id,
        "name": student.name,
        "sex": student.get_sex_display(),
        "masked_id": student.masked_id_number,
        "class_name": class_name(grade.grade, grade.number) if grade else "",
        "school_name": record.school.name if record else "",
        "home": f"{home.parent.name if home.parent else ''}{home.name} {student.household.address}",
    }


def _tags(episode: Episode) -> list[str]:
    """What the reader has to know of this episode at once."""
    tags = []
    if episode.number > 1:
        tags.append(_("Episode %(number)s") % {"number": episode.number})
    if episode.run_withdrawn:
        tags.append(_("the roll no longer shows the absence"))
    elif episode.rests_on_unknown:
        tags.append(_("rests on an untaken roll"))
    return tags


def _steps(case: Case) -> list[dict[str, object]]:
    """How far the child has come. Another end leaves out what lies between it and the last step."""
    state, episode = State(case.state), case.episode
    steps: tuple[State, ...] = STEPS
    if state is State.CLOSURE_REQUESTED:
        state = State.RETURNED
    elif episode.asked_from in STEPS:  # asked for, or ended so
        last = STEPS.index(State(episode.asked_from))
        steps = (*STEPS[: last + 1], State.CLOSED)
        state = State.CLOSED if state is State.CLOSED else steps[last]
    position = steps.index(state) if state in steps else -1
    ending = f"{State.CLOSED.label}（{episode.get_ending_display()}）"
    return [
        {
            "label": ending if step is State.CLOSED and episode.ending else step.label,
            "status": "done" if index < position else "now" if index == position else "todo",
        }
        for index, step in enumerate(steps)
    ]


def _next_duty(page: CasePage) -> dict[str, object] | None:
    due = page.next_due
    if due is None:
        return None
    return {
        "what": due.get_kind_display(),
        "clause": due.clause,
        "due_on": due.due_on,
        "provisional": due.provisional,
        "days_left": days_left(page.calendar, due.due_on, due.due_at, clock.now()),
        "agency": due.owed_by.name,
    }


def _seat(row: SeatRow) -> dict[str, object]:
    post = row.post
    return {
        "label": row.label,
        "name": post.user.name if post else "",
        "agency": post.agency.name if post else "",
        "phone": post.user.phone if post else "",
        "tasks": row.tasks,
        "deeds": row.deeds,
    }


def _report(report: CaseReport, page: CasePage, scope: Scope) -> dict[str, object]:
    mine = report.recipient_id in scope.agency_ids and scope.may(Duty.RECEIVE_REPORT)
    return {
        "recipient": report.recipient.name,
        "label": report.get_role_display(),
        "sent_at": report.sent_at,
        "received_at": report.received_at,
        "receive_url": reverse("case_acknowledge", args=(page.case.public_id, report.role))
        if mine
        else "",
    }
