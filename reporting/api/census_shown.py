"""The term-start check as the API words it."""

from datetime import datetime

from agencies.rules.deadlines import CHINA
from agencies.rules.masking import free_text
from reporting.queries.census import Child
from reporting.queries.census_sheet import Sheet
from reporting.queries.census_words import by_class, class_label, why


def shown(sheet: Sheet, now: datetime, *, everybody: bool = False) -> dict[str, object]:
    """The check as the contract words it."""
    facts, due = sheet.facts, sheet.due
    return {
        "term": str(sheet.term.public_id),
        "school": sheet.school.code,
        "school_name": sheet.school.name,
        "filing": str(sheet.filing.public_id) if sheet.filing else None,
        "state": sheet.state.value,
        "version": sheet.version,
        "as_of": sheet.frame.on.isoformat(),
        "due_at": _instant(due.due_at) if due else None,
        "provisional": due.provisional if due else False,
        "overdue": due is not None and due.state(now) == "overdue",
        "late": due.late if due else None,
        "submitted_at": _instant(sheet.filing.submitted_at) if sheet.filing else None,
        "decision": sheet.filing.decision if sheet.filing else "",
        "figures": facts.figures,
        "classes": [
            {
                "name": line.name,
                "grade": line.grade,
                "expected": line.expected,
                "arrived": line.arrived,
                "explained": line.explained,
                "missing": line.missing,
                "unanswered": line.unanswered,
            }
            for line in by_class(facts.children)
        ],
        "children": [_child(child) for child in facts.children if everybody or not child.is_plain],
        "new_here": [
            {"student": str(child.student), "name": child.name, "class": class_label(child)}
            for child in facts.newcomers
        ],
        "changes": [
            {
                "id": change.id,
                "student": str(change.student),
                "name": change.name,
                "kind": change.kind,
                "on": change.on.isoformat(),
                "explanation": free_text(change.explanation),
            }
            for change in facts.changes
        ],
        "remarks": free_text(sheet.filing.remarks) if sheet.filing else "",
        "papers": [
            {"round": one.round, "digest": one.digest, "signed_at": _instant(one.signed_at)}
            for one in sheet.papers
        ],
        "slips": [
            {"number": slip.number, "text": free_text(slip.text), "at": _instant(slip.at)}
            for slip in sheet.slips
        ],
    }


def _child(child: Child) -> dict[str, object]:
    return {
        "student": str(child.student),
        "name": child.name,
        "class": class_label(child),
        "source": child.source,
        "state": child.state.value,
        "why": child.why,
        "why_text": why(child),
        "answer": {
            "code": child.code,
            "note": free_text(child.note),
            "checked_by": child.checked_by,
            "checked_on": child.checked_on.isoformat() if child.checked_on else None,
            "case": str(child.case) if child.case else None,
        }
        if child.code
        else None,
    }


def _instant(moment: datetime | None) -> str | None:
    return moment.astimezone(CHINA).isoformat() if moment else None
