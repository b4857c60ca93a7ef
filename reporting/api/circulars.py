"""Circulars: the same steps as on the pages."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.access import require
from agencies.api.base import ApiView, page
from agencies.models import Receipt
from agencies.rules.duties import Duty
from cases.api.inspections_shown import Given
from cases.api.shown import day
from reporting.models import Circular
from reporting.queries import circulars as queries
from reporting.rules.circulars import CLAUSE, CircularState, Difference, RecipientGroup
from reporting.rules.rates import DEFINITIONS, Measure
from reporting.services import circulars
from reporting.services.circulars import Addressees, Draft, Seen


class Groups(serializers.MultipleChoiceField):
    def __init__(self) -> None:
        super().__init__(choices=RecipientGroup.choices, default=set)


class CircularInput(serializers.Serializer):
    """units: "township:330328100000"; recipients: ids of bodies; groups: all bodies of these."""

    client_id = serializers.UUIDField()
    title = serializers.CharField(max_length=80, allow_blank=True)
    text = serializers.CharField(max_length=4000, allow_blank=True)
    measure = serializers.CharField(max_length=14)
    school_year = serializers.IntegerField(min_value=2000, max_value=2100)
    units = serializers.ListField(child=serializers.CharField(max_length=50), max_length=3000)
    recipients = serializers.ListField(child=serializers.UUIDField(), max_length=3000)
    groups = Groups()
    talk = serializers.UUIDField(required=False, allow_null=True, default=None)


class CircularVersion(serializers.Serializer):
    """The version that was seen."""

    version = serializers.IntegerField()


class CircularRecipients(CircularVersion):
    recipients = serializers.ListField(child=serializers.UUIDField(), max_length=3000)
    groups = Groups()


class CircularWords(CircularVersion):
    title = serializers.CharField(max_length=80, allow_blank=True)
    text = serializers.CharField(max_length=4000, allow_blank=True)


class Circulars(Given):
    """Circulars in reach, the newest first; POST draws one."""

    duty = Duty.SEE_CIRCULARS

    @extend_schema(operation_id="circulars_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return page(request, queries.circulars(self.scope), shown)

    @extend_schema(
        request=CircularInput, responses={201: OpenApiTypes.OBJECT}, operation_id="circulars_draw"
    )
    def post(self, request: Request) -> Response:
        require(self.scope, Duty.HOLD_TALK)
        given = self.given(request, CircularInput)
        lists = {name: tuple(given[name]) for name in ("units", "recipients")}
        wanted = Draft(**{**given, **lists, "groups": frozenset(given["groups"])})

        def work() -> Response:
            made = circulars.draft(self.scope, wanted, clock.now())
            return Response(_full(self, made.public_id), status=201)

        return self.once(request, work)


class OneCircular(ApiView):
    """One circular: figures as drawn, what changed since (of a draft), receipts."""

    duty = Duty.SEE_CIRCULARS

    @extend_schema(operation_id="circular_read", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, circular_id: UUID) -> Response:
        return Response(_full(self, circular_id))


class CircularRedraw(Given):
    """Draw the figures anew, with the words that go with them."""

    duty = Duty.HOLD_TALK

    @extend_schema(
        request=CircularWords, responses=OpenApiTypes.OBJECT, operation_id="circular_redraw"
    )
    def post(self, request: Request, circular_id: UUID) -> Response:
        seen = Seen(**self.given(request, CircularWords))

        def work() -> Response:
            circulars.redraw(self.scope, circular_id, seen, clock.now())
            return Response(_full(self, circular_id))

        return self.once(request, work)


class CircularAddress(Given):
    """Whom a draft goes to, in place of those of before."""

    duty = Duty.HOLD_TALK

    @extend_schema(
        request=CircularRecipients, responses=OpenApiTypes.OBJECT, operation_id="circular_address"
    )
    def post(self, request: Request, circular_id: UUID) -> Response:
        given = self.given(request, CircularRecipients)
        wanted = Addressees(tuple(given["recipients"]), frozenset(given["groups"]))

        def work() -> Response:
            circulars.address(self.scope, circular_id, given["version"], wanted, clock.now())
            return Response(_full(self, circular_id))

        return self.once(request, work)


class CircularIssue(Given):
    """Issue the version that was seen: 409 when its figures have changed since."""

    duty = Duty.ISSUE_CIRCULAR

    @extend_schema(
        request=CircularVersion, responses=OpenApiTypes.OBJECT, operation_id="circular_issue"
    )
    def post(self, request: Request, circular_id: UUID) -> Response:
        version = self.given(request, CircularVersion)["version"]

        def work() -> Response:
            circulars.issue(self.scope, circular_id, version, clock.now())
            return Response(_full(self, circular_id))

        return self.once(request, work)


class CircularDrop(Given):
    """A draft is not issued after all."""

    duty = Duty.HOLD_TALK

    @extend_schema(
        request=CircularVersion, responses=OpenApiTypes.OBJECT, operation_id="circular_drop"
    )
    def post(self, request: Request, circular_id: UUID) -> Response:
        version = self.given(request, CircularVersion)["version"]

        def work() -> Response:
            circulars.drop(self.scope, circular_id, version, clock.now())
            return Response(_full(self, circular_id))

        return self.once(request, work)


class CircularSign(ApiView):
    """Sign for it in the name of the own body; the first time stands."""

    duty = Duty.SEE_CIRCULARS

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT, operation_id="circular_sign")
    def post(self, request: Request, circular_id: UUID) -> Response:
        def work() -> Response:
            circulars.sign(self.scope, circular_id, clock.now())
            return Response(_full(self, circular_id))

        return self.once(request, work)


def shown(row: Circular) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "title": row.title,
        "number": row.number,
        "state": row.state,
        "clause": CLAUSE,
        "measure": row.measure,
        "school_year": row.school_year,
        "drawn_on": day(row.drawn_on),
        "issued_on": day(row.issued_on),
        "version": row.version,
    }


def _full(view: ApiView, circular_id: UUID) -> dict[str, object]:
    row = queries.circular_for(view.scope, circular_id)
    is_draft = row.state == CircularState.DRAFT
    return {
        **shown(row),
        "text": row.text,
        "definition": str(DEFINITIONS[Measure(row.measure)]),
        "figures": row.figures,
        "changes": [_change(one) for one in queries.changes(row, view.scope.on)]
        if is_draft
        else [],
        "recipients": [one.name for one in row.recipients.order_by("kind", "name")],
        "receipts": [_receipt(one) for one in queries.receipts(row)],
    }


def _change(one: Difference) -> dict[str, object]:
    return {"name": one.name, "stage": one.stage, "drawn": one.drawn, "now": one.now}


def _receipt(one: Receipt) -> dict[str, object]:
    return {
        "recipient": one.recipient.name,
        "sent_at": one.sent_at.isoformat(),
        "received_at": one.received_at.isoformat() if one.received_at else None,
        "late": one.late,
    }
