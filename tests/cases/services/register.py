"""The register of the tests of its comparison, and how one of its rows gets a result."""

from datetime import UTC, date, datetime

from agencies.models import Obligation
from cases.services import comparison
from cases.services.comparison import Said
from students.models import PersonEntry, PersonList
from students.queries import person_lists
from students.services import list_children, matching
from tests.support.registers import register, row, row_of
from tests.support.world import World

NOW = datetime(2026, 10, 13, 1, tzinfo=UTC)
TODAY = date(2026, 10, 13)
BORN = date(2015, 3, 2)


def applied(world: World) -> PersonList:
    """Two of our pupils, a child that nobody knew in each township, one whose place is unknown."""
    made = register(world, applied_at=NOW)
    for child in world.pupils[:2]:
        row_of(made, child)
    row(made, name="孔令远", born_on=BORN, sex="1", region=world.village, head="孔德")
    row(made, name="温小雨", born_on=BORN, sex="2", region=world.other_village, head="温大")
    row(made, name="游无名", born_on=BORN, sex="2", head="")
    matching.match(made)
    list_children.enter(made, list(person_lists.undecided(made)))
    made.state = PersonList.State.APPLIED
    made.save()
    comparison.follow(TODAY, NOW)
    return made


def of(batch, name) -> PersonEntry:
    return batch.entries.get(name=name)


def give(world, batch, name, result, role="township_cadre", **said) -> PersonEntry:
    entry = of(batch, name)
    said = {"note": "查过", **said}
    return comparison.give(world.scope(role), batch, entry.public_id, Said(result, **said), NOW)


def duty(batch, kind, owed_by=None):
    rows = Obligation.objects.filter(kind=kind)
    return (rows.filter(owed_by=owed_by) if owed_by else rows).get()
