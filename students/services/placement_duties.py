"""The end of a lawful absence (rule 7) as a duty: announced early, met by the return or a renewal.

Its clocks follow from the rows, whenever they were made. An end without return is a finding on the
next day (rules/enrollment.is_finding), and this duty is overdue.
"""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_noop

from agencies.models import Agency, Obligation
from agencies.queries.calendars import working_calendar
from agencies.queries.responsible import bureau
from agencies.rules.deadlines import CHINA
from agencies.rules.obligations import ObligationKind
from agencies.services import obligations
from agencies.services.obligations import Owed
from students.models import EnrollmentRecord, Placement, Student, Transfer
from students.services.owed import raise_each, subject_of

PREFIX = "placement"


@transaction.atomic
def follow(now: datetime, student: Student | None = None) -> int:
    """Raise the end of placements that run, end the duty of those that are over.

    student: only of this child. Safe to repeat. Returns how many duties changed.
    """
    rows = Placement.objects.all() if student is None else Placement.objects.filter(student=student)
    return _raise(_to_raise(rows), now) + _end(rows, now)


def _with_facts(rows: QuerySet[Placement]) -> QuerySet:
    """Adds key, renewed (another follows without a gap) and left (died, completed, transferred)."""
    after = Cast(F("ends_on") + Value(1), DateField())
    next_one = Placement.objects.filter(
        student=OuterRef("student"), starts_on=OuterRef("day_after")
    )
    sent = Transfer.objects.filter(student=OuterRef("student"), asked_on__gte=OuterRef("starts_on"))
    gone = Q(student__died_on__isnull=False) | Q(student__completed_on__isnull=False)
    return rows.annotate(
        day_after=after,
        key=Concat(Value(f"{PREFIX}:"), Cast("public_id", CharField())),
        renewed=Exists(next_one),
        left=Exists(sent) | gone,
    )


def _to_raise(rows: QuerySet[Placement]) -> list[Placement]:
    """Not back, not renewed, still here, and nothing raised yet."""
    raised = Obligation.objects.filter(county=OuterRef("county"), key=OuterRef("key"))
    stay = EnrollmentRecord.objects.on(OuterRef("starts_on")).filter(student=OuterRef("student"))
    found = (
        _with_facts(rows.filter(returned_on__isnull=True))
        .filter(renewed=False, left=False)
        .exclude(Exists(raised))
        .annotate(stay=Subquery(stay.values("pk")[:1]))
        .select_related("student", "approved_by__agency__region")
        .order_by("pk")
    )
    return list(found)


def _raise(rows: list[Placement], now: datetime) -> int:
    if not rows:
        return 0
    pks = {row.stay for row in rows}  # type: ignore[attr-defined]
    stays = EnrollmentRecord.objects.select_related("school__region", "school_class").in_bulk(pks)
    today = now.astimezone(CHINA).date()
    by_county: dict[int, list[Owed]] = defaultdict(list)
    offices: dict[int, Agency] = {}
    for row in rows:
        if row.county_id not in offices:
            offices[row.county_id] = bureau(row.county_id, today)
        by_county[row.county_id].append(
            _owed(row, stays.get(row.stay), offices[row.county_id])  # type: ignore[attr-defined]
        )
    calendar = working_calendar()
    return sum(raise_each(county, several, calendar, now) for county, several in by_county.items())


def _owed(row: Placement, stay: EnrollmentRecord | None, office: Agency) -> Owed:
    """Owed by the school of the child; without one (deferral of entry) by the one that approved."""
    school = stay.school if stay else row.approved_by.agency
    return Owed(
        kind=ObligationKind.PLACEMENT_END,
        key=f"{PREFIX}:{row.public_id}",
        subject=subject_of(school, stay.school_class if stay else None),
        owed_by=school,
        owed_to=office,
        starts_on=row.starts_on,
        region_path=school.region.path,
        href=f"/students/{row.student.public_id}/",
        due_on=row.ends_on,
    )


def _end(rows: QuerySet[Placement], now: datetime) -> int:
    """Met by a return or a renewal, waived when the child left."""
    owed = Obligation.objects.open().filter(county=OuterRef("county"), key=OuterRef("key"))
    open_ones = (
        _with_facts(rows).annotate(owed=Subquery(owed.values("pk"))).filter(owed__isnull=False)
    )
    over = open_ones.filter(Q(returned_on__isnull=False) | Q(renewed=True) | Q(left=True))
    met: list[int] = []
    fallen: list[int] = []
    for row in over.order_by("pk"):
        back = row.returned_on is not None or row.renewed
        (met if back else fallen).append(row.owed)
    why = gettext_noop("died, completed or transferred")
    waived = obligations.waive(fallen, why, now) if fallen else 0
    return waived + obligations.fulfil(met, now)
