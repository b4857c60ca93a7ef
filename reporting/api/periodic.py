"""Monthly reports and quarterly reviews for machines: read, keep remarks, sign."""

from datetime import date, datetime

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.access import require
from agencies.api.base import ApiView
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.services import audit
from reporting.queries.filings import Desk, copy_for
from reporting.rules.filings import FilingState
from reporting.services import periodic
from reporting.services.periodic import Matter, Order


class PeriodicInput(serializers.Serializer):
    version = serializers.IntegerField(required=False, min_value=1)
    remarks = serializers.CharField(
        max_length=2000, required=False, default="", allow_blank=True, trim_whitespace=True
    )


class PeriodicView(ApiView):
    """kind: monthly_report or quarterly_review; last: the last day; code: the school, or county."""

    duty = Duty.SEE_FILINGS

    def answer(self, kind: str, last: date, code: str) -> Response:
        desk, matter = periodic.find(self.scope, kind, last, code)
        return Response(shown(desk, matter, clock.now()))

    def order(self, request: Request) -> Order:
        require(self.scope, Duty.SIGN_FILING)
        data = PeriodicInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        return Order(given["remarks"], given.get("version"))


class Periodic(PeriodicView):
    """The report as it stands: prefilled from the data, or what was signed."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, kind: str, last: date, code: str) -> Response:
        desk, _matter = periodic.find(self.scope, kind, last, code)
        subject = f"obligation:{desk.obligation.public_id}"
        audit.record(self.scope, "periodic.read", subject, now=clock.now())
        return self.answer(kind, last, code)

    @extend_schema(request=PeriodicInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, kind: str, last: date, code: str) -> Response:
        """Keep remarks beside the figures until it is signed."""
        _desk, matter = periodic.find(self.scope, kind, last, code)
        order = self.order(request)

        def keep() -> Response:
            periodic.keep(self.scope, matter, order, clock.now())
            return self.answer(kind, last, code)

        return self.once(request, keep)


class PeriodicSign(PeriodicView):
    """Freeze the figures and meet the duty; signed twice gives the first answer again."""

    @extend_schema(request=PeriodicInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, kind: str, last: date, code: str) -> Response:
        _desk, matter = periodic.find(self.scope, kind, last, code)
        order = self.order(request)

        def sign() -> Response:
            periodic.sign(self.scope, matter, order, clock.now())
            return self.answer(kind, last, code)

        return self.once(request, sign)


def shown(desk: Desk, matter: Matter, now: datetime) -> dict[str, object]:
    frozen, owed, filing = desk.frozen, desk.obligation, desk.filing
    remarks = filing.remarks if filing else ""
    if frozen:
        paper, figures = copy_for(desk, frozen), frozen.figures
    else:
        paper, figures = periodic.draft(matter, remarks, now)
    return {
        "kind": matter.kind,
        "body": {"code": desk.body.code, "name": desk.body.name},
        "starts_on": matter.span.first.isoformat(),
        "ends_on": matter.span.last.isoformat(),
        "state": filing.state if filing else FilingState.DRAFT,
        "version": filing.version if filing else 1,
        "number": filing.number if filing else "",
        "remarks": remarks,
        "due_at": _instant(owed.due_at),
        "provisional": owed.provisional,
        "signed_at": _instant(filing.submitted_at) if filing else None,
        "late": owed.late,
        "figures": {key: number for key, number in figures.items() if key != "groups"},
        "groups": figures.get("groups"),  # None: signed before reports told them
        "tables": [{"title": one.title, "rows": len(one.rows)} for one in paper.tables],
        "digest": frozen.digest if frozen else None,
    }


def _instant(moment: datetime | None) -> str | None:
    return moment.astimezone(CHINA).isoformat() if moment else None
