"""Lists of children: search and class rosters."""

from django.db.models import OuterRef, QuerySet, Subquery

from agencies.rules.scope import Scope
from students.models import EnrollmentRecord, Student


def search(scope: Scope, text: str, tag: str = "") -> QuerySet[Student]:
    """Children in scope found by the text; without a text, all of them. In name order.

    tag: only those of a focus group; that the person may see it, the caller has made sure.
    """
    rows = Student.objects.visible_to(scope)
    rows = rows.tagged(tag, scope.on) if tag else rows
    rows = rows.found_by(text) if text.strip() else rows
    return with_class(rows, scope).order_by("name_keys", "pk")


def with_class(rows: QuerySet, scope: Scope) -> QuerySet[Student]:
    """Adds school_code, school_name, class_id, class_grade, class_number of the day."""
    here = EnrollmentRecord.objects.on(scope.on).filter(student=OuterRef("pk"))
    return rows.select_related("household__region").annotate(
        school_code=Subquery(here.values("school__code")[:1]),
        school_name=Subquery(here.values("school__name")[:1]),
        class_id=Subquery(here.values("school_class__public_id")[:1]),
        class_grade=Subquery(here.values("school_class__grade")[:1]),
        class_number=Subquery(here.values("school_class__number")[:1]),
    )
