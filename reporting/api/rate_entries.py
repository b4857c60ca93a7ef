"""What is entered beside the rates: figures of earlier years, targets; both can be taken out."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, page
from agencies.rules import masking
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from reporting.models import Target, YearlyValue
from reporting.queries import rates as queries
from reporting.rules.accountability import NewTarget
from reporting.rules.areas import Area
from reporting.rules.entered import PARTS, Entered
from reporting.services import rates


class OfUnitInput(serializers.Serializer):
    """unit: county, township or school; key: its code; stage: empty for all nine years."""

    unit = serializers.CharField(max_length=10)
    key = serializers.CharField(max_length=36)
    measure = serializers.CharField(max_length=20)
    stage = serializers.CharField(max_length=8, allow_blank=True, default="")
    school_year = serializers.IntegerField(min_value=1, max_value=9000)
    source = serializers.CharField(max_length=200, allow_blank=True)  # type: ignore[assignment]


def _heads() -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=-9_999_999, max_value=9_999_999, required=False, allow_null=True
    )


class YearlyValueInput(OfUnitInput):
    numerator = _heads()
    denominator = _heads()
    entrants = _heads()
    moved_in = _heads()
    moved_out = _heads()
    died = _heads()
    graduates = _heads()


class TargetInput(OfUnitInput):
    """limit: percent as a text."""

    limit = serializers.CharField(max_length=8)


class YearlyValues(ApiView):
    """Figures of years without rosters, with the paper that each stands in."""

    duty = Duty.KEEP_RATES

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return page(request, queries.entered(YearlyValue, self.scope), value_shown)

    @extend_schema(request=YearlyValueInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        data = YearlyValueInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        entered = Entered(
            given["measure"],
            given["stage"],
            given["school_year"],
            given["source"],
            given.get("numerator"),
            given.get("denominator"),
            {name: given.get(name) for name in PARTS},
        )

        def save() -> Response:
            row = rates.enter(self.scope, _unit(self.scope, given), entered, clock.now())
            return Response(value_shown(row), status=201)

        return self.once(request, save)


class RateTargets(ApiView):
    """Yearly targets of units."""

    duty = Duty.KEEP_RATES

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return page(request, queries.entered(Target, self.scope), target_shown)

    @extend_schema(request=TargetInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        data = TargetInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        new = NewTarget(
            given["measure"],
            given["stage"],
            given["school_year"],
            given["limit"],
            given["source"],
        )

        def save() -> Response:
            row = rates.set_target(self.scope, _unit(self.scope, given), new, clock.now())
            return Response(target_shown(row), status=201)

        return self.once(request, save)


class TakeOutValue(ApiView):
    """A figure that was entered by mistake."""

    duty = Duty.KEEP_RATES

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, entry_id: UUID) -> Response:
        return self.once(request, lambda: _take_out(self.scope, "value", entry_id))


class TakeOutTarget(ApiView):
    """A target that was set by mistake."""

    duty = Duty.KEEP_RATES

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, entry_id: UUID) -> Response:
        return self.once(request, lambda: _take_out(self.scope, "target", entry_id))


def _take_out(scope: Scope, kind: str, entry_id: UUID) -> Response:
    rates.take_out(scope, kind, entry_id, clock.now())
    return Response({"taken_out": str(entry_id)})


def _unit(scope: Scope, given: dict) -> Area:
    return queries.unit_for(scope, given["unit"], given["key"], scope.on)


def _of(row: YearlyValue | Target) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "unit": row.kind,
        "key": row.key,
        "name": row.name,
        "measure": row.measure,
        "stage": row.stage or None,
        "school_year": row.school_year,
        "source": masking.free_text(row.source),
    }


def value_shown(row: YearlyValue) -> dict[str, object]:
    rate = row.rate
    return {
        **_of(row),
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "exact": rate.exact,
        "shown": rate.shown,
        "parts": row.parts or None,
        "entered_on": row.entered_on.isoformat(),
    }


def target_shown(row: Target) -> dict[str, object]:
    return {
        **_of(row),
        "sense": row.sense.value,
        "limit": row.limit,
        "set_on": row.set_on.isoformat(),
    }
