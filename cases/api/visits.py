"""Visits from a phone (safe to repeat) and the workflow actions."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time
from agencies.errors import NotVisible
from agencies.rules.duties import Duty
from cases.api.cases import one
from cases.api.shown import visit as visit_shown
from cases.rules.visits import Outcome, Place, Reached
from cases.rules.workflow import Action
from cases.services import actions, visits
from cases.services.actions import Order


class VisitInput(serializers.Serializer):
    client_id = serializers.UUIDField()
    at = serializers.DateTimeField(validators=[of_this_time])
    place = serializers.ChoiceField(Place.choices)
    present = serializers.ListField(child=serializers.UUIDField(), default=list)
    reached = serializers.ChoiceField(Reached.choices)
    outcome = serializers.ChoiceField(Outcome.choices)
    next_on = serializers.DateField(
        required=False, allow_null=True, default=None, validators=[of_this_time]
    )
    note = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class Visits(ApiView):
    """Log a visit: the same client_id twice is one visit."""

    duty = Duty.SEE_CASES

    @extend_schema(request=VisitInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, case_id: UUID) -> Response:
        data = VisitInput(data=request.data)
        data.is_valid(raise_exception=True)

        def store() -> Response:
            sent = visits.Report(**data.validated_data)
            made = visits.record(self.scope, case_id, sent, clock.now())
            return Response(visit_shown(made), status=201)

        return self.once(request, store)


class ActionInput(serializers.Serializer):
    version = serializers.IntegerField(required=False)
    on = serializers.DateField(required=False, validators=[of_this_time])
    note = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    reason = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


# `reason` says the same as `note`, for whoever thinks of it so.
def _words(given: dict[str, str]) -> str:
    return given["note"] or given["reason"]


class CaseAction(ApiView):
    """A workflow move; refused with every reason."""

    duty = Duty.SEE_CASES

    @extend_schema(request=ActionInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, case_id: UUID, action: str) -> Response:
        if action not in set(Action) - {Action.VISIT}:
            raise NotVisible
        data = ActionInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        order = Order(given.get("on") or self.scope.on, _words(given), given.get("version"))

        def move() -> Response:
            actions.act(self.scope, case_id, Action(action), order, clock.now())
            return Response(one(self, case_id))

        return self.once(request, move)
