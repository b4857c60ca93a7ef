"""Aid by hand and from a list of what was paid (S2-37): who may hand over such a list, what an
amount is."""

import re
from decimal import Decimal

from agencies.rules.duties import AgencyKind
from cases.rules.assistance import MOST

# Bodies that pay or give to many children at once.
PAYERS = frozenset(
    {
        AgencyKind.FINANCE,
        AgencyKind.CIVIL_AFFAIRS,
        AgencyKind.BUREAU,
        AgencyKind.DISABLED,
        AgencyKind.POVERTY,
        AgencyKind.WOMEN,
    }
)
AMOUNT = re.compile(r"[¥￥]?(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2}0*)?元?", re.ASCII)


def amount_of(text: str) -> Decimal | None:
    """An amount in yuan as a spreadsheet holds it: 1250, 1,250.00, ¥1250.5, 1250元.

    None for what is no amount: text, zero, less than zero, more than MOST, parts of a fen.
    """
    found = AMOUNT.fullmatch("".join(text.split()))
    if not found:
        return None
    value = Decimal(found.group(1).replace(",", "") + (found.group(2) or ""))
    value = value.quantize(Decimal("0.01"))
    return value if 0 < value <= MOST else None
