"""The team of six: formed from zones and posts, changed by hand, emptied when a post ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies import grants
from agencies.errors import Reason, RuleBroken
from agencies.models import Post
from agencies.rules.obligations import ObligationKind
from cases.models import Case, CaseGrant, HouseholdTeam, TeamSeat
from cases.queries import team as teams
from cases.rules import team as rules
from cases.rules.team import Seat
from cases.rules.workflow import OPEN
from cases.services import duties, transition
from students.models import Household


@transaction.atomic
def form(case: Case, on: date, now: datetime) -> HouseholdTeam:
    """Seat the household's six when its first case opens; a later case only adds who is missing.

    A seat for which nobody is found stays empty: filling it is owed by the township.
    """
    team, _new = HouseholdTeam.objects.get_or_create(
        household=case.household, defaults={"county_id": case.county_id}
    )
    held = teams.seats_of(team, on)
    _seat(team, {s: p for s, p in teams.proposal(case.household, on).items() if s not in held}, on)
    _after_change(case.household, team, on, now)
    return team


@dataclass(frozen=True)
class Order:
    """On which day, at which moment, and which version of the case the person saw."""

    on: date
    now: datetime
    version: int | None = None


@transaction.atomic
def put(case: Case, wanted: Mapping[Seat, Post | None], order: Order) -> HouseholdTeam:
    """Change seats by hand; seats that are not named stay as they are.

    Raises RuleBroken when a post does not fit its seat or a person would sit twice (rule 11),
    Conflict when the case changed meanwhile.
    """
    team = HouseholdTeam.objects.select_for_update().get(household=case.household)
    on = order.on
    case.refresh_from_db(fields=["version"])
    transition.check_version(case, order.version)
    held = {seat: row.post for seat, row in teams.seats_of(team, on).items()}
    after = {seat: post for seat, post in {**held, **wanted}.items() if post is not None}
    candidates = {seat: teams.candidate(post) for seat, post in after.items()}
    if problems := rules.problems(candidates, teams.home_of(case.household)):
        raise RuleBroken(*problems)
    changed = {seat for seat, post in wanted.items() if post != held.get(seat)}
    _empty(team, changed, on)
    _seat(team, {seat: post for seat in changed if (post := wanted[seat]) is not None}, on)
    _after_change(case.household, team, on, order.now)
    transition.touch(case)
    return team


@transaction.atomic
def refill(on: date, now: datetime) -> int:
    """Seats whose holder left the post are empty from that day: filling them is owed."""
    left = TeamSeat.objects.filter(
        until__isnull=True, post__ends_on__lt=on, team__household__cases__state__in=OPEN
    ).distinct()
    changed = {seat.team_id: seat.team for seat in left.select_related("team__household__region")}
    for seat in left.select_related("post"):
        seat.until = seat.post.ends_on
        seat.save(update_fields=["until"])
    for team in changed.values():
        _after_change(team.household, team, on, now)
    return len(changed)


def post_for(public_id: UUID | str, seat: Seat, on: date) -> Post:
    """The post of this id on the day. Raises RuleBroken when there is none."""
    post = Post.objects.held_on(on).filter(public_id=public_id).select_related("agency__region")
    found = post.first()
    if found is None:
        raise RuleBroken(Reason("post", _("There is no such post."), f"/seats/{seat.value}"))
    return found


def _seat(team: HouseholdTeam, posts: Mapping[Seat, Post], on: date) -> None:
    _empty(team, set(posts), on)
    TeamSeat.objects.bulk_create(
        [TeamSeat(team=team, seat=seat, post=post, since=on) for seat, post in posts.items()]
    )


def _empty(team: HouseholdTeam, seats: set[Seat], on: date) -> None:
    TeamSeat.objects.filter(team=team, seat__in=seats, until__isnull=True).update(until=on)


def _after_change(household: Household, team: HouseholdTeam, on: date, now: datetime) -> None:
    """Grants follow the seats, on every open case of the household; empty seats are owed."""
    held = teams.seats_of(team, on)
    people = {row.post.user_id for row in held.values()}
    complete = not rules.missing(held)
    for case in Case.objects.filter(household=household, state__in=OPEN).select_related(
        "household__region"
    ):
        grants.keep_only(CaseGrant, people, case)
        grants.give(CaseGrant, people, case, "work_case")
        if complete:
            duties.fulfil(case, (ObligationKind.TEAM,), now)
        elif not duties.open_of(case, (ObligationKind.TEAM,)):
            duties.owe(case, ObligationKind.TEAM, on, now)
