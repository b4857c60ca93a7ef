"""Focus groups: how many children in sight, the list of a group, its print and its workbook."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.errors import NotPermitted, Reason
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from students import focus_export
from students.models import FocusTag, Student
from students.models.school_class import class_name
from students.queries import focus
from students.queries.focus import Wanted
from students.rules.focus import FocusGroup
from students.views.paging import slice_of

PRINTED = 3000  # rows on one print


@needs(Duty.TAG_FOCUS)
def groups(request: PageRequest) -> HttpResponse:
    """The groups with their sizes."""
    context = {"sizes": focus.sizes(request.scope)}
    return render(request, "students/focus.html", context)


@needs(Duty.TAG_FOCUS)
def group(request: PageRequest, group: str) -> HttpResponse:
    """The children of a group, by township and school. ?print=1: all of them on paper."""
    scope = request.scope
    found = focus.group_for(scope, group)
    wanted = _wanted(request)
    rows = focus.members(scope, found, wanted)
    if on_paper := request.GET.get("print") == "1":
        children, more = list(rows[:PRINTED]), ""
    else:
        children, more = slice_of(request, rows)
    shown = len(children)
    audit.record(scope, "focus.list", f"focus:{found}", now=clock.now(), shown=shown)
    tags = focus.tags_by_child(children, found, scope.on)
    checked = found == FocusGroup.DISABLED and scope.may(Duty.SEE_DISABILITY)
    context = {
        "group": found,
        "townships": focus.by_township(scope, found),
        "schools": focus.by_school(scope, found),
        "total": rows.count(),
        "wanted": wanted,
        "rows": [_row(one, tags[one.pk]) for one in children],
        "next_cursor": more,
        "taught": focus.by_taught(scope) if checked else None,
        "may_export": scope.everything and found != FocusGroup.DISABLED,
    }
    template = "focus_print.html" if on_paper else "focus_group.html"
    return render(request, f"students/{template}", context)


@needs(Duty.TAG_FOCUS)
def export(request: PageRequest, group: str) -> HttpResponse:
    """The list as a workbook: only for the bureau, never of disabled children (rules.md)."""
    found = focus.group_for(request.scope, group)
    if found == FocusGroup.DISABLED or not request.scope.everything:
        text = _("This list does not leave the system as a file.")
        raise NotPermitted(Reason("export", text))
    return focus_export.workbook_of(request.scope, found, _wanted(request), clock.now())


def _wanted(request: PageRequest) -> Wanted:
    township, school = request.GET.get("township", ""), request.GET.get("school", "")
    return Wanted(township[:12], school[:12])


def _row(student: Student, tag: FocusTag) -> dict[str, object]:
    grade, number = student.class_grade, student.class_number
    region = student.household.region
    return {
        "public_id": student.public_id,
        "name": student.name,
        "sex": student.get_sex_display(),
        "born_on": student.born_on,
        "school_name": student.school_name or "",
        "class_name": "" if grade is None or number is None else class_name(grade, number),
        "home": f"{region.parent.name if region.parent else ''} {region.name}",
        "source": tag.source,
        "starts_on": tag.starts_on,
        "ends_on": tag.ends_on,
        "reviewed_on": tag.reviewed_on,
    }
