"""Where one child is accounted for on one day: exactly one place (rule 7)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cases.rules.workflow import OUT_OF_SCHOOL
from students.rules.enrollment import PlacementFacts, explains, is_finding
from students.rules.identity import Cohort


class Disposition(TextChoices):
    IN_SCHOOL = "in_school", _("in school")
    OPEN_CASE = "open_case", _("open case")
    SUSPENSION = "suspension", _("suspension of studies")
    DEFERRAL = "deferral", _("deferral of entry")
    HOME_TEACHING = "home_teaching", _("home-delivered teaching")
    SPECIAL_SCHOOL = "special_school", _("special school")
    SPECIALISED_SCHOOL = "specialised_school", _("specialised school")
    HOSPITAL = "hospital", _("in hospital")
    VOCATIONAL = "vocational", _("vocational placement")
    ELSEWHERE = "elsewhere", _("studies elsewhere, confirmed")
    COMPLETED = "completed", _("compulsory education completed")
    ABROAD = "abroad", _("moved abroad, confirmed")
    DIED = "died", _("died")
    BELOW_AGE = "below_age", _("not yet of school age")
    UNACCOUNTED = "unaccounted", _("unaccounted for")


@dataclass(frozen=True)
class Child:
    """What is known of the child on the day.

    transferred: confirmed by the other side (rule 13); abroad: its case ended so, and it has been
    on no roster since; enrolled_since: the first day of the enrollment that is in force.
    """

    born_on: date
    enrolled: bool
    enrolled_since: date | None = None
    case_state: str | None = None
    placements: tuple[PlacementFacts, ...] = ()
    completed_on: date | None = None
    died_on: date | None = None
    transferred: bool = False
    abroad: bool = False


def disposition(child: Child, day: date, cohort: Cohort) -> Disposition:
    """The first that holds: died, completed, open case, abroad, lawful placement, in school.

    A placement that has ended without return explains nothing any more; until the child is back
    it is unaccounted for (rule 7), even while its enrollment goes on. So is a child that was sent
    elsewhere until the other side confirms.
    """
    if child.died_on and child.died_on <= day:
        return Disposition.DIED
    if child.completed_on and child.completed_on <= day:
        return Disposition.COMPLETED
    if child.case_state in OUT_OF_SCHOOL:
        return Disposition.OPEN_CASE
    if child.abroad:
        return Disposition.ABROAD
    for placement in child.placements:
        if explains(placement, day):
            return Disposition(placement.kind)
    since = child.enrolled_since
    if any(is_finding(placement, day, since) for placement in child.placements):
        return Disposition.UNACCOUNTED
    return Disposition.IN_SCHOOL if child.enrolled else _not_enrolled(child, cohort)


def _not_enrolled(child: Child, cohort: Cohort) -> Disposition:
    if child.transferred:
        return Disposition.ELSEWHERE
    return Disposition.BELOW_AGE if child.born_on > cohort.last else Disposition.UNACCOUNTED
