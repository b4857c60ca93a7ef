"""The term-start report of a school for machines: read, send, sign for it, the documents."""

from datetime import datetime

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.access import require
from agencies.api.base import ApiView
from agencies.models import Agency, Receipt
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.services import audit, receipts
from reporting import exports
from reporting.documents.paper import Paper
from reporting.queries import filings, term_report
from reporting.queries.filings import Desk
from reporting.rules.filings import FilingKind, FilingState
from reporting.services import term_report as services
from reporting.services.term_report import Order
from students.models import Term


class SendInput(serializers.Serializer):
    version = serializers.IntegerField(required=False, min_value=1)
    remarks = serializers.CharField(
        max_length=2000, required=False, default="", allow_blank=True, trim_whitespace=True
    )


class TermReportView(ApiView):
    """term: the public id of a term, or "current"."""

    duty = Duty.SEE_FILINGS

    def find(self, term: str, code: str) -> tuple[Term, Desk]:
        """Raises NotVisible (404) for everybody but school, bureau and recipients."""
        found = filings.term_for(self.scope, term)
        key = f"{FilingKind.TERM_REPORT}:{found.public_id}:{code}"
        return found, filings.desk_of(self.scope, key)

    def answer(self, term: Term, code: str) -> Response:
        _term, desk = self.find(str(term.public_id), code)
        return Response(shown(term, desk, clock.now()))


class TermReport(TermReportView):
    """The report as it stands: a draft from the data, or what was signed."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, term: str, code: str) -> Response:
        found, desk = self.find(term, code)
        audit.record(self.scope, "term_report.read", subject(desk), now=clock.now())
        return Response(shown(found, desk, clock.now()))


class SendTermReport(TermReportView):
    """Sign it and send it to the bureau and to every township whose children are in it."""

    @extend_schema(request=SendInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, term: str, code: str) -> Response:
        found, desk = self.find(term, code)
        require(self.scope, Duty.SIGN_FILING)
        data = SendInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        order = Order(given["remarks"], given.get("version"))

        def send() -> Response:
            services.send(self.scope, desk.obligation, found, order, clock.now())
            return self.answer(found, code)

        return self.once(request, send)


class ReceiveTermReport(TermReportView):
    """Sign for it in the name of the caller's body; the first time stands."""

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, term: str, code: str) -> Response:
        found, desk = self.find(term, code)

        def receive() -> Response:
            receipts.sign(self.scope, desk.obligation, clock.now())
            audit.record(self.scope, "term_report.receive", subject(desk), now=clock.now())
            return self.answer(found, code)

        return self.once(request, receive)


class TermReportPdf(TermReportView):
    """The signed report as a document; a township's copy names only its own children."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, term: str, code: str) -> HttpResponse:
        _found, desk = self.find(term, code)
        return exports.pdf_of(self.scope, desk, clock.now())


class TermReportWorkbook(TermReportView):
    """The same as a workbook."""

    @extend_schema(responses={(200, exports.XLSX): OpenApiTypes.BINARY})
    def get(self, request: Request, term: str, code: str) -> HttpResponse:
        _found, desk = self.find(term, code)
        return exports.workbook_of(self.scope, desk, clock.now())


def subject(desk: Desk) -> str:
    filing = desk.filing
    return f"filing:{filing.public_id}" if filing else f"obligation:{desk.obligation.public_id}"


def shown(term: Term, desk: Desk, now: datetime) -> dict[str, object]:
    """The report in the words of the contract."""
    frozen, owed, filing = desk.frozen, desk.obligation, desk.filing
    if frozen:
        paper, figures, signed = filings.copy_for(desk, frozen), frozen.figures, True
        recipients = [one.recipient for one in desk.receipts]
    else:
        found = services.facts(term, desk.body, now)
        signed, figures = found.census is not None, found.figures
        paper = services.draft_paper(found, owed, "", now)
        on = now.astimezone(CHINA).date()
        recipients = list(term_report.recipients(desk.body, found.places, on))
    return {
        "term": str(term.public_id),
        "school": {"code": desk.body.code, "name": desk.body.name},
        "state": filing.state if filing else FilingState.DRAFT,
        "version": filing.version if filing else 1,
        "number": filing.number if filing else "",
        "remarks": filing.remarks if filing else "",
        "due_at": _instant(owed.due_at),
        "provisional": owed.provisional,
        "sent_at": _instant(filing.submitted_at) if filing else None,
        "late": owed.late,
        "census_signed": signed,
        "figures": figures,
        "tables": _tables(paper),
        "digest": frozen.digest if frozen else None,
        "recipients": [_agency(one) for one in recipients],
        "receipts": [_receipt(one) for one in desk.receipts],
    }


def _tables(paper: Paper) -> list[dict[str, object]]:
    return [{"title": table.title, "rows": len(table.rows)} for table in paper.tables]


def _agency(agency: Agency) -> dict[str, str]:
    return {"id": str(agency.public_id), "name": agency.name, "kind": agency.kind}


def _receipt(one: Receipt) -> dict[str, object]:
    return {
        "recipient": _agency(one.recipient),
        "sent_at": _instant(one.sent_at),
        "received_at": _instant(one.received_at),
        "late": one.late,
    }


def _instant(moment: datetime | None) -> str | None:
    return moment.astimezone(CHINA).isoformat() if moment else None
