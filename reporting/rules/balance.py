"""The parts of the balance: one for each place where a child can be accounted for.

Total of school-age children = the sum of the parts: 一个都不能少 as arithmetic (rules 7 and 13).
"""

from django.utils.translation import gettext_lazy as _

from cases.rules.disposition import Disposition

# Who is not of school age yet is no part of it. The unaccounted stand first: they must reach zero.
PARTS = (
    Disposition.UNACCOUNTED,
    *(one for one in Disposition if one not in (Disposition.UNACCOUNTED, Disposition.BELOW_AGE)),
)
# In the flow between two days: below the age, past it, or not known here on that day.
NOT_COUNTED = _("not counted on that day")
STEP, LONGEST_PATH = 3, 12  # characters that a level adds to a path (agencies/rules/region_code.py)


def below(path: str) -> int:
    """How many characters name the units below an area: townships, villages, the village itself."""
    return min(len(path) + STEP, LONGEST_PATH)
