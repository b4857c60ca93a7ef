"""Plans over the API: read, write as a whole, approve, work on; and the list of causes."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time
from agencies.rules import masking
from agencies.rules.duties import Duty
from agencies.services import audit
from cases import access
from cases.api.shown import day, instant
from cases.models import Cause
from cases.queries import causes as lists
from cases.queries import plan as queries
from cases.queries.plan import CauseRow, MeasureRow, PlanPage
from cases.rules.plan import Draft, PlannedCause, PlannedMeasure
from cases.services import plan_work, plans
from cases.services.plan_work import Done, Review

MOST = 20  # causes of a plan, and measures against one


class Causes(ApiView):
    """The causes that a plan can name today, in two levels."""

    duty = Duty.SEE_CASES

    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="causes_list")
    def get(self, request: Request) -> Response:
        groups = lists.in_force(self.scope.county_id, self.scope.on)
        return Response(
            {"results": [_cause(g.upper) | {"below": [*map(_cause, g.below)]} for g in groups]}
        )


def _cause(row: Cause) -> dict[str, object]:
    return {"code": row.code, "name": row.name, "since": day(row.starts_on)}


class MeasureInput(serializers.Serializer):
    id = serializers.UUIDField(required=False, allow_null=True, default=None)
    what = serializers.CharField(max_length=200, allow_blank=True)
    seat = serializers.CharField(max_length=16)
    due_on = serializers.DateField(validators=[of_this_time])


class PlanCauseInput(serializers.Serializer):
    cause = serializers.CharField(max_length=24)
    main = serializers.BooleanField(required=False, default=False)
    note = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    measures = MeasureInput(many=True, required=False, default=list, max_length=MOST)  # type: ignore[call-arg]  # of the list


class PlanInput(serializers.Serializer):
    version = serializers.IntegerField(min_value=0)
    situation = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    review_on = serializers.DateField(
        required=False, allow_null=True, default=None, validators=[of_this_time]
    )
    causes = PlanCauseInput(many=True, max_length=MOST)  # type: ignore[call-arg]  # of the list

    @property
    def draft(self) -> Draft:
        given = self.validated_data
        causes = [
            PlannedCause(**one | {"measures": [PlannedMeasure(**row) for row in one["measures"]]})
            for one in given["causes"]
        ]
        return Draft(causes, given["situation"], given["review_on"])


class CasePlan(ApiView):
    """The plan of the current episode; version 0: there is none yet."""

    duty = Duty.SEE_CASES

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, case_id: UUID) -> Response:
        answer = shown(self, case_id)
        audit.record(self.scope, "plan.read", f"case:{case_id}", now=clock.now())
        return Response(answer)

    @extend_schema(request=PlanInput, responses=OpenApiTypes.OBJECT)
    def put(self, request: Request, case_id: UUID) -> Response:
        data = PlanInput(data=request.data)
        data.is_valid(raise_exception=True)

        def store() -> Response:
            version = data.validated_data["version"]
            plans.write(self.scope, case_id, data.draft, version, clock.now())
            return Response(shown(self, case_id))

        return self.once(request, store)


class VersionInput(serializers.Serializer):
    version = serializers.IntegerField(min_value=0)


class PlanApproval(ApiView):
    """A second person signs the version that was seen."""

    duty = Duty.APPROVE_PLAN

    @extend_schema(request=VersionInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, case_id: UUID) -> Response:
        data = VersionInput(data=request.data)
        data.is_valid(raise_exception=True)

        def sign() -> Response:
            plans.approve(self.scope, case_id, data.validated_data["version"], clock.now())
            return Response(shown(self, case_id))

        return self.once(request, sign)


class DoneInput(serializers.Serializer):
    on = serializers.DateField(validators=[of_this_time])
    effect = serializers.CharField(max_length=12)
    note = serializers.CharField(max_length=400, required=False, default="", allow_blank=True)


class MeasureDone(ApiView):
    """A measure is done, with its day and effect."""

    duty = Duty.SEE_CASES

    @extend_schema(request=DoneInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, case_id: UUID, measure_id: UUID) -> Response:
        data = DoneInput(data=request.data)
        data.is_valid(raise_exception=True)

        def finish() -> Response:
            done = Done(**data.validated_data)
            plan_work.finish(self.scope, case_id, measure_id, done, clock.now())
            return Response(shown(self, case_id))

        return self.once(request, finish)


class MeasureDropInput(serializers.Serializer):
    reason = serializers.CharField(max_length=400, allow_blank=True)


class MeasureDrop(ApiView):
    """A measure is given up, with the reason."""

    duty = Duty.WRITE_PLAN

    @extend_schema(request=MeasureDropInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, case_id: UUID, measure_id: UUID) -> Response:
        data = MeasureDropInput(data=request.data)
        data.is_valid(raise_exception=True)

        def give_up() -> Response:
            because = data.validated_data["reason"]
            plan_work.drop(self.scope, case_id, measure_id, because, clock.now())
            return Response(shown(self, case_id))

        return self.once(request, give_up)


class ReviewInput(serializers.Serializer):
    version = serializers.IntegerField(min_value=0)
    note = serializers.CharField(max_length=2000, allow_blank=True)
    effects = serializers.DictField(
        child=serializers.CharField(max_length=12), required=False, default=dict
    )
    next_on = serializers.DateField(
        required=False, allow_null=True, default=None, validators=[of_this_time]
    )


class PlanReview(ApiView):
    """The effects so far by measure, and the day of the next review."""

    duty = Duty.WRITE_PLAN

    @extend_schema(request=ReviewInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, case_id: UUID) -> Response:
        data = ReviewInput(data=request.data)
        data.is_valid(raise_exception=True)

        def record() -> Response:
            plan_work.review(self.scope, case_id, Review(**data.validated_data), clock.now())
            return Response(shown(self, case_id))

        return self.once(request, record)


def shown(view: ApiView, case_id: UUID) -> dict[str, object]:
    case = access.case_for(view.scope, case_id)
    page = queries.plan_page(view.scope, case, clock.now())
    return {"case": str(case.public_id), "episode": page.help.episode} | _plan(page)


def _plan(page: PlanPage) -> dict[str, object]:
    plan = page.help.plan
    approver = plan.approved_by if plan else None
    return {
        "version": plan.version if plan else 0,
        "situation": masking.free_text(plan.situation) if plan else "",
        "review_on": day(plan.review_on) if plan else None,
        "written_by": plan.written_by.user.name if plan else None,
        "written_at": instant(plan.written_at) if plan else None,
        "approved": bool(plan and plan.approved_at),
        "approved_by": approver.user.name if approver else None,
        "approved_at": instant(plan.approved_at) if plan else None,
        "causes": [_plan_cause(row) for row in page.help.causes],
        "empty_seats": [seat.value for seat in page.empty_seats],
    }


def _plan_cause(row: CauseRow) -> dict[str, object]:
    return {
        "cause": row.code,
        "name": row.name,
        "group": row.group,
        "main": row.main,
        "note": row.note,
        "current": row.current,
        "measures": [_measure(measure) for measure in row.measures],
    }


def _measure(row: MeasureRow) -> dict[str, object]:
    return {
        "id": row.id,
        "what": row.what,
        "seat": row.seat.value,
        "holder": row.holder or None,
        "due_on": day(row.due_on),
        "state": row.state,
        "days_left": row.standing.days_left if row.standing else None,
        "late": row.standing.late if row.standing else None,
        "done_on": day(row.done_on),
        "effect": row.effect.value if row.effect else None,
        "note": row.note,
        "dropped_because": row.dropped_because,
    }
