"""Numbers without gaps: the row lock is held until the number is used or rolled back."""

from django.db import transaction

from agencies.models import NumberSequence


@transaction.atomic
def next_number(county_id: int, kind: str, year: int) -> int:
    """The next number of this kind and year."""
    NumberSequence.objects.get_or_create(county_id=county_id, kind=kind, year=year)
    row = NumberSequence.objects.select_for_update().get(county_id=county_id, kind=kind, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last
