"""Contacts with the guardian of a child."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time, page
from agencies.documents import pictures
from agencies.rules import masking
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.services import audit
from students.access import student_for
from students.models import GuardianContact
from students.rules.contact import Channel, Reached
from students.services import contacts

WORDS: dict[str, Any] = {"required": False, "default": "", "allow_blank": True}


class ContactInput(serializers.Serializer):
    """on: the day of absence that it is about; without it the day of `at`.

    Of a visit at home: signed_by or unsigned_because when a grown-up was met; photo: multipart.
    """

    at = serializers.DateTimeField(validators=[of_this_time])
    channel = serializers.ChoiceField(Channel.choices)
    reached = serializers.ChoiceField(Reached.choices)
    answer = serializers.CharField(max_length=400, required=False, default="", allow_blank=True)
    on = serializers.DateField(
        required=False, default=None, allow_null=True, validators=[of_this_time]
    )
    with_whom = serializers.CharField(max_length=80, **WORDS)
    signed_by = serializers.CharField(max_length=40, **WORDS)
    unsigned_because = serializers.CharField(max_length=200, **WORDS)
    photo = serializers.FileField(required=False, allow_null=True, default=None)


class Contacts(ApiView):
    """The log of contacts, newest first; entries are added, never changed."""

    duty = Duty.SEE_STUDENTS
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, student_id: UUID) -> Response:
        student = student_for(self.scope, student_id)
        audit.record(self.scope, "contact.list", f"student:{student_id}", now=clock.now())
        rows = GuardianContact.objects.filter(student=student).select_related("by__user")
        return page(request, rows.order_by("-at", "-pk"), shown)

    @extend_schema(request=ContactInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, student_id: UUID) -> Response:
        data = ContactInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = dict(data.validated_data)
        file = given.pop("photo")

        def save() -> Response:
            photo = pictures.photo(file.read(pictures.MOST_BYTES + 1), "/photo") if file else None
            sent = contacts.Given(**given, photo=photo)
            student = student_for(self.scope, student_id)
            return Response(
                shown(contacts.record(self.scope, student, sent, clock.now())), status=201
            )

        return self.once(request, save)


def shown(row: GuardianContact) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "on": row.on.isoformat(),
        "at": row.at.astimezone(CHINA).isoformat(),
        "channel": row.channel,
        "reached": row.reached,
        "answer": masking.free_text(row.answer),
        "by": row.by.user.name,
        "with_whom": row.with_whom,
        "signed_by": row.signed_by,
        "unsigned_because": masking.free_text(row.unsigned_because),
        "has_photo": row.photo_id is not None,
        "recorded_at": row.recorded_at.astimezone(CHINA).isoformat(),
    }
