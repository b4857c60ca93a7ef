"""Inspections and places in the words of the API, and what their views share."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from agencies.api.base import ApiView, of_this_time
from cases.api.shown import day
from cases.models import FindingStep, FoundChild, Publication
from cases.queries.inspections import FindingLine, Full, Line
from cases.queries.venues import Line as VenueLine

WORDS: dict[str, Any] = {"required": False, "default": "", "allow_blank": True}
DAY: dict[str, Any] = {
    "required": False,
    "allow_null": True,
    "default": None,
    "validators": [of_this_time],
}


class Given(ApiView):
    """A view that reads its input before it acts."""

    def given(self, request: Request, shape: type[serializers.Serializer]) -> dict:
        data = shape(data=request.data)
        data.is_valid(raise_exception=True)
        return dict(data.validated_data)


def shown_venue(one: VenueLine) -> dict[str, object]:
    row = one.venue
    return {
        "id": str(row.public_id),
        "kind": row.kind,
        "name": row.name,
        "address": row.address,
        "region": row.region.code,
        "near": row.near.code if row.near else None,
        "approval": one.approval.value,
        "approved_by": row.approved_by,
        "approval_number": row.approval_number,
        "approval_until": day(row.approval_until),
        "approval_ended_on": day(row.approval_ended_on),
        "ending_number": row.ending_number,
        "schooling": row.schooling,
        "closed_on": day(row.ended_on),
        "last_held": day(one.last_held),
        "children": one.children,
        "version": row.version,
    }


def shown_line(one: Line) -> dict[str, object]:
    row, owed = one.inspection, one.next_due
    return {
        "id": str(row.public_id),
        "number": row.number,
        "topic": row.topic,
        "place": row.place,
        "place_kind": row.place_kind,
        "lead": row.lead.name,
        "state": row.state,
        "planned_on": day(row.planned_on),
        "held_on": day(row.held_on),
        "held_until": day(row.held_until),
        "findings": one.findings,
        "open_findings": one.open_findings,
        "due_on": day(owed.owed.due_on) if owed else None,
        "overdue": bool(owed and owed.is_overdue),
    }


def shown_full(full: Full) -> dict[str, object]:
    row = full.line.inspection
    return {
        **shown_line(full.line),
        "clause": full.clause,
        "basis": row.basis,
        "decision": str(row.decision.public_id) if row.decision else None,
        "summary": row.summary,
        "bodies": [
            {"id": str(body.public_id), "name": body.name, "kind": body.kind}
            for body in full.bodies
        ],
        "all_findings": [_finding(one) for one in full.findings],
        "children": [_child(one) for one in full.children],
        "children_hidden": full.hidden,
        "opinion": _opinion(full) if row.unit and hasattr(row, "opinion") else None,
        "stages": [stage.value for stage in full.stages],
        "publications": [shown_publication(one) for one in full.publications],
    }


def _finding(one: FindingLine) -> dict[str, object]:
    row = one.finding
    return {
        "id": str(row.public_id),
        "number": row.number,
        "kind": row.kind,
        "what": row.what,
        "state": row.state,
        "rectify_by": day(row.rectify.due_on) if row.rectify else None,
        "recheck_by": day(row.recheck.due_on) if row.recheck else None,
        "overdue": bool(
            (one.rectify and one.rectify.is_overdue) or (one.recheck and one.recheck.is_overdue)
        ),
        "steps": [_step(step) for step in one.steps],
        "deeds": [deed.value for deed in one.deeds],
    }


def _step(step: FindingStep) -> dict[str, object]:
    return {
        "deed": step.deed,
        "on": day(step.on),
        "text": step.text,
        "number": step.number,
        "due_on": day(step.due_on),
        "recheck_on": day(step.recheck_on),
        "penalty": step.penalty or None,
        "body": step.body.name,
    }


def _child(one: FoundChild) -> dict[str, object]:
    return {
        "id": str(one.public_id),
        "student": str(one.student.public_id),
        "name": one.student.name,
        "since": day(one.since),
        "case": str(one.case.public_id),
        "case_number": one.case.number,
    }


def _opinion(full: Full) -> dict[str, object]:
    row = full.line.inspection.opinion
    days = (
        "drafted_on",
        "reply_by",
        "replied_on",
        "issued_on",
        "review_by",
        "reported_on",
        "asked_on",
        "reviewed_on",
    )
    return {
        **{name: day(getattr(row, name)) for name in days},
        "draft": row.draft,
        "reply": row.reply,
        "number": row.number,
        "opinion": row.opinion,
        "review_number": row.review_number,
        "review": row.review,
    }


def shown_publication(row: Publication) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "title": row.title,
        "text": row.text,
        "place": row.place,
        "published_on": day(row.published_on),
        "withdrawn_on": day(row.withdrawn_on),
    }
