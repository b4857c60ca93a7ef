"""Region codes: 6 digits of a county (GB/T 2260) + 3 of a township + 3 of a village."""

import re
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CODE = re.compile(r"\d{12}\Z")


class Level(StrEnum):
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"

    @property
    def label(self) -> Promise:
        return {
            Level.COUNTY: _("county"),
            Level.TOWNSHIP: _("township"),
            Level.VILLAGE: _("village"),
        }[self]


def level(code: str) -> Level:
    """The level that a 12-digit code stands for.

    Raises ValueError when it is not twelve digits.
    """
    if not CODE.match(code):
        raise ValueError("A region code has 12 digits.")
    if code.endswith("000000"):
        return Level.COUNTY
    return Level.TOWNSHIP if code.endswith("000") else Level.VILLAGE


def path(code: str) -> str:
    """The code without its trailing zeros: what lies below begins with it.

    330328000000 -> 330328, 330328100000 -> 330328100, 330328100001 stays.
    """
    keep = {Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}[level(code)]
    return code[:keep]
