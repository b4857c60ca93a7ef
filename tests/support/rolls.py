"""Taking rolls in tests, through the service."""

from datetime import date, datetime, time

from agencies.rules.deadlines import CHINA
from students.queries.roll_day import RollDay
from students.queries.roll_day import load as load_day
from students.services import attendance
from students.services.attendance import Given, Submission
from tests.support.world import World

U = "unexcused"


def at(day: date, hour: int = 8) -> datetime:
    return datetime.combine(day, time(hour), CHINA)


def take(
    world: World,
    day: date,
    marks: dict[int, str] | None = None,
    *,
    now: datetime | None = None,
    role: str = "teacher",
    state: str = "taken",
) -> RollDay:
    """The class teacher calls the roll: {index of the pupil: mark}."""
    scope = world.scope(role)
    school_class = world.other_class if role.startswith("other") else world.school_class
    version = load_day(scope, school_class.public_id, day).version
    given = {str(world.pupils[i].public_id): Given(mark) for i, mark in (marks or {}).items()}
    sent = Submission(version, state, "a reason", given)
    return attendance.record_day(scope, school_class.public_id, day, sent, now or at(day))
