"""Requests to other agencies: asked on a case, answered by the body that was asked."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiTypes, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.access import require
from agencies.api.base import ApiView, of_this_time, page
from agencies.queries.calendars import working_calendar
from agencies.rules.duties import Duty
from agencies.services import audit
from cases import access
from cases.api.shown import day, instant
from cases.models import HelpRequest
from cases.queries import requests as queries
from cases.queries.requests import Full, Line, StepLine
from cases.rules.requests import MATTERS, STEPS, Answer, Matter, Move
from cases.services import requests as service
from cases.services.requests import Ask, Said


class AskInput(serializers.Serializer):
    """to: the id of the body; particulars: of the matter, as GET of the case's requests lists."""

    client_id = serializers.UUIDField()
    matter = serializers.CharField(max_length=20)
    to = serializers.UUIDField()
    asked = serializers.CharField(max_length=2000, allow_blank=True)
    particulars = serializers.DictField(
        child=serializers.CharField(max_length=400, allow_blank=True), default=dict
    )
    version = serializers.IntegerField(required=False)


class RequestStepInput(serializers.Serializer):
    """reason says the same as text, for whoever thinks of it so. outcome, …: of an answer only."""

    text = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    reason = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    outcome = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    paper_number = serializers.CharField(
        max_length=60, required=False, default="", allow_blank=True
    )
    day = serializers.DateField(
        required=False, allow_null=True, default=None, validators=[of_this_time]
    )
    file = serializers.FileField(required=False, allow_null=True, default=None)
    version = serializers.IntegerField(required=False)


