"""The stories of the demonstration as data: who is out of school from when, and what people did.

All children are invented. Days are school days: `began` counts back from yesterday (1), a step's
`plus` counts on from the day on which the case opened or the child was back.
"""

from dataclasses import dataclass

from agencies.rules.duties import Position
from cases import demo_work as work
from cases.rules.visits import Outcome, Place, Reached
from cases.rules.workflow import Action

OPENED, BACK = "opened", "back"
CADRE, VILLAGE = Position.TOWNSHIP_CADRE, Position.VILLAGE_CADRE
LEADER, TEACHER = Position.SCHOOL_LEADER, Position.TEACHER
CHIEF = Position.TOWNSHIP_LEADER


@dataclass(frozen=True)
class Out:
    """Out of school: school days before today on which it began; days None: until now.

    gap: the day of the absence (from 0) on which the class's roll was not taken.
    """

    began: int
    days: int | None = None
    gap: int | None = None


@dataclass(frozen=True)
class Seen:
    """What a visit brought. next_in: days until the agreed next visit."""

    place: Place
    reached: Reached
    outcome: Outcome
    next_in: int | None = None


@dataclass(frozen=True)
class Step:
    """One act: action of the workflow, by whom, when, in which words."""

    action: Action | str
    by: Position
    plus: int
    note: str = ""
    since: str = OPENED
    seen: Seen | None = None


@dataclass(frozen=True)
class Story:
    """near: in the first township. ordinary: told several times in a larger county.

    received: the reports on opening were signed for. lead: days that have to lie in one term,
    so that the run opens a case.
    """

    key: str
    name: str
    boy: bool
    out: tuple[Out, ...]
    steps: tuple[Step, ...] = ()
    near: bool = False
    ordinary: bool = False
    family: str = ""
    received: bool = True
    lead: int = 4


OPEN_BY_HAND, CORRECT = "open_by_hand", "correct"
AT_HOME = Seen(Place.HOME, Reached.GUARDIAN, Outcome.PROMISED)
REFUSED = Seen(Place.HOME, Reached.GUARDIAN, Outcome.REFUSED)
NOBODY = Seen(Place.HOME, Reached.NOBODY, Outcome.NOT_FOUND)
BY_PHONE = Seen(Place.PHONE, Reached.STUDENT, Outcome.PROMISED, next_in=7)

VERIFY = Step(Action.VERIFY, CADRE, 1, "与学校、村里联系核实")
CONFIRM = Step(Action.CONFIRM, CADRE, 2, "家访核实，确属无故未入校")
FOUND = (VERIFY, CONFIRM)
PLANNED = (
    Step(work.PLAN, CADRE, 3, "父母在外务工，孩子跟不上课程，家中困难"),
    Step(work.APPROVE_PLAN, CHIEF, 3),
)
# The ladder with the guardian, from the criticism to the referral.
PRESSED = (
    Step(work.CRITICISM, CADRE, 5, "监护人未送子女到校，经劝返无效。"),
    Step(work.SERVE, CADRE, 5, "父亲"),
    Step(work.ORDER, CADRE, 7, "经批评教育后仍未送子女到校。"),
    Step(work.SERVE, CADRE, 8, "父亲"),
    Step(work.IN_VAIN, CADRE, 16, "期满仍未到校"),
    Step(work.REFERRAL, CHIEF, 16, "经责令限期改正，逾期仍未改正。"),
)
RETURN = Step(Action.RECORD_RETURN, LEADER, 0, "家长送回学校，已安排补课", BACK)
LESSONS = Step(work.LESSONS, TEACHER, 1, "每周二、四放学后补数学，与同桌结对", BACK)
ONE_VISIT = Step(Action.VISIT, VILLAGE, 3, "孩子答应回校", seen=AT_HOME)
BROUGHT_BACK = (*FOUND, *PLANNED, ONE_VISIT, RETURN)
ASK = Step(Action.REQUEST_CLOSURE, CADRE, 22, "跟踪期满，出勤正常，申请销号", BACK)
CLOSE = Step(Action.APPROVE_CLOSURE, Position.BUREAU_LEADER, 24, "核对点名记录，同意销号", BACK)

