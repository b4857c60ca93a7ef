"""Any sequence of acts by anybody, against a model: no state that is not allowed, no row lost.

Rolls that show absence or a return, corrections, visits, changes of the team, every action by every
role: possible ones and refused ones. The real database; the same sequences on every run.
"""

import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from agencies.errors import Conflict, DomainError, NotPermitted, NotPossible, NotVisible
from agencies.models import Obligation, PolicyRule
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from cases.models import Case, CaseEvent, Episode, TeamSeat, Visit
from cases.rules.workflow import OPEN, Action
from cases.services import actions, opening, returns, team, visits
from cases.services.actions import Order
from cases.services.opening import ByHand
from cases.services.visits import Report
from reporting.queries.consistency import faults
from students.models import Roll, RollMark, Student
from students.queries.calendars import school_calendars
from students.services import absence
from tests.cases.life_model import ALLOWED, FOLLOW_UP, OVER, ROLES, SEES, Given, Life
from tests.support.rolls import U, at
from tests.support.world import World

FIRST = date(2026, 9, 14)  # two holidays and a make-up day lie ahead
ANSWERS = {NotPossible: "refused", NotPermitted: "forbidden", NotVisible: "unseen"}
MOVES = sorted(set(Action) - {Action.VISIT})
FORWARD = [action for action in MOVES if action is not Action.REOPEN]
WORDS = {True: "because", False: " "}
# What happens in a life; the more often it is named, the more often it happens.
KINDS = (
    *["the_next_step"] * 7, *["anybody"] * 3, *["a_visit"] * 2, *["a_day"] * 2, *["a_relapse"] * 2, *["a_return"] * 2,
    "a_correction", "the_tasks_again", "a_register", "opened_by_hand", "the_team_changes",
    "an_older_page",
)  # fmt: skip
ENDINGS = ["abroad", "mistake", "completed", "died", "placement"]
Choose = Callable[[Sequence], Any]


