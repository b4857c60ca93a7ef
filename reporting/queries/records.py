"""Records that do not fit: what is true now, the list of a person, one of them, the marks."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from agencies.errors import NotVisible
from agencies.queries.responsible import bureau
from agencies.rules.scope import Scope
from reporting.models import ConsistencyFinding, SystemMark
from reporting.queries.attendance import last_rolls
from reporting.queries.records_sql import STATEMENTS
from reporting.rules.records import FindingKind
from students.models import Student

Seen = dict[tuple[int, str], tuple[int, str]]


def now_true(county_id: int, on: date) -> Seen:
    """(child, kind) -> (who has to clear it, what says so), of a county on a day."""
    asked = {**last_rolls(county_id, on), "bureau": bureau(county_id, on).pk}
    seen: Seen = {}
    with connection.cursor() as cursor:
        for kind, statement in STATEMENTS.items():
            cursor.execute(f"SELECT * FROM ({statement}) AS found ORDER BY 4, 1", asked)  # noqa: S608
            for student_id, agency_id, evidence, _rank in cursor.fetchall():
                seen.setdefault((student_id, kind.value), (agency_id, evidence))
    return seen


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to. state: open, explained, corrected or all."""

    kind: str = ""
    school: str = ""
    state: str = "open"


def findings(scope: Scope, wanted: Wanted) -> QuerySet[ConsistencyFinding]:
    """The findings of a person's own school or county, the oldest first."""
    rows = ConsistencyFinding.objects.visible_to(scope)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.school:
        rows = rows.filter(agency__code=wanted.school)
    if wanted.state == "open":
        rows = rows.open()
    elif wanted.state != "all":
        rows = rows.filter(closing=wanted.state)
    rows = rows.select_related("student", "agency", "closed_by__user")
    return rows.order_by("found_on", "pk")


def counts(scope: Scope) -> list[tuple[FindingKind, int]]:
    """How many of each kind are open."""
    rows = ConsistencyFinding.objects.visible_to(scope).open().values_list("kind")
    found = dict(rows.annotate(Count("pk")).order_by())
    return [(kind, found.get(kind.value, 0)) for kind in FindingKind]


def finding_for(scope: Scope, public_id: UUID | str) -> ConsistencyFinding:
    """One finding that this person may see. Raises NotVisible."""
    rows = findings(scope, Wanted(state="all"))
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def mark_of(student: Student) -> SystemMark | None:
    """The mark that stands in the national system."""
    rows = SystemMark.objects.filter(student=student, off_on__isnull=True)
    return rows.select_related("by__user").first()


def others_like(finding: ConsistencyFinding, scope: Scope) -> QuerySet[Student]:
    """For a child that is enrolled twice: the other records with its name, sex and birth date."""
    child = finding.student
    same = Q(name=child.name, sex=child.sex, born_on=child.born_on)
    if finding.kind != FindingKind.TWICE:
        return Student.objects.none()
    return Student.objects.visible_to(scope).filter(same).exclude(pk=child.pk).order_by("pk")
