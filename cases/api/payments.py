"""Payment lists over the API: upload with its dry run, apply, take back."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time, page
from agencies.errors import Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.services import audit
from cases.api.shown import instant
from cases.imports import payments as imports
from cases.models import PaymentList
from cases.queries import aid as queries
from cases.services import payments
from cases.services.payments import Said
from students.queries.imports import SHOWN_ERRORS, shown_problem
from students.rules import roster_problems


class PaymentListInput(serializers.Serializer):
    """giver: the id of the agency that paid; kind: as of help to a child."""

    file = serializers.FileField(allow_empty_file=True)
    giver = serializers.UUIDField()
    kind = serializers.CharField(max_length=16)
    what = serializers.CharField(max_length=200, allow_blank=True)
    paid_on = serializers.DateField(validators=[of_this_time])


class PaymentListWrong(serializers.Serializer):
    because = serializers.CharField(max_length=400, allow_blank=True)


class PaymentLists(ApiView):
    """The payment lists of the county, newest first; POST is a dry run: nothing is given yet."""

    duty = Duty.IMPORT_LIST
    parser_classes = (MultiPartParser,)

    @extend_schema(operation_id="payment_lists", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return page(request, queries.payment_lists(self.scope), _line)

    @extend_schema(
        request=PaymentListInput,
        responses={201: OpenApiTypes.OBJECT},
        operation_id="payment_list_check",
    )
    def post(self, request: Request) -> Response:
        data = PaymentListInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        said = Said(str(given["giver"]), given["kind"], given["what"], given["paid_on"])
        file = given["file"]

        def work() -> Response:
            batch = imports.receive(self.scope, said, file.name, file.chunks(), clock.now())
            if not batch.problem:
                return Response(_shown(batch), status=201)
            reason = Reason(
                batch.problem.partition(":")[0], roster_problems.refusal(batch.problem), "/file"
            )
            raise RuleBroken(reason)

        return self.once(request, work)


class OnePaymentList(ApiView):
    """One list: what was checked or applied, and why rows are left out."""

    duty = Duty.IMPORT_LIST

    @extend_schema(operation_id="payment_list_read", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, list_id: UUID) -> Response:
        batch = queries.payment_list_for(self.scope, list_id)
        audit.record(self.scope, "payments.read", f"payments:{list_id}", now=clock.now())
        return Response(_shown(batch))


class ApplyPaymentList(ApiView):
    """Each good row becomes a record of aid."""

    duty = Duty.IMPORT_LIST

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT, operation_id="payment_list_apply")
    def post(self, request: Request, list_id: UUID) -> Response:
        def work() -> Response:
            made = payments.apply(self.scope, list_id, clock.now())
            return Response(_shown(queries.payment_list_for(self.scope, list_id)) | {"made": made})

        return self.once(request, work)


class TakeBackPaymentList(ApiView):
    """The list was wrong: all its records count no more."""

    duty = Duty.IMPORT_LIST

    @extend_schema(
        request=PaymentListWrong,
        responses=OpenApiTypes.OBJECT,
        operation_id="payment_list_take_back",
    )
    def post(self, request: Request, list_id: UUID) -> Response:
        data = PaymentListWrong(data=request.data)
        data.is_valid(raise_exception=True)

        def work() -> Response:
            because = data.validated_data["because"]
            gone = payments.take_back(self.scope, list_id, because, clock.now())
            return Response(_shown(queries.payment_list_for(self.scope, list_id)) | {"gone": gone})

        return self.once(request, work)


def _line(batch: PaymentList) -> dict[str, object]:
    return {
        "id": str(batch.public_id),
        "state": batch.state,
        "giver": batch.giver.name,
        "kind": batch.kind,
        "what": batch.what,
        "paid_on": batch.paid_on.isoformat(),
        "checked_at": instant(batch.checked_at),
        "applied_at": instant(batch.applied_at),
    }


def _shown(batch: PaymentList) -> dict[str, object]:
    good, wrong = queries.good_rows(batch), queries.wrong_rows(batch)
    return _line(batch) | {
        "good": good.count(),
        "wrong": wrong.count(),
        "money": str(queries.money(good)),
        "errors": [
            shown_problem(row.number, problem)
            for row in wrong[:SHOWN_ERRORS]
            for problem in row.problems
        ],
    }
