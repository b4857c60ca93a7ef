"""Children: search, and one child with the place where it is accounted for today."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, page
from agencies.rules.duties import Duty
from agencies.services import audit
from cases.api import shown
from cases.queries.child import child_page
from students.access import student_for
from students.models import Student
from students.queries import focus
from students.queries.roster import search


class Children(ApiView):
    """Search by name, pinyin, initials, or the whole of an ID or student number.

    ?tag= is a focus group that the person may see.
    """

    duty = Duty.SEE_STUDENTS

    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="students_list")
    def get(self, request: Request) -> Response:
        tag = request.query_params.get("tag", "")
        if tag:
            focus.group_for(self.scope, tag)
        found = search(self.scope, request.query_params.get("q", ""), tag)
        audit.record(self.scope, "student.search", "students", now=clock.now())
        return page(request, found, _row)


class OneChild(ApiView):
    duty = Duty.SEE_STUDENTS

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, student_id: UUID) -> Response:
        student = student_for(self.scope, student_id)
        audit.record(self.scope, "student.read", f"student:{student_id}", now=clock.now())
        return Response(shown.child(child_page(student, self.scope.on)))


def _row(student: Student) -> dict[str, object]:
    return {
        "id": str(student.public_id),
        "name": student.name,
        "sex": student.get_sex_display(),
        "id_number": student.masked_id_number,
        "school": student.school_code,
        "class": str(student.class_id) if student.class_id else None,
        "region": student.household.region.code,
    }
