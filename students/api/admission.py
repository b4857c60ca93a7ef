"""Admission: entrants of a school by zone, notices and their delivery, migrant families."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time, page
from agencies.errors import NotVisible
from agencies.rules.duties import Duty
from agencies.services import audit
from students.access import school_for
from students.models import AdmissionNotice, MigrantApplication, Student
from students.queries import admission as queries
from students.queries.moving import all_schools
from students.services import admission
from students.services.admission import Asked, Decision


class PaperField(serializers.CharField):
    """A value of Paper; others are left out."""

    def __init__(self) -> None:
        super().__init__(max_length=20)


class Entrants(ApiView):
    """Who enters grade 1 and 7 of a school in autumn of a year."""

    duty = Duty.ADMIT

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, code: str, year: int, grade: int) -> Response:
        school = school_for(self.scope, code)
        if grade not in (1, 7):
            raise NotVisible
        audit.record(self.scope, "admission.read", "entrants", now=clock.now(), year=year)
        opening = queries.entry(self.scope.county_id, year)
        return page(request, queries.entrants(opening, grade, school), _child)


class AdmissionNotices(ApiView):
    """The notices of a school and year; POST makes those that are missing."""

    duty = Duty.ADMIT

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, code: str, year: int) -> Response:
        school = school_for(self.scope, code)
        audit.record(self.scope, "admission.notices", f"school:{code}", now=clock.now())
        return page(request, queries.notices(self.scope, school, year), _notice)

    @extend_schema(request=None, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, code: str, year: int) -> Response:
        def save() -> Response:
            school = school_for(self.scope, code)
            made = admission.issue(self.scope, school, year, clock.now())
            return Response({"made": made}, status=201)

        return self.once(request, save)


class DeliveryInput(serializers.Serializer):
    """receivers: id of the notice -> who took it."""

    on = serializers.DateField(validators=[of_this_time])
    receivers = serializers.DictField(child=serializers.CharField(max_length=40))


class DeliverNotices(ApiView):
    """Notices were handed over."""

    duty = Duty.ADMIT

    @extend_schema(request=DeliveryInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, code: str, year: int) -> Response:
        data = DeliveryInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data

        def save() -> Response:
            school = school_for(self.scope, code)
            known = queries.notices(self.scope, school, year).values_list("public_id", flat=True)
            ids = {str(one) for one in known}
            if set(given["receivers"]) - ids:
                raise NotVisible
            count = admission.deliver(
                self.scope, school, given["on"], given["receivers"], clock.now()
            )
            return Response({"delivered": count})

        return self.once(request, save)


class CancelNoticeInput(serializers.Serializer):
    """Why the notice holds no more."""

    because = serializers.CharField(max_length=200)


class CancelNotice(ApiView):
    """A wrong notice is cancelled; its number is not used again, the child can get another."""

    duty = Duty.ADMIT

    @extend_schema(request=CancelNoticeInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, notice_id: UUID) -> Response:
        data = CancelNoticeInput(data=request.data)
        data.is_valid(raise_exception=True)
        because = data.validated_data["because"]

        def save() -> Response:
            return Response(_notice(admission.cancel(self.scope, notice_id, because, clock.now())))

        return self.once(request, save)


class MigrantInput(serializers.Serializer):
    """lives_in: code of the village."""

    name = serializers.CharField(max_length=40)
    born_on = serializers.DateField(validators=[of_this_time])
    guardian = serializers.CharField(max_length=40)
    phone = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    lives_in = serializers.CharField(max_length=12)
    home = serializers.CharField(max_length=120)
    grade = serializers.IntegerField(min_value=1, max_value=9)
    asked = serializers.ListField(child=PaperField(), default=list)
    given = serializers.ListField(child=PaperField(), default=list)
    on = serializers.DateField(validators=[of_this_time])


class MigrantApplications(ApiView):
    """Applications of migrant families."""

    duty = Duty.ADMIT

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        audit.record(self.scope, "migrant.list", "migrants", now=clock.now())
        return page(request, queries.migrants(self.scope), shown)

    @extend_schema(request=MigrantInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        data = MigrantInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = dict(data.validated_data)
        village = queries.villages(self.scope).filter(code=given.pop("lives_in")).first()
        if village is None:
            raise NotVisible

        def save() -> Response:
            row = admission.apply(self.scope, Asked(**given, lives_in=village), clock.now())
            return Response(shown(row), status=201)

        return self.once(request, save)


class MigrantDecisionInput(serializers.Serializer):
    """school: code; without one the application is refused, because."""

    given = serializers.ListField(child=PaperField(), default=list)
    school = serializers.CharField(max_length=12, required=False, default="", allow_blank=True)
    because = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class DecideMigrant(ApiView):
    """The decision of the bureau."""

    duty = Duty.ADMIT

    @extend_schema(request=MigrantDecisionInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, application_id: UUID) -> Response:
        data = MigrantDecisionInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = dict(data.validated_data)

        def save() -> Response:
            row = queries.migrant_for(self.scope, application_id)
            code = given["school"]
            school = all_schools(self.scope).filter(code=code).first() if code else None
            if code and school is None:
                raise NotVisible
            decision = Decision(given["given"], school, given["because"])
            return Response(shown(admission.decide(self.scope, row, decision, clock.now())))

        return self.once(request, save)


def _child(row: Student) -> dict[str, object]:
    return {
        "student": str(row.public_id),
        "name": row.name,
        "born_on": row.born_on.isoformat(),
        "home": row.household.region.code,
    }


def _notice(row: AdmissionNotice) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "number": row.number,
        "student": str(row.student.public_id),
        "name": row.student.name,
        "grade": row.grade,
        "village": row.village.code,
        "issued_on": row.issued_on.isoformat(),
        "delivered_on": row.delivered_on.isoformat() if row.delivered_on else None,
        "receiver": row.receiver,
        "cancelled_on": row.cancelled_on.isoformat() if row.cancelled_on else None,
    }


def shown(row: MigrantApplication) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "name": row.name,
        "grade": row.grade,
        "asked": row.asked,
        "given": row.given,
        "asked_on": row.asked_on.isoformat(),
        "outcome": row.outcome,
        "school": row.school.code if row.school else None,
        "decided_on": row.decided_on.isoformat() if row.decided_on else None,
    }
