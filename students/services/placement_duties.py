"""The end of a lawful absence (rule 7) as a duty: announced early, met by the return or a renewal.

Its clocks follow from the rows, whenever they were made. An end without return is a finding on the
next day (rules/enrollment.is_finding), and this duty is overdue. Attendance elsewhere is confirmed
by term: what ends with a term can be renewed only in the next, and whoever recorded it renews it.
"""

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.db.models import (
    Case,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.utils.translation import gettext_noop

from agencies.models import Agency, Obligation
from agencies.queries.calendars import working_calendar
from agencies.queries.responsible import bureau
from agencies.rules.deadlines import CHINA
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.services import obligations
from agencies.services.obligations import Owed
from students.models import EnrollmentRecord, Placement, Student, Term
from students.queries.placements import PREFIX, with_facts
from students.rules.enrollment import PlacementKind
from students.services.owed import go_with_the_child, raise_each, stays_of, subject_of


@transaction.atomic
def follow(now: datetime, student: Student | None = None) -> int:
    """Raise the end of placements that run, end the duty of those that are over.

    student: only of this child. Safe to repeat. Returns how many duties changed.
    """
    rows = Placement.objects.all() if student is None else Placement.objects.filter(student=student)
    return _raise(_to_raise(rows), now) + _end(rows, now) + _move(rows, now)


def _move(rows: QuerySet[Placement], now: datetime) -> int:
    """The school that the child has come to owes it; attendance elsewhere stays with whoever
    recorded its confirmation."""
    here = rows.exclude(kind=PlacementKind.ELSEWHERE)
    owed = dict(_open_ones(here).values_list("owed", "student"))
    stays = stays_of(owed.values(), now.astimezone(CHINA).date())
    return go_with_the_child({pk: stays[child] for pk, child in owed.items() if child in stays})


def _open_ones(rows: QuerySet[Placement]) -> QuerySet:
    """Placements whose end is owed. Adds owed, the id of the duty, and what with_facts adds."""
    owed = Obligation.objects.open().filter(county=OuterRef("county"), key=OuterRef("key"))
    return with_facts(rows).annotate(owed=Subquery(owed.values("pk"))).filter(owed__isnull=False)


def _to_raise(rows: QuerySet[Placement]) -> list[Placement]:
    """Not back, not renewed, still here, and nothing raised yet.

    Adds stay, and renewal_from: the first day of the term in which attendance elsewhere is to be
    confirmed anew, None for what ends on a day of its own. Until that term is set, it is not owed.
    """
    terms = Term.objects.filter(county=OuterRef("county"))
    going_on = terms.filter(starts_on__lte=OuterRef("ends_on"), ends_on__gt=OuterRef("ends_on"))
    next_one = terms.filter(starts_on__gt=OuterRef("ends_on")).order_by("starts_on")
    by_term = Q(kind=PlacementKind.ELSEWHERE) & ~Exists(going_on)
    raised = Obligation.objects.filter(county=OuterRef("county"), key=OuterRef("key"))
    stay = EnrollmentRecord.objects.on(OuterRef("starts_on")).filter(student=OuterRef("student"))
    found = (
        with_facts(rows.filter(returned_on__isnull=True))
        .filter(renewed=False, left=False)
        .exclude(Exists(raised))
        .annotate(
            stay=Subquery(stay.values("pk")[:1]),
            renewal_from=Case(When(by_term, then=Subquery(next_one.values("starts_on")[:1]))),
        )
        .exclude(by_term, renewal_from=None)
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
    """Owed by the school of the child; without one (deferral of entry) by the one that approved.

    Attendance elsewhere: by whoever recorded its confirmation, with the time that another county
    has for a reply, from the first day of the new term.
    """
    elsewhere = row.kind == PlacementKind.ELSEWHERE
    school = stay.school if stay and not elsewhere else row.approved_by.agency
    renewal_from: date | None = row.renewal_from  # type: ignore[attr-defined]
    return Owed(
        kind=ObligationKind.PLACEMENT_END,
        key=f"{PREFIX}:{row.public_id}",
        subject=subject_of(school, stay.school_class if stay else None),
        owed_by=school,
        owed_to=office,
        starts_on=renewal_from or row.starts_on,
        region_path=school.region.path,
        href=f"/students/{row.student.public_id}/",
        due_on=None if renewal_from else row.ends_on,
        days=Key.OUTSIDE_REPLY_DAYS if renewal_from else None,
    )


def _end(rows: QuerySet[Placement], now: datetime) -> int:
    """Met by a return or a renewal, waived when the child left."""
    over = _open_ones(rows).filter(Q(returned_on__isnull=False) | Q(renewed=True) | Q(left=True))
    met: list[int] = []
    fallen: list[int] = []
    for row in over.order_by("pk"):
        back = row.returned_on is not None or row.renewed
        (met if back else fallen).append(row.owed)
    why = gettext_noop("died, completed or transferred")
    waived = obligations.waive(fallen, why, now) if fallen else 0
    return waived + obligations.fulfil(met, now)
