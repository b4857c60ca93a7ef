"""Tells the stories of the demonstration: casts them, writes their absence, drives the services.

What is shown as done by people was done by the services, in the names of posts, in the order of
time. A story for which the school days do not suffice is left out and named.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import cycle, pairwise
from random import Random

from agencies import demo_names
from agencies.demo import County
from agencies.models import Region
from agencies.rules.calendar import WorkingCalendar
from cases.demo_acts import Told, opening_events, step_events
from cases.demo_stories import HOLIDAY, MAIN, PAPERS, STORIES, Out, Story
from students.demo import SchoolTime
from students.demo_people import ClassNow, Wanted
from students.demo_rolls import Script
from students.models import Student, Term
from students.rules.marks import Mark

MAKE_UP_SPAN = range(5, 13)  # school days
COPY = "#"


@dataclass
class Cast:
    """Each story with its class, and the children whose stories are papers."""

    told: list[tuple[Story, ClassNow]] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)

    @property
    def classes(self) -> set[int]:
        """Classes with a story, which need the rolls of both terms."""
        return {one.row.pk for _story, one in self.told}


def cast(county: County, classes: list[ClassNow], time_: SchoolTime, rng: Random) -> Cast:
    """Give each story a class of its own as far as there are enough, and a child in it."""
    found = Cast()
    demonstration, *others = classes
    former = time_.before.school_year != time_.present.school_year
    able = [one for one in others if one.stayed or not former]
    near = cycle([one for one in able if one.school.region == county.townships[0]])
    far = cycle([one for one in able if one.school.region != county.townships[0]] or able[::-1])
    elder: dict[str, ClassNow] = {}
    for story in (MAIN, *_stories(county, time_, found, rng)):
        one = demonstration if story is MAIN else next(near if story.near else far)
        while story.family in elder and not _for_younger(one, elder[story.family]):
            one = next(near)
        if story.family:
            elder[story.family] = one
        one.wanted.append(_child(county, story, one))
        found.told.append((story, one))
    for key, name, boy in PAPERS:
        one = next(near)
        one.wanted.append(Wanted(key, name, boy, county.villages[one.school.region.path][2], ""))
    return found


def _for_younger(one: ClassNow, elder: ClassNow) -> bool:
    """Siblings go to two schools."""
    return one.school.pk != elder.school.pk and one.row.grade < elder.row.grade


def _stories(county: County, time_: SchoolTime, found: Cast, rng: Random) -> list[Story]:
    stories = [one for story in STORIES for one in _copies(story, county.plan.copies, rng)]
    span = make_up_span(time_)
    if span is None:
        found.skipped[HOLIDAY.key] = "no make-up day beside a holiday"
        return stories
    first, last = span
    out = Out(len(time_.days) - first, last - first + 1)
    return [replace(HOLIDAY, out=(out,)), *stories]


def told_keys(told: list[Told]) -> dict[str, int]:
    """How often each story was told."""
    return dict(Counter(one.story.key.split(COPY)[0] for one in told))


def _copies(story: Story, copies: int, rng: Random) -> list[Story]:
    extra = range(2, copies + 1) if story.ordinary else ()
    return [
        story,
        *(
            replace(
                story,
                key=f"{story.key}{COPY}{nth}",
                name=demo_names.child(rng, boy=story.boy),
                near=False,
            )
            for nth in extra
        ),
    ]


def _child(county: County, story: Story, one: ClassNow) -> Wanted:
    return Wanted(story.key, story.name, story.boy, _home(county, story, one), story.family)


def _home(county: County, story: Story, one: ClassNow) -> Region:
    villages = county.villages[one.school.region.path]
    if story.key == "whereabouts_unknown":
        return county.vacant
    if story is MAIN:
        return villages[0]
    return villages[(1 + one.row.grade) % (len(villages) - 1)]


def make_up_span(time_: SchoolTime) -> tuple[int, int] | None:
    """Places of the first and last day of an absence over a make-up day and a holiday.

    The most recent make-up Sunday for which there is one, else the most recent Saturday.
    """
    days, working = time_.days, time_.working
    weekend = [place for place, day in enumerate(days) if day in working.make_up_days]
    for place in sorted(weekend, key=lambda place: (days[place].weekday() == 6, place))[::-1]:
        for length in MAKE_UP_SPAN:
            for first in range(place - length + 1, place + 1):
                last = first + length - 1
                if _in_one_term(time_, first, last) and _holiday_in(days, first, last, working):
                    return first, last
    return None


def _in_one_term(time_: SchoolTime, first: int, last: int) -> bool:
    inside = first >= 0 and last < len(time_.days) - 2
    return inside and not first < time_.boundary <= last


def _holiday_in(days: tuple[date, ...], first: int, last: int, working: WorkingCalendar) -> bool:
    return any(days[first] < day < days[last] for day in working.holidays)


def write(cast_: Cast, named: dict[str, Student], time_: SchoolTime, script: Script) -> list[Told]:
    """The absence of every story, as marks for the rolls and as days without a roll."""
    told = []
    for story, one in cast_.told:
        student = named[story.key]
        script.quiet.add(student.pk)
        spans = [_span(story, out, time_) for out in story.out]
        if problem := _problem(story, spans, time_):
            cast_.skipped[story.key] = problem
            continue
        for out, (first, last) in zip(story.out, spans, strict=True):
            _absence(script, student.pk, time_, first, last)
            if out.days is None:
                script.marks[student.pk, time_.today] = Mark.UNEXCUSED
            if out.gap is not None:
                script.untaken.add((_class_on(one, time_, first), time_.days[first + out.gap]))
        told.append(Told(story, student, one, tuple(spans)))
    return told


def _span(story: Story, out: Out, time_: SchoolTime) -> tuple[int, int]:
    """First and last place of an absence, moved back where its run would cross the terms."""
    end = len(time_.days) - 1
    first = end + 1 - out.began
    needed = out.days or (story.lead + (out.gap is not None))
    last = first + needed - 1
    if first < time_.boundary <= last:
        first -= last - time_.boundary + 1
    return first, first + out.days - 1 if out.days else end


def _problem(story: Story, spans: list[tuple[int, int]], time_: SchoolTime) -> str:
    if any(first < 0 for first, _last in spans):
        return "not enough school days"
    if story is MAIN and spans[0][0] < time_.boundary:
        return "the term is not three school days old"
    if any(one[1] >= two[0] for one, two in pairwise(spans)):
        return "the second absence lies before the return"
    return ""


def _absence(script: Script, pupil: int, time_: SchoolTime, first: int, last: int) -> None:
    for day in time_.days[first : last + 1]:
        script.marks[pupil, day] = Mark.UNEXCUSED


def _class_on(one: ClassNow, time_: SchoolTime, place: int) -> int:
    """The class in which the child was on that day."""
    return one.former.pk if one.former and place < time_.boundary else one.row.pk


def tell(
    county: County, told: list[Told], terms: tuple[Term, Term], time_: SchoolTime, now: datetime
) -> int:
    """Everything that happened up to now, in the order of time. Returns the number of events."""
    events = opening_events(terms, now)
    for one in told:
        events += step_events(county, one, time_)
    events.sort(key=lambda event: event.at)
    for event in events:
        event.do(event.at)
    return len(events)
