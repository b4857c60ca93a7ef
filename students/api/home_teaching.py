"""Home teaching of a child: the plan with its week and year, and the sessions."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time, page
from agencies.documents import pictures
from agencies.rules import masking
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.services import audit
from students.access import plan_for, pupil_for, student_for
from students.models import HomePlan, HomeSession
from students.queries import home_teaching as queries
from students.queries.home_teaching import Standing
from students.rules.home_teaching import Plan, Where
from students.services import home_teaching as services
from students.services.home_teaching import PlanGiven, SessionSent


class HomePlanInput(serializers.Serializer):
    """teacher: public id of a post of the school. consent: the agreement (同意书) of a guardian."""

    teacher = serializers.UUIDField()
    starts_on = serializers.DateField(validators=[of_this_time])
    ends_on = serializers.DateField(validators=[of_this_time])
    sessions = serializers.IntegerField(min_value=1, max_value=14)
    periods = serializers.IntegerField(min_value=1, max_value=8)
    minutes = serializers.IntegerField(min_value=10, max_value=60)
    periods_a_year = serializers.IntegerField(min_value=1, max_value=1000)
    goals = serializers.CharField(max_length=1000)
    consent_by = serializers.CharField(max_length=40)
    consent_on = serializers.DateField(validators=[of_this_time])


class HomeSessionInput(serializers.Serializer):
    """The same client_id sent twice is one session. at: when it began."""

    client_id = serializers.UUIDField()
    at = serializers.DateTimeField(validators=[of_this_time])
    periods = serializers.IntegerField(min_value=1, max_value=8)
    where = serializers.ChoiceField(Where.choices, default=Where.HOME)
    content = serializers.CharField(max_length=1000)
    signed_by = serializers.CharField(max_length=40)
    photo = serializers.FileField(required=False, allow_null=True, default=None)
    signature = serializers.FileField(required=False, allow_null=True, default=None)


class HomePlans(ApiView):
    """The plans of the child, newest first; a new one ends the one that runs the day before."""

    duty = Duty.SEE_STUDENTS

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, student_id: UUID) -> Response:
        student = student_for(self.scope, student_id)
        audit.record(self.scope, "home.list", f"student:{student_id}", now=clock.now())
        rows = HomePlan.objects.filter(student=student).select_related(
            "student", "school", "teacher__user", "placement"
        )
        found = queries.standings(list(rows.order_by("-starts_on")), self.scope.on)
        return Response({"results": [_plan_shown(one) for one in found]})

    @extend_schema(request=HomePlanInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, student_id: UUID) -> Response:
        data = HomePlanInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data

        def save() -> Response:
            pupil = pupil_for(self.scope, student_id)
            plan = Plan(**{name: given[name] for name in Plan.__dataclass_fields__})
            own = {key: given[key] for key in ("teacher", "goals", "consent_by", "consent_on")}
            row = services.make(self.scope, pupil, PlanGiven(plan, **own), clock.now())
            [standing] = queries.standings([row], self.scope.on)
            return Response(_plan_shown(standing), status=201)

        return self.once(request, save)


class HomeSessions(ApiView):
    """The sessions of a plan, newest first; recorded by its teacher or the leader of the school."""

    duty = Duty.SEE_STUDENTS
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, plan_id: UUID) -> Response:
        row = plan_for(self.scope, plan_id)
        subject = f"student:{row.student.public_id}"
        audit.record(self.scope, "home.read", subject, now=clock.now(), plan=str(plan_id))
        return page(request, row.taught.order_by("-day", "-starts_at"), _session_shown)

    @extend_schema(request=HomeSessionInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, plan_id: UUID) -> Response:
        data = HomeSessionInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = dict(data.validated_data)
        at = given.pop("at").astimezone(CHINA)
        photo, signed = given.pop("photo"), given.pop("signature")

        def save() -> Response:
            sent = SessionSent(
                **given,
                day=at.date(),
                starts_at=at.time().replace(second=0, microsecond=0),
                photo=pictures.photo(_bytes(photo), "/photo") if photo else None,
                signature=pictures.scan(_bytes(signed), "/signature") if signed else None,
            )
            row = services.record(self.scope, plan_id, sent, clock.now())
            return Response(_session_shown(row), status=201)

        return self.once(request, save)


def _bytes(file) -> bytes:  # type: ignore[no-untyped-def]  # an upload of Django
    data: bytes = file.read(pictures.MOST_BYTES + 1)
    return data


def _plan_shown(one: Standing) -> dict[str, object]:
    row, week, year = one.row, one.week, one.year
    return {
        "id": str(row.public_id),
        "school": row.school.code,
        "teacher": row.teacher.user.name,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": one.plan.ends_on.isoformat(),
        "sessions": row.sessions,
        "periods": row.periods,
        "minutes": row.minutes,
        "periods_a_year": row.periods_a_year,
        "week": {
            "monday": week.monday.isoformat(),
            "owed": week.owed,
            "sessions": week.sessions,
            "periods": week.periods,
            "is_met": week.is_met,
        },
        "year": {
            "owed": year.owed,
            "taught": year.taught,
            "missing": year.missing,
            "state": year.state.value,
        },
    }


class CancelSessionInput(serializers.Serializer):
    """Why the session was not as recorded."""

    because = serializers.CharField(max_length=200)


class CancelHomeSession(ApiView):
    """A wrong session stays on the log and counts no more."""

    duty = Duty.TEACH_AT_HOME

    @extend_schema(request=CancelSessionInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, plan_id: UUID, session_id: UUID) -> Response:
        data = CancelSessionInput(data=request.data)
        data.is_valid(raise_exception=True)
        because = data.validated_data["because"]

        def save() -> Response:
            row = services.cancel(self.scope, plan_id, session_id, because, clock.now())
            return Response(_session_shown(row))

        return self.once(request, save)


def _session_shown(row: HomeSession) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "client_id": str(row.client_id),
        "day": row.day.isoformat(),
        "starts_at": row.starts_at.isoformat("minutes"),
        "periods": row.periods,
        "where": row.where,
        "content": masking.free_text(row.content),
        "signed_by": row.signed_by,
        "has_photo": row.photo_id is not None,
        "recorded_at": row.recorded_at.astimezone(CHINA).isoformat(),
        "cancelled_at": row.cancelled_at.astimezone(CHINA).isoformat()
        if row.cancelled_at
        else None,
        "cancelled_because": masking.free_text(row.cancelled_because),
    }
