"""Steps of the legal ladder in tests, through the services."""

import io
import uuid
from datetime import date

from PIL import Image

from cases.models import Case, LegalStep, PaperService
from cases.rules.workflow import Action
from cases.services import actions, ladder, opening, service_of_papers
from cases.services.actions import Order
from cases.services.ladder import StepOrder
from cases.services.service_of_papers import Served
from tests.support.rolls import U, at, take
from tests.support.world import World

RUN = (date(2026, 9, 1), date(2026, 9, 2), date(2026, 9, 3), date(2026, 9, 4))
CRITICISM = {
    "facts": "9月1日起未到校，随父在温州。",
    "place": "家中",
    "content": "告知义务教育法的规定。",
    "answer": "愿意考虑。",
}
ORDER = {"facts": "9月1日起未到校。", "demand": "送子女到校就读。"}
REFERRAL = {"facts": "逾期未改正。", "asked": "依法督促监护人履行义务。"}
FACTS = {"criticism": CRITICISM, "order": ORDER, "referral": REFERRAL}


def scan() -> bytes:
    """A small picture of a signed receipt."""
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    return out.getvalue()


def confirmed(world: World, pupil: int = 0) -> Case:
    """A confirmed dropout; the clock has to stand at 2026-09-09 or later."""
    for day in RUN:
        take(world, day, {pupil: U})
    opening.open_from_runs(at(RUN[-1], 12))
    case = Case.objects.get(student=world.pupils[pupil])
    order = Order(date(2026, 9, 7))
    now = at(date(2026, 9, 7), 12)
    actions.act(world.scope("township_cadre"), case.public_id, Action.CONFIRM, order, now)
    case.refresh_from_db()
    return case


def step(world: World, case: Case, rung: str, on: date, role: str = "township_cadre", **more):
    """Take the step of a rung."""
    more = {"facts": FACTS[rung], "client_id": uuid.uuid4(), **more}
    if rung == "referral":
        more = {"addressee": "县司法局", **more}
    order = StepOrder(rung=rung, on=on, **more)
    return ladder.take_step(world.scope(role), case.public_id, order, at(on, 12))


def serve(world: World, row: LegalStep, on: date, **more) -> PaperService:
    """Hand over the paper of a step to the guardian, with the receipt."""
    sent = {
        "method": "direct", "served_on": on, "place": "家中", "receiver": "张某",
        "relation": "本人", "receipt": scan(),
    }  # fmt: skip
    served = Served(**sent | more)
    scope = world.scope("township_cadre")
    return service_of_papers.serve(scope, row.case, row.paper, served, at(on, 16))
