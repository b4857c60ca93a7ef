"""The acts of the stories: each is one call of a service by a post at a moment."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from agencies.demo import County, acting
from agencies.models import Post
from agencies.rules.duties import AgencyKind, Position
from agencies.rules.scope import Scope
from cases.demo_stories import BACK, CORRECT, OPEN_BY_HAND, OPENED, Step, Story
from cases.demo_work import BY_WORD, Doing
from cases.models import Case, CaseReport
from cases.models.case import Origin
from cases.rules.workflow import Action
from cases.services import actions, opening, reports, visits
from cases.services.actions import Order
from cases.services.opening import ByHand
from cases.services.visits import Report
from students.demo import SchoolTime, at
from students.demo_people import ClassNow
from students.demo_rolls import store_runs
from students.models import EnrollmentRecord, Student, Term
from students.queries.recount import Counted, recount
from students.queries.roll_day import load
from students.services import attendance
from students.services.attendance import Given, Submission

EVENING = time(17, 30)  # when the task of the day has opened what crossed the threshold
MORNING = time(9, 10)
WORK = time(14, 30)


@dataclass(frozen=True)
class Event:
    at: datetime
    do: Callable[[datetime], object]


@dataclass(frozen=True)
class Told:
    """A story with its child; spans: places of first and last day of each absence."""

    story: Story
    student: Student
    place: ClassNow
    spans: tuple[tuple[int, int], ...]

    def begins(self, since: str) -> int:
        """The school day from which a step counts: the case opened, or the child was back."""
        first, last = self.spans[0]
        if since == BACK:
            return last + 1
        if self.story.steps and self.story.steps[0].action == OPEN_BY_HAND:
            return first
        return first + 3 + (self.story.out[0].gap is not None)


def opening_events(terms: tuple[Term, Term], now: datetime) -> list[Event]:
    """Runs that cross nothing are stored at once, the others on the evening of their day."""
    crossing: dict[tuple[date, int], list[Counted]] = defaultdict(list)
    for term in terms:
        counted = recount(term)
        store_runs(term.county_id, term.pk, [run for run in counted if run.crossed_on is None])
        for run in counted:
            if run.crossed_on:
                crossing[run.crossed_on, term.pk].append(run)
    county_id = terms[0].county_id

    def opens(term_id: int, runs: list[Counted]) -> Callable[[datetime], object]:
        def do(now: datetime) -> None:
            store_runs(county_id, term_id, runs)
            opening.open_from_runs(now)

        return do

    return [
        Event(min(at(day, EVENING), now), opens(term_id, runs))
        for (day, term_id), runs in crossing.items()
    ]


def step_events(county: County, told: Told, time_: SchoolTime) -> list[Event]:
    """The steps of one story that lie in the past."""
    teller = _Teller(county, told, time_)
    days = time_.days
    events = []
    for step in told.story.steps:
        place = told.begins(step.since) + step.plus
        if place < len(days):
            events.append(Event(at(days[place], WORK), teller.doing(step)))
    signed = told.begins(OPENED) + 1
    if told.story.received and told.story.lead > 1 and signed < len(days):
        events.append(Event(at(days[signed], MORNING), teller.receive))
    return events


@dataclass(frozen=True)
class _Teller:
    county: County
    told: Told
    time: SchoolTime

    def doing(self, step: Step) -> Callable[[datetime], object]:
        def do(now: datetime) -> None:
            scope = acting(self._post(step.by), at_day(now))
            if step.action == OPEN_BY_HAND:
                why = ByHand(Origin.WHEREABOUTS_UNKNOWN, at_day(now), step.note)
                opening.open_by_hand(scope, self.told.student, why, now)
            elif step.action == CORRECT:
                self._correct(scope, step.note, now)
            elif step.action == Action.VISIT:
                self._visit(scope, step, now)
            elif step.action in BY_WORD:
                BY_WORD[step.action](Doing(self.county, scope, self._case(), step.note, now))
            else:
                order = Order(at_day(now), step.note)
                actions.act(scope, self._case().public_id, Action(step.action), order, now)

        return do

    def receive(self, now: datetime) -> None:
        """The recipients of the reports on opening sign for them."""
        case = self._case()
        for report in CaseReport.objects.filter(episode=case.current_id).select_related(
            "recipient"
        ):
            township = report.recipient.kind == AgencyKind.TOWNSHIP
            position = Position.TOWNSHIP_CADRE if township else Position.BUREAU_STAFF
            scope = acting(self.county.post(report.recipient, position), at_day(now))
            reports.acknowledge(scope, case, report.role, now)

    def _case(self) -> Case:
        return Case.objects.select_related("household__region").get(student=self.told.student)

    def _post(self, position: Position) -> Post:
        """Who holds this position for the child's home or school."""
        home = self.told.student.household.region
        if position is Position.TEACHER:
            return self.told.place.teacher
        agency = {
            Position.SCHOOL_LEADER: self.told.place.school,
            Position.TOWNSHIP_CADRE: self.county.township_of(home),
            Position.TOWNSHIP_LEADER: self.county.township_of(home),
            Position.VILLAGE_CADRE: self.county.at[AgencyKind.VILLAGE, home.path],
        }.get(position, self.county.bureau)
        return self.county.post(agency, position)

    def _visit(self, scope: Scope, step: Step, now: datetime) -> None:
        seen = step.seen
        if seen is None:
            raise ValueError("A visit needs what it brought.")
        next_on = at_day(now) + timedelta(days=seen.next_in) if seen.next_in else None
        report = Report(
            client_id=uuid4(),
            at=now - timedelta(hours=1),
            place=seen.place,
            reached=seen.reached,
            outcome=seen.outcome,
            present=[str(self._post(step.by).public_id)],
            next_on=next_on,
            note=step.note,
        )
        visits.record(scope, self._case().public_id, report, now)

    def _correct(self, scope: Scope, note: str, now: datetime) -> None:
        """The teacher takes back the second day of the absence."""
        first, _last = self.told.spans[0]
        day = self.time.days[first + 1]
        record = EnrollmentRecord.objects.on(day).get(student=self.told.student)
        on_that_day = record.school_class
        sheet = load(scope, on_that_day.public_id, day)
        marks = {
            pupil.id: Given(pupil.child.marks[day], pupil.reasons.get(day, ""))
            for pupil in sheet.pupils
            if day in pupil.child.marks and pupil.pk != self.told.student.pk
        }
        sent = Submission(sheet.version, reason=note, marks=marks)
        attendance.record_day(scope, on_that_day.public_id, day, sent, now)
        opening.open_from_runs(now)


def at_day(now: datetime) -> date:
    """The day in China; every moment of the demonstration carries China's zone."""
    return now.date()
