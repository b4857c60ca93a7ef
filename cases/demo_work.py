"""What the people of the stories do beside visits: plan, help, legal steps, requests, lessons.

Each is one call of a service in the name of a post, as in demo_acts.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

from PIL import Image, ImageDraw

from agencies.demo import County
from agencies.rules.duties import AgencyKind
from agencies.rules.scope import Scope
from cases.models import Case, CasePaper, LegalStep
from cases.rules.assistance import AssistanceKind, Given
from cases.rules.endings import Ending
from cases.rules.ladder import StepOutcome
from cases.rules.plan import Draft, PlannedCause, PlannedMeasure
from cases.rules.requests import Matter
from cases.rules.service import Method
from cases.rules.team import Seat
from cases.rules.workflow import Action
from cases.services import (
    actions,
    assistance,
    catch_up,
    ladder,
    plans,
    requests,
    service_of_papers,
)
from cases.services.actions import Order as Act
from cases.services.catch_up import Arranged
from cases.services.ladder import Outcome, StepOrder
from cases.services.requests import Ask
from cases.services.service_of_papers import Served

PLAN, APPROVE_PLAN, HELP, LESSONS = "plan", "approve_plan", "help", "lessons"
CRITICISM, ORDER, SERVE, IN_VAIN, REFERRAL = "criticism", "order", "serve", "in_vain", "referral"
AID, SEARCH, ABROAD = "aid", "search", "abroad"


@dataclass(frozen=True)
class Doing:
    """Who acts on which case when, and the words of the story."""

    county: County
    scope: Scope
    case: Case
    note: str
    now: datetime


def _plan(act: Doing) -> None:
    on = act.scope.on
    learning = PlannedCause(
        "learning.behind",
        main=True,
        measures=[
            PlannedMeasure("每周三次课后补课，安排同伴结对", Seat.TEACHER, on + timedelta(days=30)),
            PlannedMeasure("入户了解在家情况", Seat.VILLAGE_CADRE, on + timedelta(days=14)),
        ],
    )
    poor = PlannedCause(
        "family.poverty",
        measures=[
            PlannedMeasure("报县民政局申请临时救助", Seat.TOWNSHIP_CADRE, on + timedelta(days=10))
        ],
    )
    plans.write(act.scope, act.case.public_id, Draft([learning, poor], act.note), 0, act.now)


def _approve_plan(act: Doing) -> None:
    plans.approve(act.scope, act.case.public_id, 1, act.now)


def _help(act: Doing) -> None:
    given = Given(
        kind=AssistanceKind.MONEY,
        what=act.note,
        starts_on=act.scope.on,
        giver=str(act.county.at[AgencyKind.CIVIL_AFFAIRS, act.county.region.path].public_id),
        amount=Decimal(600),
    )
    assistance.record(act.scope, act.case.public_id, given, act.now)


def _lessons(act: Doing) -> None:
    catch_up.arrange(act.scope, act.case.public_id, Arranged(act.note, act.scope.on), act.now)


def _ask(matter: Matter, kind: AgencyKind, **particulars: str) -> Callable[[Doing], None]:
    def do(act: Doing) -> None:
        """The body of the home's township where it has one, else that of the county."""
        there, near = act.county.at, act.case.household.region.path[:9]
        to = there.get((kind, near)) or there[kind, act.county.region.path]
        sent = Ask(uuid4(), matter, to.public_id, act.note, particulars)
        requests.ask(act.scope, act.case.public_id, sent, act.now)

    return do


def _rung(rung: str, addressee: str = "", **facts: str) -> Callable[[Doing], None]:
    def do(act: Doing) -> None:
        said = {"facts": act.note, **facts}
        order = StepOrder(uuid4(), act.scope.on, rung, said, addressee)
        ladder.take_step(act.scope, act.case.public_id, order, act.now)

    return do


def _serve(act: Doing) -> None:
    """The newest paper is handed over; the receipt is a drawing."""
    paper = CasePaper.objects.filter(case=act.case).latest("pk")
    served = Served(
        Method.DIRECT, act.scope.on, "家中", act.note, "监护人", receipt=drawn_receipt()
    )
    service_of_papers.serve(act.scope, act.case, paper, served, act.now)


def _in_vain(act: Doing) -> None:
    step = LegalStep.objects.filter(case=act.case).latest("pk")
    said = Outcome(StepOutcome.NOT_COMPLIED, act.scope.on, act.note)
    ladder.record_outcome(act.scope, act.case.public_id, step.public_id, said, act.now)


def _abroad(act: Doing) -> None:
    order = Act(act.scope.on, ending=Ending.ABROAD, proof=act.note)
    actions.act(act.scope, act.case.public_id, Action.REQUEST_END, order, act.now)


def drawn_receipt() -> bytes:
    """A page with a signature that nobody could take for one."""
    page = Image.new("RGB", (420, 594), "white")
    pen = ImageDraw.Draw(page)
    for line in range(8):
        pen.line((40, 80 + 48 * line, 380, 80 + 48 * line), fill="#999")
    pen.line([(220, 500), (250, 470), (270, 505), (300, 475), (330, 500)], fill="#224", width=4)
    out = BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


BY_WORD: dict[str, Callable[[Doing], None]] = {
    PLAN: _plan,
    APPROVE_PLAN: _approve_plan,
    HELP: _help,
    LESSONS: _lessons,
    ABROAD: _abroad,
    AID: _ask(Matter.AID, AgencyKind.CIVIL_AFFAIRS),
    SEARCH: _ask(Matter.SEARCH, AgencyKind.POLICE, last_seen="国庆前夕，在县城汽车站"),
    CRITICISM: _rung(
        "criticism",
        place="家中",
        content="宣讲义务教育法，告知监护人的法定义务。",
        answer="表示会考虑。",
    ),
    ORDER: _rung("order", demand="送子女到校就读，完成义务教育。"),
    SERVE: _serve,
    IN_VAIN: _in_vain,
    REFERRAL: _rung("referral", "县司法局", asked="依法督促监护人履行义务。"),
}
