"""Two tests, two referrals (rule 10): under 16 is about work, compulsory education about school.

Sources: 禁止使用童工规定 (令364) art 2 and 未成年人保护法 61 (nobody hires under 16,
self-employment and job broking included; art 13: arts and sports with the guardian's consent,
practice in school is none); 义务教育法 11, 14. Neither answer follows from the other: at 15
with grade 9 completed a child may not be hired and owes no school; at 16 without grade 9 it is
the other way round.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from students.rules.identity import Cohort, full_years, stays_in_the_work

WORKING_AGE = 16  # 令364 第二条: not for a county to set


class Referral(TextChoices):
    LABOUR = "labour", _("labour and police: nobody may hire this child")
    SCHOOLING = "schooling", _("education: this child has to complete compulsory education")


@dataclass(frozen=True)
class Person:
    """Who is asked about. completed: grade 9 is done."""

    born_on: date
    completed: bool = False


def may_not_be_hired(born_on: date, on: date) -> bool:
    """The labour test: not yet 16 full years (令364 第二条). The birthday itself is 16."""
    return full_years(born_on, on) < WORKING_AGE


def has_to_be_at_school(person: Person, cohort: Cohort) -> bool:
    """The schooling test: of school age, or past it without grade 9 (义务教育法 11; rule 9)."""
    return stays_in_the_work(person.born_on, cohort, person.completed)


def may_be_hired_from(born_on: date) -> date:
    """The 16th birthday; of 29 February in a common year, the day after it would have been."""
    try:
        return born_on.replace(year=born_on.year + WORKING_AGE)
    except ValueError:
        return date(born_on.year + WORKING_AGE, 2, 28) + timedelta(days=1)


def referrals(person: Person, on: date, cohort: Cohort) -> frozenset[Referral]:
    """What a child who is found at work is referred for: one, both or neither."""
    found = set()
    if may_not_be_hired(person.born_on, on):
        found.add(Referral.LABOUR)
    if has_to_be_at_school(person, cohort):
        found.add(Referral.SCHOOLING)
    return frozenset(found)
