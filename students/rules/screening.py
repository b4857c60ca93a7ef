"""Screening rounds (排查): who is asked about, who goes, what is found (S1-43, S1-48, S2-24)."""

import re
from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from students.rules.identity import Cohort

PRIMARY_YEARS = 6  # of the nine; the rest is the junior stage


class RoundKind(TextChoices):
    AUTUMN = "autumn", _("autumn term")
    SPRING = "spring", _("spring term")
    SPECIAL = "special", _("special")


class Stage(TextChoices):
    PRIMARY = "primary", _("primary")
    JUNIOR = "junior", _("junior middle")


class Found(TextChoices):
    """What was found at the door."""

    IN_SCHOOL = "in_school", _("in school")
    LAWFULLY_AWAY = "lawfully_away", _("lawfully away")
    WITH_FAMILY = "with_family", _("away with the family")
    NOT_FOUND = "not_found", _("not found")
    OUT_OF_SCHOOL = "out_of_school", _("out of school")
    MOVED_IN = "moved_in", _("moved in, unknown to us")


# In the order of the buttons; a child that moved in is written down with its own form.
AT_THE_DOOR = (
    Found.IN_SCHOOL,
    Found.LAWFULLY_AWAY,
    Found.WITH_FAMILY,
    Found.NOT_FOUND,
    Found.OUT_OF_SCHOOL,
)
# After these a case is offered: nobody knows where the child is, or it is in no school.
ASKS_FOR_A_CASE = frozenset({Found.NOT_FOUND, Found.OUT_OF_SCHOOL, Found.MOVED_IN})


def of_stage(cohort: Cohort, stage: str) -> Cohort:
    """The dates of birth of a stage, by age: who enters grade 7 is six years older than grade 1.

    Without a stage, those of all.
    """
    if not stage:
        return cohort
    first_of_primary = cohort.last.replace(year=cohort.last.year - PRIMARY_YEARS, month=9, day=1)
    last_of_junior = cohort.last.replace(year=cohort.last.year - PRIMARY_YEARS)
    if stage == Stage.PRIMARY:
        return Cohort(first_of_primary, cohort.last)
    return Cohort(cohort.first, last_of_junior)


def houses_of(address: str, groups: Iterable[str]) -> str:
    """The group of houses that the address names, the longest first; "" for the rest.

    A number in front belongs to the name: 1组 is not in 11组.
    """
    for group in sorted(groups, key=len, reverse=True):
        if group and re.search(rf"(?<!\d){re.escape(group)}", address):
            return group
    return ""
