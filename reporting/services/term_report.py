"""Sending the term-start report: signed once, frozen, to bureau and townships (S1-53)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from agencies.errors import NotPermitted, NotPossible, Reason
from agencies.models import Agency, Obligation
from agencies.rules import masking
from agencies.rules.deadlines import CHINA
from agencies.rules.notices import NoticeKind
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit, notices, receipts
from agencies.services.notices import News
from reporting.documents import term_paper
from reporting.documents.paper import Paper, Signature
from reporting.documents.term_paper import Head
from reporting.models import Filing
from reporting.queries import term_report
from reporting.queries.filings import signer, written, written_end
from reporting.queries.term_report import Report
from reporting.rules.filings import FilingKind, FilingState, may_follow
from reporting.services import filings
from reporting.services.filings import About, Signing
from students.models import Term

CHINESE = "zh-hans"


@dataclass(frozen=True)
class Order:
    """What the signer adds. version: the draft that was seen, None for whatever it is."""

    remarks: str = ""
    version: int | None = None


@transaction.atomic
def send(scope: Scope, owed: Obligation, term: Term, order: Order, now: datetime) -> Filing:
    """Sign the report of a school and send it to all who have to have it.

    Sent twice gives the first answer again. Raises NotPermitted when the person does not sign for
    the school, NotPossible while the full check that it reports is not signed.
    """
    school = owed.owed_by
    post = signer(scope, school)
    if post is None:
        text = _("Only the school itself signs its report.")
        raise NotPermitted(Reason("duty", text))
    kind = FilingKind.TERM_REPORT
    filing = filings.draft(About(kind, school, term.starts_on, term.ends_on, term))
    if not may_follow(filing.state, FilingState.SUBMITTED):
        return filing
    found = facts(term, school, now)
    require_census(found)
    filing.remarks = masking.free_text(order.remarks.strip())
    with translation.override(CHINESE):
        head = Head(
            number=filings.number_for(filing, now),
            as_of=written(now),
            remarks=filing.remarks,
            due_at=written_end(owed.due_at),
            signature=signature(scope, post, now),
            demo=settings.DEMO,
        )
        paper = term_paper.paper(found, head)
    frozen = filings.sign(filing, paper, found.figures, Signing(post, now, order.version))
    today = now.astimezone(CHINA).date()
    agencies = list(term_report.recipients(school, found.places, today))
    receipts.send(owed, agencies, now)
    if frozen.round > 1:
        _tell_again(owed, agencies, frozen.round, now)
    subject = f"filing:{filing.public_id}"
    detail = {"recipients": len(agencies), "round": frozen.round}
    audit.record(scope, "term_report.send", subject, now=now, post=post, **detail)
    return filing


def require_census(found: Report) -> None:
    """The report tells the results of the full check (S1-53), so the check comes first."""
    if found.census is None:
        text = _("The full check that the report tells of is not signed yet: %(href)s")
        href = census_href(found)
        raise NotPossible(Reason("census", text % {"href": href}, "/census"))


def census_href(found: Report) -> str:
    return f"/terms/{found.term.public_id}/census/{found.school.code}/"


def signature(scope: Scope, post: HeldPost, now: datetime) -> Signature:
    return Signature(post.agency_name, scope.name, str(post.position.label), written(now))


def draft_paper(found: Report, owed: Obligation, remarks: str, now: datetime) -> Paper:
    """What would be signed now, in the language of the documents."""
    head = Head(
        as_of=written(now),
        remarks=masking.free_text(remarks),
        due_at=written_end(owed.due_at),
        demo=settings.DEMO,
    )
    with translation.override(CHINESE):
        return term_paper.paper(found, head)


def facts(term: Term, school: Agency, now: datetime) -> Report:
    """The facts in the language of the documents."""
    with translation.override(CHINESE):
        return term_report.report(term, school, now.astimezone(CHINA).date())


def _tell_again(owed: Obligation, agencies: list[Agency], again: int, now: datetime) -> None:
    """A corrected report comes to those who have signed for the first one: they are told."""
    notices.tell(
        (
            News(
                owed.county_id,
                NoticeKind.PAPER_ARRIVED,
                f"arrived:{owed.pk}:{agency.pk}:{again}",
                owed.href,
                owed.pk,
                agency_id=agency.pk,
            )
            for agency in agencies
        ),
        now,
    )
