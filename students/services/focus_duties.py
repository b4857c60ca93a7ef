"""The review of focus tags as a duty (law.md 2.4): of a disabled child, the check of its placement.

Owed by the school of the child, by the township of its home when it has none. It is raised a month
before its last day; what was tagged or reviewed since is followed from the rows.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_noop

from agencies.models import Agency, Obligation, Region
from agencies.models.bases import valid_on
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import AgencyKind
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.rules.region_code import Level
from agencies.services import obligations
from agencies.services.obligations import Owed
from students.models import EnrollmentRecord, FocusTag
from students.rules.focus import REVIEW_KEY, FocusGroup, of_key, review_due, review_key
from students.services.owed import go_with_the_child, raise_each, stays_of, subject_of

AHEAD = timedelta(days=30)
GONE = (
    Q(student__died_on__isnull=False)
    | Q(student__completed_on__isnull=False)
    | Q(student__merged_into__isnull=False)
)
CHECKED = Coalesce("reviewed_on", "starts_on")


@transaction.atomic
def raise_due(now: datetime) -> int:
    """Raise the reviews whose last day is near, end what is over. Safe to repeat.

    Returns how many were raised or ended.
    """
    today = now.astimezone(CHINA).date()
    counties = Region.objects.filter(level=Level.COUNTY).values_list("pk", flat=True)
    raised = sum(_raise(county, today, now) for county in counties)
    return raised + follow(now)


def _raise(county_id: int, today: date, now: datetime) -> int:
    days = in_force(county_id, today).number(Key.TAG_REVIEW_DAYS)
    rows = list(_to_raise(county_id, today, today + AHEAD - timedelta(days=days)))
    if not rows:
        return 0
    office = bureau(county_id, today)
    schools = Agency.objects.select_related("region").in_bulk({row.school for row in rows})
    towns = _town_halls(county_id, today)
    duties = [
        _owed(row, owner, office, days)
        for row in rows
        if (owner := schools.get(row.school) or towns.get(row.student.household.region.path[:9]))
    ]
    return raise_each(county_id, duties, working_calendar(), now)


def _town_halls(county_id: int, today: date) -> dict[str, Agency]:
    rows = Agency.objects.on(today).filter(county_id=county_id, kind=AgencyKind.TOWNSHIP)
    return {row.region.path: row for row in rows.select_related("region")}


def _to_raise(county_id: int, today: date, checked_before: date) -> QuerySet:
    """Tags of children of ours that were last found right by then. Adds school (of the day)."""
    key = Concat(
        Value(f"{REVIEW_KEY}:"),
        Cast("public_id", CharField()),
        Value(":"),
        Cast(CHECKED, CharField()),
    )
    raised = Obligation.objects.filter(county=county_id, key=OuterRef("key"))
    stay = EnrollmentRecord.objects.on(today).filter(student=OuterRef("student"))
    return (
        FocusTag.objects.on(today)
        .filter(county=county_id)
        .exclude(GONE)
        .annotate(checked=CHECKED, key=key, school=Subquery(stay.values("school")[:1]))
        .filter(checked__lte=checked_before)
        .exclude(Exists(raised))
        .select_related("student__household__region")
        .order_by("pk")
    )


def _owed(row: FocusTag, owner: Agency, office: Agency, days: int) -> Owed:
    page = "disability" if row.group == FocusGroup.DISABLED else "tags"
    return Owed(
        kind=ObligationKind.TAG_REVIEW,
        key=review_key(row.public_id, row.checked_on),
        subject=subject_of(owner),
        owed_by=owner,
        owed_to=office,
        starts_on=row.checked_on,
        region_path=owner.region.path,
        href=f"/students/{row.student.public_id}/{page}/",
        due_on=review_due(row.checked_on, days),
    )


@transaction.atomic
def follow(now: datetime) -> int:
    """End open reviews: met where the tag was found right since, waived where it has ended. What
    stays open is owed by the school that the child has come to.

    A list says only on which day it named the child: met at the beginning of that day.
    """
    open_ones = Obligation.objects.open().filter(kind=ObligationKind.TAG_REVIEW)
    owed = {of_key(key): pk for key, pk in open_ones.values_list("key", "pk")}
    if not owed:
        return 0
    today = now.astimezone(CHINA).date()
    rows = FocusTag.objects.filter(public_id__in=[tag_id for tag_id, _since in owed])
    running = rows.filter(valid_on(today)).exclude(GONE)
    checked = dict(running.annotate(checked=CHECKED).values_list("public_id", "checked"))
    children = dict(running.values_list("public_id", "student"))
    met: dict[int, datetime] = {}
    fallen: list[int] = []
    for (tag_id, since), pk in owed.items():
        last = checked.get(tag_id)
        if last is None:
            fallen.append(pk)
        elif last != since:
            met[pk] = datetime.combine(last, time.min, CHINA)
    why = gettext_noop("the tag has ended")
    ended = (obligations.waive(fallen, why, now) if fallen else 0) + obligations.fulfil_at(met)
    still = {pk: tag_id for (tag_id, _since), pk in owed.items() if tag_id in children}
    stays = stays_of(children.values(), today)
    here = {
        pk: stays[child] for pk, tag_id in still.items() if (child := children[tag_id]) in stays
    }
    return ended + go_with_the_child(here)
