"""The roster of left-behind children over the API, and who looks after one."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time, page
from agencies.errors import NotVisible
from agencies.rules import masking
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.services import audit
from students.access import student_for
from students.queries import left_behind as queries
from students.queries.left_behind import Wanted
from students.services import carers


class CarerInput(serializers.Serializer):
    name = serializers.CharField(max_length=40, allow_blank=True)
    relation = serializers.CharField(max_length=20, allow_blank=True)
    phone = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    starts_on = serializers.DateField(validators=[of_this_time])


class LeftBehind(ApiView):
    """Left-behind children in sight, what is due first on top."""

    duty = Duty.SEE_STUDENTS

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        now = clock.now()
        asked = request.query_params
        wanted = Wanted(asked.get("school", "")[:12], asked.get("only", "")[:12])
        audit.record(self.scope, "left_behind.list", "left_behind", now=now)
        return page(request, queries.rows_for(self.scope, wanted, now), shown)


class CarerOf(ApiView):
    """Who looks after a left-behind child from a day on."""

    duty = Duty.SEE_STUDENTS

    @extend_schema(request=CarerInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, student_id: UUID) -> Response:
        data = CarerInput(data=request.data)
        data.is_valid(raise_exception=True)

        def save() -> Response:
            now = clock.now()
            student = student_for(self.scope, student_id)
            rows = queries.rows_for(self.scope, Wanted(), now).filter(pk=student.pk)
            if not rows:
                raise NotVisible
            carers.set_carer(self.scope, student, carers.Given(**data.validated_data), now)
            return Response(shown(rows.get()), status=201)

        return self.once(request, save)


def shown(row: Any) -> dict[str, object]:
    """row: a Student with what rows_for() has added."""
    carer = queries.carer_of(row)
    return {
        "student": str(row.public_id),
        "name": row.name,
        "groups": list(row.groups),
        "school": row.school_name,
        "class_name": queries.class_of(row),
        "carer": {
            "name": carer.name,
            "relation": carer.relation,
            "phone": masking.phone(carer.phone),
            "starts_on": carer.starts_on.isoformat(),
        }
        if carer
        else None,
        "last_talk": row.last_talk.astimezone(CHINA).isoformat() if row.last_talk else None,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "overdue": row.is_overdue,
    }
