"""The yearly assessment: the same steps as on the pages."""

from collections.abc import Callable
from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.access import require
from agencies.api.base import ApiView, page
from agencies.rules.duties import Duty
from cases.api.inspections_shown import DAY, Given
from cases.api.shown import day
from reporting.documents.assessment_paper import name
from reporting.models import Appeal, Scheme, Sheet
from reporting.queries import assessment as queries
from reporting.rules import assessment as rules
from reporting.rules.areas import AreaKind
from reporting.rules.assessment import CLAUSES, Row, Wanted, text, total
from reporting.rules.assessment_indicators import CATALOGUE
from reporting.services import assessment, assessment_appeals
from reporting.services.assessment_appeals import Objection

LONGEST = 200  # items


class OwnItem(serializers.Serializer):
    """An item that a person judges."""

    name = serializers.CharField(max_length=60, allow_blank=True)
    points = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True)


class AssessmentSchemeInput(serializers.Serializer):
    """points: by indicator; version: of the scheme that was seen, 0 when there is none."""

    version = serializers.IntegerField(min_value=0)
    kind = serializers.CharField(max_length=10)
    school_year = serializers.IntegerField(min_value=2000, max_value=2100)
    starts_on = serializers.DateField(validators=DAY["validators"])
    source = serializers.CharField(max_length=200, allow_blank=True)  # type: ignore[assignment]
    points = serializers.DictField(
        child=serializers.DecimalField(max_digits=6, decimal_places=2), allow_empty=True
    )
    manual = serializers.ListField(child=OwnItem(), max_length=LONGEST, required=False)


class AssessmentDraw(serializers.Serializer):
    """Of which kind and year the missing sheets are drawn."""

    kind = serializers.CharField(max_length=10)
    school_year = serializers.IntegerField(min_value=2000, max_value=2100)


class AssessmentVersion(serializers.Serializer):
    """The version that was seen."""

    version = serializers.IntegerField()


class ItemPoints(serializers.Serializer):
    number = serializers.IntegerField(min_value=1)
    points = serializers.DecimalField(
        max_digits=6, decimal_places=2, allow_null=True, required=False, default=None
    )
    reason = serializers.CharField(max_length=500, allow_blank=True)


class AssessmentPointsInput(AssessmentVersion):
    items = serializers.ListField(child=ItemPoints(), max_length=LONGEST)


class AssessmentAppealInput(AssessmentVersion):
    number = serializers.IntegerField(min_value=1)
    text = serializers.CharField(max_length=1000, allow_blank=True)


class AssessmentAnswerInput(AssessmentVersion, ItemPoints):
    """points: from now on; null: as they are."""


