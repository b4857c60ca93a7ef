"""On the page of a child: its lawful absences, the applications for them, teaching at home."""

from uuid import UUID

from django.urls import reverse

from agencies.errors import NotPermitted
from agencies.rules import masking
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from cases.queries.child import ChildPage
from students.access import asking_post
from students.models import HomePlan, Placement, PlacementApplication
from students.rules.enrollment import PlacementKind
from students.rules.placement_kinds import rule_of


def away_of(scope: Scope, page: ChildPage, may_change: bool) -> dict[str, object]:
    """The part of the page's context. may_change: the person leads the school of the child."""
    student_id = page.student.public_id
    home = [row for row in page.placements if row.kind == PlacementKind.HOME_TEACHING]
    open_home = any(row.returned_on is None and row.ends_on >= scope.on for row in home)
    may_plan = may_change and open_home and scope.may(Duty.TEACH_AT_HOME)
    return {
        "placements": [_placement(row, may_change, student_id) for row in page.placements],
        "placement_url": reverse("student_placement", args=[student_id])
        if _may(scope, page)
        else "",
        "applications": _applications(scope, page),
        "home_plans": HomePlan.objects.filter(student=page.student)
        .select_related("teacher__user", "school")
        .order_by("-starts_on"),
        "home_plan_url": reverse("home_plan_make", args=[student_id]) if may_plan else "",
    }


def _may(scope: Scope, page: ChildPage) -> bool:
    if page.student.died_on or page.student.completed_on:
        return False
    try:
        asking_post(scope, page.student)
    except NotPermitted:
        return False
    return True


def _placement(row: Placement, may_change: bool, student_id: UUID) -> dict[str, object]:
    back = [student_id, row.public_id]
    may_return, rule = may_change and not row.returned_on, rule_of(row.kind)
    return {
        "label": row.get_kind_display(),
        "proof": masking.free_text(row.proof),
        "fitness": masking.free_text(row.fitness),
        "needs_fitness": bool(rule and rule.fitness),
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "returned_on": row.returned_on,
        "returned_url": reverse("placement_returned", args=back) if may_return else "",
    }


def _applications(scope: Scope, page: ChildPage) -> list[PlacementApplication]:
    """Only for who asks or decides: they hold health data. Approved ones stand as placements."""
    if not scope.may(Duty.ASK_PLACEMENT):
        return []
    rows = PlacementApplication.objects.filter(student=page.student).select_related("to")
    return list(rows.order_by("-asked_on", "-pk"))
