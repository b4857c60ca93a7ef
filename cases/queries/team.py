"""Teams: who sits where, who could, and what each person already carries."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, F, Q

from agencies.models import Agency, Post, Zone
from agencies.models.bases import valid_on
from agencies.rules.duties import AgencyKind, Position
from cases.models import Case, HouseholdTeam, TeamSeat
from cases.rules.team import Candidate, Home, Seat
from cases.rules.workflow import OPEN
from students.models import ClassTeacher, Household


def home_of(household: Household) -> Home:
    """Where the household lives and the schools of its children in the work, oldest case first."""
    schools = Case.objects.filter(household=household, state__in=OPEN, school__isnull=False)
    path = household.region.path
    return Home(path[:9], path, frozenset(schools.values_list("school_id", flat=True)))


def candidate(post: Post) -> Candidate:
    return Candidate(
        post_id=post.pk,
        user_id=post.user_id,
        position=post.position,
        agency_id=post.agency_id,
        agency_kind=post.agency.kind,
        region_path=post.agency.region.path,
    )


def seats_of(team: HouseholdTeam, on: date) -> dict[Seat, TeamSeat]:
    """The seats that are held on the day: a post that has ended leaves its seat empty."""
    return seats_of_household(team.household_id, on)


def seats_of_household(household_id: int, on: date) -> dict[Seat, TeamSeat]:
    held = (
        TeamSeat.objects.filter(team__household=household_id, until__isnull=True)
        .filter(valid_on(on, "post__"))
        .filter(post__user__is_active=True)
        .select_related("post__user", "post__agency__region")
    )
    return {Seat(seat.seat): seat for seat in held}


def able(home: Home, county_id: int, on: date) -> dict[Seat, list[Post]]:
    """Posts that fit each seat, those with the fewest open cases first."""
    township = Agency.objects.filter(kind=AgencyKind.TOWNSHIP, region__path=home.township_path)
    village = Agency.objects.filter(kind=AgencyKind.VILLAGE, region__path=home.village_path)
    places = {
        Seat.TOWNSHIP_LEADER: Q(agency__in=township),
        Seat.TOWNSHIP_CADRE: Q(agency__in=township),
        Seat.VILLAGE_CADRE: Q(agency__in=village),
        Seat.BUREAU_LEADER: Q(agency__kind=AgencyKind.BUREAU),
        Seat.SCHOOL_LEADER: Q(agency_id__in=home.school_ids),
        Seat.TEACHER: Q(agency_id__in=home.school_ids),
    }
    wanted = Q()
    for seat, place in places.items():
        wanted |= place & Q(position=Position(seat.value))
    posts = (
        Post.objects.held_on(on)
        .filter(wanted, county_id=county_id)
        .annotate(load=Count("seats", filter=Q(seats__until__isnull=True)))
        .select_related("user", "agency__region")
        .order_by("load", "starts_on", "pk")
    )
    found: dict[Seat, list[Post]] = {seat: [] for seat in Seat}
    for post in posts:
        found[Seat(post.position)].append(post)
    return found


def preferred(home: Home, class_ids: Iterable[int], on: date) -> list[int]:
    """Posts that answer for this place already: zones (包片、包校) and class teachers first."""
    zones = (
        Zone.objects.on(on)
        .annotate(path=F("region__path"))
        .filter(
            Q(path=home.village_path) | Q(path=home.township_path) | Q(school__in=home.school_ids)
        )
        .order_by("-path")
    )
    teachers = ClassTeacher.objects.on(on).filter(school_class__in=list(class_ids))
    return [
        *teachers.values_list("post_id", flat=True),
        *zones.values_list("post_id", flat=True),
    ]


def proposal(household: Household, on: date) -> dict[Seat, Post]:
    """Six different people for the household, from zones and posts; seats without anybody miss."""
    home = home_of(household)
    classes = Case.objects.filter(household=household, state__in=OPEN).values_list(
        "school_class_id", flat=True
    )
    first = preferred(home, [pk for pk in classes if pk], on)
    chosen: dict[Seat, Post] = {}
    for seat, posts in able(home, household.county_id, on).items():
        ranked = sorted(
            posts, key=lambda post: first.index(post.pk) if post.pk in first else len(first)
        )
        busy = {post.user_id for post in chosen.values()}
        free = [post for post in ranked if post.user_id not in busy]
        if free:
            chosen[seat] = free[0]
    return chosen
