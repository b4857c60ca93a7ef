"""Places, bodies and inspections of the tests' county, each made in one line."""

import uuid
from datetime import date
from uuid import UUID

from agencies.models import Agency
from agencies.rules.duties import AgencyKind, Position
from cases.models import Finding, Inspection, Venue
from cases.rules.inspections import Deed
from cases.services import findings, inspections, venues
from cases.services.findings import Found, Step
from cases.services.inspections import Held, Plan
from cases.services.venues import Entry
from tests.support.rolls import at
from tests.support.world import World, agency, post

TODAY = date(2026, 10, 12)  # a Monday
NOON = at(TODAY, 12)
BODIES = {
    AgencyKind.CULTURE: "县文化和广电旅游体育局",
    AgencyKind.CIVIL_AFFAIRS: "县民政局",
    AgencyKind.MARKET: "县市场监督管理局",
    AgencyKind.COUNTY: "县人民政府",
}


def bodies(world: World) -> dict[str, Agency]:
    """Bodies that join inspections, each with one person; kind and role are the same."""
    made = {kind.value: agency(name, kind, world.county) for kind, name in BODIES.items()}
    for role, body in made.items():
        world.posts[role] = post(role, body, Position.AGENCY_STAFF)
    return made | {"police": world.posts["agency_staff"].agency}


def entry(world: World, **more: object) -> Entry:
    given = {
        "client_id": uuid.uuid4(),
        "kind": "classics",
        "name": "明德读经班",
        "address": "建设路12号",
        "region": world.village.code,
        "approved_by": "县教育局",
        "approval_number": "教民333032870000019号",
        "approval_until": date(2027, 8, 31),
        **more,
    }
    return Entry(**given)  # type: ignore[arg-type]


def place(world: World, **more: object) -> Venue:
    return venues.register(world.scope("bureau_staff"), entry(world, **more), NOON)


def planned(
    world: World,
    venue: Venue | None = None,
    unit: Agency | None = None,
    topic: str = "training",
    role: str = "bureau_staff",
    others: tuple[UUID, ...] = (),
    decision: UUID | None = None,
) -> Inspection:
    wanted = Plan(
        uuid.uuid4(),
        topic,
        TODAY,
        others,
        venue=venue.public_id if venue else None,
        unit=unit.public_id if unit else None,
        basis="控辍保学联席会议纪要〔2026〕3号",
        decision=decision,
    )
    return inspections.plan(world.scope(role), wanted, NOON)


def held(world: World, row: Inspection, role: str = "bureau_staff") -> Inspection:
    done = Held(TODAY, TODAY, "查看教室、课程表和学员名册")
    return inspections.hold(world.scope(role), row.public_id, done, NOON)


def found(world: World, row: Inspection, kind: str, role: str = "bureau_staff") -> Finding:
    words = Found(uuid.uuid4(), kind, "上课时间有两名适龄儿童在此读经")
    return findings.add(world.scope(role), row.public_id, words, NOON)


def take(
    world: World, row: Finding, deed: Deed, role: str = "bureau_staff", **more: object
) -> Finding:
    given = {"on": TODAY, "text": "见现场检查笔录", **more}
    now = given.pop("now", NOON)
    return findings.take(world.scope(role), row.public_id, deed, Step(**given), now)  # type: ignore[arg-type]


def order(world: World, row: Finding, **more: object) -> Finding:
    given = {
        "number": "文教督改〔2026〕5号",
        "due_on": date(2026, 10, 26),
        "recheck_on": date(2026, 10, 30),
        **more,
    }
    return take(world, row, Deed.ORDER, **given)
