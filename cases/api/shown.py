"""Cases and children in the words of the contract; numbers by which a child is found are masked."""

from datetime import date, datetime

from agencies.models import Obligation
from agencies.rules import masking
from agencies.rules.deadlines import CHINA
from cases.models import Case, CaseReport, Episode, Visit
from cases.queries.child import ChildPage
from cases.queries.detail import CasePage, Possible
from cases.queries.seats import Deeds, Holding, SeatRow, Task
from cases.rules.follow_up import FollowUp


def instant(moment: datetime | None) -> str | None:
    return moment.astimezone(CHINA).isoformat() if moment else None


def day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def case_row(case: Case) -> dict[str, object]:
    return {
        "id": str(case.public_id),
        "number": case.number,
        "state": case.state,
        "episode": case.episode.number,
        "trigger_date": day(case.episode.trigger_date),
        "student": str(case.student.public_id),
        "student_name": case.student.name,
        "school": case.school.code if case.school else None,
        "region": case.household.region.code,
        "household": str(case.household.public_id),
        "version": case.version,
        "next_due": {
            "kind": case.due_kind,
            "due_on": day(case.due_on),
            "due_at": instant(case.due_at),
            "clause": case.due_clause,
            "owed_by": case.due_agency,
        }
        if case.due_at
        else None,
    }


def obligation(row: Obligation) -> dict[str, object]:
    return {
        "kind": row.kind,
        "due_on": day(row.due_on),
        "due_at": instant(row.due_at),
        "clause": row.clause,
        "owed_by": row.owed_by.name,
        "provisional": row.provisional,
    }


def case_detail(page: CasePage) -> dict[str, object]:
    case = page.case
    return {
        "id": str(case.public_id),
        "number": case.number,
        "state": case.state,
        "version": case.version,
        **_episode(case.episode),
        "student": str(case.student.public_id),
        "student_name": case.student.name,
        "school": case.school.code if case.school else None,
        "region": case.household.region.code,
        "household": str(case.household.public_id),
        "siblings": [str(sibling.public_id) for sibling in page.siblings],
        "team": [seat(row) for row in page.seats],
        "missing_seats": [row.key for row in page.missing_seats],
        "school_warnings": page.school_warnings,
        "reports": [_report(row) for row in page.reports],
        "next_due": obligation(page.next_due) if page.next_due else None,
        "actions": [_action(one) for one in page.actions],
        "follow_up": _follow_up(page.follow_up) if page.follow_up else None,
        "timeline": [{**vars(entry), "at": instant(entry.at)} for entry in page.entries],
    }


def _episode(episode: Episode) -> dict[str, object]:
    return {
        "episode": episode.number,
        "origin": episode.origin,
        "trigger_date": day(episode.trigger_date),
        "trigger_rule": episode.trigger_rule,
        "rests_on_untaken_roll": episode.rests_on_unknown,
        "run_withdrawn": episode.run_withdrawn,
        "opened_at": instant(episode.opened_at),
        "returned_on": day(episode.returned_on),
        "ending": episode.ending or None,
        "ending_proof": masking.free_text(episode.ending_proof),
        "ended_on": day(episode.ended_on),
    }


def seat(row: SeatRow) -> dict[str, object]:
    return {
        "seat": row.key,
        "school": row.school_code or None,
        "holder": str(row.post.public_id) if row.post else None,
        "name": row.post.user.name if row.post else None,
        "agency": row.post.agency.name if row.post else None,
        "since": day(row.since),
        "duties": [_task(task) for task in row.tasks],
        "deeds": _deeds(row.deeds),
    }


def _task(task: Task) -> dict[str, object]:
    return {
        "kind": task.kind.value,
        "state": task.state,
        "due_on": day(task.due_on),
        "met_at": instant(task.met_at),
        "times": task.times,
    }


def _deeds(deeds: Deeds) -> dict[str, object]:
    return {
        "visits": deeds.visits,
        "papers": deeds.papers,
        "measures": deeds.measures,
        "last_at": instant(deeds.last_at),
        "last_act": str(deeds.last_act) or None,
    }


def holding(row: Holding) -> dict[str, object]:
    """Who held a seat from when to when, and what came of it on this case."""
    post = row.seat.post
    return {
        "seat": row.seat.seat,
        "school": row.seat.school.code if row.seat.school else None,
        "holder": str(post.public_id),
        "name": post.user.name,
        "agency": post.agency.name,
        "since": day(row.seat.since),
        "until": day(row.seat.until),
        "deeds": _deeds(row.deeds),
    }


def _report(report: CaseReport) -> dict[str, object]:
    return {
        "role": report.role,
        "recipient": report.recipient.name,
        "sent_at": instant(report.sent_at),
        "received_at": instant(report.received_at),
    }


def _action(one: Possible) -> dict[str, object]:
    missing = [{"code": reason.code, "detail": str(reason.text)} for reason in one.reasons]
    return {"action": one.action.value, "possible": one.possible, "missing": missing}


def _follow_up(progress: FollowUp) -> dict[str, object]:
    return {
        "required": progress.required,
        "counted": progress.counted,
        "attended": progress.attended,
        "unknown": progress.unknown,
        "missing": progress.missing,
        "done_on": day(progress.done_on),
    }


def visit(row: Visit) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "client_id": str(row.client_id),
        "at": instant(row.at),
        "place": row.place,
        "reached": row.reached,
        "outcome": row.outcome,
        "next_on": day(row.next_on),
        "note": masking.free_text(row.note),
        "present": [str(post.public_id) for post in row.present.all()],
        "case_state": row.case.state,
        "for": [
            {"case": str(other.case.public_id), "outcome": other.outcome}
            for other in row.counted_as.select_related("case").order_by("pk")
        ],
        "photos": [
            {
                "id": str(photo.public_id),
                "file": str(photo.file.public_id),
                "small": str(photo.thumbnail.public_id),
            }
            for photo in row.photos.order_by("pk")
            .select_related("file", "thumbnail")
            .defer("file__content", "thumbnail__content")
        ],
    }


def child(page: ChildPage) -> dict[str, object]:
    student, record = page.student, page.enrollment
    return {
        "id": str(student.public_id),
        "name": student.name,
        "sex": student.get_sex_display(),
        "born_on": day(student.born_on),
        "id_number": student.masked_id_number,
        "numbers": [
            {"number": row.masked, "starts_on": day(row.starts_on), "ends_on": day(row.ends_on)}
            for row in page.numbers
        ],
        "school": record.school.code if record else None,
        "class": str(record.school_class.public_id) if record else None,
        "household": str(student.household.public_id),
        "region": student.household.region.code,
        "guardians": [
            {"name": row.name, "relation": row.relation, "phone": masking.phone(row.phone)}
            for row in page.guardians
        ],
        "disposition": page.disposition.value,
        "school_age": page.of_compulsory_age,
        "in_the_work": page.stays_in_the_work,
        "cohort": {"first": day(page.cohort.first), "last": day(page.cohort.last)},
        "case": str(page.case.public_id) if page.case else None,
        "run": {
            "days": page.run.days if page.run else 0,
            "since": day(page.run.starts_on) if page.run else None,
        },
        "placements": [
            {
                "kind": row.kind,
                "starts_on": day(row.starts_on),
                "ends_on": day(row.ends_on),
                "returned_on": day(row.returned_on),
            }
            for row in page.placements
        ],
    }
