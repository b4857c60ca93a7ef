"""The school time of the demonstration: two terms, their rolls, days that pass in one stroke."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from agencies.demo import County
from agencies.models import Obligation, Region
from agencies.queries.calendars import working_calendar
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.deadlines import CHINA
from agencies.rules.obligations import ObligationKind
from agencies.services import obligations
from students.demo_people import ClassNow
from students.demo_rolls import Called, Register, Script, analyse
from students.models import (
    AbsenceRun,
    ClassTeacher,
    EnrollmentRecord,
    Placement,
    Roll,
    RollMark,
    SchoolClass,
    Term,
)
from students.queries.calendars import school_calendars, term_on
from students.rules.identity import school_year_of
from students.rules.marks import Mark
from students.services import absence, terms
from students.services.terms import TermDates

Season = Term.Season
DAY = timedelta(days=1)
NOT_YET = 0.4  # of the classes have no roll yet this morning
OF_TEN = 10  # one class of so many has rolls of the term before


@dataclass(frozen=True)
class SchoolTime:
    """days: school days before today, of both terms; boundary: where the present term begins."""

    before: TermDates
    present: TermDates
    today: date
    days: tuple[date, ...]
    boundary: int
    working: WorkingCalendar

    @property
    def is_school_day(self) -> bool:
        return self.today <= self.present.ends_on and self.working.is_working_day(self.today)

    def last_school_day(self) -> date:
        """Today, or the last school day before it."""
        return self.today if self.is_school_day else self.days[-1]


def school_time(today: date) -> SchoolTime:
    """The term around today, in the vacation the one that began last, and the one before it."""
    working = working_calendar()
    year = school_year_of(today)
    known = [dates(y, season, working) for y in (year - 2, year - 1, year) for season in Season]
    before, present = [term for term in known if term.starts_on <= today][-2:]
    past = [
        list(working.working_days(term.starts_on, min(term.ends_on, today - DAY)))
        for term in (before, present)
    ]
    return SchoolTime(before, present, today, (*past[0], *past[1]), len(past[0]), working)


def dates(school_year: int, season: Season, working: WorkingCalendar) -> TermDates:
    """Invented, but usual: 1 September to about 22 January, 1 March to about 3 July."""
    autumn = season == Season.AUTUMN
    first = date(school_year, 9, 1) if autumn else date(school_year + 1, 3, 1)
    last = date(school_year + 1, 1, 22) if autumn else date(school_year + 1, 7, 3)
    *_days, ends_on = working.working_days(last - timedelta(days=14), last)
    return TermDates(school_year, season, working.next_working_day(first), ends_on)


def open_terms(county: Region, time_: SchoolTime, now: datetime) -> tuple[Term, Term]:
    """Both terms through the service. What was owed for the one before has been answered."""
    before, present = (terms.open_term(county, of, now) for of in (time_.before, time_.present))
    kinds = ((ObligationKind.ROLL, 0), (ObligationKind.CENSUS, 3), (ObligationKind.TERM_REPORT, 7))
    for kind, days in kinds:
        owed = Obligation.objects.open().filter(kind=kind, starts_on=before.starts_on)
        answered = at(before.starts_on + timedelta(days=days), time(15))
        obligations.fulfil(list(owed.values_list("pk", flat=True)), answered)
    return before, present


def at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, CHINA)


@dataclass(frozen=True)
class Morning:
    """now: when the demonstration begins; untaken: the class that the demonstration will call."""

    now: datetime
    untaken: ClassNow
    full_year: bool
    storied: Collection[int]  # classes whose rolls of the term before a story needs


def call_rolls(
    county: County, classes: list[ClassNow], time_: SchoolTime, script: Script, morning: Morning,
    rng: Random,
) -> int:  # fmt: skip
    """The rolls of both terms up to today, where most classes but not all have been called."""
    present = [_called(one, one.row.pk) for one in classes]
    former = time_.before.school_year != time_.present.school_year
    earlier = [
        _called(one, one.former.pk if former and one.former else one.row.pk)
        for nth, one in enumerate(classes)
        if (one.former or not former)
        and (morning.full_year or nth % OF_TEN == 0 or one.row.pk in morning.storied)
    ]
    script.calm |= {*time_.days[-1:], time_.today}
    script.untaken |= _forgotten(classes, time_, morning, rng)
    register = Register(county.region.pk, script, rng)
    taken = 0
    for nth, day in enumerate(time_.days):
        taken += register.call(earlier if nth < time_.boundary else present, day, morning.now)
    if time_.is_school_day:
        ready = [
            one
            for one in present
            if one.class_id != morning.untaken.row.pk and rng.random() >= NOT_YET
        ]
        taken += register.call(ready, time_.today, morning.now)
    analyse()
    return taken


def _called(one: ClassNow, class_id: int) -> Called:
    return Called(class_id, one.teacher.pk, tuple(one.pupils))


def _forgotten(
    classes: list[ClassNow], time_: SchoolTime, morning: Morning, rng: Random
) -> set[tuple[int, date]]:
    """A few rolls that nobody took, in classes without a story, not in the last days."""
    days = time_.days[time_.boundary :][-20:-3]
    others = [
        one.row.pk
        for one in classes
        if one is not morning.untaken and one.row.pk not in morning.storied
    ]
    if not days or not others:
        return set()
    return {(rng.choice(others), rng.choice(days)) for _nth in range(6)}


def school_days_after(county_id: int, day: date) -> Iterator[date]:
    """School days of the county's terms after this day."""
    working = working_calendar()
    for term in Term.objects.filter(county_id=county_id, ends_on__gt=day).order_by("starts_on"):
        yield from working.working_days(max(day + DAY, term.starts_on), term.ends_on)


