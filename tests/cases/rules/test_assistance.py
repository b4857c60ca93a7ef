"""What a record of help has to say."""

from datetime import date
from decimal import Decimal

import pytest

from cases.rules.assistance import Given, problems

DAY = date(2026, 10, 12)
GIVEN = {"kind": "money", "what": "临时救助", "starts_on": DAY, "giver_name": "县民政局"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"amount": Decimal("0.01")}, []),
        ({"amount": Decimal("9999999.99"), "ends_on": DAY}, []),
        ({"kind": "meals"}, []),
        ({}, [("amount", "/amount")]),
        ({"amount": Decimal(0)}, [("amount", "/amount")]),
        ({"amount": Decimal(-5)}, [("amount", "/amount")]),
        ({"kind": "meals", "amount": Decimal("10000000")}, [("amount", "/amount")]),
        ({"kind": "gold"}, [("kind", "/kind")]),
        ({"kind": "meals", "what": "  "}, [("what", "/what")]),
        ({"kind": "meals", "giver_name": ""}, [("giver", "/giver")]),
        ({"kind": "meals", "giver": "an-id"}, [("giver", "/giver")]),
        ({"kind": "meals", "ends_on": date(2026, 10, 11)}, [("ends_on", "/ends_on")]),
    ],
)
def test_what_a_record_of_help_has_to_say(changed, expected):
    found = problems(Given(**(GIVEN | changed)))
    assert [(reason.code, reason.pointer) for reason in found] == expected
