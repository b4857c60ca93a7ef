"""Dropouts x poor households for machines: the counts, and the children by name."""

from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, page
from agencies.rules.duties import Duty
from agencies.services import audit
from cases.models import Case
from cases.queries import poor
from cases.queries.poor import Line


class PoorDropouts(ApiView):
    """How many children are poor, how many are out of school, how many are both; by township."""

    duty = Duty.TAG_FOCUS

    @extend_schema(operation_id="poor_dropouts", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        lines, newest = poor.by_township(self.scope), poor.newest_list(self.scope)
        return Response(
            {
                "on": self.scope.on.isoformat(),
                "list_as_of": newest.as_of.isoformat() if newest else None,
                **_numbers(poor.together(lines)),
                "townships": [
                    {"code": line.code, "name": line.name, **_numbers(line)} for line in lines
                ],
            }
        )


class PoorDropoutRows(ApiView):
    """The children who are both, with who has to act; the first due first."""

    duty = Duty.TAG_FOCUS

    @extend_schema(
        operation_id="poor_dropout_rows",
        parameters=[OpenApiParameter("township", description="Code of a township.")],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        rows = poor.dropouts(self.scope, request.query_params.get("township", ""))
        audit.record(self.scope, "case.poor", "cases", now=clock.now())
        return page(request, rows, _row)


def _numbers(line: Line) -> dict[str, int]:
    return {"poor": line.poor, "dropouts": line.dropouts, "both": line.both}


def _row(case: Case) -> dict[str, object]:
    return {
        "case": str(case.public_id),
        "number": case.number,
        "student": str(case.student.public_id),
        "name": case.student.name,
        "region": case.household.region.code,
        "school": case.school.code if case.school else None,
        "state": case.state,
        "since": case.episode.trigger_date.isoformat(),
        "owner": poor.owner_of(case),
        "owed": case.due_kind,
        "due_on": case.due_on.isoformat() if case.due_on else None,
    }
