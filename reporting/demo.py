"""The term's start in the demonstration: signed everywhere but at the school that one plays."""

from datetime import datetime, time, timedelta

from agencies.demo import County, acting
from agencies.errors import RuleBroken
from agencies.models import Agency, Obligation
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import AgencyKind, Position
from agencies.rules.scope import Scope
from agencies.services import obligations, receipts
from reporting.queries import census, census_sheet
from reporting.queries import rates as rates_queries
from reporting.rules.accountability import NewTarget
from reporting.rules.entered import Entered
from reporting.rules.expected import Given
from reporting.rules.filings import FilingKind
from reporting.rules.whereabouts import Whereabouts
from reporting.services import alerts, periodic, rates, term_report
from reporting.services import census as checks
from reporting.services.census import Answer, Decision, Sent, Signed
from reporting.services.term_report import Order
from students.models import Term
from students.rules.identity import school_year_of

CHECKED, CONFIRMED, REPORTED = timedelta(days=3), timedelta(days=6), timedelta(days=8)
SIGNED_BY_BUREAU, SIGNED_BY_TOWNSHIP = timedelta(hours=2), timedelta(days=4)
AFTERNOON = time(15)
# Years back, children of the junior stage out of school at its end, pupils at its start.
LOST_BEFORE = ((4, 9, 1461), (3, 7, 1438), (2, 6, 1402))


def start_of_term(county: County, term: Term, now: datetime) -> int:
    """All schools but the first have answered, as far as the moment allows. Returns how many."""
    done = 0
    for school, _of in county.schools[1:]:
        done += _check(county, term, school, now)
        _report(county, term, school, now)
    return done


def months(county: County, now: datetime) -> int:
    """The reports of the months gone by have come in, but for the first school's."""
    periodic.raise_due(now)
    late = county.schools[0][0].pk
    owed = Obligation.objects.open().filter(
        county=county.region,
        kind__in=(FilingKind.MONTHLY, FilingKind.QUARTERLY),
        due_at__lt=now,
    )
    rows = owed.exclude(owed_by=late).values_list("pk", "due_at")
    return obligations.fulfil_at({pk: due_at - timedelta(days=1) for pk, due_at in rows})


def rates_before(county: County, now: datetime) -> int:
    """The years before the rosters, from the yearly statistics; a target; tonight's alerts."""
    staff = _as(county, county.bureau, Position.BUREAU_STAFF, now)
    this_year = school_year_of(staff.on)
    whole = rates_queries.units(county.region.pk, staff.on)[0]
    for back, lost, pupils in LOST_BEFORE:
        year = this_year - back
        entered = Entered("ledger", "junior", year, f"{year}学年教育事业统计报表", lost, pupils)
        rates.enter(staff, whole, entered, now)
    target = NewTarget("ledger", "junior", this_year, "0.5", f"文教〔{this_year}〕18号")
    rates.set_target(staff, whole, target, now)
    return alerts.sweep_county(county.region.pk, now)


def _at(term: Term, after: timedelta) -> datetime:
    return datetime.combine(term.starts_on + after, AFTERNOON, CHINA)


def _as(county: County, agency: Agency, position: Position, moment: datetime) -> Scope:
    return acting(county.post(agency, position), moment.astimezone(CHINA).date())


def _check(county: County, term: Term, school: Agency, now: datetime) -> bool:
    """Answered where a child is missing, signed by the head, confirmed by the bureau."""
    moment = _at(term, CHECKED)
    if moment > now:
        return False
    leader = _as(county, school, Position.SCHOOL_LEADER, moment)
    missing = [
        child
        for child in census_sheet.live(census.frame(term, leader.on), school, None).children
        if child.is_unanswered
    ]
    given = Given(Whereabouts.ON_LEAVE, "家长来电请假", "班主任", leader.on)
    answers = tuple(Answer(str(child.student), given) for child in missing)
    if answers:
        checks.answer(leader, term, school, Sent(answers), moment)
    try:
        checks.submit(leader, term, school, Signed(), moment)
    except RuleBroken:  # a story of the demonstration left a change without a word
        return False
    decided = _at(term, CONFIRMED)
    if decided <= now:
        staff = _as(county, county.bureau, Position.BUREAU_STAFF, decided)
        checks.decide(staff, term, school, Decision(confirmed=True), decided)
    return True


def _report(county: County, term: Term, school: Agency, now: datetime) -> None:
    """Sent by the head; the bureau signs for it the same day, the townships days later."""
    moment = _at(term, REPORTED)
    if moment > now or census_sheet.filing_of(term, school) is None:
        return
    leader = _as(county, school, Position.SCHOOL_LEADER, moment)
    owed = receipts.obligation_with(f"term_report:{term.public_id}:{school.code}", county.region.pk)
    term_report.send(leader, owed, term, Order(), moment)
    for receipt in owed.receipts.select_related("recipient__region"):
        to_bureau = receipt.recipient.kind == AgencyKind.BUREAU
        signed = moment + (SIGNED_BY_BUREAU if to_bureau else SIGNED_BY_TOWNSHIP)
        if signed <= now:
            position = Position.BUREAU_STAFF if to_bureau else Position.TOWNSHIP_CADRE
            receipts.sign(_as(county, receipt.recipient, position, signed), owed, signed)
