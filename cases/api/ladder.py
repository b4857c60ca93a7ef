"""The legal ladder of a case: where it stands, steps, services with receipts, outcomes."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time
from agencies.errors import NotVisible
from agencies.rules.duties import Duty
from agencies.services import audit
from cases import access
from cases.api import ladder_shown as shown
from cases.models import CasePaper
from cases.queries import ladder as queries
from cases.rules.ladder import Counting, StepOutcome
from cases.rules.service import Method
from cases.services import ladder as services
from cases.services import service_of_papers
from cases.services.ladder import External, Outcome, StepOrder
from cases.services.service_of_papers import Served


def text(most: int) -> serializers.CharField:
    return serializers.CharField(max_length=most, required=False, default="", allow_blank=True)


class CaseLadder(ApiView):
    """The rungs with done, now, next and every reason why not yet; the steps with services."""

    duty = Duty.SEE_CASES

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, case_id: UUID) -> Response:
        audit.record(self.scope, "ladder.read", f"case:{case_id}", now=clock.now())
        return Response(ladder_of(self, case_id))


def ladder_of(view: ApiView, case_id: UUID) -> dict[str, object]:
    case = access.case_for(view.scope, case_id)
    page = queries.ladder_page(view.scope, case)
    return shown.ladder(page, queries.two_tests(case, view.scope.on))


class StepInput(serializers.Serializer):
    """rung empty: a step outside the ladder, with name and basis. facts: of its paper, by field."""

    client_id = serializers.UUIDField()
    version = serializers.IntegerField(required=False)
    rung = serializers.SlugField(required=False, default="", allow_blank=True)
    on = serializers.DateField(required=False, validators=[of_this_time])
    facts = serializers.DictField(
        child=serializers.CharField(max_length=2000, allow_blank=True), required=False, default=dict
    )
    addressee = text(80)
    days = serializers.IntegerField(required=False, allow_null=True, default=None)
    name = text(40)
    basis = text(200)
    paper = text(20)
    counting = serializers.ChoiceField(Counting.choices, required=False, default="")


class LadderSteps(ApiView):
    """Take a step; refused with every reason. The same client_id twice is one step."""

    duty = Duty.TAKE_LEGAL_STEP

    @extend_schema(request=StepInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, case_id: UUID) -> Response:
        data = StepInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = {"on": self.scope.on, **data.validated_data}

        def take() -> Response:
            services.take_step(self.scope, case_id, StepOrder(**given), clock.now())
            return Response(ladder_of(self, case_id), status=201)

        return self.once(request, take)


class ExternalInput(serializers.Serializer):
    client_id = serializers.UUIDField()
    name = serializers.CharField(max_length=40)
    issuer = serializers.CharField(max_length=80)
    number = serializers.CharField(max_length=60)
    on = serializers.DateField(validators=[of_this_time])
    basis = text(200)
    guardian = text(40)
    note = text(2000)
    scan = serializers.FileField(required=False)


class ExternalPapers(ApiView):
    """Record a paper that another body has issued."""

    duty = Duty.TAKE_LEGAL_STEP
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(request=ExternalInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, case_id: UUID) -> Response:
        data = ExternalInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = dict(data.validated_data)
        scan = given.pop("scan", None)

        def record() -> Response:
            paper = External(**given, scan=scan.read() if scan else b"")
            services.record_external(self.scope, case_id, paper, clock.now())
            return Response(ladder_of(self, case_id), status=201)

        return self.once(request, record)


class ServiceInput(serializers.Serializer):
    """receipt: the scan, in a multipart request; without it no time runs."""

    method = serializers.ChoiceField(Method.choices)
    served_on = serializers.DateField(validators=[of_this_time])
    served_by = serializers.UUIDField(required=False)
    place = text(120)
    receiver = text(40)
    relation = text(20)
    witnesses = text(80)
    note = text(400)
    receipt = serializers.FileField(required=False)


class PaperServices(ApiView):
    """Record how a paper was served, or that it was attempted in vain."""

    duty = Duty.SERVE_PAPER
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(request=ServiceInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, case_id: UUID, paper_id: UUID) -> Response:
        data = ServiceInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = dict(data.validated_data)
        scan = given.pop("receipt", None)
        case = access.case_for(self.scope, case_id)
        paper = CasePaper.objects.filter(case=case, public_id=paper_id).first()
        if paper is None:
            raise NotVisible

        def record() -> Response:
            sent = Served(**given, receipt=scan.read() if scan else b"")
            made = service_of_papers.serve(self.scope, case, paper, sent, clock.now())
            return Response(shown.service(made), status=201)

        return self.once(request, record)


class ReceiptInput(serializers.Serializer):
    receipt = serializers.FileField()


class ServiceReceipt(ApiView):
    """Attach the signed receipt of a service, once: from then on the time runs."""

    duty = Duty.SERVE_PAPER
    parser_classes = (MultiPartParser,)

    @extend_schema(request=ReceiptInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, case_id: UUID, service_id: UUID) -> Response:
        data = ReceiptInput(data=request.data)
        data.is_valid(raise_exception=True)

        def attach() -> Response:
            bytes_ = data.validated_data["receipt"].read()
            made = service_of_papers.attach_receipt(
                self.scope, case_id, service_id, bytes_, clock.now()
            )
            return Response(shown.service(made))

        return self.once(request, attach)


class OutcomeInput(serializers.Serializer):
    outcome = serializers.ChoiceField(StepOutcome.choices)
    on = serializers.DateField(required=False, validators=[of_this_time])
    note = text(400)


class StepOutcomes(ApiView):
    """What came of a step."""

    duty = Duty.TAKE_LEGAL_STEP

    @extend_schema(request=OutcomeInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, case_id: UUID, step_id: UUID) -> Response:
        data = OutcomeInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        said = Outcome(
            StepOutcome(given["outcome"]), given.get("on") or self.scope.on, given["note"]
        )

        def record() -> Response:
            services.record_outcome(self.scope, case_id, step_id, said, clock.now())
            return Response(ladder_of(self, case_id))

        return self.once(request, record)
