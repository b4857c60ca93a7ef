"""Records that do not fit the child: list, explanation, mark in the national system."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time, page
from agencies.rules import masking
from agencies.rules.duties import Duty
from agencies.services import audit
from reporting.models import ConsistencyFinding
from reporting.queries import records as queries
from reporting.queries.records import Wanted
from reporting.services import records


class ExplainInput(serializers.Serializer):
    explanation = serializers.CharField(max_length=400, allow_blank=True)


class SystemMarkInput(serializers.Serializer):
    on = serializers.DateField(validators=[of_this_time])
    operator = serializers.CharField(max_length=40, allow_blank=True)


class RecordFindings(ApiView):
    """Findings in sight: ?kind=, ?school= (code), ?state=open|explained|corrected|all."""

    duty = Duty.CLEAR_RECORDS

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        asked = request.query_params
        wanted = Wanted(asked.get("kind", ""), asked.get("school", ""), asked.get("state", "open"))
        audit.record(self.scope, "record.list", "records", now=clock.now())
        return page(request, queries.findings(self.scope, wanted), shown)


class ExplainRecord(ApiView):
    """Cleared in writing."""

    duty = Duty.CLEAR_RECORDS

    @extend_schema(request=ExplainInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, finding_id: UUID) -> Response:
        data = ExplainInput(data=request.data)
        data.is_valid(raise_exception=True)
        text = data.validated_data["explanation"]

        def save() -> Response:
            finding = queries.finding_for(self.scope, finding_id)
            records.explain(self.scope, finding, text, clock.now())
            return Response(shown(queries.finding_for(self.scope, finding_id)))

        return self.once(request, save)


class MarkRecord(ApiView):
    """The national system was brought up to date."""

    duty = Duty.CLEAR_RECORDS

    @extend_schema(request=SystemMarkInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, finding_id: UUID) -> Response:
        data = SystemMarkInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data

        def save() -> Response:
            finding = queries.finding_for(self.scope, finding_id)
            records.mark(self.scope, finding, given["on"], given["operator"], clock.now())
            return Response(shown(queries.finding_for(self.scope, finding_id)))

        return self.once(request, save)


def shown(row: ConsistencyFinding) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "student": str(row.student.public_id),
        "name": row.student.name,
        "kind": row.kind,
        "evidence": row.evidence,
        "owner": row.agency.code or str(row.agency.public_id),
        "owner_name": row.agency.name,
        "found_on": row.found_on.isoformat(),
        "closed_on": row.closed_on.isoformat() if row.closed_on else None,
        "closing": row.closing or None,
        "explanation": masking.free_text(row.explanation),
    }
