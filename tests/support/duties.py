"""Obligations of the tests' county, raised through the service; their office may close early."""

from datetime import date, datetime, time

from agencies.models import Agency, Obligation, PolicyRule
from agencies.queries.policy import in_force
from agencies.rules.deadlines import CHINA
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.services import obligations
from agencies.services.obligations import Ground, Owed
from tests.support.official import calendar
from tests.support.world import World

OPENS = date(2026, 9, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def owe(
    world: World,
    kind: ObligationKind = ObligationKind.CENSUS,
    school: Agency | None = None,
    *,
    key: str = "x",
    starts_on: date = OPENS,
    due_on: date | None = None,
    subject: str = "",
) -> Obligation:
    """A school owes this to the bureau; raised in the morning of the first day."""
    school = school or world.school
    duty = Owed(
        kind=kind,
        key=f"{kind}:{key}:{school.pk}",
        subject=subject or school.name,
        owed_by=school,
        owed_to=world.bureau,
        starts_on=starts_on,
        region_path=school.region.path,
        href="/rolls/",
        due_on=due_on,
    )
    now = datetime.combine(starts_on, time(7), CHINA)
    ground = Ground(in_force(world.county.pk, starts_on), calendar(), now)
    return obligations.raise_all(world.county.pk, [duty], ground)[0]


def office_closes(world: World, hour: str) -> None:
    """The last day ends with the office."""
    PolicyRule.objects.update_or_create(
        county=world.county,
        key=Key.OFFICE_CLOSING,
        defaults={"value": hour, "source": "县教育局通知", "starts_on": date(2019, 9, 1)},
    )


def again(row: Obligation) -> Obligation:
    return Obligation.objects.get(pk=row.pk)
