"""The term-start check of a school: read, answered, signed, decided, corrected."""

from collections.abc import Callable

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time
from agencies.errors import Conflict
from agencies.models import Agency
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit
from reporting.api.census_shown import shown
from reporting.queries import census_access, census_sheet
from reporting.rules.expected import Given
from reporting.rules.whereabouts import Whereabouts
from reporting.services import census
from reporting.services.census import Answer, Decision, Sent, Signed
from students.models import Term


class AnswerInput(serializers.Serializer):
    student = serializers.CharField(max_length=40)
    code = serializers.ChoiceField(Whereabouts.choices)
    note = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    checked_by = serializers.CharField(max_length=40, allow_blank=True)
    checked_on = serializers.DateField(validators=[of_this_time])


class ChangeInput(serializers.Serializer):
    id = serializers.CharField(max_length=40)
    text = serializers.CharField(max_length=200, allow_blank=True)


class CensusInput(serializers.Serializer):
    version = serializers.IntegerField(min_value=0)
    answers = AnswerInput(many=True, required=False, default=list)
    changes = ChangeInput(many=True, required=False, default=list)


class SubmitInput(serializers.Serializer):
    version = serializers.IntegerField(min_value=0, required=False, allow_null=True, default=None)
    remarks = serializers.CharField(
        max_length=2000, required=False, default="", allow_blank=True, allow_null=True
    )


class ReasonInput(serializers.Serializer):
    reason = serializers.CharField(max_length=400, required=False, default="", allow_blank=True)


class SlipInput(serializers.Serializer):
    text = serializers.CharField(max_length=2000, allow_blank=True)


class CensusView(ApiView):
    """The check of one school. term: its public id, or "current"."""

    duty: Duty | None = None  # who may see it, census_access says: everybody else gets 404

    def place(self, term: str, code: str) -> tuple[Term, Agency]:
        found = census_access.term_for(self.scope, term)
        return found, census_access.school_for(self.scope, found, code)

    def show(self, term: Term, school: Agency, *, everybody: bool = False) -> Response:
        sheet = census_sheet.load(self.scope, term, school)
        return Response(shown(sheet, clock.now(), everybody=everybody))

    def write(
        self,
        request: Request,
        where: tuple[str, str],
        work: Callable[[Scope, Term, Agency], object],
    ) -> Response:
        """Do it once, and answer with the check; a stale version gets the current one."""
        term, school = self.place(*where)

        def once() -> Response:
            try:
                work(self.scope, term, school)
            except Conflict as conflict:
                conflict.current = self.show(term, school).data
                raise
            return self.show(term, school)

        return self.once(request, once)


class Census(CensusView):
    """Expected, arrived, explained, missing; ?all=1 lists those who have plainly come as well."""

    duty = None

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, term: str, code: str) -> Response:
        found, school = self.place(term, code)
        subject = f"school:{school.public_id}"
        audit.record(self.scope, "census.read", subject, now=clock.now(), term=str(found.public_id))
        return self.show(found, school, everybody=request.query_params.get("all") == "1")

    @extend_schema(request=CensusInput, responses=OpenApiTypes.OBJECT)
    def put(self, request: Request, term: str, code: str) -> Response:
        data = CensusInput(data=request.data)
        data.is_valid(raise_exception=True)
        sent = _sent(data.validated_data)
        return self.write(
            request, (term, code), lambda *at: census.answer(at[0], at[1], at[2], sent, clock.now())
        )


class CensusSubmit(CensusView):
    """Sign it; signed twice, the first signature stands."""

    duty = None

    @extend_schema(request=SubmitInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, term: str, code: str) -> Response:
        data = SubmitInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        sent = Signed(given["remarks"] or "", given["version"])
        return self.write(
            request, (term, code), lambda *at: census.submit(at[0], at[1], at[2], sent, clock.now())
        )


class CensusConfirm(CensusView):
    """The bureau confirms it."""

    duty = None

    @extend_schema(request=ReasonInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, term: str, code: str) -> Response:
        return _decide(self, request, (term, code), confirmed=True)


class CensusSendBack(CensusView):
    """The bureau sends it back with a reason; a correction is owed then."""

    duty = None

    @extend_schema(request=ReasonInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, term: str, code: str) -> Response:
        return _decide(self, request, (term, code), confirmed=False)


class CensusSlips(CensusView):
    """A correction slip to what is signed."""

    duty = None

    @extend_schema(request=SlipInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, term: str, code: str) -> Response:
        data = SlipInput(data=request.data)
        data.is_valid(raise_exception=True)
        text = data.validated_data["text"]
        return self.write(
            request,
            (term, code),
            lambda *at: census.add_slip(at[0], at[1], at[2], text, clock.now()),
        )


def _decide(
    view: CensusView, request: Request, where: tuple[str, str], *, confirmed: bool
) -> Response:
    data = ReasonInput(data=request.data)
    data.is_valid(raise_exception=True)
    decision = Decision(confirmed, data.validated_data["reason"])
    return view.write(
        request, where, lambda *at: census.decide(at[0], at[1], at[2], decision, clock.now())
    )


def _sent(given: dict) -> Sent:
    return Sent(
        answers=tuple(
            Answer(
                row["student"],
                Given(row["code"], row["note"], row["checked_by"], row["checked_on"]),
            )
            for row in given["answers"]
        ),
        explanations=tuple((row["id"], row["text"]) for row in given["changes"]),
        version=given["version"],
    )
