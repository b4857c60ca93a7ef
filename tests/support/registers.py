"""Population registers of the tests: a list whose rows are there, without a file."""

from datetime import UTC, date, datetime

from students.models import PersonEntry, PersonList, Student
from students.rules.person_list import ListKind
from tests.support.world import World

AS_OF = date(2026, 8, 31)
AT = datetime(2026, 9, 2, 2, tzinfo=UTC)


def register(world: World, state: str = PersonList.State.APPLYING, **changed) -> PersonList:
    """A register of the police of this county, without rows."""
    values = {
        "county": world.county,
        "kind": ListKind.REGISTER,
        "provider": world.posts["agency_staff"].agency,
        "as_of": AS_OF,
        "purpose": "义务教育比对",
        "state": state,
        "file_name": "register.xlsx",
        "created_at": AT,
        "created_by": world.posts["bureau_staff"],
    }
    return PersonList.objects.create(**values | changed)


def row_of(batch: PersonList, child: Student, **changed) -> PersonEntry:
    """A row that says of the child what our record says, but for what is changed."""
    guardian = child.guardians.first()
    values = {
        "name": child.name,
        "sex": child.sex,
        "born_on": child.born_on,
        "id_number": child.id_number or "",
        "address": child.household.address,
        "region": child.household.region,
        "head": guardian.name if guardian else "",
    }
    return row(batch, **values | changed)


def row(batch: PersonList, **values) -> PersonEntry:
    return PersonEntry.objects.create(
        batch=batch,
        number=batch.entries.count() + 1,
        **{"change": PersonEntry.Change.NEW} | values,
    )
