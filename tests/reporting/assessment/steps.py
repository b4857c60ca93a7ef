"""A county with a scheme for townships and for schools, and the steps of a sheet."""

from datetime import date, datetime
from decimal import Decimal

from agencies.models import Obligation
from agencies.rules.deadlines import CHINA, end_of_day
from agencies.rules.obligations import ObligationKind
from reporting.models import Scheme, Sheet
from reporting.rules.areas import AreaKind
from reporting.rules.assessment import Given, Wanted
from reporting.services import assessment
from tests.support.world import World

NOW = datetime(2026, 10, 12, 12, 0, tzinfo=CHINA)
DAY = date(2026, 10, 12)
MANUAL = ("领导重视", Decimal(10))
POINTS = {"line": Decimal(30), "visits": Decimal(20), "decisions": Decimal(15)}


def scheme(world: World, kind: str = "township", version: int = 0, **changed: object) -> Scheme:
    given: dict[str, object] = {
        "kind": kind,
        "school_year": 2026,
        "starts_on": date(2026, 9, 1),
        "source": "文教考〔2026〕3号",
        "points": POINTS if kind == AreaKind.TOWNSHIP else {"line": Decimal(30)},
        "manual": (MANUAL,),
    }
    wanted = Wanted(**{**given, **changed})  # type: ignore[arg-type]
    return assessment.set_scheme(world.scope("bureau_staff"), wanted, version, NOW)


def visit(world: World, due_on: date, **changed: object) -> Obligation:
    """A visit that the first township owes."""
    return Obligation.objects.create(
        county=world.county,
        kind=ObligationKind.VISIT,
        key=f"visit-{Obligation.objects.count()}",
        subject="KC-1",
        region_path=world.township.path,
        owed_by=world.town_hall,
        starts_on=date(2026, 9, 1),
        due_on=due_on,
        due_at=end_of_day(due_on),
        **changed,
    )


def drawn(world: World) -> Sheet:
    """The draft of the first township."""
    if not Scheme.objects.exists():
        scheme(world)
    assessment.draw(world.scope("bureau_staff"), "township", 2026, NOW)
    return Sheet.objects.get(key=world.township.code)


def judged(world: World, row: Sheet, points: str = "8", reason: str = "专题研究两次") -> Sheet:
    number = len(row.items)
    given = {number: Given(Decimal(points), reason)}
    scope = world.scope("bureau_staff")
    return assessment.give(scope, row.public_id, row.version, given, NOW)


def sent(world: World) -> Sheet:
    row = judged(world, drawn(world))
    return assessment.send(world.scope("bureau_staff"), row.public_id, row.version, NOW)
