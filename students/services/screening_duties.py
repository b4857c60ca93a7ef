"""The screening as a duty of each township (S1-48): met when each of its children has a result."""

from datetime import datetime

from django.db.models import Count, Max, Q
from django.db.models.functions import Substr
from django.utils.translation import gettext_noop

from agencies.models import Agency, Obligation
from agencies.queries.calendars import working_calendar
from agencies.queries.responsible import bureau
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import AgencyKind
from agencies.rules.obligations import ObligationKind
from agencies.services import obligations
from agencies.services.obligations import Owed
from students.models import ScreeningRound
from students.services.owed import raise_each, subject_of

TOWNSHIP = 9  # digits of the path of a township
PATH = Substr("village__path", 1, TOWNSHIP)


def key_of(row: ScreeningRound, path: str) -> str:
    return f"screening:{row.public_id}:{path}"


def raise_for(row: ScreeningRound, now: datetime) -> int:
    """Each township in which somebody is still to be asked about owes it. Returns how many came."""
    today = now.astimezone(CHINA).date()
    waiting = row.children.filter(found="").values_list(PATH, flat=True).distinct()
    halls = Agency.objects.on(today).filter(
        county_id=row.county_id, kind=AgencyKind.TOWNSHIP, region__path__in=list(waiting)
    )
    office = bureau(row.county_id, today)
    duties = [
        Owed(
            kind=ObligationKind.SCREENING,
            key=key_of(row, hall.region.path),
            subject=subject_of(hall),
            owed_by=hall,
            owed_to=office,
            starts_on=row.opens_on,
            region_path=hall.region.path,
            href=f"/screenings/{row.public_id}/townships/{hall.region.code}/",
        )
        for hall in halls.select_related("region")
    ]
    return raise_each(row.county_id, duties, working_calendar(), now)


def follow(now: datetime) -> int:
    """Townships in which everybody has a result: met at the moment of the last one.

    Waived where nobody is left to be asked about. Returns how many have ended.
    """
    owed = Obligation.objects.open().filter(kind=ObligationKind.SCREENING)
    keys = dict(owed.values_list("key", "pk"))
    rounds = {key.split(":")[1] for key in keys}
    met: dict[int, datetime] = {}
    empty: list[int] = []
    for row in ScreeningRound.objects.filter(public_id__in=rounds):
        standing = {path: (waiting, last) for path, waiting, last in _standing(row)}
        prefix = key_of(row, "")
        for key, pk in keys.items():
            if not key.startswith(prefix):
                continue
            waiting, last = standing.get(key.removeprefix(prefix), (0, None))
            if not waiting and last:
                met[pk] = last
            elif not waiting:
                empty.append(pk)
    why = gettext_noop("no child is left to be asked about")
    return (obligations.waive(empty, why, now) if empty else 0) + obligations.fulfil_at(met)


def _standing(row: ScreeningRound) -> list[tuple[str, int, datetime | None]]:
    """Of each township: how many wait, and when the last answer came."""
    counted = row.children.values(path=PATH).annotate(
        waiting=Count("pk", filter=Q(found="")), last=Max("answered_at")
    )
    return list(counted.values_list("path", "waiting", "last").order_by())


def fall(row: ScreeningRound, now: datetime) -> int:
    """The round is closed: what is still owed for it falls away."""
    mine = Obligation.objects.open().filter(
        county_id=row.county_id, key__startswith=key_of(row, "")
    )
    pks = list(mine.values_list("pk", flat=True))
    return obligations.waive(pks, gettext_noop("the round is closed"), now) if pks else 0
