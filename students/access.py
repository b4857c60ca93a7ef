"""The one door to a child's record."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPermitted, NotVisible, Reason
from agencies.models import Agency
from agencies.rules.duties import Duty, Reach
from agencies.rules.scope import HeldPost, Scope
from students.models import (
    ClassTeacher,
    EnrollmentRecord,
    HomePlan,
    PersonEntry,
    PersonList,
    Placement,
    PlacementApplication,
    SchoolClass,
    Student,
    Transfer,
)
from students.rules.person_list import ListKind


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


def visible_students(scope: Scope, ids: Collection[UUID]) -> set[UUID]:
    """Of these children, those that this person may see."""
    rows = Student.objects.visible_to(scope).filter(public_id__in=ids)
    return set(rows.values_list("public_id", flat=True))


def kept_for(scope: Scope, student_id: UUID | str) -> Student:
    """The child that this absorbed record became part of. Raises NotVisible."""
    require(scope, Duty.SEE_STUDENTS)
    kept = Student.objects.visible_to(scope).filter(absorbed__public_id=student_id).first()
    if kept is None:
        raise NotVisible
    return kept


def register_for(scope: Scope, list_id: UUID | str) -> PersonList:
    """An applied register of the county. Raises NotVisible."""
    require(scope, Duty.CHECK_LIST)
    found = (
        PersonList.objects.select_related("provider")
        .filter(
            county_id=scope.county_id,
            kind=ListKind.REGISTER,
            state=PersonList.State.APPLIED,
            public_id=list_id,
        )
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def entries_for(scope: Scope, batch: PersonList) -> QuerySet[PersonEntry]:
    """The rows of a register whose address lies where this person works.

    A row whose place nobody knows is the bureau's.
    """
    rows = PersonEntry.objects.filter(batch=batch).exclude(change=PersonEntry.Change.GONE)
    if scope.everything:
        return rows
    here = Q(pk__in=[])
    for path in scope.paths:
        here |= Q(region__path__startswith=path)
    return rows.filter(here)


def entry_for(
    scope: Scope, batch: PersonList, entry_id: UUID | str, *, lock: bool = False
) -> PersonEntry:
    """One row of a register, if this person checks it. Raises NotVisible."""
    rows = entries_for(scope, batch)
    if lock:
        visible = rows.filter(public_id=entry_id).values("pk")
        rows = PersonEntry.objects.filter(pk__in=visible).select_for_update(of=("self",))
    found = rows.select_related("batch", "region", "student").filter(public_id=entry_id).first()
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True)
class Pupil:
    """A child on the roster of the school whose leader asks, and the post that answers for it."""

    student: Student
    record: EnrollmentRecord
    post: HeldPost


def leader_at(scope: Scope, school_id: int) -> HeldPost | None:
    """The post of the person that changes enrollments at this school."""
    return next(
        (
            post
            for post in scope.posts
            if post.agency_id == school_id and Duty.CHANGE_ENROLLMENT in post.duties
        ),
        None,
    )


def school_post(scope: Scope, student: Student, duty: Duty) -> HeldPost:
    """The post in whose name a person of the child's school does this.

    The class teacher for the own class, a leader for the school; for a transfer that nobody has
    confirmed, still the school that sent the child. Raises NotPermitted.
    """
    stay = EnrollmentRecord.objects.on(scope.on).filter(student=student).first()
    sent = None if stay else Transfer.objects.unconfirmed().filter(student=student).first()
    school_id = stay.school_id if stay else sent.school_id if sent else None
    for post in scope.posts:
        there = post.agency_id == school_id and duty in post.duties
        if there and (post.reach is not Reach.CLASSES or _teaches(post, stay, scope)):
            return post
    text = _("The child is not on the roster of your class or school today.")
    raise NotPermitted(Reason("not_enrolled_here", text))


def _teaches(post: HeldPost, stay: EnrollmentRecord | None, scope: Scope) -> bool:
    if stay is None:
        return False
    in_charge = ClassTeacher.objects.on(scope.on).filter(post_id=post.id)
    return in_charge.filter(school_class=stay.school_class_id).exists()


def pupil_for(scope: Scope, student_id: UUID | str) -> Pupil:
    """A child whose enrollment this person may change.

    Raises NotVisible, and NotPermitted when the child is seen but another school's today.
    """
    student = student_for(scope, student_id)
    record = (
        EnrollmentRecord.objects.on(scope.on)
        .select_related("school", "school_class")
        .filter(student=student)
        .first()
    )
    post = leader_at(scope, record.school_id) if record else None
    if record is None or post is None:
        text = _("The child is not on the roster of your school today.")
        raise NotPermitted(Reason("not_enrolled_here", text))
    return Pupil(student, record, post)


def transfer_of(student: Student, transfer_id: UUID | str) -> Transfer:
    """A transfer of the child. Raises NotVisible."""
    rows = Transfer.objects.select_related("student", "school")
    found = rows.filter(student=student, public_id=transfer_id).first()
    if found is None:
        raise NotVisible
    return found


def open_placement(pupil: Pupil, placement_id: UUID) -> Placement:
    """A placement of the child without a return. Raises NotVisible."""
    found = Placement.objects.filter(
        student=pupil.student, public_id=placement_id, returned_on__isnull=True
    ).first()
    if found is None:
        raise NotVisible
    return found


def class_for(scope: Scope, class_id: UUID | str) -> SchoolClass:
    """The class, if this person may see its children. Raises NotVisible."""
    found = (
        SchoolClass.objects.visible_to(scope)
        .select_related("school")
        .filter(public_id=class_id)
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


def asking_post(scope: Scope, student: Student) -> HeldPost:
    """The post in whose name a person asks for a lawful absence of this child.

    The school for its own pupils, township and bureau for the children of their area, also those
    without a school. Raises NotPermitted.
    """
    stay = EnrollmentRecord.objects.on(scope.on).filter(student=student).first()
    for post in scope.posts:
        at_school = post.reach is Reach.SCHOOL
        if Duty.ASK_PLACEMENT in post.duties and (
            not at_school or (stay is not None and stay.school_id == post.agency_id)
        ):
            return post
    text = _("The child is not on the roster of your school today.")
    raise NotPermitted(Reason("not_enrolled_here", text))


def application_for(
    scope: Scope, application_id: UUID | str, *, lock: bool = False
) -> PlacementApplication:
    """An application for a child that the person sees. Raises NotPermitted and NotVisible.

    It holds health data: only who asks for or decides on placements opens it.
    """
    if not scope.may(Duty.DECIDE_PLACEMENT):
        require(scope, Duty.ASK_PLACEMENT)
    rows = PlacementApplication.objects.select_related(
        "student__household__region", "to", "asked_by__user", "asked_by__agency", "decided_by__user"
    ).filter(public_id=application_id, student__in=Student.objects.visible_to(scope))
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotVisible
    return found


def deciding_post(scope: Scope, application: PlacementApplication) -> HeldPost | None:
    """The post of the person that may decide: of the body that was asked, or of the bureau."""
    return next(
        (
            post
            for post in scope.posts
            if Duty.DECIDE_PLACEMENT in post.duties
            and (post.agency_id == application.to_id or post.reach is Reach.COUNTY)
        ),
        None,
    )


def plan_for(scope: Scope, plan_id: UUID | str, *, lock: bool = False) -> HomePlan:
    """A plan of home teaching that the person sees. Raises NotVisible."""
    rows = HomePlan.objects.visible_to(scope).select_related(
        "student__household__region", "school__region", "placement", "teacher__user"
    )
    rows = rows.filter(public_id=plan_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotVisible
    return found


def home_teacher(scope: Scope, plan: HomePlan) -> HeldPost:
    """The post in whose name a session is recorded: the teacher of the plan, or its school's
    leader. Raises NotPermitted."""
    for post in scope.posts:
        leads = post.agency_id == plan.school_id and post.reach is Reach.SCHOOL
        if Duty.TEACH_AT_HOME in post.duties and (post.id == plan.teacher_id or leads):
            return post
    text = _("Sessions are recorded by who teaches the child at home, or by the school leader.")
    raise NotPermitted(Reason("not_the_teacher", text))


def visible_applications(scope: Scope, ids: Collection[UUID]) -> set[UUID]:
    """Of these applications, those that this person may see."""
    seen = Student.objects.visible_to(scope)
    rows = PlacementApplication.objects.filter(student__in=seen, public_id__in=ids)
    return set(rows.values_list("public_id", flat=True))


def visible_plans(scope: Scope, ids: Collection[UUID]) -> set[UUID]:
    """Of these plans of home teaching, those that this person may see."""
    rows = HomePlan.objects.visible_to(scope).filter(public_id__in=ids)
    return set(rows.values_list("public_id", flat=True))
