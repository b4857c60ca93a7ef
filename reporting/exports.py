"""A signed filing as PDF and as workbook: from the frozen facts, as this reader may have them."""

from datetime import datetime

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from agencies.errors import NotPossible, NotVisible, Reason
from agencies.rules.scope import Scope
from agencies.services import audit
from reporting.documents.pdf import pdf
from reporting.documents.workbook import workbook
from reporting.models import Filing, FrozenPaper
from reporting.queries import filings
from reporting.queries.filings import Desk

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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
