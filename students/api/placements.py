"""Lawful placements of a child."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView
from agencies.rules.duties import Duty
from students.access import pupil_for
from students.models import Placement
from students.rules.enrollment import PlacementFacts
from students.services import changes


class PlacementInput(serializers.Serializer):
    """kind is any word: which reasons are lawful, the rule says (422)."""

    kind = serializers.CharField(max_length=40)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    proof = serializers.CharField(max_length=200, allow_blank=True)


class Placements(ApiView):
    duty = Duty.CHANGE_ENROLLMENT

    @extend_schema(request=PlacementInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, student_id: UUID) -> Response:
        data = PlacementInput(data=request.data)
        data.is_valid(raise_exception=True)
        facts = PlacementFacts(**data.validated_data)

        def save() -> Response:
            pupil = pupil_for(self.scope, student_id)
            placement = changes.approve(self.scope, pupil, facts, clock.now())
            return Response(_shown(placement), status=201)

        return self.once(request, save)


def _shown(placement: Placement) -> dict[str, object]:
    return {
        "id": str(placement.public_id),
        "kind": placement.kind,
        "starts_on": placement.starts_on.isoformat(),
        "ends_on": placement.ends_on.isoformat(),
        "returned_on": None,
        "proof": placement.proof,
    }
