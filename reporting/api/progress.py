"""How far the schools are with a term's start, for machines."""

from datetime import datetime

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from reporting.queries import filings
from reporting.queries.progress import KINDS, STATES, Cell, Filters, Progress, SchoolRow, progress


class ProgressQuery(serializers.Serializer):
    """township: the twelve digits of its code."""

    kind = serializers.ChoiceField([kind.value for kind in KINDS], required=False)
    state = serializers.ChoiceField(STATES, required=False)
    township = serializers.RegexField(r"^\d{9}000$", required=False)


class TermProgress(ApiView):
    """Every school in the caller's reach, the most overdue first. term: public id or "current"."""

    duty = Duty.SEE_FILINGS

    @extend_schema(parameters=[ProgressQuery], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, term: str) -> Response:
        query = ProgressQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        given, now = query.validated_data, clock.now()
        place = given.get("township", "")[:9]
        filters = Filters(given.get("kind", ""), given.get("state", ""), place)
        found = progress(self.scope, filings.term_for(self.scope, term), filters, now)
        return Response(shown(found, now))


def shown(found: Progress, now: datetime) -> dict[str, object]:
    return {
        "term": str(found.term.public_id),
        "as_of": now.astimezone(CHINA).isoformat(),
        "duties": {
            one.kind.value: {
                "owed": one.owed,
                "met": one.met,
                "late": one.late,
                "overdue": one.overdue,
            }
            for one in found.sums
        },
        "totals": vars(found.totals),
        "without_zone": found.without_zone,
        "schools": [_school(row) for row in found.rows],
    }


def _school(row: SchoolRow) -> dict[str, object]:
    return {
        "school": {"code": row.school.code, "name": row.school.name, "township": row.township},
        **{kind.value: _cell(row.cells.get(kind)) for kind in KINDS},
        "counts": vars(row.counts) if row.counts else None,
    }


def _cell(cell: Cell | None) -> dict[str, object] | None:
    if cell is None:
        return None
    owed = cell.standing.owed
    met = owed.met_at
    return {
        "state": cell.standing.state,
        "due_at": owed.due_at.astimezone(CHINA).isoformat(),
        "provisional": owed.provisional,
        "days_left": cell.standing.days_left,
        "met_at": met.astimezone(CHINA).isoformat() if met else None,
        "late": owed.late,
        "days_late": cell.standing.days_late,
        "receipts": {"sent": cell.sent, "received": cell.received},
        "href": owed.href,
    }
