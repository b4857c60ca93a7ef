"""The papers of a case as lists show them: without their bytes and without what they say."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Value
from django.db.models.functions import JSONObject

from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from cases.models import Case, CasePaper, PaperService
from cases.rules.papers import CATALOGUE, LADDER_KINDS, PaperKind
from cases.rules.service import Method


@dataclass(frozen=True)
class PaperRow:
    """One paper. served_on: None while no service counts; receipt: its signed receipt is there."""

    id: UUID
    kind: PaperKind
    number: str
    title: str
    addressee: str
    issued_on: date
    issued_by: str
    agency: str
    pdf: UUID
    word: UUID | None
    episode: int
    served_on: date | None
    served_how: str
    receipt: bool

    @property
    def to_be_served(self) -> bool:
        return CATALOGUE[self.kind].to_guardian and self.served_on is None


def papers_of(case: Case) -> list[PaperRow]:
    """Newest first, in one query."""
    services = PaperService.objects.valid().filter(paper=OuterRef("pk")).order_by("pk")
    said = JSONObject(on="served_on", method="method", receipt="receipt")
    rows = CasePaper.objects.filter(case=case).annotate(
        served=ArraySubquery(services.values(said=said))
    )
    rows = rows.select_related("issued_by__user", "agency", "pdf", "word")
    rows = rows.defer("facts", "pdf__content", "word__content").order_by("-issued_at", "-pk")
    return [_row(row, row.served[-1] if row.served else None) for row in rows]


def _row(row: CasePaper, served: dict[str, Any] | None) -> PaperRow:
    return PaperRow(
        id=row.public_id,
        kind=PaperKind(row.kind),
        number=row.number,
        title=row.title,
        addressee=row.addressee,
        issued_on=row.issued_on,
        issued_by=row.issued_by.user.name,
        agency=row.agency.name,
        pdf=row.pdf.public_id,
        word=row.word.public_id if row.word else None,
        episode=row.episode,
        served_on=date.fromisoformat(served["on"]) if served else None,
        served_how=str(Method(served["method"]).label) if served else "",
        receipt=bool(served and served["receipt"]),
    )


def paper_lines(case: Case) -> QuerySet[CasePaper, tuple[object, ...]]:
    """Papers for the timeline: kind, at, title, number, addressee, nothing, who issued it."""
    return CasePaper.objects.filter(case=case).values_list(
        Value("paper"), "issued_at", "title", "number", "addressee", Value(""),
        "issued_by__user__name", "pk",
    )  # fmt: skip


def issuing_post(scope: Scope, kind: PaperKind) -> HeldPost | None:
    """The post in whose name the person issues such a paper."""
    able = (post for post in scope.posts if Duty.ISSUE_PAPER in post.duties)
    return next((post for post in able if post.position in CATALOGUE[kind].positions), None)


def kinds_for(scope: Scope) -> list[PaperKind]:
    """What the person may issue beside the legal ladder, in the order of the catalogue."""
    return [kind for kind in PaperKind if kind not in LADDER_KINDS and issuing_post(scope, kind)]
