"""The child that something is about, looked for by name among those of the own area."""

from agencies import clock
from agencies.services import audit
from agencies.views.base import PageRequest
from cases.rules.workflow import OPEN
from students.models import Student
from students.queries.roster import search

MOST = 20


def found_children(request: PageRequest, kept: str) -> dict[str, object]:
    """What cases/_found_children.html shows. kept: where the session keeps what was typed.

    In the session, because a name in an address would stand in histories and logs. The search is
    recorded.
    """
    q = request.session.get(kept, "")
    found = list(search(request.scope, q).select_related("case")[: MOST + 1]) if q else []
    audit.record(request.scope, "student.search", "students", now=clock.now(), shown=len(found))
    return {"q": q, "students": [_shown(one) for one in found[:MOST]], "more": len(found) > MOST}


def _shown(student: Student) -> dict[str, object]:
    case = getattr(student, "case", None)
    return {
        "public_id": student.public_id,
        "name": student.name,
        "sex": student.get_sex_display(),
        "school_name": getattr(student, "school_name", "") or "",
        "home": student.household.region.name,
        "masked_id": student.masked_id_number,
        "case": case,
        "is_open": case is not None and case.state in OPEN,
    }
