"""Lawful placements of a child: recorded by the school, or asked for and decided."""

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
from students.access import application_for, pupil_for, student_for
from students.models import EnrollmentRecord, Placement, PlacementApplication
from students.queries import placements as queries
from students.rules.enrollment import PlacementFacts
from students.rules.placement_kinds import Asked, Incapacity, Issuer, rule_of
from students.services import changes
from students.services import placement_applications as services
from students.services.placement_applications import Sent


class PlacementInput(serializers.Serializer):
    """kind is any word: which reasons are lawful, the rule says (422).

    What the school does not decide itself becomes an application; its other fields may follow until
    the decision. file: the scanned proof. to: township or bureau, where the law leaves it open.
    """

    kind = serializers.CharField(max_length=40)
    starts_on = serializers.DateField(validators=[of_this_time])
    ends_on = serializers.DateField(validators=[of_this_time])
    proof = serializers.CharField(max_length=200, allow_blank=True)
    applicant = serializers.CharField(max_length=40, default="", allow_blank=True)
    reason = serializers.CharField(max_length=500, default="", allow_blank=True)
    issuer = serializers.ChoiceField(Issuer.choices, default="", allow_blank=True)
    issued_by = serializers.CharField(max_length=80, default="", allow_blank=True)
    months = serializers.IntegerField(
        min_value=0, max_value=60, required=False, allow_null=True, default=None
    )
    due_entry = serializers.DateField(
        required=False, allow_null=True, default=None, validators=[of_this_time]
    )
    phone = serializers.CharField(max_length=20, default="", allow_blank=True)
    incapacity = serializers.ChoiceField(Incapacity.choices, default="", allow_blank=True)
    opinion = serializers.CharField(max_length=1000, default="", allow_blank=True)
    to = serializers.ChoiceField(["township", "bureau"], default="", allow_blank=True)
    file = serializers.FileField(required=False, allow_null=True, default=None)


class DecisionInput(serializers.Serializer):
    answer = serializers.CharField(max_length=300, default="", allow_blank=True)


def _sent(data: dict) -> Sent:
    asked = Asked(**{name: data[name] for name in Asked.__dataclass_fields__})
    file = data["file"]
    return Sent(
        asked,
        data["phone"],
        data["incapacity"],
        data["opinion"],
        data["to"],
        pictures.scan(file.read(pictures.MOST_BYTES + 1), "/file") if file else None,
    )


class Placements(ApiView):
    duty = Duty.ASK_PLACEMENT
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(request=PlacementInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, student_id: UUID) -> Response:
        """state says what came of it: approved is a placement, asked waits for a decision."""
        data = PlacementInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        rule = rule_of(given["kind"])

        def record() -> Response:
            pupil = pupil_for(self.scope, student_id)
            days = (given["starts_on"], given["ends_on"], given["proof"])
            facts = PlacementFacts(given["kind"], *days)
            return Response(
                _shown(changes.approve(self.scope, pupil, facts, clock.now())), status=201
            )

        def ask() -> Response:
            student = student_for(self.scope, student_id)
            row = services.ask(self.scope, student, _sent(given), clock.now())
            return Response(application_shown(row), status=201)

        enrolled = EnrollmentRecord.objects.on(self.scope.on).filter(student__public_id=student_id)
        by_school = rule and not rule.needs_decision(enrolled=enrolled.exists())
        return self.once(request, record if by_school else ask)


class PlacementApplications(ApiView):
    """Applications of the children in sight, those that wait first, then the newest."""

    duty = Duty.ASK_PLACEMENT

    @extend_schema(operation_id="placement_applications_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        rows = queries.applications(self.scope)
        state = request.query_params.get("state", "")
        if state in PlacementApplication.State.values:
            rows = rows.filter(state=state)
        audit.record(self.scope, "placement.applications", "placements", now=clock.now())
        return page(request, rows.order_by("-asked_on", "-pk"), application_shown)


class PlacementApplicationView(ApiView):
    """One application; PUT completes it while it waits."""

    duty = Duty.ASK_PLACEMENT
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, application_id: UUID) -> Response:
        row = application_for(self.scope, application_id)
        subject, ident = f"student:{row.student.public_id}", str(application_id)
        audit.record(
            self.scope, "placement.application", subject, now=clock.now(), application=ident
        )
        return Response(application_shown(row))

    @extend_schema(request=PlacementInput, responses=OpenApiTypes.OBJECT)
    def put(self, request: Request, application_id: UUID) -> Response:
        data = PlacementInput(data=request.data)
        data.is_valid(raise_exception=True)

        def save() -> Response:
            sent = _sent(data.validated_data)
            row = services.complete(self.scope, application_id, sent, clock.now())
            return Response(application_shown(row))

        return self.once(request, save)


class ApprovePlacement(ApiView):
    """Another person of the township or the bureau approves: the placement begins."""

    duty = Duty.DECIDE_PLACEMENT

    @extend_schema(request=DecisionInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, application_id: UUID) -> Response:
        data = DecisionInput(data=request.data)
        data.is_valid(raise_exception=True)
        answer = data.validated_data["answer"]

        def save() -> Response:
            row = services.approve(self.scope, application_id, answer, clock.now())
            return Response(application_shown(row))

        return self.once(request, save)


class RefusePlacement(ApiView):
    """Refused, with its reason in writing."""

    duty = Duty.DECIDE_PLACEMENT

    @extend_schema(request=DecisionInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, application_id: UUID) -> Response:
        data = DecisionInput(data=request.data)
        data.is_valid(raise_exception=True)
        answer = data.validated_data["answer"]

        def save() -> Response:
            row = services.refuse(self.scope, application_id, answer, clock.now())
            return Response(application_shown(row))

        return self.once(request, save)


def _shown(placement: Placement) -> dict[str, object]:
    return {
        "id": str(placement.public_id),
        "state": "approved",
        "kind": placement.kind,
        "starts_on": placement.starts_on.isoformat(),
        "ends_on": placement.ends_on.isoformat(),
        "returned_on": None,
        "proof": placement.proof,
    }


def application_shown(row: PlacementApplication) -> dict[str, object]:
    """In the words of `_shown`, and who was asked. Health data stays on the page."""
    return {
        "id": str(row.public_id),
        "state": row.state,
        "student": str(row.student.public_id),
        "kind": row.kind,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "proof": masking.free_text(row.proof),
        "asked_of": row.to.name,
        "asked_on": row.asked_on.isoformat(),
        "late": row.late,
        "has_file": row.file_id is not None,
        "answer": masking.free_text(row.answer),
        "decided_at": row.decided_at.astimezone(CHINA).isoformat() if row.decided_at else None,
        "placement": str(row.placement.public_id) if row.placement else None,
    }
