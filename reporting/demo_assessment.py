"""The yearly assessment in the demonstration: two schemes, drafts, sheets appealed and signed."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from agencies.demo import County, acting
from agencies.models import Agency
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Position
from agencies.rules.scope import Scope
from reporting.models import Sheet
from reporting.rules.areas import AreaKind
from reporting.rules.assessment import LEADERS, Given, Wanted
from reporting.services import assessment, assessment_appeals
from reporting.services.assessment_appeals import Objection
from students.rules.identity import school_year_of

POINTS: dict[AreaKind, dict[str, int]] = {
    AreaKind.TOWNSHIP: {
        "line": 20, "return": 10, "case_reports": 10, "verified": 10, "teams": 10, "visits": 10,
        "decisions": 5, "papers": 15,
    },
    AreaKind.SCHOOL: {
        "line": 20, "rolls": 20, "census": 10, "term_report": 10, "absence": 10, "records": 10,
        "papers": 10,
    },
}  # fmt: skip
OWN = ("专题研究控辍保学工作", Decimal(10))
GIVEN = Given(Decimal(8), "专题研究两次，有会议记录。")


def tell(county: County, now: datetime) -> int:
    """Returns how many sheets there are: of each kind one appealed against and one signed."""
    on = now.astimezone(CHINA).date()
    year = school_year_of(on)
    post = county.post(county.bureau, Position.BUREAU_LEADER)
    bureau = replace(acting(post, on), name=post.user.name)
    drawn = 0
    for kind, points in POINTS.items():
        wanted = Wanted(
            kind.value,
            year,
            date(year, 9, 1),
            f"文教考〔{year}〕3号",
            {code: Decimal(value) for code, value in points.items()},
            (OWN,),
        )
        assessment.set_scheme(bureau, wanted, 0, now)
        sheets = assessment.draw(bureau, kind, year, now)
        drawn += len(sheets)
        for sheet in sheets[:2]:
            _send(bureau, sheet, now)
        for sheet in sheets[:1]:
            _sign(bureau, _leader(county, sheet.agency, kind, on), sheet, now)
        for sheet in sheets[1:2]:
            scope = _leader(county, sheet.agency, kind, on)
            objection = Objection(3, 1, "学生基数小，一人即超线，请酌情复核。")
            assessment_appeals.appeal(scope, sheet.public_id, objection, now)
    return drawn


def _leader(county: County, body: Agency, kind: AreaKind, on: date) -> Scope:
    return acting(county.post(body, LEADERS[kind]), on)


def _send(bureau: Scope, sheet: Sheet, now: datetime) -> None:
    own = {len(sheet.items): GIVEN}
    judged = assessment.give(bureau, sheet.public_id, sheet.version, own, now)
    assessment.send(bureau, sheet.public_id, judged.version, now)


def _sign(bureau: Scope, leader: Scope, sheet: Sheet, now: datetime) -> None:
    accepted = assessment_appeals.accept(leader, sheet.public_id, 3, now)
    assessment_appeals.sign(bureau, sheet.public_id, accepted.version, now)
