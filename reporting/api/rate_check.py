"""The rules of rates on numbers of one's own: nothing is read of any child, nothing is written."""

from fractions import Fraction

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.base import ApiView
from agencies.queries.policy import in_force
from agencies.rules.duties import Duty
from reporting.queries.rates import limits
from reporting.rules.accountability import Limits
from reporting.rules.entered import PARTS
from reporting.rules.rates import (
    ConsolidationParts,
    NetParts,
    Rate,
    Stage,
    of_percent,
    percent_text,
    rose,
)

MOST = 10**9
NET_PARTS = tuple(NetParts.__dataclass_fields__)
PERCENT = r"^\d{1,3}(\.\d{1,6})?$"


def _heads() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=MOST, required=False)


class CheckQuery(serializers.Serializer):
    """numerator, denominator: a rate, held against the line of `stage` or against `line`.

    values: yearly percentages, the oldest first, separated by commas; an empty one is a gap.
    line: percent, instead of the county's own. The rest: parts of the two made rates.
    """

    numerator = serializers.IntegerField(min_value=-MOST, max_value=MOST, required=False)
    denominator = _heads()
    stage = serializers.ChoiceField(Stage.choices, required=False)
    line = serializers.RegexField(PERCENT, required=False)
    values = serializers.RegexField(r"^[\d., ]*$", max_length=200, required=False, allow_blank=True)
    rises = serializers.IntegerField(min_value=2, max_value=3, required=False)
    on = serializers.DateField(required=False)
    entrants = _heads()
    moved_in = _heads()
    moved_out = _heads()
    died = _heads()
    graduates = _heads()
    suspended = _heads()
    dropped_out = _heads()
    other_losses = _heads()
    other_gains = _heads()


class RateCheck(ApiView):
    """Rules 5, 6 and 8 on the numbers of the address, with the county's values in force."""

    duty = Duty.SEE_RATES

    @extend_schema(parameters=[CheckQuery], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        query = CheckQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        given = query.validated_data
        on = given.get("on") or self.scope.on
        lim = limits(in_force(self.scope.county_id, on))
        return Response(
            {
                "rate": _rate(given, lim),
                "rise": _rise(given, lim),
                "consolidation": _consolidation(given),
                "net": _net(given),
            }
        )


def _rate(given: dict, lim: Limits) -> dict[str, object] | None:
    """Rule 5: on the exact fraction, strictly above, small bases flagged."""
    if "numerator" not in given or "denominator" not in given:
        return None
    rate = Rate(given["numerator"], given["denominator"])
    line = of_percent(given["line"]) if "line" in given else None
    if line is None and "stage" in given:
        line = lim.lines[Stage(given["stage"])]
    return {
        **_shown(rate),
        "small_base": rate.is_small(lim.small_base),
        "line": percent_text(line) if line is not None else None,
        "line_exact": str(line) if line is not None else None,
        "above_line": rate.above(line) if line is not None and rate.value is not None else None,
    }


def _shown(rate: Rate) -> dict[str, object]:
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "exact": rate.exact or None,
        "shown": rate.shown or None,
        "gap": rate.value is None,
    }


def _rise(given: dict, lim: Limits) -> dict[str, object] | None:
    """Rule 6: the last of the values is the year that is judged."""
    if "values" not in given:
        return None
    values = dict(enumerate(_values(given["values"])))
    rises = given.get("rises") or lim.rises
    return {
        "rises": rises,
        "needs": rises + 1,
        "known": sum(value is not None for value in values.values()),
        "risen": rose(values, len(values) - 1, rises),
    }


def _values(text: str) -> list[Fraction | None]:
    """Raises ValidationError for what is no number."""
    try:
        return [Fraction(part.strip()) if part.strip() else None for part in text.split(",")]
    except ValueError as error:
        wrong = _("Write percentages, separated by commas; leave a missing year empty.")
        raise serializers.ValidationError({"values": wrong}, "invalid") from error


def _consolidation(given: dict) -> dict[str, object] | None:
    if "entrants" not in given or "graduates" not in given:
        return None
    parts = ConsolidationParts(**{name: given.get(name, 0) for name in PARTS})
    return {**_shown(parts.rate), "unadjusted": parts.unadjusted.shown or None}


def _net(given: dict) -> dict[str, object] | None:
    if "denominator" not in given or not {"suspended", "dropped_out"} & given.keys():
        return None
    parts = NetParts(**{name: given.get(name, 0) for name in NET_PARTS})
    return _shown(Rate(parts.loss, given["denominator"]))
