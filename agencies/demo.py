"""The demonstration county: the real divisions of 文成县 with invented bodies, people and zones.

Also the training clock, which begins on a school day and moves by whole school days.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from pathlib import Path
from random import Random

from django.contrib.auth.hashers import make_password

from agencies import demo_names
from agencies.demo_county import COUNTY_BODIES, OTHER_STAFF, STAFF, Plan, SchoolPlan, plan
from agencies.models import Agency, Post, Region, User, Zone
from agencies.rules.duties import AgencyKind, Position
from agencies.rules.region_code import Level
from agencies.rules.scope import HeldPost, Scope

COUNTY = "330328000000"
PASSWORD = "Demo-2026-wencheng"  # noqa: S105 of accounts that exist only in demonstrations
SINCE = date(2015, 9, 1)


@dataclass
class County:
    """The bodies and people. vacant: the village without a cadre."""

    region: Region
    plan: Plan
    townships: list[Region]
    villages: dict[str, list[Region]]
    vacant: Region
    schools: list[tuple[Agency, SchoolPlan]] = field(default_factory=list)
    at: dict[tuple[AgencyKind, str], Agency] = field(default_factory=dict)
    posts: dict[tuple[int, Position], list[Post]] = field(default_factory=lambda: defaultdict(list))

    @property
    def bureau(self) -> Agency:
        return self.at[AgencyKind.BUREAU, self.region.path]

    def post(self, agency: Agency, position: Position, nth: int = 0) -> Post:
        return self.posts[agency.pk, position][nth]

    def township_of(self, region: Region) -> Agency:
        return self.at[AgencyKind.TOWNSHIP, region.path[:9]]


def build(scale: float, rng: Random) -> County:
    """Bodies, accounts, posts and zones. The first of each position has the password."""
    county = _regions(scale)
    _bodies(county)
    posts = [post for agency in county.at.values() for post in _posts(county, agency)]
    posts += [post for school, of in county.schools for post in _school_posts(school, of)]
    _accounts(posts, rng)
    Post.objects.bulk_create(posts, batch_size=1000)
    for post in posts:
        county.posts[post.agency_id, Position(post.position)].append(post)
    _zones(county)
    return county


def _regions(scale: float) -> County:
    region = Region.objects.get(code=COUNTY, ends_on__isnull=True)
    within = Region.objects.filter(county=region, ends_on__isnull=True).order_by("code")
    townships = [one for one in within if one.level == Level.TOWNSHIP]
    villages: dict[str, list[Region]] = defaultdict(list)
    for one in within:
        if one.level == Level.VILLAGE:
            villages[one.path[:9]].append(one)
    chosen = plan(scale, [one.name for one in townships])
    return County(region, chosen, townships, villages, villages[townships[0].path][-1])


def _bodies(county: County) -> None:
    def body(kind: AgencyKind, name: str, region: Region) -> Agency:
        return Agency(county=county.region, region=region, kind=kind, name=name, starts_on=SINCE)

    found = [body(kind, name, county.region) for kind, name in COUNTY_BODIES.items()]
    for township in county.townships:
        found.append(body(AgencyKind.TOWNSHIP, f"{township.name}人民政府", township))
        found.append(body(AgencyKind.POLICE, f"{_short(township.name)}派出所", township))
        for village in county.villages[township.path]:
            found.append(body(AgencyKind.VILLAGE, _committee(village.name), village))
    schools = []
    for of in county.plan.schools:
        school = body(AgencyKind.SCHOOL, of.name, county.townships[of.township])
        school.code = of.code
        school.first_grade, school.last_grade = of.kind.first_grade, of.kind.last_grade
        schools.append(school)
    Agency.objects.bulk_create([*found, *schools])
    county.at = {(AgencyKind(one.kind), one.region.path): one for one in found}
    county.schools = list(zip(schools, county.plan.schools, strict=True))


def _short(name: str) -> str:
    for ending in ("畲族镇", "畲族乡", "镇", "乡"):
        name = name.removesuffix(ending)
    return name


def _committee(name: str) -> str:
    if name.endswith("村委会"):
        return name.removesuffix("村委会") + "村民委员会"
    return name if name.endswith("委会") else f"{name}居民委员会"


def _posts(county: County, agency: Agency) -> list[Post]:
    staff = STAFF.get(AgencyKind(agency.kind), OTHER_STAFF)
    if agency.region_id == county.vacant.pk:
        staff = ()
    return [_post(agency, position, title) for position, title in staff]


def _school_posts(school: Agency, of: SchoolPlan) -> list[Post]:
    leaders = [_post(school, position, title) for position, title in STAFF[AgencyKind.SCHOOL]]
    return leaders + [_post(school, Position.TEACHER, "班主任") for _one in of.classes]


def _post(agency: Agency, position: Position, title: str) -> Post:
    return Post(
        county_id=agency.county_id, agency=agency, position=position, title=title, starts_on=SINCE
    )


def _accounts(posts: list[Post], rng: Random) -> None:
    """teacher1, township_cadre1, ...: numbered from the demonstration's own neighbourhood."""
    numbers: dict[str, count] = defaultdict(lambda: count(1))
    users = []
    # The police station of the first township, not the county's, is the agency of the chain.
    first = sorted(posts, key=lambda post: len(post.agency.region.path) == len(COUNTY[:6]))
    for serial, post in enumerate(first, 1):
        nth = next(numbers[post.position])
        post.user = User(
            username=f"{post.position}{nth}",
            name=demo_names.grown_up(rng),
            phone=demo_names.phone(1, serial),
            password=make_password(PASSWORD if nth == 1 else None),
        )
        users.append(post.user)
    User.objects.bulk_create(users, batch_size=1000)