class AssessmentSchemes(Given):
    """Schemes in reach, the latest year first; POST sets the one of a kind and year."""

    duty = Duty.SEE_ASSESSMENTS

    @extend_schema(operation_id="assessment_schemes_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return page(request, queries.schemes(self.scope), shown_scheme)

    @extend_schema(
        request=AssessmentSchemeInput,
        responses=OpenApiTypes.OBJECT,
        operation_id="assessment_scheme_set",
    )
    def post(self, request: Request) -> Response:
        require(self.scope, Duty.KEEP_ASSESSMENTS)
        given = self.given(request, AssessmentSchemeInput)
        version = given.pop("version")
        manual = [(one["name"], one["points"]) for one in given.pop("manual", [])]
        wanted = Wanted(**given, manual=manual)

        def work() -> Response:
            row = assessment.set_scheme(self.scope, wanted, version, clock.now())
            return Response(shown_scheme(row))

        return self.once(request, work)


class Assessments(Given):
    """Sheets in reach, by the official order of the units; POST draws those that are missing."""

    duty = Duty.SEE_ASSESSMENTS

    @extend_schema(operation_id="assessments_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        asked = request.query_params
        year = asked.get("school_year", "")
        wanted = int(year) if year.isdecimal() and len(year) == len("2026") else None
        return page(request, queries.sheets(self.scope, asked.get("kind", ""), wanted), shown)

    @extend_schema(
        request=AssessmentDraw,
        responses={201: OpenApiTypes.OBJECT},
        operation_id="assessments_draw",
    )
    def post(self, request: Request) -> Response:
        require(self.scope, Duty.KEEP_ASSESSMENTS)
        given = self.given(request, AssessmentDraw)

        def work() -> Response:
            kind, year = given["kind"], given["school_year"]
            made = assessment.draw(self.scope, kind, year, clock.now())
            return Response({"drawn": [shown(one) for one in made]}, status=201)

        return self.once(request, work)


class OneAssessment(ApiView):
    """One sheet: items with their parts, what changed since (of a draft), appeals."""

    duty = Duty.SEE_ASSESSMENTS

    @extend_schema(operation_id="assessment_read", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, sheet_id: UUID) -> Response:
        return Response(_full(self, sheet_id))


class _Step(Given):
    """A step that needs nothing but the version that was seen."""

    def step(self, request: Request, sheet_id: UUID, work: Callable[..., object]) -> Response:
        version = self.given(request, AssessmentVersion)["version"]
        return self.done(
            request, sheet_id, lambda: work(self.scope, sheet_id, version, clock.now())
        )

    def done(self, request: Request, sheet_id: UUID, work: Callable[[], object]) -> Response:
        def answer() -> Response:
            work()
            return Response(_full(self, sheet_id))

        return self.once(request, answer)


class AssessmentRedraw(_Step):
    """Draw the figures of a draft anew."""

    duty = Duty.KEEP_ASSESSMENTS

    @extend_schema(
        request=AssessmentVersion,
        responses=OpenApiTypes.OBJECT,
        operation_id="assessment_redraw",
    )
    def post(self, request: Request, sheet_id: UUID) -> Response:
        return self.step(request, sheet_id, assessment.redraw)


class AssessmentPoints(_Step):
    """Give points to the items that a person judges."""

    duty = Duty.KEEP_ASSESSMENTS

    @extend_schema(
        request=AssessmentPointsInput,
        responses=OpenApiTypes.OBJECT,
        operation_id="assessment_points",
    )
    def post(self, request: Request, sheet_id: UUID) -> Response:
        given = self.given(request, AssessmentPointsInput)
        said = {one["number"]: rules.Given(one["points"], one["reason"]) for one in given["items"]}

        def work() -> object:
            return assessment.give(self.scope, sheet_id, given["version"], said, clock.now())

        return self.done(request, sheet_id, work)


class AssessmentSend(_Step):
    """Send a draft to its unit: 409 when its figures have changed since."""

    duty = Duty.KEEP_ASSESSMENTS

    @extend_schema(
        request=AssessmentVersion, responses=OpenApiTypes.OBJECT, operation_id="assessment_send"
    )
    def post(self, request: Request, sheet_id: UUID) -> Response:
        return self.step(request, sheet_id, assessment.send)


class AssessmentAccept(_Step):
    """The unit has nothing, or nothing more, to appeal against."""

    duty = Duty.ANSWER_ASSESSMENT

    @extend_schema(
        request=AssessmentVersion,
        responses=OpenApiTypes.OBJECT,
        operation_id="assessment_accept",
    )
    def post(self, request: Request, sheet_id: UUID) -> Response:
        return self.step(request, sheet_id, assessment_appeals.accept)


class AssessmentSign(_Step):
    """Sign and freeze a sheet: 409 while an appeal is open or can still come."""

    duty = Duty.SIGN_ASSESSMENT

    @extend_schema(
        request=AssessmentVersion, responses=OpenApiTypes.OBJECT, operation_id="assessment_sign"
    )
    def post(self, request: Request, sheet_id: UUID) -> Response:
        return self.step(request, sheet_id, assessment_appeals.sign)


class AssessmentAppeals(_Step):
    """The unit appeals against an item."""

    duty = Duty.ANSWER_ASSESSMENT

    @extend_schema(
        request=AssessmentAppealInput,
        responses=OpenApiTypes.OBJECT,
        operation_id="assessment_appeal",
    )
    def post(self, request: Request, sheet_id: UUID) -> Response:
        wanted = Objection(**self.given(request, AssessmentAppealInput))

        def work() -> object:
            return assessment_appeals.appeal(self.scope, sheet_id, wanted, clock.now())

        return self.done(request, sheet_id, work)


class AssessmentAnswers(_Step):
    """The bureau answers the appeal against an item, with the points from now on."""

    duty = Duty.KEEP_ASSESSMENTS

    @extend_schema(
        request=AssessmentAnswerInput,
        responses=OpenApiTypes.OBJECT,
        operation_id="assessment_answer",
    )
    def post(self, request: Request, sheet_id: UUID) -> Response:
        given = self.given(request, AssessmentAnswerInput)
        said = rules.Given(given["points"], given["reason"])

        def work() -> object:
            return assessment_appeals.answer(
                self.scope, sheet_id, given["version"], given["number"], said, clock.now()
            )

        return self.done(request, sheet_id, work)


def shown_scheme(row: Scheme) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "kind": row.kind,
        "school_year": row.school_year,
        "clauses": CLAUSES[AreaKind(row.kind)],
        "starts_on": day(row.starts_on),
        "source": row.source,
        "version": row.version,
        "items": [{**one, "name": name(one)} for one in row.items],
    }


def shown(row: Sheet) -> dict[str, object]:
    """points of most: both without what there was nothing to judge of (left_out)."""
    found = total(row.items)
    return {
        "id": str(row.public_id),
        "unit": row.kind,
        "key": row.key,
        "name": row.name,
        "school_year": row.school_year,
        "clauses": CLAUSES[AreaKind(row.kind)],
        "position": row.position,
        "state": row.state,
        "version": row.version,
        "drawn_on": day(row.drawn_on),
        "appeal_until": day(row.owed.due_on if row.owed else None),
        "accepted_on": day(row.accepted_on),
        "signed_on": day(row.signed_on),
        "points": text(found.points),
        "most": text(found.most),
        "left_out": text(found.left_out),
    }


def _full(view: ApiView, sheet_id: UUID) -> dict[str, object]:
    row = queries.sheet_for(view.scope, sheet_id)
    full = queries.full(view.scope, row, clock.now())
    return {
        **shown(row),
        "items": [_item(one) for one in row.items],
        "changes": [
            {"drawn": _item(then) if then else None, "now": _item(now) if now else None}
            for then, now in full.changes
        ],
        "appeals": [_appeal(one) for one in full.appeals.values()],
        "digest": row.digest,
    }


def _item(row: Row) -> dict[str, object]:
    indicator = CATALOGUE.get(str(row["code"]))
    explained = {"clause": indicator.clause, "counted": str(indicator.counted)} if indicator else {}
    return {**row, "name": name(row), **explained}


def _appeal(one: Appeal) -> dict[str, object]:
    return {
        "number": one.number,
        "text": one.text,
        "on": day(one.on),
        "due_on": day(one.owed.due_on),
        "answer": one.answer,
        "answered_on": day(one.answered_on),
        "points_before": one.points_before,
        "points_after": one.points_after,
    }
