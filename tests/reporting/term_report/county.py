"""The county of tests/support/world.py with its autumn term opened, and full checks signed.

大峃镇实验学校 has six pupils of 大峃镇 and one, 外乡生, of 百丈漈镇; 张梓涵 and 外乡生 did not come.
"""

from dataclasses import dataclass
from datetime import date, datetime

from agencies.rules.deadlines import CHINA
from reporting.documents.paper import Paper
from reporting.models import CensusAnswer
from reporting.rules.filings import FilingKind
from reporting.services import filings
from reporting.services.filings import About, Signing
from students.models import Student
from students.services import terms
from students.services.terms import TermDates
from tests.support.world import World, pupil

OPENS, ENDS = date(2026, 9, 1), date(2027, 1, 29)
CHECKED = datetime(2026, 9, 4, 16, 0, tzinfo=CHINA)
FIGURES = {"expected": 8, "arrived": 6, "explained": 0, "missing": 2, "unanswered": 0}


@dataclass
class Autumn:
    world: World
    outside: Student

    @property
    def key(self) -> str:
        return f"term_report:{self.world.term.public_id}:{self.world.school.code}"

    @property
    def api(self) -> str:
        return f"/api/v1/term-reports/{self.world.term.public_id}/schools/{self.world.school.code}/"

    @property
    def page(self) -> str:
        return f"/terms/{self.world.term.public_id}/report/{self.world.school.code}/"


def autumn(world: World) -> Autumn:
    world.term.delete()
    opened = datetime(2026, 8, 25, 9, 0, tzinfo=CHINA)
    world.term = terms.open_term(world.county, TermDates(2026, "autumn", OPENS, ENDS), opened)
    return Autumn(world, pupil(world.school_class, "外乡生", world.other_village))


def sign_census(made: Autumn, now: datetime = CHECKED) -> None:
    """Two of the school did not come: 张梓涵 of the school's township, 外乡生 of another."""
    world = made.world
    about = About(FilingKind.CENSUS, world.school, OPENS, ENDS, world.term)
    filing = filings.draft(about)
    leader = next(iter(world.scope("school_leader").posts))
    for child, code in ((world.pupils[0], "refuses"), (made.outside, "unknown")):
        CensusAnswer.objects.create(
            filing=filing,
            student=child,
            code=code,
            note="家访",
            checked_by="班主任",
            checked_on=now.date(),
            answered_by_id=leader.id,
            answered_at=now,
        )
    paper = Paper(title="开学普查", number="〔2026〕1号", agency=world.school.name)
    filings.sign(filing, paper, FIGURES, Signing(leader, now))
