"""Terms and closed days. Opening a term raises what each school owes at its start."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, RuleBroken
from agencies.models import Agency, Region
from agencies.models.obligation import ObligationKind
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import Policy, in_force
from agencies.queries.responsible import bureau
from agencies.rules.policy import Key
from agencies.services import obligations
from agencies.services.obligations import Owed
from students.models import ClosedDay, RollMark, Term
from students.rules.marks import Mark
from students.services import absence


@transaction.atomic
def open_term(
    county: Region, school_year: int, season: str, starts_on: date, ends_on: date
) -> Term:
    """Open a term; each school owes the full check and the report from its opening day (S1-51/53).

    The periods run from the opening day, which is not counted (rule 3). Raises RuleBroken when
    the term overlaps another, ends before it begins, or was opened already.
    """
    if ends_on < starts_on:
        raise RuleBroken(Reason("order", _("The last day lies before the first."), "/ends_on"))
    if Term.objects.filter(county=county, school_year=school_year, season=season).exists():
        text = _("This term of the school year is open already.")
        raise RuleBroken(Reason("once", text, "/season"))
    if Term.objects.filter(county=county, starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise RuleBroken(Reason("overlap", _("The term overlaps another."), "/starts_on"))
    term = Term.objects.create(
        county=county, school_year=school_year, season=season, starts_on=starts_on, ends_on=ends_on
    )
    policy = in_force(county.pk, starts_on)
    schools = Agency.objects.on(starts_on).schools().filter(county=county).select_related("region")
    office = bureau(county.pk, starts_on)
    owed = [duty for school in schools for duty in _term_start(term, school, office, policy)]
    obligations.raise_all(county.pk, owed, working_calendar())
    return term


def _term_start(term: Term, school: Agency, office: Agency, policy: Policy) -> list[Owed]:
    kinds = (
        (ObligationKind.CENSUS, Key.CENSUS_DAYS, Key.CENSUS_UNIT),
        (ObligationKind.TERM_REPORT, Key.REPORT_DAYS, Key.REPORT_UNIT),
    )
    return [
        Owed(
            kind=kind,
            key=f"{kind}:{term.public_id}:{school.code}",
            subject=school.name,
            owed_by=school,
            owed_to=office,
            starts_on=term.starts_on,
            period=policy.period(days, unit),
            clause=policy.entries[days].clause,
            region_path=school.region.path,
            policy_key=days.value,
        )
        for kind, days, unit in kinds
    ]


@transaction.atomic
def close_day(county: Region, day: date, reason: str, school: Agency | None = None) -> ClosedDay:
    """A school, or every school of the county, is closed on a day: its runs are recomputed."""
    if not reason.strip():
        raise RuleBroken(Reason("reason", _("A reason in writing is missing."), "/reason"))
    closed, _new = ClosedDay.objects.get_or_create(
        county=county, school=school, day=day, defaults={"reason": reason}
    )
    term = Term.objects.filter(county=county, starts_on__lte=day, ends_on__gte=day).first()
    if term:
        marks = RollMark.objects.filter(
            county=county, mark=Mark.UNEXCUSED, day__range=(term.starts_on, term.ends_on)
        )
        if school:
            marks = marks.filter(roll__school_class__school=school)
        absence.refresh(marks.values_list("student_id", flat=True).distinct(), term)
    return closed
