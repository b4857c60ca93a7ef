"""The official calendar as a pure value, from the data file: for tests without a database."""

import json
from datetime import date
from functools import cache
from pathlib import Path

from agencies.rules.calendar import WorkingCalendar

FILE = Path(__file__).parents[2] / "agencies" / "data" / "calendar" / "years.json"


@cache
def calendar() -> WorkingCalendar:
    years = json.loads(FILE.read_text(encoding="utf-8"))
    return WorkingCalendar(
        years=frozenset(int(year) for year in years),
        holidays=frozenset(date.fromisoformat(d) for y in years.values() for d in y["holidays"]),
        make_up_days=frozenset(date.fromisoformat(d) for y in years.values() for d in y["make_up"]),
    )
