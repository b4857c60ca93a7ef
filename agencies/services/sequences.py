"""Numbers without gaps: the row lock is held until the number is used or rolled back."""

from typing import Any

from django.db import transaction

from agencies.models import NumberSequence


@transaction.atomic
def next_number(county_id: int, kind: str, year: int, agency_id: int | None = None) -> int:
    """The next number of this kind and year, of a body or of the county."""
    return take(county_id, kind, year, agency_id, 1)


@transaction.atomic
def take(county_id: int, kind: str, year: int, agency_id: int | None, count: int) -> int:
    """The last of so many numbers in a row, all of them taken."""
    key: dict[str, Any] = {
        "county_id": county_id,
        "kind": kind,
        "year": year,
        "agency_id": agency_id,
    }
    NumberSequence.objects.get_or_create(**key)
    row = NumberSequence.objects.select_for_update().get(**key)
    row.last += count
    row.save(update_fields=["last"])
    return row.last
