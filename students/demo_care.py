"""Care in the demonstration: who looks after left-behind children, what schools do with families,
who keeps the restricted ledgers. The ledgers themselves stay empty: nobody's illness is invented.
"""

from datetime import date, datetime, time, timedelta
from random import Random

from agencies import demo_names
from agencies.demo import County, acting
from agencies.models import Agency
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Position
from students.models import Carer, ClassTeacher, EnrollmentRecord, FocusTag, GuardianContact
from students.rules.contact import Channel, Reached
from students.rules.ledgers import Ledger
from students.rules.left_behind import GROUPS
from students.rules.school_life import Event, SeatKind
from students.services import ledgers, left_behind, school_life

RELATIONS = (("奶奶", False), ("爷爷", True), ("外婆", False))
WITHOUT, GAPS = 5, 3  # one of so many children has no carer yet, one of so many schools no events
EVENING = time(18, 30)
RHYTHM = 28  # the last contact with a child lies up to so many days back
WORDS = ("身体好，作业能按时完成", "想念父母，已约定周末视频", "饮食起居正常，放学按时回家")
EVENTS = (
    Event("meeting", "食堂饭菜", date.min, 12, "决定每月由家长试吃一次，结果张榜公布。"),
    Event("left_behind", "给爸妈写封信", date.min, 35, "集体写信，安排视频通话。"),
)
HELD = timedelta(days=16)


def tell(county: County, today: date, now: datetime, rng: Random) -> dict[str, int]:
    """After the lists that name left-behind children. Returns how many of each."""
    rows = list(_left_behind(county, today))
    made = {"carers": _carers(rows, today, now, rng), "talks": _talks(rows, today)}
    left_behind.raise_due(now)
    schools = [school for school, _of in county.schools]
    for nth, school in enumerate(schools):
        if nth % GAPS != GAPS - 1:
            _family_work(county, school, now, rng)
    _keepers(county, schools[:2], now)
    return made


def _left_behind(county: County, today: date) -> list[EnrollmentRecord]:
    """Where they are at school; children of other stories keep what is told of them there."""
    tagged = FocusTag.objects.on(today).filter(county=county.region, group__in=GROUPS)
    rows = EnrollmentRecord.objects.on(today).filter(
        student__in=tagged.values("student"), student__case=None, student__runs=None
    )
    return list(rows.select_related("student").order_by("pk"))


def _teachers(rows: list[EnrollmentRecord], today: date) -> dict[int, int]:
    """Class -> post of its teacher."""
    classes = {row.school_class_id for row in rows}
    found = ClassTeacher.objects.on(today).filter(school_class__in=classes)
    return dict(found.values_list("school_class", "post"))


def _carers(rows: list[EnrollmentRecord], today: date, now: datetime, rng: Random) -> int:
    """A grandparent for most; the others show what is missing."""
    teachers, made = _teachers(rows, today), []
    for nth, row in enumerate(rows):
        if nth % WITHOUT and row.school_class_id in teachers:
            relation, man = RELATIONS[nth % len(RELATIONS)]
            family = row.student.name[:1] if man else ""
            made.append(
                Carer(
                    county_id=row.county_id,
                    student=row.student,
                    name=demo_names.grown_up(rng, family, man=man),
                    relation=relation,
                    phone=demo_names.phone(2, nth),
                    starts_on=row.starts_on,
                    by_id=teachers[row.school_class_id],
                    recorded_at=now,
                )
            )
    return len(Carer.objects.bulk_create(made))


def _talks(rows: list[EnrollmentRecord], today: date) -> int:
    """The class teacher's last contact with who answers for the child, by turns at home."""
    teachers, made = _teachers(rows, today), []
    carers = dict(Carer.objects.values_list("student", "name"))
    for nth, row in enumerate(rows):
        if nth % WITHOUT and row.school_class_id in teachers:
            channel = (Channel.VISIT, Channel.VIDEO, Channel.PHONE)[nth % 3]
            on = today - timedelta(days=1 + nth % RHYTHM)
            at = datetime.combine(on, EVENING, CHINA)
            made.append(
                GuardianContact(
                    county_id=row.county_id,
                    student=row.student,
                    on=on,
                    at=at,
                    channel=channel,
                    reached=Reached.CARER,
                    answer=WORDS[nth % len(WORDS)],
                    with_whom="年级组长" if channel == Channel.VISIT else "",
                    signed_by=carers[row.student_id] if channel == Channel.VISIT else "",
                    by_id=teachers[row.school_class_id],
                    recorded_at=at,
                )
            )
    return len(GuardianContact.objects.bulk_create(made))


def _family_work(county: County, school: Agency, now: datetime, rng: Random) -> None:
    """A parents' committee of three, its meeting, an activity."""
    then = now - HELD
    leader = acting(county.post(school, Position.SCHOOL_LEADER), then.astimezone(CHINA).date())
    for kind in SeatKind:
        school_life.seat(leader, school, demo_names.grown_up(rng), kind, "", then)
    for event in EVENTS:
        held = Event(event.kind, event.title, leader.on, event.reach, event.words)
        school_life.hold(leader, school, held, then)


def _keepers(county: County, schools: list[Agency], now: datetime) -> None:
    """A class teacher for each ledger of two schools; the bureau's figures have their own."""
    on = now.astimezone(CHINA).date()
    for school in schools:
        leader = acting(county.post(school, Position.SCHOOL_LEADER), on)
        for nth, ledger in enumerate(Ledger):
            ledgers.name_keeper(leader, county.post(school, Position.TEACHER, nth), ledger, now)
    chief = acting(county.post(county.bureau, Position.BUREAU_LEADER), on)
    staff = county.post(county.bureau, Position.BUREAU_STAFF)
    for ledger in Ledger:
        ledgers.name_keeper(chief, staff, ledger, now)
