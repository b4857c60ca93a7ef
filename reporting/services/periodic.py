"""Monthly reports of the schools and quarterly reviews of the county: raised, prefilled, signed.

Source: 教育部办公厅 2024-04 控辍保学常态化报告; lengths are policy values.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from agencies.errors import NotPermitted, NotVisible, Reason
from agencies.models import Agency, Obligation, Region
from agencies.queries.calendars import working_calendar
from agencies.queries.responsible import bureau
from agencies.rules import masking
from agencies.rules.deadlines import CHINA
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit
from agencies.services.obligations import Owed
from reporting.documents import period_paper
from reporting.documents.paper import Paper
from reporting.documents.term_paper import Head
from reporting.models import Filing
from reporting.queries import periodic
from reporting.queries.filings import (
    COUNTY,
    Desk,
    desk_of,
    period_key,
    signer,
    written,
    written_end,
)
from reporting.queries.period_groups import by_group
from reporting.rules.filings import FilingKind, FilingState, may_follow
from reporting.rules.periods import Period, ended, period
from reporting.services import filings
from reporting.services.filings import Signing
from reporting.services.term_report import CHINESE, signature
from students.models import Term
from students.services.owed import raise_each

KINDS = (FilingKind.MONTHLY, FilingKind.QUARTERLY)


def raise_due(now: datetime) -> int:
    """After each month and quarter that touches a term, its report is owed.

    What was missed while nothing ran is caught up, back to the last one that was raised. Safe to
    repeat. Returns how many came.
    """
    counties = Region.objects.filter(parent=None, ends_on__isnull=True)
    return sum(_raise(county.pk, kind, now) for county in counties for kind in KINDS)


@transaction.atomic
def _raise(county_id: int, kind: FilingKind, now: datetime) -> int:
    terms = Term.objects.filter(county=county_id)
    today = now.astimezone(CHINA).date()
    since = _since(county_id, kind, today)
    if since is None:
        return 0
    spans = [
        span
        for span in ended(kind, since, today)
        if any(span.touches(term.starts_on, term.ends_on) for term in terms)
    ]
    wanted = [one for span in spans for one in _owed(county_id, kind, span)]
    return raise_each(county_id, wanted, working_calendar(), now) if wanted else 0


def _since(county_id: int, kind: FilingKind, today: date) -> date | None:
    """The last period that was raised, which is looked at again; else the present term's opening.

    A county that begins with this product owes no reports of the years before.
    """
    raised = Obligation.objects.filter(county=county_id, kind=kind)
    if last := raised.aggregate(last=Max("starts_on"))["last"]:
        return last
    begun = Term.objects.filter(county=county_id, starts_on__lte=today)
    return begun.aggregate(opens=Max("starts_on"))["opens"]


def _owed(county_id: int, kind: FilingKind, span: Period) -> Iterable[Owed]:
    office = bureau(county_id, span.last)
    bodies: Iterable[Agency] = (office,)
    if kind is FilingKind.MONTHLY:
        schools = Agency.objects.on(span.last).schools().filter(county_id=county_id)
        bodies = schools.select_related("region").order_by("code")
    keys = [(body, f"{kind}:{span.last}:{body.code or body.pk}") for body in bodies]
    there = set(
        Obligation.objects.filter(
            county=county_id, key__in=[key for _body, key in keys]
        ).values_list("key", flat=True)
    )
    return [
        Owed(
            kind=ObligationKind(kind),
            key=key,
            subject=body.name,
            owed_by=body,
            owed_to=office,
            starts_on=span.last,
            region_path=body.region.path,
            href=href(kind, span.last, body),
        )
        for body, key in keys
        if key not in there
    ]


def href(kind: FilingKind, last: date, body: Agency) -> str:
    code = body.code if kind is FilingKind.MONTHLY else COUNTY
    return f"/periodic/{kind}/{last}/{code}/"


@dataclass(frozen=True)
class Matter:
    """One report: what is owed, and the days that it is about."""

    owed: Obligation
    kind: FilingKind
    span: Period

    @property
    def about(self) -> filings.About:
        return filings.About(self.kind, self.owed.owed_by, self.span.first, self.span.last)


def find(scope: Scope, kind: str, last: date, code: str) -> tuple[Desk, Matter]:
    """What is owed for the period that ends on this day, as far as this person may read it.

    code: of the school, or "county". Raises NotVisible.
    """
    span = period(FilingKind(kind), last) if kind in KINDS else None
    if span is None:
        raise NotVisible
    known = FilingKind(kind)
    desk = desk_of(scope, period_key(scope, known, last, code))
    return desk, Matter(desk.obligation, known, span)


def computed(matter: Matter, head: Head) -> tuple[Paper, dict[str, Any]]:
    """What the data say now, in the language of the documents; groups: the same by focus group."""
    body, span = matter.owed.owed_by, matter.span
    about = period_paper.About(body, span)
    with translation.override(CHINESE):
        if matter.kind is FilingKind.QUARTERLY:
            found = periodic.review(body.county_id, span)
            more = {"unreported": len(found.unreported), "reported_late": found.late}
            paper = period_paper.quarterly(about, found, head)
            return paper, {**found.totals, **more, "groups": found.groups}
        counts = periodic.figures(body.county_id, span, [body])[body.pk]
        groups = by_group(span, [body])
        facts = period_paper.Facts(counts, groups, periodic.moves(span, body))
        return period_paper.monthly(about, facts, head), {**counts, "groups": groups}


def draft(matter: Matter, remarks: str, now: datetime) -> tuple[Paper, dict[str, Any]]:
    head = Head(
        as_of=written(now),
        remarks=masking.free_text(remarks),
        due_at=written_end(matter.owed.due_at),
        demo=settings.DEMO,
    )
    return computed(matter, head)


@dataclass(frozen=True)
class Order:
    """What is added to the figures. version: the draft that was seen, None for whatever it is."""

    remarks: str = ""
    version: int | None = None


@transaction.atomic
def keep(scope: Scope, matter: Matter, order: Order, now: datetime) -> Filing:
    """Keep the remarks of a draft. Raises NotPossible once it is signed, Conflict when stale."""
    post = _post(scope, matter.owed)
    filing = filings.draft(matter.about)
    filings.check_open(filing, order.version)
    filing.remarks = masking.free_text(order.remarks.strip())
    filing.save(update_fields=["remarks"])
    filings.touch(filing)
    audit.record(scope, "periodic.keep", f"filing:{filing.public_id}", now=now, post=post)
    return filing


@transaction.atomic
def sign(scope: Scope, matter: Matter, order: Order, now: datetime) -> Filing:
    """Freeze the figures of today and meet the duty; signed twice gives the first answer again."""
    post = _post(scope, matter.owed)
    filing = filings.draft(matter.about)
    if not may_follow(filing.state, FilingState.SUBMITTED):
        return filing
    filing.remarks = masking.free_text(order.remarks.strip())
    with translation.override(CHINESE):
        head = Head(
            number=filings.number_for(filing, now),
            as_of=written(now),
            remarks=filing.remarks,
            due_at=written_end(matter.owed.due_at),
            signature=signature(scope, post, now),
            demo=settings.DEMO,
        )
    paper, counts = computed(matter, head)
    filings.sign(filing, paper, counts, Signing(post, now, order.version))
    audit.record(scope, "periodic.sign", f"filing:{filing.public_id}", now=now, post=post)
    return filing


def _post(scope: Scope, owed: Obligation) -> HeldPost:
    post = signer(scope, owed.owed_by)
    if post is None:
        text = _("Only the body that owes the report writes and signs it.")
        raise NotPermitted(Reason("duty", text))
    return post
