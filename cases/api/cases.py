"""Cases: the work list, opening by hand, one case."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.access import require
from agencies.api.base import ApiView, of_this_time, page
from agencies.rules.duties import Duty
from agencies.services import audit
from cases import access
from cases.api import shown
from cases.models import Case
from cases.models.case import Origin
from cases.queries.detail import case_page
from cases.queries.worklist import Filters, rows_for
from cases.rules.workflow import State
from cases.services import opening
from students.access import student_for
from students.api.fields import GroupField


class Cases(ApiView):
    """The work list by due date; POST opens a case by hand."""

    duty = Duty.SEE_CASES

    class CaseQuery(serializers.Serializer):
        state = serializers.ChoiceField(State.choices, required=False)
        region = serializers.RegexField(r"^\d{12}$", required=False)
        overdue = serializers.BooleanField(required=False, default=False)
        mine = serializers.BooleanField(required=False, default=False)
        tag = GroupField(required=False)

    class OpenCaseInput(serializers.Serializer):
        student = serializers.UUIDField()
        origin = serializers.ChoiceField([o for o in Origin.choices if o[0] != Origin.RUN])
        on = serializers.DateField(required=False, validators=[of_this_time])
        note = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)

    @extend_schema(parameters=[CaseQuery], operation_id="cases_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        query = self.CaseQuery(data=request.query_params, context={"scope": self.scope})
        query.is_valid(raise_exception=True)
        audit.record(self.scope, "case.list", "cases", now=clock.now())
        rows: QuerySet[Case] = rows_for(self.scope, Filters(**query.validated_data), clock.now())
        return page(request, rows, shown.case_row)

    @extend_schema(request=OpenCaseInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        require(self.scope, Duty.OPEN_CASE)
        data = self.OpenCaseInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data

        def open_it() -> Response:
            case = opening.open_by_hand(
                self.scope,
                student_for(self.scope, given["student"]),
                opening.ByHand(given["origin"], given.get("on") or self.scope.on, given["note"]),
                clock.now(),
            )
            return Response(one(self, case.public_id), status=201)

        return self.once(request, open_it)


class OneCase(ApiView):
    """One case with its team, what is owed next, what is possible, and its timeline."""

    duty = Duty.SEE_CASES

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, case_id: UUID) -> Response:
        audit.record(self.scope, "case.read", f"case:{case_id}", now=clock.now())
        return Response(one(self, case_id))


def one(view: ApiView, case_id: UUID) -> dict[str, object]:
    case = access.case_for(view.scope, case_id)
    return shown.case_detail(case_page(view.scope, case, clock.now()))
