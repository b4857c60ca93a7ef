"""What is kept of a disabled child: the certificate, and where it is taught (条例 15, 17).

A certificate number is the number of the ID card, a digit of the category, one of the grade, and
B with a serial digit when it was issued again.
"""

import re
from datetime import date

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from students.rules.identity import IdProblem, normalised, parse_id

FORM = re.compile(r"(\d{17}[\dX])([1-7])([1-4])(B\d)?\Z")


class Category(TextChoices):
    """The eight of the national form (forms.md 1); the first seven have a digit of their own."""

    SIGHT = "sight", _("sight")
    HEARING = "hearing", _("hearing")
    SPEECH = "speech", _("speech")
    LIMBS = "limbs", _("limbs")
    INTELLECT = "intellect", _("intellect")
    MIND = "mind", _("mind")
    MULTIPLE = "multiple", _("multiple")
    OTHER = "other", _("another")


class Grade(IntegerChoices):
    """1 is the most severe."""

    ONE = 1, _("grade 1")
    TWO = 2, _("grade 2")
    THREE = 3, _("grade 3")
    FOUR = 4, _("grade 4")


class Taught(TextChoices):
    """The four placements, in the order in which they are to be tried (残疾人教育条例 17)."""

    ORDINARY = "ordinary", _("ordinary school, in a regular class")
    DESIGNATED = "designated", _("designated ordinary school")
    SPECIAL = "special", _("special school")
    AT_HOME = "at_home", _("taught at home")


DIGITS = dict(zip("1234567", Category, strict=False))


def certificate_problem(text: str, category: str, grade: int, today: date) -> str:
    """What is wrong with a certificate number: "form", "id", "category", "grade"; "" if nothing."""
    found = FORM.match(normalised(text))
    if not found:
        return "form"
    if isinstance(parse_id(found.group(1), today), IdProblem):
        return "id"
    if DIGITS[found.group(2)] != category:
        return "category"
    return "" if int(found.group(3)) == grade else "grade"
