"""Which filings a person may read, and how much of each: the door to every report."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from uuid import UUID

from agencies.access import require
from agencies.errors import NotVisible
from agencies.models import Agency, Obligation, Receipt
from agencies.rules.calendar import DAY
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from reporting.documents import term_paper
from reporting.documents.paper import Paper, Recipient, from_json
from reporting.models import Filing, FrozenPaper
from reporting.rules.filings import FilingKind
from students.models import Term
from students.queries.calendars import latest_term

CURRENT = "current"
COUNTY = "county"  # in addresses: the bureau, whose reports are the county's


@dataclass(frozen=True)
class Desk:
    """What lies on the desk of one duty to report: who owes it, the filing, who received it.

    full: this person may read every name. codes: else those of the townships with these codes.
    """

    obligation: Obligation
    filing: Filing | None
    receipts: Sequence[Receipt] = ()
    full: bool = False
    codes: frozenset[str] = field(default_factory=frozenset)

    @property
    def body(self) -> Agency:
        return self.obligation.owed_by

    @property
    def frozen(self) -> FrozenPaper | None:
        """What was signed last."""
        if self.filing is None:
            return None
        return (
            self.filing.papers.select_related("signed_by", "filing__agency")
            .order_by("-round")
            .first()
        )


def term_for(scope: Scope, key: UUID | str) -> Term:
    """A term of the county by its public id, or the present one. Raises NotVisible."""
    if key == CURRENT:
        found = latest_term(scope.county_id, scope.on)
    else:
        try:
            wanted = UUID(str(key))
        except ValueError as error:
            raise NotVisible from error
        found = Term.objects.filter(county_id=scope.county_id, public_id=wanted).first()
    if found is None:
        raise NotVisible
    return found


def readers(scope: Scope) -> frozenset[int]:
    """The bodies in whose name this person reads reports."""
    return frozenset(post.agency_id for post in scope.posts if Duty.SEE_FILINGS in post.duties)


def signer(scope: Scope, body: Agency) -> HeldPost | None:
    """The post in which the person signs reports of this body."""
    return next(
        (
            post
            for post in scope.posts
            if post.agency_id == body.pk and Duty.SIGN_FILING in post.duties
        ),
        None,
    )


def desk_of(scope: Scope, key: str) -> Desk:
    """The duty with this key, as far as this person may read it.

    The body that owes it and the bureau read all of it; a recipient reads what was sent to it,
    from the moment of sending. Raises NotVisible for everybody else.
    """
    require(scope, Duty.SEE_FILINGS)
    rows = Obligation.objects.select_related("owed_by__region", "owed_to")
    owed = rows.filter(county_id=scope.county_id, key=key).first()
    if owed is None:
        raise NotVisible
    kind = FilingKind(owed.kind)
    found = Filing.objects.filter(kind=kind, agency=owed.owed_by).select_related("term", "agency")
    receipts = list(owed.receipts.select_related("recipient__region").order_by("pk"))
    filing = next((one for one in found.filter(**_period(owed))), None)
    return _seen(scope, Desk(owed, filing, receipts))


def period_key(scope: Scope, kind: FilingKind, last: date, code: str) -> str:
    """The key of a monthly report by the code of its school, or of the county's review."""
    if (kind is FilingKind.QUARTERLY) != (code == COUNTY):
        raise NotVisible
    if code != COUNTY:
        return f"{kind}:{last}:{code}"
    rows = Obligation.objects.filter(county_id=scope.county_id, kind=kind, starts_on=last)
    found = rows.values_list("key", flat=True).first()
    if found is None:
        raise NotVisible
    return found


def _period(owed: Obligation) -> dict[str, object]:
    """Of a term by the term, else by the last day: both stand in the key."""
    middle = owed.key.split(":")[1]
    if owed.kind in (FilingKind.CENSUS, FilingKind.TERM_REPORT):
        return {"term__public_id": middle}
    return {"ends_on": middle}


def _seen(scope: Scope, desk: Desk) -> Desk:
    mine = readers(scope)
    if scope.everything or desk.body.pk in mine:
        return replace(desk, full=True)
    codes = {one.recipient.region.code for one in desk.receipts if one.recipient_id in mine}
    if not codes:
        raise NotVisible
    return replace(desk, codes=frozenset(codes))


def copy_for(desk: Desk, frozen: FrozenPaper) -> Paper:
    """The signed paper as this reader has it, with the receipts of today."""
    whole = replace(from_json(frozen.paper), recipients=_received(desk.receipts))
    return whole if desk.full else term_paper.for_townships(whole, desk.codes)


def _received(receipts: Sequence[Receipt]) -> tuple[Recipient, ...]:
    return tuple(
        Recipient(
            name=one.recipient.name,
            role="",
            received_at=written(one.received_at),
            late=bool(one.late),
        )
        for one in receipts
    )


def written(moment: datetime | date | None) -> str:
    """A moment as papers write it, in China time; "" for none."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return moment.isoformat()


def written_end(moment: datetime) -> str:
    """The last moment of a period: midnight is 24:00 of the day that it ends."""
    local = moment.astimezone(CHINA)
    return f"{local.date() - DAY} 24:00" if local.time() == time.min else written(moment)


def one(scope: Scope, filing_id: UUID) -> Filing:
    """A filing by its public id; who may read it is decided by desk_of. Raises NotVisible."""
    require(scope, Duty.SEE_FILINGS)
    rows = Filing.objects.select_related("agency__region", "term")
    found = rows.filter(public_id=filing_id, county_id=scope.county_id).first()
    if found is None:
        raise NotVisible
    return found
