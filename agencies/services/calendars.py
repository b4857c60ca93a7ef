"""Loading the official notice of a year: never against a loaded one unless somebody says so.

Deadlines that were provisional become firm, the others follow; what is closed stays (rule 4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import Reason, RuleBroken
from agencies.models import CalendarDay, CalendarYear, Region
from agencies.queries.calendars import Difference, differences
from agencies.rules.calendar_file import YearFile
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit, recompute


@dataclass(frozen=True)
class Loaded:
    """How many years are new, how many were replaced, how many open deadlines moved."""

    created: int
    replaced: int
    moved: int


@transaction.atomic
def load(
    scope: Scope | None, files: Sequence[YearFile], now: datetime, *, replace: bool = False
) -> Loaded:
    """Load these years, all or none. scope: who does it; None on the server's command line.

    Raises NotPermitted; RuleBroken with each day on which a file contradicts a loaded year, unless
    it is to replace it.
    """
    post = require(scope, Duty.MANAGE_CALENDAR) if scope else None
    found = {file.year: differences(file) for file in files}
    against = [one for year in found.values() for one in year]
    if against and not replace:
        raise RuleBroken(*(Reason("contradicts", contradiction(one), "/file") for one in against))
    created = sum(store(file, replace=bool(found[file.year])) for file in files)
    replaced = sum(bool(year) for year in found.values())
    result = Loaded(created, replaced, recompute_all(now) if created or replaced else 0)
    if scope:
        years = [file.year for file in files]
        audit.record(
            scope, "calendar.load", "calendar", now=now, post=post, years=years, **vars(result)
        )
    return result


def would_load(scope: Scope, files: Sequence[YearFile], now: datetime) -> Loaded:
    """What loading would do, replacing what differs: it is done and taken back."""
    with transaction.atomic():
        result = load(scope, files, now, replace=True)
        transaction.set_rollback(True)
    return result


def store(file: YearFile, *, replace: bool = False) -> bool:
    """Write a year that is not loaded yet, or replace its days. Returns whether it is new."""
    row, new = CalendarYear.objects.get_or_create(year=file.year, defaults={"source": file.source})
    if not new and not replace:
        return False
    row.source = file.source
    row.save(update_fields=["source"])
    CalendarDay.objects.filter(day__year=file.year).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(day=day, kind=kind, name=file.holidays.get(day, ""))
        for day, kind in sorted(file.kinds.items())
    )
    return new


def recompute_all(now: datetime) -> int:
    """The open deadlines of every county. Returns how many moved or became firm."""
    counties = Region.objects.filter(parent=None).order_by("pk").values_list("pk", flat=True)
    return sum(recompute.recompute_open(county, now) for county in counties)


PLAIN = {True: _("a working day"), False: _("off")}


def contradiction(one: Difference) -> str:
    """2026-10-10: loaded as a working day, off in the file."""
    words = {"day": one.day, "before": PLAIN[one.before], "after": PLAIN[one.after]}
    return str(_("%(day)s: loaded as %(before)s, in the file %(after)s.") % words)
