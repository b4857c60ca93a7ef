"""Where a child was found at an inspection, as its case tells it."""

from django.db.models import CharField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from cases.models import Case, FoundChild


def found_lines(case: Case) -> QuerySet[FoundChild, tuple[object, ...]]:
    """Rows for the timeline: kind, at, kind of place, day, id of the inspection, note, by."""
    day = Cast("inspection__held_on", CharField())
    inspection = Cast("inspection__public_id", TextField())
    return FoundChild.objects.filter(case=case).values_list(
        Value("found"), "at", "inspection__venue__kind", day, inspection, "note",
        "by__user__name", "pk",
    )  # fmt: skip
