"""An open case is with the school on whose roster the child is; of a merged school, with the one
that continues. The seats and what is owed go with it."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from agencies.models import Agency, Obligation
from agencies.rules.deadlines import CHINA
from agencies.services import obligations
from cases.models import Case
from cases.services import duties, team
from cases.services.transition import Act, record
from students.models import EnrollmentRecord

MOVED = "school"


def follow(now: datetime) -> int:
    """Safe to repeat. Returns how many cases went to another school."""
    today = now.astimezone(CHINA).date()
    _follow_classes(today)
    moved = sum(_move(pk, school, today, now) for pk, school in _of_other_rosters(today))
    return moved + sum(_move(pk, school, today, now) for pk, school in _of_merged(today))


def _of_other_rosters(today: date) -> list[tuple[int, int]]:
    """Open cases of a school whose child is on the roster of another one, and that school."""
    stay = EnrollmentRecord.objects.on(today).filter(student=OuterRef("student"))
    rows = Case.objects.open().annotate(roster=Subquery(stay.values("school")[:1]))
    other = rows.filter(school__isnull=False, roster__isnull=False).exclude(roster=F("school"))
    return list(other.order_by("pk").values_list("pk", "roster"))


def _follow_classes(today: date) -> None:
    """Another class of the same school, as after a promotion: nothing else changes."""
    stay = EnrollmentRecord.objects.on(today).filter(
        student=OuterRef("student"), school=OuterRef("school")
    )
    rows = Case.objects.open().annotate(roster=Subquery(stay.values("school_class")[:1]))
    other = Q(school_class__isnull=True) | ~Q(roster=F("school_class"))
    rows.filter(other, roster__isnull=False).update(school_class=F("roster"))


def _of_merged(today: date) -> list[tuple[int, int]]:
    """Open cases of a school that has ended, and the one that took over."""
    rows = Case.objects.open().filter(school__ends_on__lt=today, school__successor__isnull=False)
    found = rows.order_by("pk").values_list("pk", "school__successor")
    return [(pk, school) for pk, school in found if school is not None]


@transaction.atomic
def _move(case_id: int, school_id: int, today: date, now: datetime) -> int:
    case = Case.objects.select_for_update(of=("self",)).select_related("school").get(pk=case_id)
    before, after = case.school, Agency.objects.select_related("region").get(pk=school_id)
    if before is None or before == after:
        return 0
    stay = EnrollmentRecord.objects.on(today).filter(student=case.student_id, school=after).first()
    case.school, case.school_class = after, stay.school_class if stay else None
    case.version += 1
    case.save(update_fields=["school", "school_class", "version"])
    note = f"{before.name} → {after.name}"
    record(case, MOVED, Act(None, today, now, note), before=case.state)
    theirs = list(Obligation.objects.filter(pk__in=duties.open_of(case), owed_by=before))
    for row in theirs:
        row.owed_by = after
    obligations.hand_over(theirs)
    team.form(case, today, now)
    return 1
