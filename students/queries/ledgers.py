"""What a keeper of a restricted ledger sees. Whoever is none gets NotVisible, whatever is there."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet

from agencies import sealing
from agencies.errors import NotVisible
from agencies.models import Agency, Post
from agencies.queries.policy import in_force
from agencies.rules.duties import AgencyKind, Duty
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from students.models import EnrollmentRecord, LedgerEntry, LedgerKeeper, Student
from students.rules.ledgers import counted


def keeper_of(scope: Scope, ledger: str, kind: AgencyKind = AgencyKind.SCHOOL) -> LedgerKeeper:
    """The person's naming for this ledger at a school, or at the bureau. Raises NotVisible."""
    rows = LedgerKeeper.objects.of(scope).filter(ledger=ledger, agency__kind=kind)
    found = rows.select_related("agency").first()
    if found is None:
        raise NotVisible
    return found


def kept_about(scope: Scope, student: Student) -> list[LedgerKeeper]:
    """The ledgers that this person keeps at the school where the child is today."""
    if not scope.may(Duty.KEEP_LEDGER):
        return []
    there = EnrollmentRecord.objects.on(scope.on).filter(student=student)
    return list(LedgerKeeper.objects.of(scope).filter(agency__in=there.values("school")))


def kept_by(scope: Scope) -> list[LedgerKeeper]:
    """The ledgers that this person keeps."""
    rows = LedgerKeeper.objects.of(scope).select_related("agency")
    return list(rows.order_by("agency__name", "ledger"))


def pupil_of(keeper: LedgerKeeper, student_id: UUID | str, on: date) -> Student:
    """A pupil on the roster of the keeper's school today. Raises NotVisible."""
    there = EnrollmentRecord.objects.on(on).filter(school=keeper.agency_id)
    found = Student.objects.filter(public_id=student_id, enrollments__in=there).first()
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True)
class Note:
    """One entry with its words opened."""

    words: str
    noted_on: date
    by: str


def notes(keeper: LedgerKeeper, student: Student) -> list[Note]:
    """The entries of the keeper's school for a child, the latest first."""
    about = Q(student=student) | Q(student__merged_into=student)
    rows = LedgerEntry.objects.filter(about, school=keeper.agency_id, ledger=keeper.ledger)
    return [
        Note(sealing.unseal(row.sealed_words, row.seal_label), row.noted_on, row.by.user.name)
        for row in rows.select_related("by__user").order_by("-noted_on", "-pk")
    ]


def children(keeper: LedgerKeeper, on: date) -> QuerySet[Student]:
    """The pupils of the keeper's school with entries: how many, the latest when, which grade."""
    there = EnrollmentRecord.objects.on(on).filter(school=keeper.agency_id)
    rows = Student.objects.unmerged().filter(
        ledger_entries__school=keeper.agency_id,
        ledger_entries__ledger=keeper.ledger,
        pk__in=there.values("student"),
    )
    counted_rows = rows.annotate(
        written=Count("ledger_entries"), latest=Max("ledger_entries__noted_on")
    )
    return counted_rows.order_by("name_keys", "pk")


@dataclass(frozen=True)
class Figure:
    """Heads with entries in one group; None: fewer than are counted, perhaps none."""

    name: str
    heads: int | None


def by_grade(keeper: LedgerKeeper, on: date) -> list[Figure]:
    """Pupils with entries per grade of the keeper's school."""
    records = EnrollmentRecord.objects.on(on).filter(
        school=keeper.agency_id, student__in=children(keeper, on).values("pk")
    )
    found = Counter(records.values_list("school_class__grade", flat=True))
    return [Figure(str(grade), _shown(keeper, found[grade], on)) for grade in range(1, 10)]


def by_school(keeper: LedgerKeeper, on: date) -> list[Figure]:
    """Pupils with entries per school of the county, for a keeper at the bureau."""
    rows = LedgerEntry.objects.filter(county=keeper.county_id, ledger=keeper.ledger)
    found = dict(rows.values_list("school").annotate(Count("student", distinct=True)).order_by())
    schools = Agency.objects.on(on).filter(county=keeper.county_id, kind=AgencyKind.SCHOOL)
    return [
        Figure(school.name, _shown(keeper, found.get(school.pk, 0), on))
        for school in schools.order_by("name")
    ]


def _shown(keeper: LedgerKeeper, number: int, on: date) -> int | None:
    return counted(number, in_force(keeper.county_id, on).number(Key.LEDGER_GROUP))


def keepers(scope: Scope) -> QuerySet[LedgerKeeper]:
    """Who keeps the ledgers of the agencies for which this person names keepers."""
    ours = [post.agency_id for post in scope.posts if Duty.NAME_KEEPERS in post.duties]
    rows = LedgerKeeper.objects.filter(agency__in=ours).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=scope.on)
    )
    return rows.select_related("post__user", "agency").order_by("ledger", "starts_on", "pk")


def can_be_named(scope: Scope) -> QuerySet[Post]:
    """The posts of the person's own agencies that may keep a ledger."""
    ours = [post.agency_id for post in scope.posts if Duty.NAME_KEEPERS in post.duties]
    rows = Post.objects.held_on(scope.on).filter(agency__in=ours)
    return rows.select_related("user", "agency").order_by(F("user__name"), "pk")
