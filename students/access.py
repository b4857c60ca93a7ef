"""The one door to a child's record."""

from uuid import UUID

from agencies.access import require
from agencies.errors import NotVisible
from agencies.models import Agency
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from students.models import Student


def student_for(scope: Scope, student_id: UUID | str) -> Student:
    """The child, if this person may see it. Raises NotVisible, as if it did not exist."""
    require(scope, Duty.SEE_STUDENTS)
    found = (
        Student.objects.visible_to(scope)
        .select_related("household__region__parent", "county")
        .filter(public_id=student_id)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def school_for(scope: Scope, code: str) -> Agency:
    """The school of this code, if this person works for all of it. Raises NotVisible."""
    schools = Agency.objects.on(scope.on).schools().filter(county_id=scope.county_id, code=code)
    if not scope.everything:
        schools = schools.filter(pk__in=scope.school_ids)
    found = schools.select_related("region", "county").first()
    if found is None:
        raise NotVisible
    return found
