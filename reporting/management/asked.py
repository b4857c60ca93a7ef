"""What the options of several commands say."""

from datetime import date

from django.core.management.base import CommandError

from agencies.models import Agency
from agencies.rules.duties import AgencyKind


def only_county(on: date) -> str:
    """The county with an education bureau. Raises CommandError where there is none, or several."""
    bureaus = Agency.objects.on(on).filter(kind=AgencyKind.BUREAU)
    codes = set(bureaus.values_list("county__code", flat=True))
    if len(codes) != 1:
        raise CommandError(f"There are {len(codes)} counties here: say --region.")
    return str(codes.pop())


def day_of(text: str | None, today: date) -> date:
    """Raises CommandError for what is no day, or lies in the future."""
    if not text:
        return today
    try:
        on = date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no day: write YYYY-MM-DD.") from error
    if on > today:
        raise CommandError(f"{text} lies in the future.")
    return on