class CaseLife(RuleBasedStateMachine):
    """The product and the model live through the same days."""

    world: World
    scopes: dict[str, Scope]
    move_clock = staticmethod(lambda moment: None)

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.life = Life()
        self.events: list[tuple] = []
        self.step = 0
        calendar = school_calendars(self.world.term, [self.world.school.pk])[self.world.school.pk]
        self.days: Iterator[date] = iter(calendar.school_days(FIRST, self.world.term.ends_on))

    def teardown(self) -> None:
        try:
            assert [fault.check.name for fault in faults(self.life.today)] == []
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @property
    def child(self) -> Student:
        return self.world.pupils[0]

    @property
    def now(self) -> datetime:
        return at(self.life.today, 12)

    def scope(self, role: str) -> Scope:
        """Who is asking on the day of the story; posts do not change in it."""
        known = self.scopes.setdefault(role, self.world.scope(role))
        return replace(known, on=self.life.today)

    def case(self) -> Case:
        return Case.objects.select_related("current", "household__region").get()

    # -- the days ------------------------------------------------------------------------------

    @initialize(absent=st.sampled_from([0, 4, 4, 4]))
    def it_begins(self, absent: int) -> None:
        self.days_pass([True, *[False] * absent])

    @rule(seed=st.integers(0, 2**32))
    def something_happens(self, seed: int) -> None:
        """One rule for all, and every choice from the seed and the step.

        Hypothesis switches single rules off and repeats what it drew before: lives stayed short.
        """
        self.step += 1
        choose = random.Random(f"{seed} {self.step}").choice
        kind = choose(KINDS)
        note(f"{kind}: {self.life}")
        getattr(self, kind)(choose)

    def a_day(self, choose: Choose) -> None:
        self.days_pass([choose([True, False])])

    def a_relapse(self, _choose: Choose) -> None:
        """In class for a day, then out for as long as opens a case; single days seldom do it."""
        self.days_pass([True, False, False, False, False])

    def days_pass(self, marks: list[bool]) -> None:
        """The roll of each day comes in; the tasks run on the evening of the last."""
        for present in marks:
            day = next(self.days)
            self.life.marks[day] = present
            roll = Roll.objects.create(
                county=self.world.county,
                school_class=self.world.school_class,
                day=day,
                state="taken",
                taken_at=at(day),
                taken_by=self.world.posts["teacher"],
            )
            if not present:
                self.mark_absent(roll)
        self.move_clock(f"{self.life.today}T12:00")
        self.sweep()

    def mark_absent(self, roll: Roll) -> None:
        RollMark.objects.create(
            county=self.world.county, roll=roll, student=self.child, day=roll.day, mark=U
        )

    def a_correction(self, _choose: Choose) -> None:
        """The child was in class today after all."""
        self.life.marks[self.life.today] = True
        RollMark.objects.filter(student=self.child, day=self.life.today).delete()
        self.sweep()

    def the_tasks_again(self, _choose: Choose) -> None:
        assert opening.open_from_runs(self.now) == 0
        assert returns.follow(self.life.today, self.now) == 0
        assert team.refill(self.life.today, self.now) == 0

    def sweep(self) -> None:
        """The tasks of the evening."""
        absence.refresh([self.child.pk], self.world.term)
        opening.open_from_runs(self.now)
        returns.follow(self.life.today, self.now)
        team.refill(self.life.today, self.now)
        self.life.sweep()

    def a_register(self, choose: Choose) -> None:
        """The school records an end on which a request can rest."""
        if self.life.state == "end_requested" and not self.life.registers:
            self.life.registers = choose(["completed", "died"])
            column = {f"{self.life.registers}_on": self.life.today}
            Student.objects.filter(pk=self.child.pk).update(**column)

    def a_return(self, _choose: Choose) -> None:
        """The child is in class, somebody records it, and it stays for the whole follow-up."""
        self.days_pass([True])
        self.try_to("school_leader", Action.RECORD_RETURN, Given())
        self.days_pass([True] * FOLLOW_UP)

    # -- what people do ------------------------------------------------------------------------

    def anybody(self, choose: Choose) -> None:
        """Any action by anybody: most are refused."""
        given = Given(choose([True, False]), choose([True, False]), choose(ENDINGS))
        self.try_to(choose(ROLES), choose(MOVES), given)

    def the_next_step(self, choose: Choose) -> None:
        """An action that is possible, by one who may: so that long lives come about.

        Reopening by hand is left to anybody: what has ended waits for what the roll says.
        """
        given = Given(ending=choose(["abroad", "mistake", self.life.registers]))
        able: dict[Action, list[str]] = {}
        for action, role in product(FORWARD, sorted(SEES)):
            if self.life.state and self.life.answer(role, action, given) == "done":
                able.setdefault(action, []).append(role)
        if able:
            action = choose(list(able))
            self.try_to(choose(able[action]), action, given)

    def try_to(self, role: str, action: Action, given: Given) -> None:
        if not self.life.state:
            return
        expected = self.life.answer(role, action, given)
        order = Order(
            self.life.today, WORDS[given.note], None, given.ending, WORDS[given.proof].strip()
        )
        scope = self.scope(role)
        case_id = self.case().public_id
        got = self.answer(lambda: actions.act(scope, case_id, action, order, self.now))
        assert got == expected, (role, action, given, self.life)
        if got == "done":
            self.life.do(role, action, given)

    def a_visit(self, choose: Choose) -> None:
        if not self.life.state:
            return
        role = choose(ROLES)
        expected = self.life.answer(role, "visit", Given())
        client, when = uuid.uuid4(), at(self.life.today, 11)
        sent = Report(client, when, "home", "guardian", "promised", note=str(client))
        scope, case_id = self.scope(role), self.case().public_id
        for _again in range(2):  # the phone sends it twice
            got = self.answer(lambda: visits.record(scope, case_id, sent, self.now))
            assert got == expected, (role, self.life)
        if got == "done":
            self.life.do(role, "visit", Given())

    def opened_by_hand(self, choose: Choose) -> None:
        why = ByHand("tip", self.life.today, "seen at a market")
        child = Student.objects.get(pk=self.child.pk)
        scope = self.scope(choose(sorted(SEES)))
        got = self.answer(lambda: opening.open_by_hand(scope, child, why, self.now))
        possible = self.life.state in ("", *OVER) and not self.life.registers
        assert got == ("done" if possible else "refused"), self.life
        if got == "done":
            self.life.open(None)

    def the_team_changes(self, choose: Choose) -> None:
        if not self.life.state:
            return
        wanted = {"village_cadre": choose([None, self.world.posts["village_cadre"]])}
        before = TeamSeat.objects.count()
        team.put(self.case(), wanted, team.Order(self.life.today, self.now))
        assert TeamSeat.objects.count() >= before  # who sat there stays known

    def an_older_page(self, _choose: Choose) -> None:
        """Somebody acts on a page that shows what was before."""
        if not self.life.state:
            return
        case = self.case()
        order = Order(self.life.today, "why", case.version - 1)
        with pytest.raises(Conflict), transaction.atomic():
            actions.act(
                self.scope("bureau_leader"),
                case.public_id,
                Action.APPROVE_CLOSURE,
                order,
                self.now,
            )

    def answer(self, work: Callable[[], object]) -> str:
        """What came of it. A refusal has every reason in words and writes nothing."""
        before = self.rows()
        try:
            with transaction.atomic():
                work()
        except DomainError as refused:
            got, words = ANSWERS[type(refused)], [str(one.text) for one in refused.reasons]
        else:
            return "done"
        assert self.rows() == before
        assert got == "unseen" or (words and all(words))
        return got

    def rows(self) -> tuple:
        return (
            list(Case.objects.values_list("state", "version", "current")),
            list(Episode.objects.order_by("pk").values_list()),
            CaseEvent.objects.count(),
            Visit.objects.count(),
            list(Obligation.objects.order_by("pk").values_list("pk", "met_at", "waived_at")),
        )

    # -- what always holds ---------------------------------------------------------------------

    @invariant()
    def the_case_is_where_the_model_is(self) -> None:
        cases = list(Case.objects.select_related("current"))
        assert len(cases) == bool(self.life.state)
        for case in cases:
            assert case.state in ALLOWED
            assert case.state == self.life.state, self.life
            episode, known = case.current, self.life.now
            assert (episode.number, episode.returned_on, episode.ended_on) == (
                len(self.life.episodes), known.returned_on, known.ended_on,
            )  # fmt: skip
            assert (episode.ending, episode.asked_from) == (known.ending, known.asked_from)
            assert episode.run_withdrawn == known.withdrawn

    @invariant()
    def one_episode_at_a_time(self) -> None:
        assert Episode.objects.count() == len(self.life.episodes)
        going_on = Episode.objects.filter(ended_on__isnull=True).count()
        assert going_on == bool(self.life.state and self.life.state not in OVER)

    @invariant()
    def nothing_is_lost(self) -> None:
        events = list(
            CaseEvent.objects.order_by("pk").values_list(
                "pk", "episode", "action", "before", "after", "on", "at", "by", "note"
            )
        )
        assert events[: len(self.events)] == self.events
        self.events = events
        assert Visit.objects.count() == self.life.visits
        if self.life.state:
            assert events[-1][4] == self.life.state

    @invariant()
    def no_clock_runs_on_a_case_that_has_ended(self) -> None:
        running = Obligation.objects.open().filter(kind__startswith="case_")
        is_open = self.life.state in OPEN
        assert running.exists() == is_open, (self.life, list(running))


@pytest.mark.django_db
def test_the_life_of_a_case(world: World, clock) -> None:
    PolicyRule.objects.create(
        county=world.county,
        key=Key.FOLLOW_UP_DAYS,
        value=FOLLOW_UP,
        source="a test",
        starts_on=world.term.starts_on - timedelta(days=1),
    )
    clock(f"{FIRST}T12:00")

    class InThisWorld(CaseLife):
        move_clock = staticmethod(clock)

    InThisWorld.world, InThisWorld.scopes = world, {}
    run_state_machine_as_test(
        InThisWorld,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],  # a life of twenty steps is read without being shortened
            suppress_health_check=list(HealthCheck),
        ),
    )
