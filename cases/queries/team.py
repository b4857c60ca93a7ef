"""Teams: who sits where, who could, and what each person already carries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from agencies.models import Agency, Post, Zone
from agencies.models.bases import valid_on
from agencies.rules.duties import AgencyKind, Position
from cases.models import Case, HouseholdTeam, TeamSeat
from cases.rules.team import OF_SCHOOL, Candidate, Chair, Home, SchoolAt, Seat, chairs
from cases.rules.workflow import OPEN, State
from students.models import ClassTeacher, Household


def home_of(household: Household, case: Case | None = None) -> Home:
    """Where the household lives, and its schools as one looks at them from this case."""
    cases = Case.objects.filter(household=household).select_related("school").order_by("pk")
    return home_from(household, cases, case)


def home_from(household: Household, cases: Iterable[Case], case: Case | None = None) -> Home:
    """The same from the household's cases. Where no case is open, the team as it was last."""
    rows = sorted(cases, key=lambda one: one != case)  # the case itself first, then the oldest
    working = [one for one in rows if State(one.state) in OPEN]
    schools = {
        one.school_id: SchoolAt(one.school.code, one.school.name)
        for one in working or rows
        if one.school_id and one.school
    }
    path = household.region.path
    return Home(path[:9], path, schools)


def candidate(post: Post) -> Candidate:
    return Candidate(
        post_id=post.pk,
        user_id=post.user_id,
        position=post.position,
        agency_id=post.agency_id,
        agency_kind=post.agency.kind,
        agency_name=post.agency.name,
        region_path=post.agency.region.path,
    )


def seats_of(team: HouseholdTeam, on: date) -> dict[Chair, TeamSeat]:
    """The seats that are held on the day: a post that has ended leaves its seat empty."""
    return seats_of_household(team.household_id, on)


def seats_of_household(household_id: int, on: date) -> dict[Chair, TeamSeat]:
    return by_chair(held_on(household_id, on))


def held_on(household_id: int, on: date) -> QuerySet[TeamSeat]:
    """Seats of posts that are in force on the day, of people whose account works."""
    return (
        TeamSeat.objects.filter(team__household=household_id, until__isnull=True)
        .filter(valid_on(on, "post__"))
        .filter(post__user__is_active=True)
        .select_related("post__user", "post__agency__region")
    )


def by_chair(seats: Iterable[TeamSeat]) -> dict[Chair, TeamSeat]:
    return {Chair(Seat(row.seat), row.school_id): row for row in seats}


def able(home: Home, county_id: int, on: date) -> dict[Chair, list[Post]]:
    """Posts that fit each chair, those with the fewest households in the work first."""
    wanted = Q()
    for chair in chairs(home):
        wanted |= _place(chair, home) & Q(position=Position(chair.seat.value))
    theirs = Q(seats__until__isnull=True, seats__team__household__cases__state__in=OPEN)
    posts = (
        Post.objects.held_on(on)
        .filter(wanted, county_id=county_id)
        .annotate(load=Count("seats", filter=theirs, distinct=True))
        .select_related("user", "agency__region")
        .order_by("load", "starts_on", "pk")
    )
    found: dict[Chair, list[Post]] = {chair: [] for chair in chairs(home)}
    for post in posts:
        seat = Seat(post.position)
        own = post.agency_id if seat in OF_SCHOOL and home.schools else None
        found[Chair(seat, own)].append(post)
    return found


def _place(chair: Chair, home: Home) -> Q:
    """Where the post of a chair has to be (rules/team.py:fits as a condition)."""
    if chair.school is not None:
        return Q(agency=chair.school)
    if chair.seat is Seat.BUREAU_LEADER:
        return Q(agency__kind=AgencyKind.BUREAU)
    if chair.seat in OF_SCHOOL:
        schools = Agency.objects.schools().filter(region__path__startswith=home.township_path)
        return Q(agency__in=schools)
    if chair.seat is Seat.VILLAGE_CADRE:
        return _at(AgencyKind.VILLAGE, home.village_path)
    return _at(AgencyKind.TOWNSHIP, home.township_path)


def _at(kind: AgencyKind, path: str) -> Q:
    return Q(agency__in=Agency.objects.filter(kind=kind, region__path=path))


def preferred(home: Home, class_ids: Iterable[int], on: date) -> list[int]:
    """Posts that answer for this place already: class teachers, then zones (包片、包校)."""
    zones = (
        Zone.objects.on(on)
        .annotate(path=F("region__path"))
        .filter(Q(path=home.village_path) | Q(path=home.township_path) | Q(school__in=home.schools))
        .order_by("-path")
    )
    teachers = ClassTeacher.objects.on(on).filter(school_class__in=list(class_ids))
    return [
        *teachers.values_list("post_id", flat=True),
        *zones.values_list("post_id", flat=True),
    ]


@dataclass(frozen=True)
class Offer:
    """Who could take each chair, best first. answering: posts that answer for the place already."""

    posts: dict[Chair, list[Post]]
    answering: frozenset[int]


def offer_for(household: Household, home: Home, on: date) -> Offer:
    """Whoever answers for the place already comes before whoever carries little."""
    classes = Case.objects.filter(
        household=household, state__in=OPEN, school_class__isnull=False
    ).values_list("school_class_id", flat=True)
    first = preferred(home, [pk for pk in classes if pk], on)
    place = {post_id: rank for rank, post_id in reversed(list(enumerate(first)))}
    found = able(home, household.county_id, on)
    posts = {
        chair: sorted(could, key=lambda post: place.get(post.pk, len(first)))
        for chair, could in found.items()
    }
    return Offer(posts, frozenset(place))


def proposal(home: Home, offer: Offer, held: dict[Chair, Post]) -> dict[Chair, Post]:
    """Different people for the chairs that are empty; chairs without anybody miss.

    A child at no school is put before no teacher unasked: a person chooses whose child it is.
    """
    busy = {post.user_id for post in held.values()}
    chosen: dict[Chair, Post] = {}
    for chair in chairs(home):
        if chair in held or (chair.seat in OF_SCHOOL and chair.school is None):
            continue
        free = [post for post in offer.posts[chair] if post.user_id not in busy]
        if free:
            chosen[chair] = free[0]
            busy.add(free[0].user_id)
    return chosen
