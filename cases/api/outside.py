"""Work with other counties: notices, replies, confirmations by term, the archive."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.access import require
from agencies.api.base import ApiView, of_this_time
from agencies.rules.duties import Duty
from agencies.services import audit
from cases import access
from cases.api.shown import day
from cases.models import AttendanceConfirmation, OutsideNotice
from cases.queries import outside as queries
from cases.queries.outside import Full
from cases.rules.outside import Why
from cases.services import outside as service
from cases.services.outside import Attendance, Handover, Letter, Reply

WORDS: dict[str, Any] = {"required": False, "default": "", "allow_blank": True}


class LetterInput(serializers.Serializer):
    client_id = serializers.UUIDField()
    why = serializers.ChoiceField(Why.choices)
    authority = serializers.CharField(max_length=80, allow_blank=True)
    sent_on = serializers.DateField(required=False, validators=[of_this_time])
    contact = serializers.CharField(max_length=80, **WORDS)
    area_code = serializers.RegexField(r"^\d{12}$", **WORDS)
    whereabouts = serializers.CharField(max_length=120, **WORDS)
    asked = serializers.CharField(max_length=1000, **WORDS)
    version = serializers.IntegerField(required=False)


class ReplyInput(serializers.Serializer):
    on = serializers.DateField(required=False, validators=[of_this_time])
    text = serializers.CharField(max_length=2000, allow_blank=True)
    number = serializers.CharField(max_length=60, **WORDS)
    file = serializers.FileField(required=False, allow_null=True, default=None)


class AttendanceInput(serializers.Serializer):
    term = serializers.UUIDField()
    school_name = serializers.CharField(max_length=80, allow_blank=True)
    class_name = serializers.CharField(max_length=40, **WORDS)
    since = serializers.DateField(validators=[of_this_time])
    proof = serializers.CharField(max_length=200, allow_blank=True)
    file = serializers.FileField(required=False, allow_null=True, default=None)


class HandoverInput(serializers.Serializer):
    on = serializers.DateField(required=False, validators=[of_this_time])
    way = serializers.CharField(max_length=120, allow_blank=True)
    note = serializers.CharField(max_length=400, **WORDS)


class CaseOutside(ApiView):
    """The notices of a case; POST writes to another county, with a numbered paper."""

    duty = Duty.SEE_CASES

    @extend_schema(operation_id="case_outside_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, case_id: UUID) -> Response:
        case, now = access.case_for(self.scope, case_id), clock.now()
        audit.record(self.scope, "case.outside", f"case:{case_id}", now=now)
        found = queries.of_case(case, self.scope.on, now)
        return Response({"results": [_full(one) for one in found]})

    @extend_schema(
        request=LetterInput, responses={201: OpenApiTypes.OBJECT}, operation_id="case_outside_send"
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        require(self.scope, Duty.LIAISE_OUTSIDE)
        data = LetterInput(data=request.data)
        data.is_valid(raise_exception=True)
        letter = Letter(**{"sent_on": self.scope.on, **data.validated_data})

        def send() -> Response:
            made = service.send(self.scope, case_id, letter, clock.now())
            return Response(_one(self, made), status=201)

        return self.once(request, send)


class OutsideReply(ApiView):
    """The reply of the other county."""

    duty = Duty.LIAISE_OUTSIDE
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(request=ReplyInput, responses=OpenApiTypes.OBJECT, operation_id="outside_reply")
    def post(self, request: Request, notice_id: UUID) -> Response:
        data = ReplyInput(data=request.data)
        data.is_valid(raise_exception=True)
        reply = Reply(**_with_bytes({"on": self.scope.on, **data.validated_data}))

        def work() -> Response:
            return Response(_one(self, service.reply(self.scope, notice_id, reply, clock.now())))

        return self.once(request, work)


class OutsideConfirmations(ApiView):
    """Attendance there, confirmed for one term."""

    duty = Duty.LIAISE_OUTSIDE
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(
        request=AttendanceInput,
        responses={201: OpenApiTypes.OBJECT},
        operation_id="outside_confirm",
    )
    def post(self, request: Request, notice_id: UUID) -> Response:
        data = AttendanceInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = Attendance(**_with_bytes(data.validated_data))

        def work() -> Response:
            made = service.confirm(self.scope, notice_id, given, clock.now())
            return Response(_confirmation(made), status=201)

        return self.once(request, work)


class OutsideHandover(ApiView):
    """The electronic archive goes to where the child is registered."""

    duty = Duty.LIAISE_OUTSIDE

    @extend_schema(
        request=HandoverInput, responses=OpenApiTypes.OBJECT, operation_id="outside_hand_over"
    )
    def post(self, request: Request, notice_id: UUID) -> Response:
        data = HandoverInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = Handover(**{"on": self.scope.on, **data.validated_data})

        def work() -> Response:
            made = service.hand_over(self.scope, notice_id, given, clock.now())
            return Response(_one(self, made))

        return self.once(request, work)


def _with_bytes(given: dict) -> dict:
    file = given["file"]
    return {**given, "file": file.read() if file else None}


def _one(view: ApiView, row: OutsideNotice) -> dict[str, object]:
    found = queries.of_case(row.case, view.scope.on, clock.now())
    return next(_full(one) for one in found if one.line.notice.pk == row.pk)


def _full(full: Full) -> dict[str, object]:
    row, stands = full.line.notice, full.line.standing
    return {
        "id": str(row.public_id),
        "why": row.why,
        "authority": row.authority,
        "sent_on": day(row.sent_on),
        "number": row.paper.number if row.paper else "",
        "due_on": day(stands.owed.due_on) if stands else None,
        "overdue": bool(stands and stands.is_overdue),
        "late": bool(stands and stands.late),
        "replied_on": day(row.replied_on),
        "reply": row.reply,
        "reply_number": row.reply_number,
        "confirmed_until": day(full.line.confirmed_until),
        "lapsed": full.line.lapsed,
        "confirmations": [_confirmation(one) for one in full.confirmations],
        "archive_handed_on": day(row.archive_handed_on),
        "archive_number": row.archive_paper.number if row.archive_paper else "",
    }


def _confirmation(row: AttendanceConfirmation) -> dict[str, object]:
    return {
        "term": str(row.term.public_id),
        "school_name": row.school_name,
        "class_name": row.class_name,
        "since": day(row.since),
        "counts_from": day(row.placement.starts_on),
        "counts_until": day(row.placement.ends_on),
        "proof": row.proof,
    }