MAIN = Story("main", "林小满", False, (Out(3),), near=True, lead=1)
# Its days come from the calendar: a holiday and a make-up weekend day inside the absence.
HOLIDAY = Story("holiday", "周子谦", True, (), (*BROUGHT_BACK, ASK, CLOSE), near=True)

STORIES = (
    Story("untaken_roll", "王佳音", False, (Out(6, gap=2),), near=True, received=False),
    Story(
        "sibling_elder", "蓝天宇", True, (Out(9),),
        (
            *FOUND,
            *PLANNED,
            Step(Action.VISIT, VILLAGE, 4, "祖母说孩子随父母外出", seen=REFUSED),
            Step(work.AID, CADRE, 4, "请核实该户困难情况，给予临时救助。"),
            Step(work.HELP, CADRE, 5, "临时救助金"),
        ),
        near=True, family="siblings",
    ),
    Story("sibling_younger", "蓝心怡", False, (Out(8),), (VERIFY,), near=True, family="siblings"),
    Story(
        "followed", "陈雨薇", False, (Out(20, 8),), (*BROUGHT_BACK, LESSONS), near=True,
        ordinary=True,
    ),
    Story("follow_up_done", "吴俊贤", True, (Out(31, 8),), BROUGHT_BACK, near=True, ordinary=True),
    Story(
        "closure_asked", "郑海洋", True, (Out(33, 8),), (*BROUGHT_BACK, ASK), near=True,
        ordinary=True,
    ),
    Story("closed", "叶婷", False, (Out(47, 7),), (*BROUGHT_BACK, ASK, CLOSE), ordinary=True),
    Story("relapsed", "刘志鹏", True, (Out(40, 8), Out(6)), BROUGHT_BACK, ordinary=True),
    Story(
        "dismissed", "赵一诺", False, (Out(15, 4),),
        (
            Step(CORRECT, TEACHER, 2, "核对后更正：当天在校，点名时漏看"),
            Step(Action.DISMISS, CADRE, 3, "点名记录已更正，未达到连续天数"),
        ),
        ordinary=True,
    ),
    Story(
        "whereabouts_unknown", "钟小龙", True, (Out(3),),
        (
            Step(OPEN_BY_HAND, LEADER, 0, "家中无人，电话停机，邻居不知去向"),
            VERIFY,
            Step(work.SEARCH, CADRE, 1, "请协助查找该生下落。"),
        ),
        near=True,
        lead=1,
    ),
    Story("visit_overdue", "包思源", True, (Out(12),), FOUND, near=True, ordinary=True),
    Story(
        "persuading", "夏晓彤", False, (Out(22),),
        (
            *FOUND,
            *PLANNED,
            Step(Action.VISIT, CADRE, 4, "父亲称孩子已不愿读书", seen=REFUSED),
            *PRESSED,
            Step(Action.VISIT, VILLAGE, 9, "家中无人", seen=NOBODY),
            Step(Action.VISIT, TEACHER, 15, "孩子答应下周回校", seen=BY_PHONE),
        ),
        ordinary=True,
    ),
    Story(
        "end_asked", "詹美琪", False, (Out(14),),
        (*FOUND, Step(work.ABROAD, CADRE, 6, "签证、护照和境外学校录取函复印件")), near=True,
    ),
    Story("verifying", "蒋文轩", True, (Out(5),), (VERIFY,), ordinary=True),
    Story("just_opened", "季思敏", False, (Out(4),), received=False, ordinary=True),
)  # fmt: skip

# Children whose stories are papers, not cases (students/demo_papers.py).
PAPERS = (
    ("on_suspension", "富嘉言", True),
    ("suspension_ended", "邢梦洁", False),
    ("home_teaching", "潘乐乐", True),
    ("new_number", "毛子安", True),
)
