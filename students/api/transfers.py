"""Transfers of a child, and the confirmation of the other side."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, page
from agencies.rules import masking
from agencies.rules.duties import Duty
from agencies.services import audit
from students.access import student_for, transfer_of
from students.models import Transfer
from students.services import transfers


class ConfirmInput(serializers.Serializer):
    on = serializers.DateField()
    proof = serializers.CharField(max_length=200, allow_blank=True)


class Transfers(ApiView):
    """The transfers of the child, newest first."""

    duty = Duty.SEE_STUDENTS

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, student_id: UUID) -> Response:
        student = student_for(self.scope, student_id)
        audit.record(self.scope, "transfer.list", f"student:{student_id}", now=clock.now())
        rows = Transfer.objects.filter(student=student).select_related("school")
        return page(request, rows.order_by("-asked_on", "-pk"), shown)


class ConfirmTransfer(ApiView):
    """One transfer, and the confirmation that ends the school's responsibility."""

    duty = Duty.CONFIRM_TRANSFER

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, student_id: UUID, transfer_id: UUID) -> Response:
        return Response(shown(transfer_of(student_for(self.scope, student_id), transfer_id)))

    @extend_schema(request=ConfirmInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, student_id: UUID, transfer_id: UUID) -> Response:
        data = ConfirmInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = transfers.Given(**data.validated_data)

        def save() -> Response:
            transfer = transfer_of(student_for(self.scope, student_id), transfer_id)
            return Response(shown(transfers.confirm(self.scope, transfer, given, clock.now())))

        return self.once(request, save)


def shown(row: Transfer) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "school": row.school.code,
        "asked_on": row.asked_on.isoformat(),
        "to": masking.free_text(row.to),
        "confirmed_on": row.confirmed_on.isoformat() if row.confirmed_on else None,
        "proof": masking.free_text(row.proof),
    }
