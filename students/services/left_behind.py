"""The rhythm of contact about left-behind children (S2-17, S2-18), owed by the school of each.

One duty of a child is open at a time. The contact that meets it, in which a grown-up was reached,
begins the next one. A child on no roster has none: nobody at a school answers for it.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Max, Q
from django.utils.translation import gettext_noop

from agencies.models import Obligation, Region
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau
from agencies.rules.deadlines import CHINA
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.rules.region_code import Level
from agencies.services import obligations
from agencies.services.obligations import Owed
from students.models import EnrollmentRecord, FocusTag, GuardianContact
from students.rules.contact import TALKS
from students.rules.left_behind import GROUPS, PREFIX, counted_from, key_of, of_key
from students.services.owed import go_with_the_child, raise_each, subject_of


@transaction.atomic
def raise_due(now: datetime) -> int:
    """Each left-behind child on a roster has its next contact. Safe to repeat.

    Returns how many duties were raised or ended.
    """
    today = now.astimezone(CHINA).date()
    counties = Region.objects.filter(level=Level.COUNTY).values_list("pk", flat=True)
    return sum(_raise(county, today, now) for county in counties) + follow(now)


def contacted(contact: GuardianContact, now: datetime) -> None:
    """A contact was written down: it meets what was owed from then on, and the next one begins."""
    if contact.reached not in TALKS:
        return
    child, day = contact.student, contact.at.astimezone(CHINA).date()
    owed = Obligation.objects.open().filter(
        county_id=child.county_id,
        key__startswith=f"{PREFIX}:{child.public_id}:",
        starts_on__lte=day,
    )
    if obligations.fulfil(owed.values_list("pk", flat=True), now):
        _raise(child.county_id, now.astimezone(CHINA).date(), now, [child.pk])


def _raise(county_id: int, today: date, now: datetime, only: Iterable[int] = ()) -> int:
    days = in_force(county_id, today).number(Key.LEFT_BEHIND_DAYS)
    raised = _raised(county_id, today - timedelta(days=days))
    stays = _stays(county_id, today, only)
    waiting = [row for row in stays if None not in raised.get(row.student.public_id, ())]
    if not waiting:
        return 0
    talks = GuardianContact.objects.filter(
        student__in=[row.student_id for row in waiting], reached__in=TALKS
    )
    last = dict(talks.values_list("student").annotate(Max("at")).order_by())
    office = bureau(county_id, today)
    duties = []
    for row in waiting:
        child = row.student.public_id
        talk = last.get(row.student_id)
        day = talk.astimezone(CHINA).date() if talk else None
        since = counted_from(day, today, days, [one for one in raised.get(child, ()) if one])
        duties.append(
            Owed(
                kind=ObligationKind.LEFT_BEHIND,
                key=key_of(child, since),
                subject=subject_of(row.school, row.school_class),
                owed_by=row.school,
                owed_to=office,
                starts_on=since,
                region_path=row.school.region.path,
                href=f"/students/{child}/contact/",
            )
        )
    return raise_each(county_id, duties, working_calendar(), now)


def _stays(county_id: int, today: date, only: Iterable[int]) -> Iterable[EnrollmentRecord]:
    """Where the left-behind children of the county, or only these, are on a roster today."""
    tagged = FocusTag.objects.on(today).filter(county_id=county_id, group__in=GROUPS)
    if only:
        tagged = tagged.filter(student__in=only)
    rows = EnrollmentRecord.objects.on(today).filter(
        student__in=tagged.values("student"), student__merged_into=None, student__died_on=None
    )
    return rows.select_related("student", "school__region", "school_class").order_by("pk")


def _raised(county_id: int, first: date) -> dict[UUID, list[date | None]]:
    """Of each child the days since the first from which duties are counted; None: one is open."""
    rows = Obligation.objects.filter(county_id=county_id, kind=ObligationKind.LEFT_BEHIND)
    is_open = Q(met_at__isnull=True, waived_at__isnull=True)
    found: dict[UUID, list[date | None]] = defaultdict(list)
    for key, running in (
        rows.filter(is_open | Q(starts_on__gte=first))
        .annotate(running=ExpressionWrapper(is_open, BooleanField()))
        .values_list("key", "running")
    ):
        child, since = of_key(key)
        found[child] += [since, None] if running else [since]
    return found


@transaction.atomic
def follow(now: datetime) -> int:
    """What is owed for a child that is left behind no more, or on no roster, falls away; the school
    that a child has come to owes the contact by the same day. Returns how many moved."""
    today = now.astimezone(CHINA).date()
    open_ones = Obligation.objects.open().filter(kind=ObligationKind.LEFT_BEHIND)
    owed = {pk: of_key(key)[0] for pk, key in open_ones.values_list("pk", "key")}
    if not owed:
        return 0
    counties = set(open_ones.values_list("county_id", flat=True))
    stays = {row.student.public_id: row for county in counties for row in _stays(county, today, ())}
    over = [pk for pk, child in owed.items() if child not in stays]
    why = gettext_noop("the child is left behind no more, or on no roster")
    ended = obligations.waive(over, why, now) if over else 0
    here = {pk: stays[child] for pk, child in owed.items() if child in stays}
    return ended + go_with_the_child(here)
