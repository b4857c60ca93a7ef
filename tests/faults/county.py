"""The county that the fault tests stand on: the cast of tests/support/world.py and one open case."""

import json
import os
from datetime import date

from agencies.models import User
from cases.models import Case
from cases.rules.workflow import Action
from cases.services import actions, opening
from tests.support import rolls, world

DAYS = [date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9)]
CONFIRMED = date(2026, 10, 10)


def main() -> None:
    """Built in a process of its own; what the tests ask for is printed as JSON."""
    county = world.build_or_load()
    for day in DAYS:
        rolls.take(county, day, {0: rolls.U})
    opening.open_from_runs(rolls.at(DAYS[-1], 12))
    case = Case.objects.get()
    os.environ["NOW"] = f"{CONFIRMED}T12:00:00+08:00"
    cadre, order = county.scope("township_cadre"), actions.Order(CONFIRMED)
    actions.act(cadre, case.public_id, Action.CONFIRM, order, rolls.at(CONFIRMED, 12))
    facts = {
        "county": county.county.pk,
        "school": county.second_school.pk,
        "path": county.second_school.region.path,
        "class": str(county.school_class.public_id),
        "pupils": [str(pupil.public_id) for pupil in county.pupils],
        "case": str(case.public_id),
        "admin": User.objects.get(username="system_admin").pk,
    }
    print(json.dumps(facts))
