"""Aid to a child over the API: what it got, and a further record."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView
from agencies.rules.duties import Duty
from agencies.services import audit
from cases.api.assistance import HelpInput
from cases.api.shown import day
from cases.queries import aid as queries
from cases.rules.assistance import Given
from cases.services import aid
from students.access import student_for


class ChildAid(ApiView):
    """Aid to the child and help of its case in one list, newest first."""

    duty = Duty.RECORD_ASSISTANCE

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, student_id: UUID) -> Response:
        answer = shown(self, student_id)
        audit.record(self.scope, "aid.read", f"student:{student_id}", now=clock.now())
        return Response(answer)

    @extend_schema(request=HelpInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, student_id: UUID) -> Response:
        data = HelpInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data | {"giver": str(data.validated_data["giver"] or "")}

        def store() -> Response:
            aid.record(self.scope, student_id, Given(**given), clock.now())
            return Response(shown(self, student_id), status=201)

        return self.once(request, store)


def shown(view: ApiView, student_id: UUID) -> dict[str, object]:
    student = student_for(view.scope, student_id)
    own = queries.aid_rows(view.scope).filter(student=student)
    helped = queries.help_rows(view.scope).filter(case__student=student)
    return {
        "results": [
            {
                "id": str(row["public_id"]),
                "kind": row["kind"],
                "giver": row["given_by"],
                "what": row["what"],
                "amount": str(row["amount"]) if row["amount"] is not None else None,
                "starts_on": day(row["starts_on"]),
                "ends_on": day(row["ends_on"]),
                "case": str(row["case_id_shown"]) if row["case_id_shown"] else None,
            }
            for row in queries.listed(own, helped)
        ],
        "money": str(queries.whole(own, helped).money),
    }