def pass_day(county_id: int, day: date, now: datetime, back: Collection[int]) -> int:
    """The rolls that nobody took on a school day: who has an open run stays absent.

    back: children who have returned, whatever their runs say. A child whose placement has ended
    without return is not known. Returns how many rolls were taken.
    """
    term = term_on(county_id, day)
    if term is None:
        return 0
    away = set(AbsenceRun.objects.filter(term=term).going_on(day).values_list("student", flat=True))
    script = Script(calm={day})
    ended = Placement.objects.unreturned_before(day).values_list("student", flat=True)
    script.marks.update({(pk, day): Mark.UNKNOWN for pk in ended})
    script.marks.update({(pk, day): Mark.UNEXCUSED for pk in away - set(back)})
    still = Placement.objects.on(day).values_list("student", flat=True)
    for pk in still:
        script.marks.pop((pk, day), None)
    classes = _not_called(term, day)
    script.quiet = {pupil for one in classes for pupil in one.pupils}
    taken = Register(county_id, script, Random(day.toordinal())).call(classes, day, now)
    marked = RollMark.objects.filter(county_id=county_id, day=day, mark=Mark.UNEXCUSED)
    changed = away | set(marked.values_list("student", flat=True))
    absence.refresh(changed, term)
    return taken


def _not_called(term: Term, day: date) -> list[Called]:
    """Classes with pupils whose school is open on the day and whose roll is missing."""
    pupils: dict[int, list[int]] = {}
    on_roster = EnrollmentRecord.objects.on(day).filter(county_id=term.county_id)
    for class_id, student_id in on_roster.values_list("school_class", "student"):
        pupils.setdefault(class_id, []).append(student_id)
    called = Roll.objects.filter(county_id=term.county_id, day=day).values("school_class")
    missing = dict(
        SchoolClass.objects.filter(pk__in=pupils)
        .exclude(pk__in=called)
        .values_list("pk", "school_id")
    )
    calendars = school_calendars(term, missing.values())
    teachers = dict(
        ClassTeacher.objects.on(day)
        .filter(school_class__in=missing)
        .values_list("school_class", "post")
    )
    return [
        Called(pk, teachers[pk], tuple(pupils[pk]))
        for pk, school_id in missing.items()
        if pk in teachers and calendars[school_id].is_school_day(day)
    ]
