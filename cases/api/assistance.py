"""Help over the API: what a child received, and a further record."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time
from agencies.rules.duties import Duty
from agencies.services import audit
from cases import access
from cases.api.shown import day
from cases.queries.household import household_page
from cases.queries.plan import HelpRow
from cases.rules.assistance import Given
from cases.services import assistance


class HelpInput(serializers.Serializer):
    kind = serializers.CharField(max_length=16)
    what = serializers.CharField(max_length=200, allow_blank=True)
    amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, required=False, allow_null=True, default=None
    )
    giver = serializers.UUIDField(required=False, allow_null=True, default=None)
    giver_name = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    starts_on = serializers.DateField(validators=[of_this_time])
    ends_on = serializers.DateField(
        required=False, allow_null=True, default=None, validators=[of_this_time]
    )


class CaseAssistance(ApiView):
    """Help to the child of this case, newest first, with the sums of child and household."""

    duty = Duty.SEE_CASES

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, case_id: UUID) -> Response:
        answer = shown(self, case_id)
        audit.record(self.scope, "assistance.read", f"case:{case_id}", now=clock.now())
        return Response(answer)

    @extend_schema(request=HelpInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, case_id: UUID) -> Response:
        data = HelpInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data | {"giver": str(data.validated_data["giver"] or "")}

        def store() -> Response:
            assistance.record(self.scope, case_id, Given(**given), clock.now())
            return Response(shown(self, case_id), status=201)

        return self.once(request, store)


def shown(view: ApiView, case_id: UUID) -> dict[str, object]:
    case = access.case_for(view.scope, case_id)
    page = household_page(view.scope, case, clock.now())
    mine = next(child.help for child in page.children if child.case.pk == case.pk)
    return {
        "results": [_row(row) for row in mine.assistance],
        "money": str(mine.money),
        "household_money": str(page.money),
    }


def _row(row: HelpRow) -> dict[str, object]:
    return {
        "id": row.id,
        "kind": row.kind.value,
        "giver": row.giver,
        "what": row.what,
        "amount": str(row.amount) if row.amount is not None else None,
        "starts_on": day(row.starts_on),
        "ends_on": day(row.ends_on),
    }
