"""The board of a body for machines: its numbers, the rows behind them, and the list of boards."""

from datetime import datetime
from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, page
from agencies.api.obligations import body_of, instant, shown
from agencies.models import Obligation
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import Scope
from agencies.views.duties import places_of
from reporting.queries import agency_board as queries
from reporting.queries import agency_boards
from reporting.queries.agency_board import Bodies, Open
from reporting.queries.agency_boards import Line
from reporting.queries.agency_duties import agencies_for, agency_for
from reporting.rules.agency_board import Answered, Part, Result, periods
from reporting.rules.periods import Period


class BoardQuery(serializers.Serializer):
    """Parameters. period: a school year ("2026") or month ("2026-10"). alone: of a township only
    the government itself."""

    period = serializers.RegexField(r"^\d{4}(-\d{2})?$", required=False)
    alone = serializers.BooleanField(default=False)


class BoardRowsQuery(BoardQuery):
    part = serializers.ChoiceField(Part.choices, default=Part.WAITING.value)
    kind = serializers.ChoiceField(ObligationKind.choices, required=False)
    result = serializers.ChoiceField(Result.choices, required=False)


class AgencyBoard(ApiView):
    """What waits for a body, what it answered in time, what it waits for, by kind."""

    duty = Duty.SEE_DUTIES

    @extend_schema(
        parameters=[BoardQuery], operation_id="agency_board", responses=OpenApiTypes.OBJECT
    )
    def get(self, request: Request, agency_id: UUID) -> Response:
        given = _checked(BoardQuery, request)
        bodies, span = _bodies(self.scope, agency_id, given), _span(self.scope, given)
        board = queries.board_of(bodies, queries.links_of(bodies.ids), span, clock.now())
        return Response(
            {
                "from": span.first.isoformat(),
                "to": span.last.isoformat(),
                "waiting": [_open(one) for one in board.waiting],
                "answered": [
                    {"kind": kind.value, **_answered(one)} for kind, one in board.answered.items()
                ],
                "asked": [_open(one) for one in board.asked],
            }
        )


class AgencyBoardRows(ApiView):
    """The duties behind a number, the nearest due first; of what was answered the latest first."""

    duty = Duty.SEE_DUTIES

    @extend_schema(
        parameters=[BoardRowsQuery], operation_id="agency_board_rows", responses=OpenApiTypes.OBJECT
    )
    def get(self, request: Request, agency_id: UUID) -> Response:
        given, now = _checked(BoardRowsQuery, request), clock.now()
        bodies, part = _bodies(self.scope, agency_id, given), Part(given["part"])
        links = queries.links_of(bodies.ids)
        rows = queries.rows_of(bodies, links, part, _span(self.scope, given))
        rows = queries.with_result(rows, now).filter(
            **{name: given[name] for name in ("kind", "result") if name in given}
        )

        answer = page(request, queries.shown_to(self.scope, rows, part), lambda row: row)  # type: ignore[arg-type,return-value]
        found = queries.led(answer.data["results"], links)
        places = places_of(self.scope, found)
        answer.data["results"] = [_row(row, places, now) for row in found]
        return answer


class AgencyBoards(ApiView):
    """The bodies in reach by kind and name with the three numbers of each."""

    duty = Duty.SEE_DUTIES

    @extend_schema(
        parameters=[BoardQuery], operation_id="agency_boards", responses=OpenApiTypes.OBJECT
    )
    def get(self, request: Request) -> Response:
        span = _span(self.scope, _checked(BoardQuery, request))
        bodies = agencies_for(self.scope).on(self.scope.on).order_by("kind", "name", "pk")
        answer = page(request, bodies, lambda row: row)  # type: ignore[arg-type,return-value]
        lines = agency_boards.lines_of(answer.data["results"], span, clock.now())
        answer.data["results"] = [_line(one) for one in lines]
        return answer


def _checked(query: type[serializers.Serializer], request: Request) -> dict:
    data = query(data=request.query_params)
    data.is_valid(raise_exception=True)
    return data.validated_data


def _bodies(scope: Scope, agency_id: UUID, given: dict) -> Bodies:
    return queries.bodies_of(agency_for(scope, agency_id), alone=given["alone"])


def _span(scope: Scope, given: dict) -> Period:
    """Without one: this school year."""
    spans = periods(scope.on)
    asked = given.get("period") or next(iter(spans))
    if asked not in spans:
        raise serializers.ValidationError({"period": ", ".join(spans)}, "invalid_choice")
    return spans[asked]


def _row(row: Obligation, places: set[str], now: datetime) -> dict[str, object]:
    """Without its subject where the caller may not open the duty; href: null for a closed page."""
    told = shown(row, now) | {"result": row.result}  # type: ignore[attr-defined]  # of with_result
    told["href"] = row.href if row.href in places else None
    return told if row.seen else told | {"subject": ""}  # type: ignore[attr-defined]  # of shown_to


def _open(one: Open) -> dict[str, object]:
    return {
        "kind": one.kind.value,
        "total": one.total,
        "overdue": one.late,
        "next_due": instant(one.first),
    }


def _answered(one: Answered) -> dict[str, object]:
    return {
        **{result.value: one.of(result) for result in Result},
        "numerator": one.rate.numerator,
        "denominator": one.rate.denominator,
        "exact": one.rate.exact,
        "shown": one.rate.shown,
    }


def _line(line: Line) -> dict[str, object]:
    return {
        "body": body_of(line.agency),
        "waiting": {"total": line.waiting.total, "overdue": line.waiting.late},
        "answered": _answered(line.answered),
        "asked": {"total": line.asked.total, "overdue": line.asked.late},
    }
