"""Lawful placements: what the rules need to know of a child, and the list of who is away today."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import (
    CharField,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Concat

from agencies.queries.policy import in_force
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from students.models import (
    EnrollmentRecord,
    HomePlan,
    Placement,
    PlacementApplication,
    Student,
    Transfer,
    TransferApplication,
)
from students.models.placement import BACK
from students.rules.enrollment import PlacementKind
from students.rules.placement_kinds import Known, Limits

PREFIX = "placement"
DAY = timedelta(days=1)


def with_facts(rows: QuerySet[Placement]) -> QuerySet:
    """Adds key, renewed (another follows without a gap) and left (died, completed, transferred)."""
    after = Cast(F("ends_on") + Value(1), DateField())
    next_one = Placement.objects.filter(
        student=OuterRef("student"), starts_on=OuterRef("day_after")
    )
    sent = Transfer.objects.standing().filter(
        student=OuterRef("student"), asked_on__gte=OuterRef("starts_on")
    )
    gone = Q(student__died_on__isnull=False) | Q(student__completed_on__isnull=False)
    return rows.annotate(
        day_after=after,
        key=Concat(Value(f"{PREFIX}:"), Cast("public_id", CharField())),
        renewed=Exists(next_one),
        left=Exists(sent) | gone,
    )


def overlapping(student: Student, starts_on: date, ends_on: date) -> QuerySet[Placement]:
    """Placements of the child that explain one of these days; one that it came back from ends
    the day before its return."""
    rows = Placement.objects.annotate(back=BACK)
    return rows.filter(student=student, starts_on__lte=ends_on, back__gt=starts_on)


def known_of(student: Student, starts_on: date) -> Known:
    """What the registers say of the child, for an application from this day on."""
    rows = Placement.objects.filter(student=student).annotate(back=BACK)
    return Known(
        enrolled=EnrollmentRecord.objects.on(starts_on).filter(student=student).exists(),
        transfer=Transfer.objects.unconfirmed().filter(student=student).exists()
        or TransferApplication.objects.open().filter(student=student).exists(),
        running=tuple((row.kind, row.starts_on, row.back - DAY) for row in rows),
    )


def limits_of(county_id: int, on: date) -> Limits:
    policy = in_force(county_id, on)
    return Limits(
        policy.number(Key.SUSPENSION_REST_MONTHS),
        policy.number(Key.SUSPENSION_CHAIN_MONTHS),
        policy.number(Key.DEFERRAL_RENEW_DAYS),
    )


def applications(scope: Scope) -> QuerySet[PlacementApplication]:
    """Applications of children that the person sees."""
    seen = Student.objects.visible_to(scope)
    return PlacementApplication.objects.filter(student__in=seen).select_related(
        "student__household__region", "to", "asked_by__user", "asked_by__agency", "decided_by__user"
    )


@dataclass(frozen=True)
class Away:
    """A placement of the list. ended: days since its last day, None while it runs."""

    placement: Placement
    school_name: str
    days_left: int
    is_ended: bool
    is_soon: bool
    has_plan: bool


@dataclass(frozen=True)
class Filters:
    """kind: one of PlacementKind or all; part: "ended", "soon", "" for all."""

    kind: str = ""
    part: str = ""


def away(scope: Scope) -> QuerySet[Placement]:
    """Who is lawfully away today, or was and has neither come back nor been renewed."""
    rows = Placement.objects.filter(
        student__in=Student.objects.visible_to(scope),
        returned_on__isnull=True,
        starts_on__lte=scope.on,
    )
    # A renewal that has begun stands for what it renewed.
    running = Placement.objects.filter(student=OuterRef("student"), starts_on__lte=scope.on)
    later = running.filter(starts_on__gt=OuterRef("starts_on"))
    return with_facts(rows).filter(left=False).exclude(Exists(later), ends_on__lt=scope.on)


def counts(rows: QuerySet[Placement], on: date, soon_days: int) -> dict[str, dict[str, int]]:
    """By kind: how many, how many have ended, how many end within the days. One query."""
    by_kind = (
        rows.order_by()
        .values("kind")
        .annotate(
            all=Count("pk"),
            ended=Count("pk", filter=Q(ends_on__lt=on)),
            soon=Count("pk", filter=_soon(on, soon_days)),
        )
    )
    return {row["kind"]: {name: row[name] for name in ("all", "ended", "soon")} for row in by_kind}


def _soon(on: date, soon_days: int) -> Q:
    return Q(ends_on__range=(on, on + timedelta(days=soon_days)), renewed=False)


def listed(
    rows: QuerySet[Placement], filters: Filters, on: date, soon_days: int
) -> QuerySet[Placement]:
    """In the order of work: ended without return, then by their last day."""
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.part == "ended":
        rows = rows.filter(ends_on__lt=on)
    if filters.part == "soon":
        rows = rows.filter(_soon(on, soon_days))
    here = EnrollmentRecord.objects.on(on).filter(student=OuterRef("student"))
    plan = HomePlan.objects.on(on).filter(placement=OuterRef("pk"))
    return (
        rows.annotate(school_name=Subquery(here.values("school__name")[:1]), has_plan=Exists(plan))
        .select_related("student__household__region")
        .order_by("ends_on", "pk")
    )


def line(row: Placement, on: date, soon_days: int) -> Away:
    """A row of `listed`, in words of today."""
    left = (row.ends_on - on).days
    renewed: bool = row.renewed  # type: ignore[attr-defined]
    return Away(
        placement=row,
        school_name=row.school_name or "",  # type: ignore[attr-defined]
        days_left=left,
        is_ended=left < 0,
        is_soon=0 <= left <= soon_days and not renewed,
        has_plan=row.kind != PlacementKind.HOME_TEACHING or row.has_plan,  # type: ignore[attr-defined]
    )
