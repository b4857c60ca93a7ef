"""Inspections: the same steps as on the pages."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.access import require
from agencies.api.base import ApiView, of_this_time, page
from agencies.errors import NotVisible
from agencies.queries.calendars import working_calendar
from agencies.rules.duties import Duty
from agencies.services import audit
from cases import access
from cases.api.inspections_shown import (
    DAY,
    WORDS,
    Given,
    shown_full,
    shown_line,
    shown_publication,
)
from cases.queries import inspections as queries
from cases.rules.inspections import Deed, Topic
from cases.rules.opinions import Stage
from cases.services import findings, found_children, inspections, opinions, publications
from cases.services.findings import Found, Step
from cases.services.found_children import Child
from cases.services.inspections import Held, Plan
from cases.services.opinions import Said
from cases.services.publications import Text


class InspectionInput(serializers.Serializer):
    """venue or unit: what is inspected; bodies: the other ones that take part; decision: of a
    joint conference, which it carries out."""

    client_id = serializers.UUIDField()
    topic = serializers.CharField(max_length=16)
    planned_on = serializers.DateField(validators=[of_this_time])
    bodies = serializers.ListField(child=serializers.UUIDField(), default=list, max_length=50)
    venue = serializers.UUIDField(required=False, allow_null=True, default=None)
    unit = serializers.UUIDField(required=False, allow_null=True, default=None)
    basis = serializers.CharField(max_length=200, **WORDS)
    decision = serializers.UUIDField(required=False, allow_null=True, default=None)


class HeldInput(serializers.Serializer):
    on = serializers.DateField(validators=[of_this_time])
    until = serializers.DateField(validators=[of_this_time])
    summary = serializers.CharField(max_length=2000, allow_blank=True)


class EndInput(serializers.Serializer):
    reason = serializers.CharField(max_length=200, **WORDS)


class FindingInput(serializers.Serializer):
    client_id = serializers.UUIDField()
    kind = serializers.CharField(max_length=16)
    what = serializers.CharField(max_length=1000, allow_blank=True)


class FindingStepInput(serializers.Serializer):
    """Fields that a step does not have are left out; body: the id of a body that takes part."""

    on = serializers.DateField(validators=[of_this_time])
    text = serializers.CharField(max_length=2000, **WORDS)
    number = serializers.CharField(max_length=60, **WORDS)
    due_on = serializers.DateField(**DAY)
    recheck_on = serializers.DateField(**DAY)
    penalty = serializers.CharField(max_length=24, **WORDS)
    body = serializers.UUIDField(required=False, allow_null=True, default=None)


class FoundChildInput(serializers.Serializer):
    student = serializers.UUIDField()
    since = serializers.DateField(validators=[of_this_time])
    note = serializers.CharField(max_length=400, **WORDS)


class OpinionStepInput(serializers.Serializer):
    on = serializers.DateField(validators=[of_this_time])
    text = serializers.CharField(max_length=2000, **WORDS)
    number = serializers.CharField(max_length=60, **WORDS)


class PublicationInput(serializers.Serializer):
    client_id = serializers.UUIDField()
    title = serializers.CharField(max_length=80, allow_blank=True)
    text = serializers.CharField(max_length=4000, allow_blank=True)
    place = serializers.CharField(max_length=80, allow_blank=True)


class InspectionQuery(serializers.Serializer):
    """state: one of the states, or all; without it those that have not ended."""

    state = serializers.CharField(max_length=10, required=False, default="")
    topic = serializers.ChoiceField(Topic.choices, required=False, default="")


class Inspections(Given):
    """Inspections in sight, newest first; POST plans one that the own body leads."""

    duty = Duty.SEE_INSPECTIONS

    @extend_schema(
        parameters=[InspectionQuery],
        operation_id="inspections_list",
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        query = InspectionQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        now, calendar = clock.now(), working_calendar()
        rows = queries.rows(self.scope, **query.validated_data)
        return page(request, rows, lambda row: shown_line(queries.line(row, calendar, now)))

    @extend_schema(
        request=InspectionInput,
        responses={201: OpenApiTypes.OBJECT},
        operation_id="inspections_plan",
    )
    def post(self, request: Request) -> Response:
        require(self.scope, Duty.INSPECT)
        given = self.given(request, InspectionInput)
        wanted = Plan(**{**given, "bodies": tuple(given["bodies"])})

        def work() -> Response:
            made = inspections.plan(self.scope, wanted, clock.now())
            return Response(_full(self, made.public_id), status=201)

        return self.once(request, work)


class OneInspection(Given):
    """One inspection with what of it the caller may see."""

    duty = Duty.SEE_INSPECTIONS

    @extend_schema(operation_id="inspection_read", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, inspection_id: UUID) -> Response:
        body = _full(self, inspection_id)
        audit.record(self.scope, "inspection.read", f"inspection:{inspection_id}", now=clock.now())
        return Response(body)


class InspectionHold(Given):
    duty = Duty.INSPECT

    @extend_schema(request=HeldInput, responses=OpenApiTypes.OBJECT, operation_id="inspection_hold")
    def post(self, request: Request, inspection_id: UUID) -> Response:
        """It was held, from day to day."""
        held = Held(**self.given(request, HeldInput))

        def work() -> Response:
            inspections.hold(self.scope, inspection_id, held, clock.now())
            return Response(_full(self, inspection_id))

        return self.once(request, work)


class InspectionClose(Given):
    duty = Duty.INSPECT

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT, operation_id="inspection_close")
    def post(self, request: Request, inspection_id: UUID) -> Response:
        """Close it; refused while a finding is open."""

        def work() -> Response:
            inspections.close(self.scope, inspection_id, clock.now())
            return Response(_full(self, inspection_id))

        return self.once(request, work)


class InspectionCancel(Given):
    duty = Duty.INSPECT

    @extend_schema(
        request=EndInput, responses=OpenApiTypes.OBJECT, operation_id="inspection_cancel"
    )
    def post(self, request: Request, inspection_id: UUID) -> Response:
        """A planned inspection is not held."""
        reason = self.given(request, EndInput)["reason"]

        def work() -> Response:
            inspections.cancel(self.scope, inspection_id, reason, clock.now())
            return Response(_full(self, inspection_id))

        return self.once(request, work)


class InspectionReportDecision(Given):
    duty = Duty.SEE_INSPECTIONS

    @extend_schema(
        request=None, responses=OpenApiTypes.OBJECT, operation_id="inspection_report_decision"
    )
    def post(self, request: Request, inspection_id: UUID) -> Response:
        """The decision that it carried out is reported done, by the body that was charged."""

        def work() -> Response:
            inspections.report_decision(self.scope, inspection_id, clock.now())
            return Response(_full(self, inspection_id))

        return self.once(request, work)


class InspectionFindings(Given):
    duty = Duty.INSPECT

    @extend_schema(
        request=FindingInput, responses={201: OpenApiTypes.OBJECT}, operation_id="findings_add"
    )
    def post(self, request: Request, inspection_id: UUID) -> Response:
        """Write down a finding."""
        found = Found(**self.given(request, FindingInput))

        def work() -> Response:
            made = findings.add(self.scope, inspection_id, found, clock.now())
            body = _full(self, inspection_id)
            return Response({"id": str(made.public_id), "inspection": body}, status=201)

        return self.once(request, work)


class FindingDeed(Given):
    duty = Duty.SEE_INSPECTIONS

    @extend_schema(
        request=FindingStepInput, responses=OpenApiTypes.OBJECT, operation_id="finding_step"
    )
    def post(self, request: Request, finding_id: UUID, deed: str) -> Response:
        """A step: order, answer, pass, fail, penalty or withdraw."""
        if deed not in Deed.values:
            raise NotVisible
        step = Step(**self.given(request, FindingStepInput))

        def work() -> Response:
            row = findings.take(self.scope, finding_id, Deed(deed), step, clock.now())
            return Response(_full(self, row.inspection.public_id))

        return self.once(request, work)


class InspectionChildren(Given):
    duty = Duty.OPEN_CASE

    @extend_schema(
        request=FoundChildInput,
        responses={201: OpenApiTypes.OBJECT},
        operation_id="inspection_child",
    )
    def post(self, request: Request, inspection_id: UUID) -> Response:
        """A child found there instead of at school: its case is opened, or used."""
        child = Child(**self.given(request, FoundChildInput))

        def work() -> Response:
            made = found_children.add(self.scope, inspection_id, child, clock.now())
            body = {"id": str(made.public_id), "case": str(made.case.public_id)}
            return Response(body, status=201)

        return self.once(request, work)


class OpinionStage(Given):
    duty = Duty.SEE_INSPECTIONS

    @extend_schema(
        request=OpinionStepInput, responses=OpenApiTypes.OBJECT, operation_id="opinion_step"
    )
    def post(self, request: Request, inspection_id: UUID, stage: str) -> Response:
        """A step of the opinion: draft, reply, issue, report, ask_review or review."""
        if stage not in Stage.values:
            raise NotVisible
        said = Said(**self.given(request, OpinionStepInput))

        def work() -> Response:
            opinions.take(self.scope, inspection_id, Stage(stage), said, clock.now())
            return Response(_full(self, inspection_id))

        return self.once(request, work)


class InspectionPublications(Given):
    duty = Duty.PUBLISH_RESULTS

    @extend_schema(
        request=PublicationInput,
        responses={201: OpenApiTypes.OBJECT},
        operation_id="inspection_publish",
    )
    def post(self, request: Request, inspection_id: UUID) -> Response:
        """Publish the result; refused with the words that would give a person away."""
        text = Text(**self.given(request, PublicationInput))

        def work() -> Response:
            made = publications.publish(self.scope, inspection_id, text, clock.now())
            return Response(shown_publication(made), status=201)

        return self.once(request, work)


class PublicationWithdraw(Given):
    duty = Duty.PUBLISH_RESULTS

    @extend_schema(
        request=EndInput, responses=OpenApiTypes.OBJECT, operation_id="publication_withdraw"
    )
    def post(self, request: Request, publication_id: UUID) -> Response:
        """Take a publication back, with a reason."""
        reason = self.given(request, EndInput)["reason"]

        def work() -> Response:
            made = publications.withdraw(self.scope, publication_id, reason, clock.now())
            return Response(shown_publication(made))

        return self.once(request, work)


def _full(view: ApiView, inspection_id: UUID) -> dict[str, object]:
    row = access.inspection_for(view.scope, inspection_id)
    return shown_full(queries.full(view.scope, row, clock.now()))
