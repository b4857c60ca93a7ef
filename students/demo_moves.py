"""Coming and going in the demonstration: entrants and their notices, migrant families, transfers
at each step of their way, whole rosters that are to move."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from agencies.demo import County, acting
from agencies.models import Agency
from agencies.rules.duties import Position
from agencies.rules.scope import Scope
from students.access import pupil_for
from students.demo import SchoolTime, at
from students.models import AdmissionNotice, EnrollmentRecord, Student
from students.rules.admission import Paper
from students.rules.moving import MoveKind
from students.rules.transfer import Act
from students.services import admission, moving, transfer_chain
from students.services.admission import Asked as Family
from students.services.admission import Decision
from students.services.moving import Wanted
from students.services.transfer_chain import Asked, Given

DAY = timedelta(days=1)
ISSUED, DELIVERED = (7, 6), (7, 20)  # month and day, in the summer before the school year
STEPS: tuple[tuple[Act, ...], ...] = ((), (Act.AGREE,), (Act.AGREE, Act.APPROVE))


def tell(
    county: County, time_: SchoolTime, storied: Collection[Student], now: datetime
) -> dict[str, int]:
    """After the rolls. storied: children of other stories, who stay where they are."""
    return {
        "notices": sum(_admit(county, time_, school) for school, _plan in county.schools[:2]),
        "families": _families(county, time_.today, now),
        "transfers": _transfers(county, time_.today, storied, now),
        "moves": _moves(county, time_, now),
    }


def _leader(county: County, school: Agency, on: date) -> Scope:
    return acting(county.post(school, Position.SCHOOL_LEADER), on)


def _office(county: County, on: date) -> Scope:
    return acting(county.post(county.bureau, Position.BUREAU_STAFF), on)


def _admit(county: County, time_: SchoolTime, school: Agency) -> int:
    """Notices of the present school year: one was wrong and replaced, the last not delivered."""
    year = time_.present.school_year
    summer, later = date(year, *ISSUED), date(year, *DELIVERED)
    leader = _leader(county, school, summer)
    made = admission.issue(leader, school, year, at(summer, time(9)))
    wrong = AdmissionNotice.objects.filter(school=school).order_by("number").first()
    if wrong is None:
        return 0
    admission.cancel(leader, wrong.public_id, "姓名写错，重新制发", at(summer, time(10)))
    made += admission.issue(leader, school, year, at(summer, time(11)))
    rows = AdmissionNotice.objects.standing().filter(school=school).order_by("number")
    receivers = {str(row.public_id): "监护人" for row in rows}
    handed = _leader(county, school, later)
    admission.deliver(handed, school, later, receivers, at(later, time(15)))
    return made


def _families(county: County, today: date, now: datetime) -> int:
    """One waits for the bureau, one has a school."""
    on = today - 3 * DAY
    school, _plan = county.schools[0]
    village = next(iter(county.villages.values()))[0]
    asked, given = [Paper.RESIDENCE, Paper.WORK, Paper.IDENTITY], [Paper.RESIDENCE, Paper.IDENTITY]
    rows = [
        admission.apply(
            _leader(county, school, today),
            Family(
                name=name, born_on=date(today.year - 8, 3, 12), guardian=guardian, phone="",
                lives_in=village, home="贵州省〔演示〕", grade=2, asked=[*asked], given=[*given],
                on=on,
            ),
            now,
        )
        for name, guardian in (("外来甲〔演示〕", "监护人甲"), ("外来乙〔演示〕", "监护人乙"))
    ]  # fmt: skip
    decision = Decision([*asked], school)
    admission.decide(_office(county, today), rows[1], decision, now)
    return len(rows)


def _transfers(county: County, today: date, storied: Collection[Student], now: datetime) -> int:
    """One child for each step: asked for, agreed by the school, approved by the bureau."""
    (school, _of), (other, _plan) = county.schools[0], county.schools[-1]
    stays = (
        EnrollmentRecord.objects.on(today)
        .filter(school=school)
        .exclude(student__in=[child.pk for child in storied])
    )
    free = stays.filter(student__placements=None, student__case=None, student__runs=None)
    for stay, acts in zip(free.select_related("student").order_by("pk"), STEPS, strict=False):
        leader = _leader(county, school, today)
        pupil = pupil_for(leader, stay.student.public_id)
        asked = Asked(today, "", "父母换了工作地点", "监护人", other)
        row = transfer_chain.ask(leader, pupil, asked, now)
        for what in acts:
            scope = leader if what == Act.AGREE else _office(county, today)
            transfer_chain.act(scope, row, what, Given(today, "同意"), now)
    return len(STEPS)


def _moves(county: County, time_: SchoolTime, now: datetime) -> int:
    """Prepared and not applied: the promotion of next year, and a small school into a large one."""
    next_year = date(time_.present.school_year + 1, 9, 1)
    (large, _of), (small, _plan) = county.schools[0], county.schools[-1]
    office = _office(county, time_.today)
    moving.prepare(office, Wanted(MoveKind.PROMOTION, large, next_year), now)
    moving.prepare(office, Wanted(MoveKind.MERGER, small, next_year, large), now)
    return 2
