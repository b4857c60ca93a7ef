"""Accountability talks: the same steps as on the pages."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.access import require
from agencies.api.base import ApiView, of_this_time, page
from agencies.queries.calendars import working_calendar
from agencies.rules.duties import Duty
from agencies.services import audit
from cases.api.inspections_shown import DAY, WORDS, Given
from cases.api.shown import day
from reporting.models import TalkItem, TalkStep
from reporting.queries import talks as queries
from reporting.queries.talks import Line
from reporting.rules.talks import CLAUSE, Step, TalkDeed
from reporting.services import talks
from reporting.services.talks import Wanted


class TalkInput(serializers.Serializer):
    """alert, or unit (county, township, school) with its key; by: the body that talks."""

    client_id = serializers.UUIDField()
    alert = serializers.UUIDField(required=False, allow_null=True, default=None)
    unit = serializers.CharField(max_length=10, **WORDS)
    key = serializers.CharField(max_length=36, **WORDS)
    position = serializers.CharField(max_length=16)
    by = serializers.UUIDField(required=False, allow_null=True, default=None)
    planned_on = serializers.DateField(validators=[of_this_time])
    reason = serializers.CharField(max_length=1000, **WORDS)


class TalkStepInput(serializers.Serializer):
    """Fields that a step does not have are left out. reports: by the number of the item."""

    deed = serializers.ChoiceField(TalkDeed.choices)
    on = serializers.DateField(validators=[of_this_time])
    text = serializers.CharField(max_length=2000, **WORDS)
    number = serializers.CharField(max_length=60, **WORDS)
    due_on = serializers.DateField(**DAY)
    items = serializers.ListField(
        child=serializers.CharField(max_length=500), default=list, max_length=50
    )
    reports = serializers.DictField(child=serializers.CharField(max_length=1000), default=dict)
    put_right = serializers.ListField(child=serializers.IntegerField(), default=list, max_length=50)
    outcome = serializers.CharField(max_length=12, **WORDS)


class Talks(Given):
    """Talks in reach: ?state= one of the states or all; POST calls one."""

    duty = Duty.SEE_RATES

    @extend_schema(operation_id="talks_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        rows = queries.talks(self.scope, request.query_params.get("state", ""))
        now, calendar = clock.now(), working_calendar()
        return page(request, rows, lambda row: shown_line(queries.line(row, calendar, now)))

    @extend_schema(
        request=TalkInput, responses={201: OpenApiTypes.OBJECT}, operation_id="talks_call"
    )
    def post(self, request: Request) -> Response:
        require(self.scope, Duty.HOLD_TALK)
        given = self.given(request, TalkInput)
        unit = (given.pop("unit"), given.pop("key"))
        wanted = Wanted(**given, unit=unit)

        def work() -> Response:
            made = talks.call(self.scope, wanted, clock.now())
            return Response(_full(self, made.public_id), status=201)

        return self.once(request, work)


class OneTalk(ApiView):
    """One talk with its items, steps, and the deeds that the caller may do."""

    duty = Duty.SEE_RATES

    @extend_schema(operation_id="talk_read", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, talk_id: UUID) -> Response:
        body = _full(self, talk_id)
        audit.record(self.scope, "talk.read", f"talk:{talk_id}", now=clock.now())
        return Response(body)


class TalkSteps(Given):
    """One step: hold, order, report, recheck, reply, outcome, cancel."""

    duty = Duty.SEE_RATES

    @extend_schema(
        request=TalkStepInput, responses=OpenApiTypes.OBJECT, operation_id="talk_step_take"
    )
    def post(self, request: Request, talk_id: UUID) -> Response:
        queries.talk_for(self.scope, talk_id)
        given = self.given(request, TalkStepInput)
        deed = TalkDeed(given.pop("deed"))
        reports = {int(key): text for key, text in given["reports"].items() if key.isdecimal()}
        step = Step(
            **{
                **given,
                "items": tuple(given["items"]),
                "reports": reports,
                "put_right": frozenset(given["put_right"]),
            }
        )

        def work() -> Response:
            talks.take(self.scope, talk_id, deed, step, clock.now())
            return Response(_full(self, talk_id))

        return self.once(request, work)


def shown_line(one: Line) -> dict[str, object]:
    row = one.talk
    return {
        "id": str(row.public_id),
        "number": row.number,
        "unit": row.kind,
        "key": row.key,
        "name": row.name,
        "stage": row.stage,
        "school_year": row.school_year,
        "agency": row.agency.name,
        "position": row.position,
        "by": row.by_agency.name,
        "state": row.state,
        "clause": CLAUSE,
        "planned_on": day(row.planned_on),
        "held_on": day(row.held_on),
        "reply_until": day(row.reply_until),
        "outcome": row.outcome or None,
        "due_on": day(one.due.owed.due_on) if one.due else None,
        "overdue": bool(one.due and one.due.is_overdue),
    }


def _full(view: ApiView, talk_id: UUID) -> dict[str, object]:
    row = queries.talk_for(view.scope, talk_id)
    full = queries.full(view.scope, row, clock.now())
    return {
        **shown_line(full.line),
        "alert": str(row.alert.public_id) if row.alert else None,
        "reason": row.reason,
        "items": [_item(one) for one in full.items],
        "steps": [_step(one) for one in full.steps],
        "circulars": [str(one.public_id) for one in full.circulars],
        "deeds": [deed.value for deed in full.deeds],
    }


def _item(one: TalkItem) -> dict[str, object]:
    return {
        "number": one.number,
        "text": one.text,
        "report": one.report,
        "put_right": one.put_right,
    }


def _step(one: TalkStep) -> dict[str, object]:
    return {
        "deed": one.deed,
        "on": day(one.on),
        "text": one.text,
        "number": one.number,
        "due_on": day(one.due_on),
        "by": one.by.agency.name,
    }
