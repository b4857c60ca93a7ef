"""The register of places that are looked into: the same steps as on the pages."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, page
from agencies.rules.duties import Duty
from cases import access
from cases.api.inspections_shown import DAY, WORDS, Given, shown_venue
from cases.models import Venue
from cases.queries import venues as places
from cases.rules.venues import VenueKind
from cases.services import venues
from cases.services.venues import Entry


class VenueInput(serializers.Serializer):
    """region: the code of the township or village; near: the code of a school."""

    client_id = serializers.UUIDField()
    kind = serializers.CharField(max_length=16)
    name = serializers.CharField(max_length=80, allow_blank=True)
    address = serializers.CharField(max_length=120, allow_blank=True)
    region = serializers.CharField(max_length=12)
    near = serializers.CharField(max_length=12, **WORDS)
    approved_by = serializers.CharField(max_length=80, **WORDS)
    approval_number = serializers.CharField(max_length=60, **WORDS)
    approval_until = serializers.DateField(**DAY)
    schooling = serializers.CharField(max_length=200, **WORDS)
    version = serializers.IntegerField(required=False)


class VenueQuery(serializers.Serializer):
    kind = serializers.ChoiceField(VenueKind.choices, required=False, default="")
    township = serializers.CharField(max_length=12, required=False, default="")
    q = serializers.CharField(max_length=40, required=False, default="")


class Venues(Given):
    """The register of places; POST enters one."""

    duty = Duty.INSPECT

    @extend_schema(
        parameters=[VenueQuery], operation_id="venues_list", responses=OpenApiTypes.OBJECT
    )
    def get(self, request: Request) -> Response:
        query = VenueQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        rows = places.rows(self.scope, **query.validated_data)
        return page(request, rows, lambda row: shown_venue(places.line(row, self.scope.on)))

    @extend_schema(
        request=VenueInput, responses={201: OpenApiTypes.OBJECT}, operation_id="venues_register"
    )
    def post(self, request: Request) -> Response:
        entry = Entry(**self.given(request, VenueInput))

        def work() -> Response:
            return Response(
                _venue(self, venues.register(self.scope, entry, clock.now())), status=201
            )

        return self.once(request, work)


class OneVenue(Given):
    """One place; POST writes its entry anew."""

    duty = Duty.INSPECT

    @extend_schema(operation_id="venue_read", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, venue_id: UUID) -> Response:
        return Response(_venue(self, access.venue_for(self.scope, venue_id)))

    @extend_schema(request=VenueInput, responses=OpenApiTypes.OBJECT, operation_id="venue_change")
    def post(self, request: Request, venue_id: UUID) -> Response:
        entry = Entry(**self.given(request, VenueInput))

        def work() -> Response:
            return Response(_venue(self, venues.change(self.scope, venue_id, entry, clock.now())))

        return self.once(request, work)


def _venue(view: ApiView, row: Venue) -> dict[str, object]:
    found = places.with_facts(Venue.objects.filter(pk=row.pk)).get()
    return shown_venue(places.line(found, view.scope.on))
