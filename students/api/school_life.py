"""What schools do with families over the API: the same steps as on the pages.

A home visit is written down as a contact of the child (students/api/contacts.py).
"""

from datetime import date
from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time, page
from agencies.rules import masking
from agencies.rules.duties import Duty
from agencies.services import audit
from students.api.contacts import WORDS
from students.api.contacts import shown as shown_contact
from students.models import CommitteeSeat, GuardianContact, SchoolEvent
from students.queries import school_life as queries
from students.queries.school_life import Line
from students.rules.school_life import Event
from students.services import school_life


class CommitteeSeatInput(serializers.Serializer):
    name = serializers.CharField(max_length=40, allow_blank=True)
    kind = serializers.CharField(max_length=8)
    of_class = serializers.CharField(max_length=20, **WORDS)


class SchoolEventInput(serializers.Serializer):
    """reach: how many took part; words: minutes, or what was done, without names of children."""

    kind = serializers.CharField(max_length=12)
    title = serializers.CharField(max_length=100, allow_blank=True)
    on = serializers.DateField(validators=[of_this_time])
    reach = serializers.IntegerField()
    words = serializers.CharField(max_length=2000, **WORDS)


class SchoolEventWrong(serializers.Serializer):
    because = serializers.CharField(max_length=200, allow_blank=True)


class SchoolLife(ApiView):
    """The schools in sight with their figures of this school year."""

    duty = Duty.SEE_STUDENTS

    @extend_schema(operation_id="school_life_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        rows = queries.schools(self.scope)
        since = queries.year_start(self.scope.on)
        lines = {one.school.pk: one for one in queries.lines(list(rows), since, self.scope.on)}
        return page(request, rows, lambda row: _line(lines[row.pk], since))


class Committee(ApiView):
    """Who sits in the parents' committee of a school; POST seats a parent from today."""

    duty = Duty.SEE_STUDENTS

    @extend_schema(operation_id="committee_read", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, code: str) -> Response:
        school = queries.school_named(self.scope, code)
        return page(request, queries.seats(school, self.scope.on), _seat)

    @extend_schema(
        request=CommitteeSeatInput,
        responses={201: OpenApiTypes.OBJECT},
        operation_id="committee_seat",
    )
    def post(self, request: Request, code: str) -> Response:
        data = CommitteeSeatInput(data=request.data)
        data.is_valid(raise_exception=True)

        def work() -> Response:
            school = queries.school_named(self.scope, code)
            made = school_life.seat(self.scope, school, **data.validated_data, now=clock.now())
            return Response(_seat(made), status=201)

        return self.once(request, work)


class LeaveCommittee(ApiView):
    """The parent leaves the committee today; the answer is who sits in it now."""

    duty = Duty.SEE_STUDENTS

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT, operation_id="committee_leave")
    def post(self, request: Request, code: str, seat_id: UUID) -> Response:
        def work() -> Response:
            school = queries.school_named(self.scope, code)
            school_life.end_seat(self.scope, school, seat_id, clock.now())
            return page(request, queries.seats(school, self.scope.on), _seat)

        return self.once(request, work)


class SchoolEvents(ApiView):
    """Meetings and activities of a school, newest first; POST writes one down."""

    duty = Duty.SEE_STUDENTS

    @extend_schema(operation_id="school_events_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, code: str) -> Response:
        return page(request, queries.events(queries.school_named(self.scope, code)), _event)

    @extend_schema(
        request=SchoolEventInput,
        responses={201: OpenApiTypes.OBJECT},
        operation_id="school_event_hold",
    )
    def post(self, request: Request, code: str) -> Response:
        data = SchoolEventInput(data=request.data)
        data.is_valid(raise_exception=True)

        def work() -> Response:
            school = queries.school_named(self.scope, code)
            event = Event(**data.validated_data)
            made = school_life.hold(self.scope, school, event, clock.now())
            return Response(_event(made), status=201)

        return self.once(request, work)


class TakeBackEvent(ApiView):
    """The record was wrong: it counts no more and is kept with the reason."""

    duty = Duty.SEE_STUDENTS

    @extend_schema(
        request=SchoolEventWrong,
        responses=OpenApiTypes.OBJECT,
        operation_id="school_event_take_back",
    )
    def post(self, request: Request, code: str, event_id: UUID) -> Response:
        data = SchoolEventWrong(data=request.data)
        data.is_valid(raise_exception=True)

        def work() -> Response:
            school = queries.school_named(self.scope, code)
            because = data.validated_data["because"]
            row = school_life.take_back(self.scope, school, event_id, because, clock.now())
            return Response(_event(row))

        return self.once(request, work)


class HomeVisits(ApiView):
    """Visits of the school's staff to children in sight, newest first."""

    duty = Duty.SEE_STUDENTS

    @extend_schema(operation_id="home_visits_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, code: str) -> Response:
        school = queries.school_named(self.scope, code)
        audit.record(self.scope, "home_visits.list", f"agency:{school.public_id}", now=clock.now())
        return page(request, queries.home_visits(self.scope, school), _visit)


def _line(one: Line, since: date) -> dict[str, object]:
    return {
        "code": one.school.code,
        "name": one.school.name,
        "since": since.isoformat(),
        "parents": one.parents,
        "meetings": one.meetings,
        "activities": one.activities,
        "home_visits": one.visits,
    }


def _seat(row: CommitteeSeat) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "name": row.name,
        "kind": row.kind,
        "of_class": row.of_class,
        "starts_on": row.starts_on.isoformat(),
    }


def _event(row: SchoolEvent) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "kind": row.kind,
        "title": row.title,
        "on": row.on.isoformat(),
        "reach": row.reach,
        "words": masking.free_text(row.words),
        "taken_back": row.taken_back_at is not None,
    }


def _visit(row: GuardianContact) -> dict[str, object]:
    child = {"student": str(row.student.public_id), "name": row.student.name}
    return child | shown_contact(row)
