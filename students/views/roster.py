"""Lists of children: search, and the roster of a class."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from agencies import clock
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from students.access import class_for, leader_at
from students.focus_forms import GroupFilter
from students.models import EnrollmentRecord, Student
from students.models.school_class import class_name
from students.queries import focus
from students.queries.classes import teacher_of
from students.queries.roster import search, with_class

PAGE = 50
SEARCHED = "student_search"


@needs(Duty.SEE_STUDENTS)
def student_list(request: PageRequest) -> HttpResponse:
    """Children in scope, found by name, pinyin, initials or a whole number.

    What was searched for stays in the session: a child's name or number in an address would
    stand in histories and logs.
    """
    if request.method == "POST":
        request.session[SEARCHED] = request.POST.get("q", "").strip()[:40]
        return redirect("student_list")
    q = request.session.get(SEARCHED, "")
    start = int(text) if (text := request.GET.get("from", "")[:7]).isdecimal() else 0
    filters = GroupFilter(request.GET, groups=focus.groups_for(request.scope))
    tag = filters.cleaned_data["tag"] if filters.is_valid() else ""
    found = list(search(request.scope, q, tag)[start : start + PAGE + 1])
    audit.record(request.scope, "student.search", "students", now=clock.now(), shown=len(found))
    more = f"?tag={tag}&from={start + PAGE}" if len(found) > PAGE else ""
    context = {
        "students": [_row(one) for one in found[:PAGE]],
        "q": q,
        "filters": filters,
        "tag": tag,
        "next_cursor": more,
    }
    return render(request, "students/student_list.html", context)


@needs(Duty.SEE_STUDENTS)
def class_list(request: PageRequest, class_id: UUID) -> HttpResponse:
    """The roster of a class today."""
    school_class = class_for(request.scope, class_id)
    records = EnrollmentRecord.objects.on(request.scope.on).filter(school_class=school_class)
    pupils = Student.objects.filter(pk__in=records.values("student"))
    rows = with_class(pupils, request.scope).order_by("name_keys", "pk")
    audit.record(request.scope, "class.read", f"class:{class_id}", now=clock.now())
    context = {
        "school_class": school_class,
        "school_name": school_class.school.name,
        "today": request.scope.on,
        "teacher": teacher_of(school_class, request.scope.on),
        "may_assign": leader_at(request.scope, school_class.school_id) is not None,
        "students": [_row(one) for one in rows],
    }
    return render(request, "students/class_list.html", context)


def _row(student: Student) -> dict[str, object]:
    grade, number = student.class_grade, student.class_number
    return {
        "public_id": student.public_id,
        "name": student.name,
        "sex": student.get_sex_display(),
        "class_name": "" if grade is None or number is None else class_name(grade, number),
        "school_name": student.school_name or "",
        "home": student.household.region.name,
        "masked_id": student.masked_id_number,
    }
