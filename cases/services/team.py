"""The team of a household: formed from zones and posts, changed by hand, emptied with a post."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from agencies import grants
from agencies.errors import Reason, RuleBroken
from agencies.models import Post
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost
from cases.models import Case, CaseGrant, HouseholdTeam, TeamSeat
from cases.queries import team as teams
from cases.rules import team as rules
from cases.rules.acts import Deed
from cases.rules.team import OF_SCHOOL, Chair, Home
from cases.rules.workflow import OPEN
from cases.services import duties, transition
from cases.services.transition import Act
from students.models import Household


@transaction.atomic
def form(case: Case, on: date, now: datetime) -> HouseholdTeam:
    """Seat the household's six when its first case opens; a later case only adds who is missing.

    A further school adds two seats. A seat for which nobody is found stays empty: filling it is
    owed by the township.
    """
    team, _new = HouseholdTeam.objects.get_or_create(
        household=case.household, defaults={"county_id": case.county_id}
    )
    home = teams.home_of(case.household, case)
    held = {chair: row.post for chair, row in teams.seats_of(team, on).items()}
    offer = teams.offer_for(case.household, home, on)
    _seat(team, teams.proposal(home, offer, held), on)
    _after_change(case.household, team, on, now)
    return team


@dataclass(frozen=True)
class Order:
    """On which day, at which moment, by whom, and which version of the case the person saw."""

    on: date
    now: datetime
    version: int | None = None
    by: HeldPost | None = None


@transaction.atomic
def put(case: Case, wanted: Mapping[str, Post | None], order: Order) -> HouseholdTeam:
    """Change seats by hand; seats that are not named stay as they are.

    wanted: by the names of rules/team.py:key_of. Raises RuleBroken when there is no such seat,
    when a post does not fit its seat or a person would sit twice (rule 11), Conflict when the
    case changed meanwhile.
    """
    team = HouseholdTeam.objects.select_for_update().get(household=case.household)
    on = order.on
    case.refresh_from_db(fields=["version"])
    transition.check_version(case, order.version)
    home = teams.home_of(case.household, case)
    named = _named(wanted, home)
    rows = teams.seats_of(team, on)
    held = {chair: rows[chair].post for chair in rules.chairs(home) if chair in rows}
    after = {chair: post for chair, post in {**held, **named}.items() if post is not None}
    candidates = {chair: teams.candidate(post) for chair, post in after.items()}
    if problems := rules.problems(candidates, home):
        raise RuleBroken(*problems)
    changed = {chair for chair, post in named.items() if post != held.get(chair)}
    _empty(team, changed, on)
    _seat(team, {chair: post for chair in changed if (post := named[chair]) is not None}, on)
    _after_change(case.household, team, on, order.now)
    if changed and order.by:
        seats = sorted(rules.key_of(chair, home) for chair in changed)
        act = Act(order.by, on, order.now, detail={"seats": seats})
        transition.record(case, Deed.CHANGE_TEAM.value, act)
    transition.touch(case)
    return team


def _named(wanted: Mapping[str, Post | None], home: Home) -> dict[Chair, Post | None]:
    found = {key: rules.chair_of(key, home) for key in wanted}
    if unknown := [key for key, chair in found.items() if chair is None]:
        text = _("The team of this household has no such seat: %(seat)s.")
        raise RuleBroken(*(Reason("seat", text % {"seat": k}, f"/seats/{k}") for k in unknown))
    return {chair: wanted[key] for key, chair in found.items() if chair is not None}


@transaction.atomic
def refill(on: date, now: datetime) -> int:
    """Seats whose holder left the post are empty from that day: filling them is owed.

    Seats of a school whose child is not in the work any more end as well. Returns how many teams
    have changed.
    """
    seats = TeamSeat.objects.filter(until__isnull=True, team__household__cases__state__in=OPEN)
    gone = seats.filter(Q(post__ends_on__lt=on) | Q(post__user__is_active=False)).distinct()
    in_work = Case.objects.filter(
        household=OuterRef("team__household"), state__in=OPEN, school=OuterRef("school")
    )
    idle = seats.filter(~Exists(in_work), school__isnull=False)
    changed = set(idle.values_list("team_id", flat=True))
    for seat in gone.select_related("post"):
        seat.until = max(seat.since, min(seat.post.ends_on or on, on))
        seat.save(update_fields=["until"])
        changed.add(seat.team_id)
    for team in HouseholdTeam.objects.filter(pk__in=changed).select_related("household__region"):
        _after_change(team.household, team, on, now)
    return len(changed)


@transaction.atomic
def follow(case: Case, on: date, now: datetime) -> None:
    """A case has ended: the seats of a school that has no other child of the household end."""
    team = HouseholdTeam.objects.filter(household=case.household_id).first()
    if team:
        _after_change(case.household, team, on, now)


def post_for(public_id: UUID | str, key: str, on: date) -> Post:
    """The post of this id on the day. Raises RuleBroken when there is none."""
    post = Post.objects.held_on(on).filter(public_id=public_id)
    found = post.select_related("user", "agency__region").first()
    if found is None:
        raise RuleBroken(Reason("post", _("There is no such post."), f"/seats/{key}"))
    return found


def _seat(team: HouseholdTeam, posts: Mapping[Chair, Post], on: date) -> None:
    _empty(team, set(posts), on)
    TeamSeat.objects.bulk_create(
        [
            TeamSeat(team=team, seat=chair.seat, school_id=chair.school, post=post, since=on)
            for chair, post in posts.items()
        ]
    )


def _empty(team: HouseholdTeam, chairs: set[Chair], on: date) -> None:
    for chair in chairs:
        seat = TeamSeat.objects.filter(team=team, seat=chair.seat, school=chair.school)
        seat.filter(until__isnull=True).update(until=on)


def _end_idle(team: HouseholdTeam, home: Home, on: date) -> None:
    """Seats for a school that has no child of the household in the work any more."""
    held = TeamSeat.objects.filter(team=team, until__isnull=True, seat__in=OF_SCHOOL)
    theirs = Q(school__in=home.schools) if home.schools else Q(school__isnull=True)
    held.exclude(theirs).update(until=on)


def _after_change(household: Household, team: HouseholdTeam, on: date, now: datetime) -> None:
    """Grants follow the seats, on every open case of the household; empty seats are owed."""
    home = teams.home_of(household)
    _end_idle(team, home, on)
    held = teams.seats_of(team, on)
    people = {row.post.user_id for row in held.values()}
    complete = not rules.missing(held, home)
    for case in Case.objects.filter(household=household, state__in=OPEN).select_related(
        "household__region"
    ):
        grants.keep_only(CaseGrant, people, case)
        grants.give(CaseGrant, people, case, "work_case")
        if complete:
            duties.fulfil(case, (ObligationKind.TEAM,), now)
        elif not duties.open_of(case, (ObligationKind.TEAM,)):
            duties.owe(case, ObligationKind.TEAM, on, now)
