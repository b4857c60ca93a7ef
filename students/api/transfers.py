"""Transfers of a child: the application, its steps, and the confirmation of the other side."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time, page
from agencies.errors import NotVisible
from agencies.rules import masking
from agencies.rules.duties import Duty
from agencies.services import audit
from students.access import pupil_for, student_for, transfer_of
from students.models import Transfer, TransferApplication
from students.queries import transfers as queries
from students.rules.transfer import Act
from students.services import transfer_chain, transfers
from students.services.transfer_chain import Asked, Given


class ConfirmInput(serializers.Serializer):
    on = serializers.DateField(validators=[of_this_time])
    proof = serializers.CharField(max_length=200, allow_blank=True)


class ApplicationInput(serializers.Serializer):
    """to_school: the code of a school of this county; to: a school and place elsewhere."""

    on = serializers.DateField(validators=[of_this_time])
    by = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=200, allow_blank=True)
    to = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    to_school = serializers.CharField(max_length=12, required=False, default="", allow_blank=True)


class ActInput(serializers.Serializer):
    """on: the last day here (agree), the first day in the class (receive)."""

    on = serializers.DateField(
        required=False, default=None, allow_null=True, validators=[of_this_time]
    )
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    school_class = serializers.UUIDField(required=False, default=None, allow_null=True)


class Transfers(ApiView):
    """The transfers of the child, newest first; and the guardian's application for one."""

    duty = Duty.SEE_STUDENTS

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, student_id: UUID) -> Response:
        student = student_for(self.scope, student_id)
        audit.record(self.scope, "transfer.list", f"student:{student_id}", now=clock.now())
        rows = Transfer.objects.filter(student=student).select_related("school")
        return page(request, rows.order_by("-asked_on", "-pk"), shown)

    @extend_schema(request=ApplicationInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, student_id: UUID) -> Response:
        data = ApplicationInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = dict(data.validated_data)

        def save() -> Response:
            pupil = pupil_for(self.scope, student_id)
            code = given.pop("to_school")
            schools = queries.schools_beside(self.scope, pupil.record.school_id)
            to_school = schools.filter(code=code).first() if code else None
            if code and to_school is None:
                raise NotVisible
            asked = Asked(**given, to_school=to_school)
            row = transfer_chain.ask(self.scope, pupil, asked, clock.now())
            return Response(shown_application(row), status=201)

        return self.once(request, save)


class TransferApplications(ApiView):
    """Applications in sight: ?view=mine (wait for me), open, all."""

    duty = Duty.CONFIRM_TRANSFER

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        rows = queries.applications(self.scope, request.query_params.get("view", queries.WAITS))
        audit.record(self.scope, "transfer.applications", "transfers", now=clock.now())
        return page(request, rows, shown_application)


class TransferAct(ApiView):
    """One application, and its next step: agree, approve, refuse, withdraw, receive."""

    duty = Duty.CONFIRM_TRANSFER

    @extend_schema(request=ActInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, application_id: UUID, action: str) -> Response:
        data = ActInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = dict(data.validated_data)
        if action not in set(Act):
            raise NotVisible

        def save() -> Response:
            row = queries.application_for(self.scope, application_id)
            target = given.pop("school_class")
            if target:
                on = given["on"] or self.scope.on
                target = queries.classes_for(row, on).filter(public_id=target).first()
            sent = Given(**given, school_class=target)
            done = transfer_chain.act(self.scope, row, Act(action), sent, clock.now())
            return Response(shown_application(done))

        return self.once(request, save)


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
        "taken_back_on": row.taken_back_on.isoformat() if row.taken_back_on else None,
    }


def shown_application(row: TransferApplication) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "student": str(row.student.public_id),
        "name": row.student.name,
        "school": row.school.code,
        "to": masking.free_text(row.to),
        "to_school": row.to_school.code if row.to_school else None,
        "step": row.step,
        "asked_on": row.asked_on.isoformat(),
        "agreed_on": row.agreed_on.isoformat() if row.agreed_on else None,
        "decided_on": row.decided_on.isoformat() if row.decided_on else None,
        "because": masking.free_text(row.because),
        "transfer": str(row.transfer.public_id) if row.transfer else None,
    }
