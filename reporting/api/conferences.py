"""Joint conferences: list, meetings, one meeting with its agenda, decisions and their outcome."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time, page
from agencies.models import Conference, Decision, Meeting
from agencies.queries import conferences as queries
from agencies.rules.duties import Duty
from agencies.services import conferences
from agencies.services.conferences import Planned
from agencies.services.decisions import Charge
from reporting.queries.meeting import points_of
from reporting.services import conference_minutes


class MeetingPlanInput(serializers.Serializer):
    client_id = serializers.UUIDField()
    on = serializers.DateField(validators=[of_this_time])
    place = serializers.CharField(max_length=80)


class ChargeInput(serializers.Serializer):
    client_id = serializers.UUIDField()
    text = serializers.CharField(max_length=1000)
    owner = serializers.UUIDField()
    due_on = serializers.DateField(validators=[of_this_time])


class DecisionOutcomeInput(serializers.Serializer):
    outcome = serializers.CharField(max_length=2000, allow_blank=True)


class Conferences(ApiView):
    """Those in sight."""

    duty = Duty.SEE_CONFERENCES

    @extend_schema(operation_id="conferences_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return page(request, queries.conferences(self.scope), conference_shown)


class ConferenceMeetings(ApiView):
    """Its meetings, the newest first; POST plans the next one."""

    duty = Duty.SEE_CONFERENCES

    @extend_schema(operation_id="conference_meetings_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, conference_id: UUID) -> Response:
        conference = queries.conference_for(self.scope, conference_id)
        return page(request, queries.meetings_of(conference), meeting_shown)

    @extend_schema(request=MeetingPlanInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, conference_id: UUID) -> Response:
        data = MeetingPlanInput(data=request.data)
        data.is_valid(raise_exception=True)
        wanted = Planned(**data.validated_data)

        def save() -> Response:
            made = conferences.plan(self.scope, conference_id, wanted, clock.now())
            return Response(meeting_shown(made), status=201)

        return self.once(request, save)


class OneMeeting(ApiView):
    """A meeting with its agenda as it stands, and its decisions."""

    duty = Duty.SEE_CONFERENCES

    @extend_schema(operation_id="meeting_one", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, meeting_id: UUID) -> Response:
        meeting = queries.meeting_for(self.scope, meeting_id)
        made = meeting.decisions.select_related("owner").order_by("number")
        agenda = [
            {"source": point.source.value, "title": point.title, "lines": point.lines}
            for point in points_of(meeting, clock.now())
        ]
        told = [decision_shown(one) for one in made]
        return Response({**meeting_shown(meeting), "agenda": agenda, "decisions": told})


class MeetingDecisions(ApiView):
    """Charge a body with something until a day."""

    duty = Duty.RUN_CONFERENCES

    @extend_schema(request=ChargeInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, meeting_id: UUID) -> Response:
        data = ChargeInput(data=request.data)
        data.is_valid(raise_exception=True)
        charge = Charge(**data.validated_data)

        def save() -> Response:
            made = conference_minutes.decide(self.scope, meeting_id, charge, clock.now())
            return Response(decision_shown(made), status=201)

        return self.once(request, save)


class DecisionDone(ApiView):
    """What was done."""

    duty = Duty.SEE_CONFERENCES

    @extend_schema(request=DecisionOutcomeInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, decision_id: UUID) -> Response:
        data = DecisionOutcomeInput(data=request.data)
        data.is_valid(raise_exception=True)
        outcome = data.validated_data["outcome"]

        def save() -> Response:
            done = conference_minutes.carry_out(self.scope, decision_id, outcome, clock.now())
            return Response(decision_shown(done))

        return self.once(request, save)


def conference_shown(row: Conference) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "name": row.name,
        "host": str(row.host.public_id),
        "region": row.region.code,
    }


def meeting_shown(row: Meeting) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "number": row.number,
        "state": row.state,
        "planned_on": row.planned_on.isoformat(),
        "held_on": row.held_on.isoformat() if row.held_on else None,
        "place": row.place,
        "digest": row.digest or None,
    }


def decision_shown(row: Decision) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "number": row.number,
        "text": row.text,
        "owner": str(row.owner.public_id),
        "owner_name": row.owner.name,
        "due_on": row.due_on.isoformat(),
        "state": row.state,
        "outcome": row.outcome,
    }
