"""The zones of the schools."""

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView
from agencies.errors import NotVisible
from agencies.rules.duties import Duty
from students.queries import catchments as queries
from students.queries.catchments import Place, Zone
from students.rules.admission import ENTRY_GRADES
from students.services import catchments


class ZoneInput(serializers.Serializer):
    """school: its code; empty: the place has no zone of its own any more."""

    region = serializers.CharField(max_length=12)
    grade = serializers.IntegerField()
    school = serializers.CharField(max_length=12, allow_blank=True)
    on = serializers.DateField()


class Catchments(ApiView):
    """Every township and village with the schools that its children enter; POST sets one."""

    duty = Duty.DRAW_ZONES

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        rows = queries.places(self.scope.county_id, self.scope.on)
        return Response({"results": [_place(row) for row in rows]})

    @extend_schema(request=ZoneInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        data = ZoneInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data

        def save() -> Response:
            region = queries.region_for(self.scope, given["region"])
            schools = queries.schools_on(self.scope.county_id, self.scope.on)
            school = schools.filter(code=given["school"]).first() if given["school"] else None
            if given["grade"] not in ENTRY_GRADES or (given["school"] and school is None):
                raise NotVisible
            catchments.draw(self.scope, region, given["grade"], school, given["on"], clock.now())
            (place,) = [
                one
                for one in queries.places(self.scope.county_id, self.scope.on, region.path)
                if one.region == region
            ]
            return Response(_place(place), status=201)

        return self.once(request, save)


def _place(row: Place) -> dict[str, object]:
    return {
        "region": row.region.code,
        "name": row.region.name,
        "zones": [_zone(zone) for zone in row.zones],
    }


def _zone(zone: Zone) -> dict[str, object]:
    coming = zone.coming
    return {
        "grade": zone.grade,
        "school": zone.school.code if zone.school else None,
        "is_own": zone.own is not None,
        "coming": {"school": coming.school.code, "on": coming.starts_on} if coming else None,
    }
