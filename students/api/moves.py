"""Promotion and merger: prepare, look, apply, undo."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time, page
from agencies.errors import NotVisible
from agencies.rules.duties import Duty
from students.models import RosterMove
from students.queries import moving as queries
from students.services import moving
from students.services.moving import Wanted

WORK = {"apply": moving.apply, "undo": moving.undo}


class RosterMoveInput(serializers.Serializer):
    """school, target: codes of schools."""

    kind = serializers.CharField(max_length=10)
    school = serializers.CharField(max_length=12)
    target = serializers.CharField(max_length=12, required=False, default="", allow_blank=True)
    first_day = serializers.DateField(validators=[of_this_time])


class RosterMoves(ApiView):
    """Moves in sight, newest first; and preparing one."""

    duty = Duty.MOVE_ROSTERS

    @extend_schema(operation_id="moves_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return page(request, queries.moves(self.scope), shown)

    @extend_schema(request=RosterMoveInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        data = RosterMoveInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data

        def save() -> Response:
            school = queries.own_schools(self.scope).filter(code=given["school"]).first()
            target = queries.all_schools(self.scope).filter(code=given["target"] or "-").first()
            if school is None or (given["target"] and target is None):
                raise NotVisible
            wanted = Wanted(given["kind"], school, given["first_day"], target)
            move = moving.prepare(self.scope, wanted, clock.now())
            return Response(whole(move), status=201)

        return self.once(request, save)


class OneRosterMove(ApiView):
    """The preview of one move: per class who goes where."""

    duty = Duty.MOVE_ROSTERS

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, move_id: UUID) -> Response:
        return Response(whole(queries.move_for(self.scope, move_id)))


class RosterMoveAct(ApiView):
    """apply or undo."""

    duty = Duty.MOVE_ROSTERS

    @extend_schema(operation_id="moves_act", request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, move_id: UUID, action: str) -> Response:
        if action not in WORK:
            raise NotVisible

        def save() -> Response:
            move = queries.move_for(self.scope, move_id)
            return Response(shown(WORK[action](self.scope, move, clock.now())))

        return self.once(request, save)


def shown(move: RosterMove) -> dict[str, object]:
    return {
        "id": str(move.public_id),
        "kind": move.kind,
        "school": move.school.code,
        "target": move.target.code if move.target else None,
        "first_day": move.first_day.isoformat(),
        "state": move.state,
    }


def whole(move: RosterMove) -> dict[str, object]:
    lines = [
        {
            "class": str(line.class_id),
            "name": line.name,
            "fate": line.fate,
            "to": line.to or None,
            "pupils": line.pupils,
        }
        for line in queries.by_class(move)
    ]
    return shown(move) | {"classes": lines}