class CaseRequests(ApiView):
    """All requests about a case with what was done; POST asks another body."""

    duty = Duty.SEE_CASES

    @extend_schema(operation_id="case_requests_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, case_id: UUID) -> Response:
        case, now = access.case_for(self.scope, case_id), clock.now()
        audit.record(self.scope, "case.requests", f"case:{case_id}", now=now)
        bodies = queries.bodies(case.county_id, self.scope.on)
        return Response(
            {
                "results": [_full(one) for one in queries.of_case(case, now)],
                "bodies": [
                    {"id": str(body.public_id), "name": body.name, "kind": body.kind}
                    for body in bodies
                ],
                "matters": [_matter(one) for one in Matter],
            }
        )

    @extend_schema(
        request=AskInput, responses={201: OpenApiTypes.OBJECT}, operation_id="case_requests_ask"
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        require(self.scope, Duty.ASK_AGENCY)
        data = AskInput(data=request.data)
        data.is_valid(raise_exception=True)
        sent = Ask(**data.validated_data)

        def store() -> Response:
            made = service.ask(self.scope, case_id, sent, clock.now())
            return Response(_for_asking_side(made), status=201)

        return self.once(request, store)


class Requests(ApiView):
    """What the own bodies were asked, newest first; running=1: only what has not ended."""

    duty = Duty.ANSWER_REQUEST

    class RequestQuery(serializers.Serializer):
        running = serializers.BooleanField(required=False, default=False)

    @extend_schema(
        parameters=[RequestQuery], operation_id="requests_list", responses=OpenApiTypes.OBJECT
    )
    def get(self, request: Request) -> Response:
        query = self.RequestQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        now, calendar = clock.now(), working_calendar()
        audit.record(self.scope, "request.list", "requests", now=now)
        rows: QuerySet[HelpRequest] = queries.with_bodies(
            HelpRequest.objects.answerable_by(self.scope)
        )
        if query.validated_data["running"]:
            rows = rows.running()  # type: ignore[attr-defined]
        rows = rows.order_by("-asked_at", "-pk")
        return page(request, rows, lambda row: _line(queries.line(row, calendar, now)))


class OneRequest(ApiView):
    """One request with what is shared of the child, until it has ended."""

    duty = Duty.ANSWER_REQUEST

    @extend_schema(operation_id="request_read", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, request_id: UUID) -> Response:
        row, now = access.request_for(self.scope, request_id), clock.now()
        full = queries.asked_side(_loaded(row))
        fields = queries.names_of(full.shared)
        audit.record(self.scope, "request.read", f"request:{request_id}", now=now, fields=fields)
        return Response(_full(full))


class RequestMove(ApiView):
    """One step of a request; each of the five has a class of its own below."""

    duty = Duty.ANSWER_REQUEST
    parser_classes = (JSONParser, MultiPartParser)
    move: Move

    def post(self, request: Request, request_id: UUID) -> Response:
        data = RequestStepInput(data=request.data)
        data.is_valid(raise_exception=True)
        said = self._said(data.validated_data)

        def work() -> Response:
            row = service.take(self.scope, request_id, self.move, said, clock.now())
            full = queries.asking_side if self.duty is Duty.ASK_AGENCY else queries.asked_side
            return Response(_full(full(_loaded(row))))

        return self.once(request, work)

    def _said(self, given: dict) -> Said:
        file = given["file"]
        answer = Answer(given["outcome"], given["paper_number"], given["day"])
        return Said(
            text=given["text"] or given["reason"],
            answer=answer if self.move is Move.ANSWER else None,
            file=file.read() if file else None,
            version=given.get("version"),
        )


class RequestLetter(ApiView):
    """The request as a numbered letter with its data, for a body that works on paper; once."""

    duty = Duty.ASK_AGENCY

    @extend_schema(
        request=None, responses={201: OpenApiTypes.OBJECT}, operation_id="request_letter"
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        def write() -> Response:
            paper = service.write_letter(self.scope, request_id, clock.now())
            body = {"id": str(paper.public_id), "number": paper.number, "title": paper.title}
            return Response(body, status=201)

        return self.once(request, write)


def _view(move: Move) -> type[RequestMove]:
    """The view of one step, with its duty and its name in the API's description."""
    duty = Duty.ANSWER_REQUEST if STEPS[move].theirs else Duty.ASK_AGENCY
    name = f"Request{move.value.title()}"
    view = type(name, (RequestMove,), {"move": move, "duty": duty, "__doc__": str(move.label)})
    described = extend_schema(
        request=RequestStepInput,
        responses=OpenApiTypes.OBJECT,
        operation_id=f"request_{move.value}",
    )
    return extend_schema_view(post=described)(view)


MOVES: dict[str, type[RequestMove]] = {move.value: _view(move) for move in Move}


def _loaded(row: HelpRequest) -> Line:
    found = queries.with_steps(HelpRequest.objects.filter(pk=row.pk)).get()
    return queries.line(found, working_calendar(), clock.now())


def _for_asking_side(row: HelpRequest) -> dict[str, object]:
    return _full(queries.asking_side(_loaded(row)))


def _matter(matter: Matter) -> dict[str, object]:
    row = MATTERS[matter]
    return {
        "matter": matter.value,
        "bodies": sorted(row.to),
        "shares": [name.value for name in row.shares],
        "must": [name.value for name in row.must],
        "may": [name.value for name in row.may],
    }


def _line(one: Line) -> dict[str, object]:
    row, owed = one.request, one.standing.owed if one.standing else None
    return {
        "id": str(row.public_id),
        "number": row.number,
        "matter": row.matter,
        "state": row.state,
        "running": one.running,
        "asked_by": row.by.agency.name,
        "to": row.to.name,
        "asked_at": instant(row.asked_at),
        "due_on": day(owed.due_on) if owed else None,
        "overdue": bool(one.standing and one.standing.is_overdue),
        "version": row.version,
    }


def _full(full: Full) -> dict[str, object]:
    return {
        **_line(full.line),
        "asked": full.asked,
        "shared": {name.value: value for name, value in full.shared},
        "particulars": {name.value: value for name, value in full.particulars},
        "steps": [_step(step) for step in full.steps],
        "moves": [move.value for move in full.moves],
    }


def _step(step: StepLine) -> dict[str, object]:
    return {
        "state": step.state,
        "at": instant(step.at),
        "body": step.body,
        "text": step.text,
        "outcome": step.outcome or None,
        "paper_number": step.paper_number,
        "day": step.day or None,
        "has_file": bool(step.file_id),
    }
