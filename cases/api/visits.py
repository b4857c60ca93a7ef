"""Visits from a phone (safe to repeat) and the workflow actions."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time
from agencies.errors import NotVisible
from agencies.rules.duties import Duty
from cases.api.cases import one
from cases.api.shown import visit as visit_shown
from cases.rules.endings import Ending
from cases.rules.visits import MOST_PHOTOS, Outcome, Place, Reached
from cases.rules.workflow import Action
from cases.services import actions, visit_photos, visits
from cases.services.actions import Order


class CountsForInput(serializers.Serializer):
    case = serializers.UUIDField()
    outcome = serializers.ChoiceField(Outcome.choices)


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

    def get_fields(self) -> dict[str, serializers.Field]:
        """`for` is no name in Python: siblings of the household, each with what came of it."""
        for_siblings = CountsForInput(many=True, required=False, default=list)
        return {**super().get_fields(), "for": for_siblings}


class Visits(ApiView):
    """Log a visit: the same client_id twice is one visit."""

    duty = Duty.SEE_CASES

    @extend_schema(request=VisitInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, case_id: UUID) -> Response:
        data = VisitInput(data=request.data)
        data.is_valid(raise_exception=True)

        def store() -> Response:
            given = dict(data.validated_data)
            counts_for = [visits.CountsFor(**one) for one in given.pop("for")]
            sent = visits.Report(**given, counts_for=counts_for)
            made = visits.record(self.scope, case_id, sent, clock.now())
            return Response(visit_shown(made), status=201)

        return self.once(request, store)


class PhotosInput(serializers.Serializer):
    photos = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True), min_length=1, max_length=MOST_PHOTOS
    )


class VisitPhotos(ApiView):
    """Photos of a visit, `photos` once or several times: the same photo twice is one."""

    duty = Duty.VISIT
    parser_classes = (MultiPartParser,)

    @extend_schema(request=PhotosInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, case_id: UUID, visit_id: UUID) -> Response:
        data = PhotosInput(data=request.data)
        data.is_valid(raise_exception=True)
        photos = visit_photos.taken(data.validated_data["photos"])
        made = visits.add_photos(self.scope, case_id, visit_id, photos, clock.now())
        return Response(visit_shown(made), status=201)


class ActionInput(serializers.Serializer):
    version = serializers.IntegerField(required=False)
    on = serializers.DateField(required=False, validators=[of_this_time])
    note = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    reason = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    ending = serializers.ChoiceField(Ending.choices, required=False, default="")
    proof = serializers.CharField(max_length=400, required=False, default="", allow_blank=True)


# `reason` says the same as `note`, for whoever thinks of it so.
def _words(given: dict[str, str]) -> str:
    return given["note"] or given["reason"]


class CaseAction(ApiView):
    """A workflow move; refused with every reason. ending, proof: of request_end."""

    duty = Duty.SEE_CASES

    @extend_schema(request=ActionInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, case_id: UUID, action: str) -> Response:
        if action not in set(Action) - {Action.VISIT}:
            raise NotVisible
        data = ActionInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        order = Order(
            on=given.get("on") or self.scope.on,
            note=_words(given),
            version=given.get("version"),
            ending=given["ending"],
            proof=given["proof"],
        )

        def move() -> Response:
            actions.act(self.scope, case_id, Action(action), order, clock.now())
            return Response(one(self, case_id))

        return self.once(request, move)
