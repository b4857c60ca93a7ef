"""A signed filing as PDF and as workbook: from the frozen facts, as this reader may have them."""

import io
from datetime import datetime

import xlsxwriter
from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from agencies.documents import letters
from agencies.errors import NotPossible, NotVisible, Reason
from agencies.rules import masking
from agencies.rules.scope import Scope
from agencies.services import audit
from reporting.documents.pdf import pdf
from reporting.documents.workbook import workbook
from reporting.models import ConsistencyFinding, Filing, FrozenPaper
from reporting.queries import filings
from reporting.queries.filings import Desk
from reporting.queries.records import Wanted, findings
from reporting.rules.records import EVIDENCE, Evidence

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A text that begins like a formula or an address stays a text.
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LONGEST = 6  # digits of the number of a round


def pdf_of(scope: Scope, desk: Desk, now: datetime, asked: str = "") -> HttpResponse:
    """asked: the round, "" for the last one."""
    frozen = of_round(desk, asked)
    _record(scope, frozen, "pdf", now)
    return _file(pdf(filings.copy_for(desk, frozen)), PDF, name(frozen.filing, "pdf"))


def workbook_of(scope: Scope, desk: Desk, now: datetime, asked: str = "") -> HttpResponse:
    frozen = of_round(desk, asked)
    _record(scope, frozen, "xlsx", now)
    return _file(workbook(filings.copy_for(desk, frozen)), XLSX, name(frozen.filing, "xlsx"))


def of_round(desk: Desk, asked: str) -> FrozenPaper:
    """What was signed in a round, or last.

    Raises NotPossible while nothing is signed, NotVisible for a round that is none.
    """
    last = desk.frozen
    if last is None:
        raise NotPossible(Reason("unsigned", _("Nothing is signed yet.")))
    if not asked:
        return last
    if not (asked.isascii() and asked.isdigit() and len(asked) <= LONGEST):
        raise NotVisible
    rounds = FrozenPaper.objects.select_related("filing__agency").filter(filing=last.filing_id)
    found = rounds.filter(round=int(asked)).first()
    if found is None:
        raise NotVisible
    return found


def name(filing: Filing, ending: str) -> str:
    """census-3133000001-2026-09-01.pdf: kind, body and period; nothing of a child."""
    body = filing.agency.code or filing.agency.public_id.hex[-8:]
    return f"{filing.kind}-{body}-{filing.starts_on}.{ending}"


def _record(scope: Scope, frozen: FrozenPaper, what: str, now: datetime) -> None:
    subject = f"filing:{frozen.filing.public_id}"
    audit.record(scope, "filing.download", subject, now=now, what=what, round=frozen.round)


def _file(content: bytes, kind: str, called: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{called}"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


RECORDS_HEAD = ("姓名", "问题", "依据", "责任单位", "发现日期", "处理日期", "处理结果", "说明")


def records_file(scope: Scope, wanted: Wanted, now: datetime) -> HttpResponse:
    """The findings of a person as a workbook: every text stays a text, no number of a child."""
    content, count = io.BytesIO(), 0
    with xlsxwriter.Workbook(content, PLAIN) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, RECORDS_HEAD)
        for count, row in enumerate(findings(scope, wanted).iterator(chunk_size=1000), 1):
            for column, text in enumerate(_record_line(row)):
                sheet.write_string(count, column, letters.clean(text))
    audit.record(scope, "record.export", "records", now=now, rows=count)
    return _file(content.getvalue(), XLSX, f"records-{scope.on}.xlsx")


def _record_line(row: ConsistencyFinding) -> tuple[str, ...]:
    with translation.override(settings.LANGUAGE_CODE):
        return (
            row.student.name,
            row.get_kind_display(),
            str(EVIDENCE[Evidence(row.evidence)]),
            row.agency.name,
            row.found_on.isoformat(),
            row.closed_on.isoformat() if row.closed_on else "",
            row.get_closing_display(),
            masking.free_text(row.explanation),
        )
