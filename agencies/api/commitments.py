"""Responsibility in writing: coverage, the papers of one body, filing, the publicity log."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time, page
from agencies.models import Agency, Commitment, Publicity
from agencies.queries import commitments as queries
from agencies.queries.commitments import Wanted
from agencies.rules.commitments import MOST_REACH, Channel, CommitmentKind, Side, Statute, Written
from agencies.rules.duties import Duty
from agencies.services import commitments
from agencies.services.commitments import Activity, Paper


class CommitmentInput(serializers.Serializer):
    client_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=CommitmentKind.choices)
    title = serializers.CharField(max_length=100)
    signed_on = serializers.DateField(validators=[of_this_time])
    year = serializers.IntegerField(
        min_value=2000, max_value=2100, required=False, allow_null=True, default=None
    )
    number = serializers.CharField(max_length=60, allow_blank=True, default="")
    side = serializers.ChoiceField(choices=Side.choices, allow_blank=True, default="")
    signer = serializers.CharField(max_length=60, allow_blank=True, default="")
    counterpart = serializers.CharField(max_length=80, allow_blank=True, default="")
    copies = serializers.IntegerField(min_value=1, default=1)
    published_on = serializers.DateField(
        validators=[of_this_time], required=False, allow_null=True, default=None
    )
    published_where = serializers.CharField(max_length=100, allow_blank=True, default="")
    text = serializers.CharField(max_length=2000, allow_blank=True, default="")


class PublicityInput(serializers.Serializer):
    client_id = serializers.UUIDField()
    on = serializers.DateField(validators=[of_this_time])
    channel = serializers.ChoiceField(choices=Channel.choices)
    statutes = serializers.ListField(
        child=serializers.ChoiceField(choices=Statute.choices), min_length=1, max_length=6
    )
    place = serializers.CharField(max_length=100)
    reach = serializers.IntegerField(min_value=0, max_value=MOST_REACH)
    what = serializers.CharField(max_length=1000)
    partners = serializers.CharField(max_length=120, allow_blank=True, default="")


class Responsibility(ApiView):
    """Coverage of the bodies in sight: ?year=, ?kind= (of bodies), ?gaps=1."""

    duty = Duty.KEEP_RESPONSIBILITY

    @extend_schema(operation_id="responsibility_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        asked = request.query_params
        year = queries.year_asked(asked.get("year", ""), self.scope.on)
        wanted = Wanted(year, asked.get("kind", ""), asked.get("gaps") == "1")
        return page(request, queries.coverage(self.scope, wanted), covered)


class ResponsibilityOf(ApiView):
    """The papers of one body, newest first; POST files one, without files."""

    duty = Duty.KEEP_RESPONSIBILITY

    @extend_schema(operation_id="responsibility_of", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, agency_id: UUID) -> Response:
        body = queries.body_for(self.scope, agency_id)
        return page(request, queries.papers_of(body), paper_shown)

    @extend_schema(request=CommitmentInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, agency_id: UUID) -> Response:
        data = CommitmentInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = dict(data.validated_data)
        beside = {name: given.pop(name) for name in ("client_id", "number", "counterpart", "text")}
        kind = CommitmentKind(given.pop("kind"))
        paper = Paper(written=Written(kind=kind, **given), **beside)

        def save() -> Response:
            made = commitments.file_paper(self.scope, agency_id, paper, clock.now())
            return Response(paper_shown(made), status=201)

        return self.once(request, save)


class PublicityOf(ApiView):
    """Log an activity of a body, without photos."""

    duty = Duty.KEEP_RESPONSIBILITY

    @extend_schema(request=PublicityInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, agency_id: UUID) -> Response:
        data = PublicityInput(data=request.data)
        data.is_valid(raise_exception=True)
        done = Activity(**data.validated_data)

        def save() -> Response:
            made = commitments.log_publicity(self.scope, agency_id, done, clock.now())
            return Response(activity_shown(made), status=201)

        return self.once(request, save)


def covered(body: Agency) -> dict[str, object]:
    """One body; a part that it does not owe is null."""
    return {
        "id": str(body.public_id),
        "name": body.name,
        "kind": body.kind,
        **{part: state == "yes" if state else None for part, state in queries.cells(body)},
        **{name: getattr(body, name) for name in ("activities", "reach")},
    }


def paper_shown(row: Commitment) -> dict[str, object]:
    days = {"signed_on": row.signed_on, "ends_on": row.ends_on, "published_on": row.published_on}
    return {
        "id": str(row.public_id),
        "kind": row.kind,
        "title": row.title,
        "number": row.number,
        "year": row.year,
        "side": row.side or None,
        "signer": row.signer,
        "copies": row.copies,
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "cancelled": row.cancelled_on is not None,
    }


def activity_shown(row: Publicity) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "on": row.on.isoformat(),
        "channel": row.channel,
        "statutes": row.statutes,
        "reach": row.reach,
    }