def _zones(county: County) -> None:
    """包片: bureau leaders townships, township people villages; 包校: township cadres schools."""
    zones = []
    for nth, township in enumerate(county.townships):
        office = county.at[AgencyKind.TOWNSHIP, township.path]
        leaders = county.posts[county.bureau.pk, Position.BUREAU_LEADER]
        zones.append(Zone(post=leaders[nth % len(leaders)], region=township))
        zones.append(Zone(post=county.post(office, Position.TOWNSHIP_LEADER), region=township))
        cadres = county.posts[office.pk, Position.TOWNSHIP_CADRE]
        for index, village in enumerate(county.villages[township.path]):
            zones.append(Zone(post=cadres[index % len(cadres)], region=village))
    for school, _of in county.schools:
        cadre = county.post(county.township_of(school.region), Position.TOWNSHIP_CADRE)
        zones.append(Zone(post=cadre, school=school))
    for zone in zones:
        zone.starts_on = SINCE
    Zone.objects.bulk_create(zones)


def acting(post: Post, on: date) -> Scope:
    """The scope of one post on a day, as if its holder were asking."""
    held = HeldPost(
        id=post.pk,
        public_id=str(post.public_id),
        position=Position(post.position),
        agency_id=post.agency_id,
        agency_kind=post.agency.kind,
        agency_name=post.agency.name,
        region_path=post.agency.region.path,
    )
    return Scope(post.user_id, post.county_id, on, (held,))


def accounts() -> list[dict[str, str | None]]:
    """The nine accounts of a demonstration, one per position."""
    names = {f"{position}1": position for position in Position}
    posts = Post.objects.filter(county__code=COUNTY, user__username__in=names)
    found = {post.user.username: post for post in posts.select_related("user", "agency__region")}
    return [
        {
            "role": position.value,
            "username": username,
            "password": PASSWORD,
            "post": f"{found[username].agency.name}{found[username].title}",
            "region": found[username].agency.region.code,
            "school": found[username].agency.code or None,
        }
        for username, position in names.items()
        if username in found
    ]


def set_clock(file: Path, moment: datetime) -> None:
    """Move the training clock; whoever reads it meanwhile sees the old or the new moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.new")
    draft.write_text(moment.isoformat(), encoding="ascii")
    draft.replace(file)
