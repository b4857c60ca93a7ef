"""The daily summary by mail: once for each person and day, if there is something to say."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q

from agencies.models import Delivery, Notice, Obligation, Post, Region, User
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.receivers import choices
from agencies.queries.wording import START
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import DUTIES, Duty
from agencies.rules.notices import SOON, Channel, Group, NoticeKind, not_in_the_night, wanted
from agencies.rules.policy import Key

DUTIFUL = [position for position, duties in DUTIES.items() if Duty.SEE_DUTIES in duties]


@dataclass(frozen=True)
class Sums:
    """Open duties of the bodies of a person, and lines of the inbox that are not read."""

    overdue: int = 0
    today: int = 0
    soon: int = 0
    unread: int = 0

    @property
    def duties(self) -> int:
        return self.overdue + self.today + self.soon

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.overdue + other.overdue,
            self.today + other.today,
            self.soon + other.soon,
            self.unread + other.unread,
        )


def write(now: datetime) -> int:
    """The summaries of this day for every county where it is time; returns how many mails wait."""
    counties = Region.objects.filter(parent=None, ends_on__isnull=True).order_by("pk")
    return sum(_write_county(county.pk, now) for county in counties)


@transaction.atomic
def _write_county(county_id: int, now: datetime) -> int:
    """A person without news has had the summary of the day as well: silence."""
    local = now.astimezone(CHINA)
    policy = in_force(county_id, local.date())
    asleep = not_in_the_night(now, policy.quiet_hours) != now
    if asleep or local.time() < policy.hour(Key.DIGEST_AT):
        return 0
    people = _people(county_id, local.date())
    if not people:
        return 0
    notices = _notices(people, county_id, now)
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    told = Notice.objects.filter(dedupe__in=[one.dedupe for one in notices])
    stored = {one.dedupe: one for one in told}
    rows = [
        Delivery(
            notice=stored[_dedupe(user, local.date())],
            user=user,
            channel=Channel.MAIL,
            next_try_at=now,
            created_at=now,
        )
        for user in people
        if _has_news(stored[_dedupe(user, local.date())])
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _people(county_id: int, on: date) -> list[User]:
    """Who holds a post, has an address, wants the summary and has not had the one of this day."""
    posts = Post.objects.held_on(on).filter(county=county_id)
    users = User.objects.filter(pk__in=posts.values("user")).exclude(email="").order_by("pk")
    marks = [_dedupe(user, on) for user in users]
    had = set(Notice.objects.filter(dedupe__in=marks).values_list("dedupe", flat=True))
    waiting = [user for user in users if _dedupe(user, on) not in had]
    chosen = choices({user.pk for user in waiting})
    return [
        user
        for user in waiting
        if wanted(
            NoticeKind.DIGEST, Channel.MAIL, chosen.get((user.pk, Group.DIGEST, Channel.MAIL))
        )
    ]


def _dedupe(user: User, on: date) -> str:
    return f"digest:{user.pk}:{on}"


def _has_news(notice: Notice) -> bool:
    return any(notice.params[name] for name in asdict(Sums()))


def _notices(people: Iterable[User], county_id: int, now: datetime) -> list[Notice]:
    sums = _sums({user.pk for user in people}, county_id, now)
    return [_notice(county_id, user, sums[user.pk], now) for user in people]


def _notice(county_id: int, user: User, sums: Sums, now: datetime) -> Notice:
    on = now.astimezone(CHINA).date()
    return Notice(
        county_id=county_id,
        kind=NoticeKind.DIGEST,
        dedupe=_dedupe(user, on),
        href=START if sums.duties else "/inbox/",
        params={"day": on.isoformat(), **asdict(sums)},
        created_at=now,
        expanded_at=now,
    )


def _sums(users: set[int], county_id: int, now: datetime) -> dict[int, Sums]:
    """For each person; three queries for all of them."""
    on = now.astimezone(CHINA).date()
    last = working_calendar().plus_working_days(on, SOON)
    ahead = Q(due_at__gte=now)
    rows = Obligation.objects.open().filter(county=county_id, due_on__lte=last)
    counted = rows.values("owed_by").annotate(
        overdue=Count("pk", filter=Q(due_at__lt=now)),
        today=Count("pk", filter=ahead & Q(due_on__lte=on)),
        soon=Count("pk", filter=ahead & Q(due_on__gt=on)),
    )
    by_agency = {row["owed_by"]: Sums(row["overdue"], row["today"], row["soon"]) for row in counted}
    unread = Delivery.objects.unread().filter(user__in=users).values("user")
    found = dict.fromkeys(users, Sums())
    for row in unread.annotate(n=Count("pk")):
        found[row["user"]] = Sums(unread=row["n"])
    posts = Post.objects.held_on(on).filter(user__in=users, position__in=DUTIFUL)
    for user, agency in posts.values_list("user", "agency").distinct():
        found[user] += by_agency.get(agency, Sums())
    return found
