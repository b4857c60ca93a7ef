"""Filings: drafted, signed and frozen, confirmed or sent back, corrected by slips, never edited."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import Conflict, NotPossible, Reason, RuleBroken
from agencies.models import Agency
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau
from agencies.rules.deadlines import CHINA
from agencies.rules.notices import NoticeKind
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost
from agencies.services import notices, obligations, sequences
from agencies.services.notices import News
from agencies.services.obligations import Ground, Owed
from reporting.documents.paper import Paper, digest, to_json
from reporting.models import Filing, FrozenPaper, Slip
from reporting.rules.filings import FilingKind, FilingState, may_follow
from students.models import Term


@dataclass(frozen=True)
class About:
    """Which filing: of a body, for a term or for the days from one to another, both included."""

    kind: FilingKind
    agency: Agency
    starts_on: date
    ends_on: date
    term: Term | None = None


@dataclass(frozen=True)
class Signing:
    """Who signs, when, and the version of the draft that was seen (None: whatever it is)."""

    by: HeldPost
    now: datetime
    version: int | None = None


def key_of(filing: Filing) -> str:
    """The key of the obligation that the filing answers."""
    if filing.term is not None:
        return f"{filing.kind}:{filing.term.public_id}:{filing.agency.code}"
    return f"{filing.kind}:{filing.ends_on}:{filing.agency.code or filing.agency.pk}"


def href_of(filing: Filing) -> str:
    return f"/filings/{filing.public_id}/"


@transaction.atomic
def draft(about: About) -> Filing:
    """The filing, locked; made with the first word that is written into it.

    That of a term stays the one of the term when the term is moved.
    """
    which = {"term": about.term} if about.term else {"starts_on": about.starts_on}
    filing, _new = Filing.objects.get_or_create(
        kind=about.kind,
        agency=about.agency,
        **which,
        defaults={
            "county_id": about.agency.county_id,
            "starts_on": about.starts_on,
            "ends_on": about.ends_on,
            "term": about.term,
        },
    )
    return locked(filing)


def locked(filing: Filing) -> Filing:
    rows = Filing.objects.select_for_update(of=("self",)).select_related("agency__region", "term")
    return rows.get(pk=filing.pk)


def check_open(filing: Filing, version: int | None = None) -> None:
    """Raises NotPossible once it is signed, Conflict when somebody changed it meanwhile."""
    if not may_follow(filing.state, FilingState.SUBMITTED):
        text = _("It is signed already: write a correction slip instead.")
        raise NotPossible(Reason("signed", text))
    if version is not None and version != filing.version:
        text = _("Somebody else changed this report meanwhile.")
        raise Conflict(Reason("version", text, "/version"), current={"version": filing.version})


def touch(filing: Filing) -> None:
    """Something in the draft changed: whoever saw the old one is told."""
    filing.version += 1
    filing.save(update_fields=["version"])


@transaction.atomic
def sign(filing: Filing, paper: Paper, figures: Mapping[str, object], how: Signing) -> FrozenPaper:
    """Freeze what is signed, with the names behind the figures, and meet the obligation.

    The caller holds the lock (draft, locked) and has checked that nothing is missing. The first
    signature fixes lateness; a filing that was sent back meets the duty to correct it.
    """
    check_open(filing, how.version)
    again = filing.papers.count()
    frozen = FrozenPaper.objects.create(
        filing=filing,
        round=again + 1,
        paper=to_json(paper),
        figures=figures,
        digest=digest(paper),
        signed_by_id=how.by.id,
        signed_at=how.now,
    )
    filing.state, filing.submitted_at, filing.submitted_by_id = (
        FilingState.SUBMITTED,
        how.now,
        how.by.id,
    )
    filing.number, filing.version = paper.number, filing.version + 1
    filing.save()
    keys = [key_of(filing), *(_again_key(filing, n) for n in range(1, again + 1))]
    obligations.fulfil_keys(filing.county_id, keys, how.now)
    return frozen


def number_for(filing: Filing, now: datetime) -> str:
    """〔2026〕12号, the first time; a filing that is signed again keeps its number."""
    if filing.number:
        return filing.number
    year = now.astimezone(CHINA).year
    serial = sequences.next_number(filing.county_id, filing.kind, year)
    return f"〔{year}〕{serial}号"


@transaction.atomic
def decide(filing: Filing, reason: str, how: Signing, *, confirmed: bool) -> Filing:
    """Confirm it, or send it back with a reason: then a correction is owed by its own date.

    Raises NotPossible when it waits for no decision, RuleBroken without a reason to send back.
    """
    filing = locked(filing)
    after = FilingState.CONFIRMED if confirmed else FilingState.SENT_BACK
    if not may_follow(filing.state, after):
        text = _("Not possible while the report is: %(state)s.")
        state = FilingState(filing.state).label
        raise NotPossible(Reason("state", text % {"state": state}))
    if not confirmed and not reason.strip():
        raise RuleBroken(Reason("reason", _("A reason in writing is missing."), "/reason"))
    filing.state, filing.decision = after, reason.strip()
    filing.decided_at, filing.decided_by_id = how.now, how.by.id
    filing.version += 1
    filing.save()
    if not confirmed:
        _owe_correction(filing, how.now)
    kind = NoticeKind.PAPER_CONFIRMED if confirmed else NoticeKind.PAPER_BACK
    dedupe = f"{kind}:{filing.pk}:{filing.version}"
    news = News(
        filing.county_id,
        kind,
        dedupe,
        href_of(filing),
        agency_id=filing.agency_id,
        params={"what": filing.kind},
    )
    notices.tell([news], how.now)
    return filing


def _again_key(filing: Filing, nth: int) -> str:
    return f"again:{key_of(filing)}:{nth}"[:80]


def _owe_correction(filing: Filing, now: datetime) -> None:
    on = now.astimezone(CHINA).date()
    owed = Owed(
        kind=ObligationKind.CENSUS_AGAIN,
        key=_again_key(filing, filing.papers.count()),
        subject=filing.agency.name,
        owed_by=filing.agency,
        owed_to=bureau(filing.county_id, on),
        starts_on=on,
        region_path=filing.agency.region.path,
        href=href_of(filing),
    )
    ground = Ground(in_force(filing.county_id, on), working_calendar(), now)
    obligations.raise_all(filing.county_id, [owed], ground)


@transaction.atomic
def add_slip(filing: Filing, text: str, how: Signing) -> Slip:
    """A numbered correction slip to a filing that is signed. Raises NotPossible before that."""
    filing = locked(filing)
    if not filing.papers.exists():
        raise NotPossible(Reason("unsigned", _("Nothing is signed yet: correct the draft itself.")))
    if not text.strip():
        raise RuleBroken(Reason("text", _("Say what is corrected."), "/text"))
    return Slip.objects.create(
        filing=filing,
        number=filing.slips.count() + 1,
        text=text.strip(),
        by_id=how.by.id,
        at=how.now,
    )
