"""Screening rounds: how far they are, the children of a village, results, children nobody knew."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time, page
from agencies.rules import masking
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.services import audit
from students.models import ScreenedChild, ScreeningRound, Student
from students.queries import screening as lists
from students.queries.screening import Asked, Standing
from students.rules.screening import AT_THE_DOOR
from students.services import screening_results
from students.services.screening_results import Answer, Stranger


class Screenings(ApiView):
    """The rounds of the county, newest first, each as far as it has come in my villages."""

    duty = Duty.SCREEN

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        rows = lists.rounds_for(self.scope)
        standings = lists.standings(self.scope, rows)
        return page(request, rows, lambda row: _round(row, standings.get(row.pk, Standing())))


class ScreeningVillage(ApiView):
    """The children of a round in one village, door by door.

    taken_back: answers about children who never were, a fault of the register; they count too.
    """

    duty = Duty.SCREEN

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, round_id: UUID, code: str) -> Response:
        row, place = lists.round_for(self.scope, round_id), lists.place_for(self.scope, code)
        lines = lists.lines(self.scope, row, place)
        houses = {line.pk: line.houses for line in lines}
        found = lists.shown(self.scope, lines)
        audit.record(
            self.scope,
            "screening.read",
            f"screening:{round_id}",
            now=clock.now(),
            village=code,
            shown=len(found),
        )
        tasks = [
            {"houses": task.houses, "post": str(task.post.public_id) if task.post else None}
            for task in lists.tasks_of(row, place)
        ]
        children = [_child(one, houses[one.row.pk]) for one in found]
        nobody = [_result(one) for one in lists.taken_back(self.scope, row, place)]
        return Response(
            {"region": code, "tasks": tasks, "children": children, "taken_back": nobody}
        )


class ScreeningInput(serializers.Serializer):
    """A child of the list, and what was found."""

    client_id = serializers.UUIDField()
    student = serializers.UUIDField()
    found = serializers.ChoiceField([(one.value, one.label) for one in AT_THE_DOOR])
    note = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class ScreeningResults(ApiView):
    """What was found. The same client_id again is the same result."""

    duty = Duty.SCREEN

    @extend_schema(request=ScreeningInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, round_id: UUID) -> Response:
        data = ScreeningInput(data=request.data)
        data.is_valid(raise_exception=True)
        sent = Answer(**data.validated_data)

        def save() -> Response:
            row = lists.round_for(self.scope, round_id)
            child = screening_results.record(self.scope, row.pk, sent, clock.now())
            return Response(_result(child), status=201)

        return self.once(request, save)


class StrangerInput(serializers.Serializer):
    """A child found at a door that was on no list. region: the village where it was found."""

    client_id = serializers.UUIDField()
    region = serializers.CharField(max_length=12)
    name = serializers.CharField(max_length=40)
    sex = serializers.ChoiceField(Student.Sex.choices)
    born_on = serializers.DateField(validators=[of_this_time])
    id_number = serializers.CharField(max_length=24, default="", allow_blank=True)
    no_id_reason = serializers.CharField(max_length=60, default="", allow_blank=True)
    guardian = serializers.CharField(max_length=40)
    relation = serializers.CharField(max_length=20, default="", allow_blank=True)
    phone = serializers.CharField(max_length=20, default="", allow_blank=True)
    address = serializers.CharField(max_length=120)
    note = serializers.CharField(max_length=200, default="", allow_blank=True)
    sure = serializers.BooleanField(default=False)


class ScreeningStrangers(ApiView):
    """Put a child on the list that nobody knew."""

    duty = Duty.SCREEN

    @extend_schema(request=StrangerInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, round_id: UUID) -> Response:
        data = StrangerInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = dict(data.validated_data)
        code = given.pop("region")
        told = Stranger(**given)

        def save() -> Response:
            row = lists.round_for(self.scope, round_id)
            place = lists.place_for(self.scope, code)
            child = screening_results.add(self.scope, row, place, told, clock.now())
            return Response(_result(child), status=201)

        return self.once(request, save)


def _round(row: ScreeningRound, standing: Standing) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "kind": row.kind,
        "title": row.title,
        "opens_on": row.opens_on.isoformat(),
        "stage": row.stage or None,
        "groups": row.groups,
        "areas": row.areas,
        "closed_at": row.closed_at.astimezone(CHINA).isoformat() if row.closed_at else None,
        "total": standing.total,
        "asked": standing.asked,
        "found": {found.value: count for found, count in standing.results},
    }


def _child(one: Asked, houses: str) -> dict[str, object]:
    student = one.student
    return {
        "student": str(student.public_id),
        "name": student.name,
        "sex": student.get_sex_display(),
        "born_on": student.born_on.isoformat(),
        "address": student.household.address,
        "houses": houses,
        "school": student.school_code,
        "tags": one.groups,
        "guardians": [
            {"name": adult.name, "relation": adult.relation, "phone": masking.phone(adult.phone)}
            for adult in one.guardians
        ],
        **_result(one.row),
    }


def _result(child: ScreenedChild) -> dict[str, object]:
    return {
        "found": child.found or None,
        "note": masking.free_text(child.note),
        "at": child.answered_at.astimezone(CHINA).isoformat() if child.answered_at else None,
    }
