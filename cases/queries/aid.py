"""Aid to children in sight, and the help of their cases, as one list."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, F, Q, QuerySet, Sum, Value

from agencies.errors import NotVisible
from agencies.models import Agency
from agencies.rules.region_code import path
from agencies.rules.scope import Scope
from cases.models import AidRecord, Assistance, Case, PaymentList, PaymentRow
from cases.queries.assistance import givers_near
from cases.queries.plan import GIVER
from cases.rules.aid import PAYERS
from cases.rules.workflow import ENDED
from students.models import EnrollmentRecord, Student

SHARED = ("public_id", "kind", "what", "amount", "starts_on", "ends_on")


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to. first, last: help that went on at some time in these days."""

    kind: str = ""
    region: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Whole:
    """children: each once, however often it was helped. money: yuan."""

    records: int
    children: int
    money: Decimal


def aid_rows(scope: Scope) -> QuerySet[AidRecord]:
    """Records of aid to children in sight."""
    seen = Student.objects.visible_to(scope).values("pk")
    return AidRecord.objects.standing().filter(student__in=seen)


def help_rows(scope: Scope) -> QuerySet[Assistance]:
    """Help to children whose cases this person sees."""
    seen = Student.objects.visible_to(scope).values("pk")
    return Assistance.objects.filter(
        case__in=Case.objects.visible_to(scope).values("pk"), case__student__in=seen
    )


def both(scope: Scope, wanted: Wanted) -> tuple[QuerySet[AidRecord], QuerySet[Assistance]]:
    return (
        _narrowed(aid_rows(scope), wanted, "student__"),
        _narrowed(help_rows(scope), wanted, "case__student__"),
    )


def _narrowed(rows: QuerySet, wanted: Wanted, child: str) -> QuerySet:
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.region:
        home = f"{child}household__region__path__startswith"
        rows = rows.filter(**{home: path(wanted.region)})
    if wanted.first:
        rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=wanted.first))
    if wanted.last:
        rows = rows.filter(starts_on__lte=wanted.last)
    return rows


def listed(aid: QuerySet[AidRecord], helped: QuerySet[Assistance]) -> QuerySet[Any]:
    """The rows of both as dictionaries, newest first: SHARED, and child, name, home, given_by,
    case (of help), by_hand (of aid: whether a person wrote it down)."""
    own = aid.annotate(
        child=F("student__public_id"),
        name=F("student__name"),
        home=F("student__household__region__name"),
        given_by=GIVER,
        case_id_shown=Value(None, output_field=Assistance._meta.get_field("public_id")),
        by_hand=Q(row__isnull=True),
    )
    of_cases = helped.annotate(
        child=F("case__student__public_id"),
        name=F("case__student__name"),
        home=F("case__student__household__region__name"),
        given_by=GIVER,
        case_id_shown=F("case__public_id"),
        by_hand=Value(False, output_field=BooleanField()),
    )
    columns = (*SHARED, "child", "name", "home", "given_by", "case_id_shown", "by_hand")
    rows = own.order_by().values(*columns).union(of_cases.order_by().values(*columns), all=True)
    return rows.order_by("-starts_on", "-public_id")


def whole(aid: QuerySet[AidRecord], helped: QuerySet[Assistance]) -> Whole:
    """The sums of both."""
    children = aid.order_by().values("student").union(helped.order_by().values("case__student"))
    money = sum(
        (rows.aggregate(total=Sum("amount"))["total"] or Decimal() for rows in (aid, helped)),
        Decimal(),
    )
    return Whole(aid.count() + helped.count(), children.count(), money)


def open_case(student: Student) -> Case | None:
    """The case in which help to this child is written down."""
    return Case.objects.filter(student=student).exclude(state__in=ENDED).first()


def givers(student: Student, on: date) -> QuerySet[Agency]:
    """Agencies offered as givers to this child."""
    stay = EnrollmentRecord.objects.on(on).filter(student=student).first()
    home = student.household.region.path
    return givers_near(student.county_id, home, stay.school_id if stay else None, on)


def payers(county_id: int, on: date) -> QuerySet[Agency]:
    """Agencies whose payment lists are taken in."""
    rows = Agency.objects.on(on).filter(county_id=county_id, kind__in=PAYERS)
    return rows.order_by("kind", "name")


def payment_lists(scope: Scope) -> QuerySet[PaymentList]:
    """All of the county, the newest first."""
    rows = PaymentList.objects.filter(county_id=scope.county_id).select_related("giver", "by__user")
    return rows.order_by("-checked_at", "-pk")


def payment_list_for(scope: Scope, list_id: UUID | str, *, lock: bool = False) -> PaymentList:
    """A payment list of the person's county. Raises NotVisible."""
    rows = payment_lists(scope).filter(public_id=list_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotVisible
    return found


def good_rows(batch: PaymentList) -> QuerySet[PaymentRow]:
    return batch.rows.filter(problems=[]).select_related("student").order_by("number")


def wrong_rows(batch: PaymentList) -> QuerySet[PaymentRow]:
    return batch.rows.exclude(problems=[]).order_by("number")


def paid_already(batch: PaymentList) -> set[int]:
    """Children who have this from this giver of this day, by another list or by hand."""
    rows = AidRecord.objects.standing().filter(
        county_id=batch.county_id,
        giver=batch.giver,
        kind=batch.kind,
        what=batch.what,
        starts_on=batch.paid_on,
    )
    return set(rows.values_list("student", flat=True))


def money(rows: QuerySet[PaymentRow]) -> Decimal:
    """The sum of these rows, in yuan."""
    return rows.order_by().aggregate(total=Sum("amount"))["total"] or Decimal()
