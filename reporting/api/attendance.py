"""Enrollment x attendance for machines: the parts by school, and the names of a part."""

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView
from agencies.rules.duties import Duty
from agencies.services import audit
from reporting.queries import attendance
from reporting.queries.attendance import PAGE, Pupil, Wanted
from reporting.rules.areas import Line
from reporting.rules.attendance import Attending


class AttendingQuery(serializers.Serializer):
    """Parameters. school: a code. page: of 50 names."""

    part = serializers.ChoiceField(Attending.values)
    school = serializers.CharField(max_length=12, required=False, default="")
    page = serializers.IntegerField(min_value=1, max_value=100_000, required=False, default=1)


class AttendanceComparison(ApiView):
    """Every enrolled child in exactly one part, by school."""

    duty = Duty.CLEAR_RECORDS

    @extend_schema(operation_id="attendance_comparison", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        lines = attendance.by_school(self.scope)
        body = {
            "on": self.scope.on.isoformat(),
            **_numbers(attendance.together(lines)),
            "schools": [{"code": one.code, "name": one.name, **_numbers(one)} for one in lines],
        }
        return Response(body)


class AttendanceNames(ApiView):
    """The children of one part."""

    duty = Duty.CLEAR_RECORDS

    @extend_schema(
        operation_id="attendance_names", parameters=[AttendingQuery], responses=OpenApiTypes.OBJECT
    )
    def get(self, request: Request) -> Response:
        query = AttendingQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        given = query.validated_data
        start = (given["page"] - 1) * PAGE
        found = attendance.names(self.scope, Wanted(given["part"], given["school"], start))
        audit.record(self.scope, "record.attendance", f"part:{given['part']}", now=clock.now())
        body = {"page": given["page"], "results": [_pupil(one) for one in found[:PAGE]]}
        return Response({**body, "more": len(found) > PAGE})


def _numbers(line: Line) -> dict[str, object]:
    return {"total": line.total, "parts": dict(line.counts)}


def _pupil(pupil: Pupil) -> dict[str, object]:
    return {
        "student": str(pupil.student),
        "name": pupil.name,
        "owner_name": pupil.school,
        "class": pupil.school_class or None,
        "seen_on": pupil.seen_on.isoformat() if pupil.seen_on else None,
        "case": str(pupil.case) if pupil.case else None,
        "finding": str(pupil.finding) if pupil.finding else None,
        "found_on": pupil.found_on.isoformat() if pupil.found_on else None,
    }
