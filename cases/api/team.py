"""The team of a case's household: its seats and their history; what the teacher arranges."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time
from agencies.rules.duties import Duty
from agencies.services import audit
from cases import access
from cases.api import shown
from cases.api.cases import one
from cases.queries.seats import history_of
from cases.rules.acts import Deed
from cases.services import catch_up, team
from cases.services.catch_up import Arranged


class TeamInput(serializers.Serializer):
    """seats: by name; `school_leader` and `teacher` are those of the case's own school, those of
    another child's school are `school_leader@CODE` and `teacher@CODE`.
    """

    version = serializers.IntegerField(required=False)
    seats = serializers.DictField(child=serializers.UUIDField(allow_null=True))


class CaseTeam(ApiView):
    """The seats of the case's household."""

    duty = Duty.FORM_TEAM

    @extend_schema(request=TeamInput, responses=OpenApiTypes.OBJECT)
    def put(self, request: Request, case_id: UUID) -> Response:
        data = TeamInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        now = clock.now()
        case = access.case_for(self.scope, case_id)

        def seat_them() -> Response:
            wanted = {
                key: team.post_for(post, key, self.scope.on) if post else None
                for key, post in given["seats"].items()
            }
            by = access.acting_post(self.scope, Deed.CHANGE_TEAM)
            order = team.Order(self.scope.on, now, given.get("version"), by)
            team.put(case, wanted, order)
            return Response(one(self, case_id))

        return self.once(request, seat_them)


class TeamHistory(ApiView):
    """Who held which seat from when to when."""

    duty = Duty.SEE_CASES

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, case_id: UUID) -> Response:
        case = access.case_for(self.scope, case_id)
        audit.record(self.scope, "case.team_history", f"case:{case_id}", now=clock.now())
        return Response({"results": [shown.holding(row) for row in history_of(case)]})


class CatchUpInput(serializers.Serializer):
    version = serializers.IntegerField(required=False)
    on = serializers.DateField(required=False, validators=[of_this_time])
    what = serializers.CharField(max_length=2000)


class CatchUp(ApiView):
    """What was arranged in class for a child that is back."""

    duty = Duty.TEACH_AFTER_RETURN

    @extend_schema(request=CatchUpInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, case_id: UUID) -> Response:
        data = CatchUpInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        sent = Arranged(given["what"], given.get("on") or self.scope.on, given.get("version"))

        def store() -> Response:
            catch_up.arrange(self.scope, case_id, sent, clock.now())
            return Response(one(self, case_id), status=201)

        return self.once(request, store)
