"""Terms and closed days. Opening a term raises what each school owes at its start."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.errors import NotPossible, Reason, RuleBroken
from agencies.models import Agency, Obligation, Region
from agencies.models.obligation import ObligationQuerySet
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau
from agencies.rules.deadlines import CHINA
from agencies.rules.obligations import ObligationKind
from agencies.services import obligations, recompute
from agencies.services.obligations import Ground, Owed
from students.models import ClosedDay, Roll, RollMark, Term
from students.rules.identity import lies_in_its_year
from students.rules.marks import Mark
from students.services import absence

# What a school owes at the start of a term, and the page on which it answers.
TERM_START = (
    (ObligationKind.CENSUS, "census"),
    (ObligationKind.TERM_REPORT, "report"),
)


@dataclass(frozen=True)
class TermDates:
    """School year and season, the opening day and the last school day, both included."""

    school_year: int
    season: str
    starts_on: date
    ends_on: date


@transaction.atomic
def open_term(county: Region, dates: TermDates, now: datetime) -> Term:
    """Open a term; each school owes the first roll, the full check and the report (S1-51/53/57).

    The periods run from the opening day, which is not counted (rule 3). Raises RuleBroken when
    the term overlaps another, ends before it begins, or was opened already.
    """
    if Term.objects.filter(
        county=county, school_year=dates.school_year, season=dates.season
    ).exists():
        text = _("This term of the school year is open already.")
        raise RuleBroken(Reason("once", text, "/season"))
    _check(county, dates)
    term = Term.objects.create(county=county, **vars(dates))
    _raise_term_start(term, now)
    return term


@dataclass(frozen=True)
class Moved:
    """moved: deadlines of other bodies that are counted anew; fallen: rolls not owed any more."""

    moved: int = 0
    fallen: int = 0


@transaction.atomic
def move_term(term: Term, starts_on: date, ends_on: date, now: datetime) -> Moved:
    """Other dates for a term. What is still open is counted from the new opening day and told.

    What was handed in stays as it is, with the lateness that it had (rule 4): a full check that
    is signed does not hinder the move. Raises RuleBroken like open_term and when a roll lies
    outside the new dates, NotPossible when the term is over.
    """
    term = Term.objects.select_for_update(of=("self",)).get(pk=term.pk)
    if term.ends_on < now.astimezone(CHINA).date():
        raise NotPossible(Reason("over", _("This term is over: its dates stay.")))
    _check(term.county, TermDates(term.school_year, term.season, starts_on, ends_on), besides=term)
    outside = Q(day__lt=starts_on) | Q(day__gt=ends_on)
    rolls = Roll.objects.filter(county=term.county, day__range=(term.starts_on, term.ends_on))
    if rolls.filter(outside).exists():
        text = _("Rolls have been called on days that would lie outside the term.")
        raise RuleBroken(Reason("rolls", text, "/starts_on"))
    before = (term.starts_on, term.ends_on)
    term.starts_on, term.ends_on = starts_on, ends_on
    term.save(update_fields=["starts_on", "ends_on"])
    fallen = _let_rolls_fall(term, before, now)
    if starts_on == before[0]:
        return Moved(fallen=fallen)
    moved = recompute.move(open_term_start(term).select_for_update(of=("self",)), now, starts_on)
    _raise_term_start(term, now)
    return Moved(moved, fallen)


def term_start(term: Term) -> ObligationQuerySet:
    """The full checks and reports of all schools for a term."""
    ours = Q()
    for kind, _page in TERM_START:
        ours |= Q(kind=kind, key__startswith=f"{kind}:{term.public_id}:")
    return Obligation.objects.filter(ours, county=term.county_id).order_by("pk")


def open_term_start(term: Term) -> ObligationQuerySet:
    return term_start(term).open()


def _let_rolls_fall(term: Term, before: tuple[date, date], now: datetime) -> int:
    """Rolls that are open and lie outside the new dates are not owed any more.

    Their keys are given up: should the term move back, they are owed again.
    """
    rows = Obligation.objects.open().filter(
        Q(starts_on__lt=term.starts_on) | Q(starts_on__gt=term.ends_on),
        county=term.county,
        kind=ObligationKind.ROLL,
        starts_on__range=before,
    )
    keys = Concat("key", Value(":moved:"), Cast("pk", CharField()))
    return rows.update(waived_at=now, waived_because=gettext_noop("the term was moved"), key=keys)


def _check(county: Region, dates: TermDates, besides: Term | None = None) -> None:
    if dates.ends_on < dates.starts_on:
        raise RuleBroken(Reason("order", _("The last day lies before the first."), "/ends_on"))
    others = Term.objects.filter(
        county=county, starts_on__lte=dates.ends_on, ends_on__gte=dates.starts_on
    )
    if besides:
        others = others.exclude(pk=besides.pk)
    if others.exists():
        raise RuleBroken(Reason("overlap", _("The term overlaps another."), "/starts_on"))
    if not lies_in_its_year(dates.school_year, dates.season, dates.starts_on):
        text = _("This opening day does not belong to that term of the school year.")
        raise RuleBroken(Reason("year", text, "/school_year"))


def _raise_term_start(term: Term, now: datetime) -> None:
    """Twice is harmless: what is raised already stays as it is."""
    ground = Ground(in_force(term.county_id, term.starts_on), working_calendar(), now)
    first_roll = ground.calendar.next_working_day(term.starts_on)
    obligations.raise_many(term.county_id, _term_start(term, first_roll), ground)


def _term_start(term: Term, first_roll: date) -> list[Owed]:
    """What each school that exists on the opening day owes from that day on.

    first_roll: the opening day, or the first working day after it.
    """
    there = Agency.objects.on(term.starts_on).schools().filter(county=term.county_id)
    # Few regions, many schools: each region is made once.
    schools = list(there.only("name", "code", "region").prefetch_related("region").order_by("code"))
    office = bureau(term.county_id, term.starts_on)
    found = [
        Owed(
            kind=kind,
            key=f"{kind}:{term.public_id}:{school.code}",
            subject=school.name,
            owed_by=school,
            owed_to=office,
            starts_on=term.starts_on,
            region_path=school.region.path,
            href=f"/terms/{term.public_id}/{page}/{school.code}/",
        )
        for school in schools
        for kind, page in TERM_START
    ]
    return found + [roll_of(school, office, first_roll) for school in schools]


def roll_of(school: Agency, office: Agency, day: date) -> Owed:
    """The rolls of one school on one school day (S1-57)."""
    return Owed(
        kind=ObligationKind.ROLL,
        key=f"roll:{school.code}:{day}",
        subject=school.name,
        owed_by=school,
        owed_to=office,
        starts_on=day,
        region_path=school.region.path,
        href="/rolls/",
    )


@transaction.atomic
def close_day(
    county: Region, day: date, reason: str, now: datetime, school: Agency | None = None
) -> ClosedDay:
    """A school, or every school of the county, is closed on a day: its runs are recomputed.

    The rolls of the day that are still open are not owed any more, for the same reason.
    """
    if not reason.strip():
        raise RuleBroken(Reason("reason", _("A reason in writing is missing."), "/reason"))
    closed, _new = ClosedDay.objects.get_or_create(
        county=county, school=school, day=day, defaults={"reason": reason}
    )
    rolls = Obligation.objects.open().filter(county=county, kind=ObligationKind.ROLL, starts_on=day)
    if school:
        rolls = rolls.filter(owed_by=school)
    obligations.waive(rolls.values_list("pk", flat=True), reason, now)
    term = Term.objects.filter(county=county, starts_on__lte=day, ends_on__gte=day).first()
    if term:
        marks = RollMark.objects.filter(
            county=county, mark=Mark.UNEXCUSED, day__range=(term.starts_on, term.ends_on)
        )
        if school:
            marks = marks.filter(roll__school_class__school=school)
        absence.refresh(marks.values_list("student_id", flat=True).distinct(), term)
    return closed
