"""The page of one child, and who looked at it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from agencies import clock
from agencies.errors import NotPermitted, NotVisible
from agencies.queries.readers import Look, readers_of
from agencies.rules import masking
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases.models import Case
from cases.queries.child import ChildPage, SentAway, child_page
from cases.rules.workflow import ENDED, State
from cases.views.case import label_of
from cases.views.child_away import away_of
from students.access import kept_for, leader_at, school_post, student_for, visible_students
from students.models import GuardianContact
from students.models.school_class import class_name
from students.queries import focus, ledgers
from students.services.transfers import may_confirm


@needs(Duty.SEE_STUDENTS, visible_students)
def show(request: PageRequest, student_id: UUID) -> HttpResponse:
    scope = request.scope
    try:
        student = student_for(scope, student_id)
    except NotVisible:  # of two records that became one, the one that is kept has the page
        return redirect("student", kept_for(scope, student_id).public_id)
    page = child_page(student, scope.on)
    audit.record(scope, "student.read", f"student:{student_id}", now=clock.now())
    may_open = scope.may(Duty.OPEN_CASE) and not _open(page.case)
    record = page.enrollment
    may_change = record is not None and leader_at(scope, record.school_id) is not None
    context = {
        "child": {**label_of(student, scope), **_basics(page)},
        "disposition": page.disposition.value,
        "disposition_label": page.disposition.label,
        "numbers": page.numbers,
        "guardians": page.guardians,
        "enrollments": [
            {
                "school_name": row.school.name,
                "class_name": class_name(row.school_class.grade, row.school_class.number),
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
            }
            for row in page.enrollments
        ],
        "changes": [
            {
                "label": row.get_kind_display(),
                "on": row.on,
                "note": row.note,
                "by": row.by.user.name if row.by else "",
            }
            for row in page.changes
        ],
        **away_of(scope, page, may_change),
        "contacts": [_contact(row) for row in page.contacts],
        "contact_url": _url(_may_contact(scope, page), "student_contact", student_id),
        "transfers": [_transfer(row, scope, student_id) for row in page.transfers],
        "run": _run(page),
        "case": page.case,
        "open_url": _url(may_open, "case_open", student_id),
        "change_url": _url(may_change, "student_change", student_id),
        "transfer_url": _url(may_change, "transfer_apply", student_id),
        "merge_url": _url(scope.may(Duty.MERGE_RECORDS), "record_merge", student_id),
        "tags": [row for row in focus.tags_of(student, scope) if row.runs_on(scope.on)],
        "tags_url": _url(scope.may(Duty.TAG_FOCUS), "student_tags", student_id),
        "aid_url": _url(scope.may(Duty.RECORD_ASSISTANCE), "child_aid", student_id),
        "ledgers": ledgers.kept_about(scope, student),
        "disability_url": _url(scope.may(Duty.SEE_DISABILITY), "student_disability", student_id),
        "today": scope.on,
        "looked": _looked(page) if scope.may(Duty.SEE_ACCESS_LOG) else None,
    }
    return render(request, "cases/student.html", context)


def _may_contact(scope: Scope, page: ChildPage) -> bool:
    try:
        school_post(scope, page.student, Duty.CONTACT_GUARDIAN)
    except NotPermitted:
        return False
    return True


def _contact(row: GuardianContact) -> dict[str, object]:
    return {
        "at": row.at,
        "channel": row.get_channel_display(),
        "reached": row.get_reached_display(),
        "answer": masking.free_text(row.answer),
        "by": f"{row.by.user.name}（{row.by.agency.name}）",
        "visit": row,
    }


def _transfer(row: SentAway, scope: Scope, student_id: UUID) -> dict[str, object]:
    transfer, owed = row.transfer, row.owed
    waits = transfer.confirmed_on is None and transfer.taken_back_on is None
    return {
        "school_name": transfer.school.name,
        "to": masking.free_text(transfer.to),
        "asked_on": transfer.asked_on,
        "confirmed_on": transfer.confirmed_on,
        "taken_back_on": transfer.taken_back_on,
        "proof": masking.free_text(transfer.proof),
        "what": owed.get_kind_display() if owed else "",
        "clause": owed.clause if owed else "",
        "due_on": owed.due_on if owed else None,
        "provisional": owed.provisional if owed else False,
        "days_left": row.days_left,
        "waits": waits,
        "confirm_url": _url(
            waits and may_confirm(scope, transfer) is not None,
            "transfer_confirm",
            student_id,
            transfer.public_id,
        ),
    }


def _url(may: bool, route: str, *ids: UUID) -> str:
    """The address of what the person may do here, or nothing."""
    return reverse(route, args=ids) if may else ""


def _open(case: Case | None) -> bool:
    return case is not None and State(case.state) not in ENDED


def _looked(page: ChildPage) -> list[Look]:
    """Who looked at this child, on its own page or on that of its case."""
    subjects = [f"student:{page.student.public_id}"]
    if page.case:
        subjects.append(f"case:{page.case.public_id}")
    return readers_of(*subjects)


def _basics(page: ChildPage) -> dict[str, object]:
    record = page.enrollment
    return {
        "age": page.age,
        "born_on": page.student.born_on,
        "class_name": class_name(record.school_class.grade, record.school_class.number)
        if record
        else "",
        "school_name": record.school.name if record else "",
    }


def _run(page: ChildPage) -> dict[str, object]:
    run = page.run
    return {
        "days": run.days if run else 0,
        "unknown_days": run.unknown_days if run else 0,
        "at_least": bool(run and run.unknown_days),
        "since": run.starts_on if run else None,
    }
