"""A conference of the tests' county: set up, seated, planned, held."""

import uuid
from datetime import date

from agencies import clock
from agencies.models import Conference, Decision, Meeting
from agencies.queries import conferences as queries
from agencies.services import conferences, decisions
from agencies.services.conferences import Held, Place, Planned
from agencies.services.decisions import Charge
from reporting.services import conference_minutes
from tests.support.world import World

SINCE = date(2026, 9, 1)


def set_up(world: World, role: str = "bureau_leader") -> Conference:
    """With the bureau or township as convener, a school and the police as members."""
    scope = world.scope(role)
    row = conferences.set_up(scope, "控辍保学联席会议", clock.now())
    police = world.posts["agency_staff"].agency
    for body, part in ((row.host, "convener"), (world.school, "member"), (police, "member")):
        place = Place(body.public_id, part, "王某", "负责人", SINCE)
        conferences.fill_seat(scope, row.public_id, place, clock.now())
    return row


def plan(world: World, row: Conference, role: str = "bureau_leader") -> Meeting:
    wanted = Planned(uuid.uuid4(), date(2026, 10, 12), "县政府会议室")
    return conferences.plan(world.scope(role), row.public_id, wanted, clock.now())


def hold(world: World, meeting: Meeting, role: str = "bureau_leader", **more) -> Meeting:
    scope = world.scope(role)
    seats = queries.seats_on(meeting.conference, scope.on)
    facts = {
        "on": scope.on, "chair": "副县长 李某", "minutes": "各单位汇报。\n研究了下一步工作。",
        "presence": {seat.pk: "present" for seat in seats}, "who": {},
    }  # fmt: skip
    return conference_minutes.hold(scope, meeting.public_id, Held(**facts | more), clock.now())


def decide(
    world: World, meeting: Meeting, due_on: date, text: str = "整治校园周边网吧", owner=None
) -> Decision:
    owner = owner or world.posts["agency_staff"].agency
    charge = Charge(uuid.uuid4(), text, owner.public_id, due_on)
    return decisions.decide(world.scope("bureau_leader"), meeting.public_id, charge, clock.now())
