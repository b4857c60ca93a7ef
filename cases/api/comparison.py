"""The comparison of a register: counts, rows, the result of a row, the child that it means."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time, page
from agencies.errors import Conflict
from agencies.rules import masking
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.services import audit
from cases.queries import comparison
from cases.services import comparison as services
from cases.services.comparison import Said
from students.access import entries_for, entry_for, register_for
from students.models import PersonEntry
from students.queries import person_review
from students.rules.person_list import Result
from students.services import person_review as decisions

DIFFERING = {"result": comparison.DIFFERING}
FILTERS = [
    OpenApiParameter("result", description="One of the results, to_check, or differing."),
    OpenApiParameter("township", description="Code of a township, or none."),
]


class ResultInput(serializers.Serializer):
    """on: the day of the death, of completing grade 9, or since when it is away or out of
    school. seen: as the row said it when it was read; without it, or null, nothing is compared."""

    result = serializers.CharField(max_length=20)
    note = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
    on = serializers.DateField(
        required=False, allow_null=True, default=None, validators=[of_this_time]
    )
    seen = serializers.CharField(
        max_length=40, required=False, allow_blank=True, allow_null=True, default=None
    )


class CorrectionInput(serializers.Serializer):
    """What the provider has put right in its register, by which answer, and when."""

    correction = serializers.CharField(max_length=200)
    corrected_on = serializers.DateField(validators=[of_this_time])


class JoinInput(serializers.Serializer):
    """student: the child that the row means; null: none of those shown."""

    student = serializers.UUIDField(allow_null=True)


class Comparison(ApiView):
    """How many rows of a register have which result; the classes add up to its rows."""

    duty = Duty.CHECK_LIST

    @extend_schema(operation_id="comparison_counts", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, list_id: UUID) -> Response:
        batch = register_for(self.scope, list_id)
        rows = entries_for(self.scope, batch)
        body = {
            "id": str(batch.public_id),
            "as_of": batch.as_of.isoformat(),
            "provider": batch.provider.name,
            **_counts(comparison.counts(rows)),
            "differing": comparison.rows_for(self.scope, batch, DIFFERING).count(),
            "to_decide": person_review.waiting(self.scope, batch).count(),
            "townships": [
                {"code": one.code, "name": one.name, **_counts(one.counts)}
                for one in comparison.by_township(rows)
            ],
        }
        return Response(body)


class ComparisonRows(ApiView):
    """Its rows, those that are to be checked first."""

    duty = Duty.CHECK_LIST

    @extend_schema(
        operation_id="comparison_rows", parameters=FILTERS, responses=OpenApiTypes.OBJECT
    )
    def get(self, request: Request, list_id: UUID) -> Response:
        batch = register_for(self.scope, list_id)
        wanted = {name: request.query_params.get(name, "") for name in ("result", "township")}
        rows = comparison.rows_for(self.scope, batch, wanted)
        audit.record(self.scope, "list.rows", f"list:{list_id}", now=clock.now())
        return page(request, rows, shown)


class ComparisonResult(ApiView):
    """Give a row its result. 409 with the row as it is now when another result came meanwhile."""

    duty = Duty.CHECK_LIST

    @extend_schema(
        operation_id="comparison_result", request=ResultInput, responses=OpenApiTypes.OBJECT
    )
    def post(self, request: Request, list_id: UUID, entry_id: UUID) -> Response:
        data = ResultInput(data=request.data)
        data.is_valid(raise_exception=True)
        batch, said = register_for(self.scope, list_id), Said(**data.validated_data)

        def work() -> Response:
            try:
                row = services.give(self.scope, batch, entry_id, said, clock.now())
            except Conflict as conflict:
                conflict.current = shown(entry_for(self.scope, batch, entry_id))
                raise
            return Response(shown(row))

        return self.once(request, work)


class ComparisonCorrection(ApiView):
    """The provider has put its register right about a row that is a fault of it."""

    duty = Duty.CHECK_LIST

    @extend_schema(
        operation_id="comparison_correction",
        request=CorrectionInput,
        responses=OpenApiTypes.OBJECT,
    )
    def post(self, request: Request, list_id: UUID, entry_id: UUID) -> Response:
        data = CorrectionInput(data=request.data)
        data.is_valid(raise_exception=True)
        batch, said = register_for(self.scope, list_id), data.validated_data

        def work() -> Response:
            row = services.correct(
                self.scope,
                batch,
                entry_id,
                said["correction"],
                said["corrected_on"],
                clock.now(),
            )
            return Response(shown(row))

        return self.once(request, work)


class ComparisonJoin(ApiView):
    """Say which child a row means, or that it is none of the candidates."""

    duty = Duty.CHECK_LIST

    @extend_schema(operation_id="comparison_join", request=JoinInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, list_id: UUID, entry_id: UUID) -> Response:
        data = JoinInput(data=request.data)
        data.is_valid(raise_exception=True)
        batch, student = register_for(self.scope, list_id), data.validated_data["student"]

        def work() -> Response:
            if student:
                services.join(self.scope, batch, entry_id, student, clock.now())
            else:
                decisions.none_of_these(self.scope, batch, entry_id, clock.now())
            return Response(shown(entry_for(self.scope, batch, entry_id)))

        return self.once(request, work)


class ComparisonWithdraw(ApiView):
    """Nobody exists whom the row names: the record that was entered from it is taken back."""

    duty = Duty.MERGE_RECORDS

    @extend_schema(operation_id="comparison_withdraw", request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, list_id: UUID, entry_id: UUID) -> Response:
        batch = register_for(self.scope, list_id)

        def work() -> Response:
            row = decisions.withdraw(self.scope, batch, entry_id, clock.now())
            return Response(shown(row))

        return self.once(request, work)


def _counts(found: comparison.Counts) -> dict[str, object]:
    return {
        "total": found.total,
        "to_check": found.to_check,
        "results": {result.value: found.results.get(result, 0) for result in Result},
    }


def shown(row: PersonEntry) -> dict[str, object]:
    """One row; numbers by which a child is found are masked."""
    return {
        "id": str(row.public_id),
        "number": row.number,
        "name": row.name,
        "born_on": row.born_on.isoformat() if row.born_on else None,
        "id_number": masking.id_number(row.id_number) if row.id_number else "",
        "head": row.head,
        "address": row.address,
        "region": row.region.code if row.region else None,
        "student": str(row.student.public_id) if row.student else None,
        "found": row.found,
        "result": row.result,
        "note": masking.free_text(row.note),
        "correction": masking.free_text(row.correction),
        "corrected_on": row.corrected_on.isoformat() if row.corrected_on else None,
        "seen": services.version_of(row),
        "checked_at": row.checked_at.astimezone(CHINA).isoformat() if row.checked_at else None,
    }
