"""一家一案: the children of one household side by side, with their plans, team and help."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from agencies.errors import Text
from agencies.models import Post
from agencies.queries.calendars import working_calendar
from agencies.rules.scope import Scope
from cases.models import Case, Episode, TeamSeat
from cases.queries import plan as plans
from cases.queries import team as teams
from cases.queries.plan import Around, CaseHelp
from cases.rules.team import Chair, Home, chairs


@dataclass(frozen=True)
class Child:
    case: Case
    help: CaseHelp


@dataclass(frozen=True)
class Seated:
    """One chair of the team. school: its name, of the seats of a school; post None: empty."""

    label: Text
    school: str
    post: Post | None


@dataclass(frozen=True)
class HouseholdPage:
    """hidden: how many cases of the household this person does not see."""

    children: list[Child]
    team: list[Seated]
    hidden: int

    @property
    def money(self) -> Decimal:
        """Help to all children that are shown, in yuan."""
        return sum((child.help.money for child in self.children), Decimal())


def household_page(scope: Scope, case: Case, now: datetime) -> HouseholdPage:
    """All children of the household in the work, the oldest case first."""
    every = list(Case.objects.filter(household=case.household_id).select_related("school"))
    cases = list(
        Case.objects.visible_to(scope)
        .filter(household=case.household_id)
        .select_related("student", "school", "school_class", "current", "household__region__parent")
        .order_by("pk")
    )
    seats = teams.seats_of_household(case.household_id, scope.on)
    owed, calendar = plans.obligations_of(cases), working_calendar()
    beside = {one.pk: Around(plans.holders_of(one, seats), owed, calendar, now) for one in cases}
    episodes = Episode.objects.filter(pk__in=[one.current_id for one in cases])
    found = {one.case_id: one for one in plans.of_episodes(episodes, beside)}
    children = [Child(one, found[one.pk]) for one in cases]
    team = _team(teams.home_from(case.household, every, case), seats)
    return HouseholdPage(children, team, len(every) - len(children))


def _team(home: Home, seats: Mapping[Chair, TeamSeat]) -> list[Seated]:
    names = {pk: school.name for pk, school in home.schools.items()}
    found = []
    for chair in chairs(home):
        row = seats.get(chair)
        found.append(
            Seated(chair.seat.label, names.get(chair.school or 0, ""), row.post if row else None)
        )
    return found
