"""Classes and their rolls."""

from datetime import date
from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, page
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from students.models import SchoolClass
from students.models.school_class import class_name
from students.queries.roll_day import Pupil, RollDay, load
from students.rules.identity import school_year_of
from students.rules.marks import Mark, RollState
from students.services import attendance
from students.services.attendance import Given, Submission


class Classes(ApiView):
    """The classes of this school year that I may see."""

    duty = Duty.SEE_STUDENTS

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        today = self.scope.on
        rows = SchoolClass.objects.visible_to(self.scope).of_year(school_year_of(today))
        if code := request.query_params.get("school"):
            rows = rows.filter(school__code=code)
        rows = (
            rows.select_related("school")
            .with_pupils(today)
            .order_by("school__code", "grade", "number", "pk")
        )
        return page(request, rows, _class)


def _class(row: SchoolClass) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "name": class_name(row.grade, row.number),
        "grade": row.grade,
        "number": row.number,
        "school": row.school.code,
        "school_name": row.school.name,
        "pupils": row.pupils,
    }


class MarkInput(serializers.Serializer):
    student = serializers.CharField(max_length=40)
    mark = serializers.ChoiceField(Mark.choices)
    reason = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)


class RollInput(serializers.Serializer):
    version = serializers.IntegerField(min_value=0)
    state = serializers.ChoiceField([RollState.TAKEN, RollState.NOT_HELD], default=RollState.TAKEN)
    reason = serializers.CharField(
        max_length=200, required=False, default="", allow_blank=True, allow_null=True
    )
    marks = MarkInput(many=True, required=False, default=list)


class ClassRoll(ApiView):
    """The roll of one class on one day."""

    duty = Duty.SEE_STUDENTS

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, class_id: UUID, day: date) -> Response:
        return Response(shown(load(self.scope, class_id, day)))

    @extend_schema(request=RollInput, responses=OpenApiTypes.OBJECT)
    def put(self, request: Request, class_id: UUID, day: date) -> Response:
        data = RollInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        sent = Submission(
            version=given["version"],
            state=given["state"],
            reason=given["reason"] or "",
            marks={row["student"]: Given(row["mark"], row["reason"]) for row in given["marks"]},
        )

        def save() -> Response:
            try:
                sheet = attendance.record_day(self.scope, class_id, day, sent, clock.now())
            except attendance.Conflict as conflict:
                conflict.current = shown(load(self.scope, class_id, day))
                raise
            return Response(shown(sheet))

        return self.once(request, save)


def shown(sheet: RollDay) -> dict[str, object]:
    """The roll as the contract words it."""
    roll = sheet.roll
    return {
        "class": str(sheet.class_id),
        "name": sheet.name,
        "school": sheet.school_code,
        "date": sheet.day.isoformat(),
        "state": sheet.state,
        "version": sheet.version,
        "reason": roll.reason if roll else "",
        "taken_by": roll.taken_by if roll else None,
        "taken_at": roll.taken_at.astimezone(CHINA).isoformat() if roll else None,
        "pupils": [_pupil(sheet, pupil) for pupil in sheet.pupils],
    }


def _pupil(sheet: RollDay, pupil: Pupil) -> dict[str, object]:
    run = sheet.run(pupil)
    placement = pupil.placement_on(sheet.day)
    taken = sheet.state == RollState.TAKEN
    return {
        "student": pupil.id,
        "name": pupil.name,
        "mark": pupil.child.marks.get(sheet.day, "present" if taken else None),
        "reason": pupil.reasons.get(sheet.day, ""),
        "placement": placement.kind if placement else None,
        "run": {
            "days": run.days,
            "at_least": run.at_least,
            "since": run.since.isoformat() if run.since else None,
            "unknown_days": run.unknown_days,
        },
    }
