"""What schools do with families: per school, with the home visits of its staff."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from agencies.errors import NotVisible
from agencies.models import Agency
from agencies.rules.scope import Scope
from students.models import CommitteeSeat, GuardianContact, SchoolEvent, Student
from students.rules.contact import Channel
from students.rules.identity import school_year_of
from students.rules.school_life import EventKind


@dataclass(frozen=True)
class Line:
    """A school since a day: parents in the committee, meetings, activities, home visits."""

    school: Agency
    parents: int
    meetings: int
    activities: int
    visits: int


def year_start(on: date) -> date:
    """1 September of the school year of the day."""
    return date(school_year_of(on), 9, 1)


def schools(scope: Scope) -> QuerySet[Agency]:
    """The schools of the viewer's area; for a person at a school, that one."""
    rows = Agency.objects.on(scope.on).schools().filter(county_id=scope.county_id)
    if not scope.everything:
        here = Q(pk__in=[post.agency_id for post in scope.posts])
        for path in scope.paths:
            here |= Q(region__path__startswith=path)
        rows = rows.filter(here)
    return rows.select_related("region").order_by("region__path", "code", "pk")


def school_named(scope: Scope, code: str) -> Agency:
    """The school of this code. Raises NotVisible."""
    found = schools(scope).filter(code=code).first()
    if found is None:
        raise NotVisible
    return found


def lines(rows: list[Agency], since: date, on: date) -> list[Line]:
    """Three queries, whatever their number."""
    ids = [row.pk for row in rows]
    seats = CommitteeSeat.objects.on(on).filter(school__in=ids)
    parents = dict(seats.order_by().values_list("school").annotate(Count("pk")))
    events = SchoolEvent.objects.standing().filter(school__in=ids, on__gte=since)
    meeting = Q(kind=EventKind.MEETING)
    held = {
        school: (meetings, activities)
        for school, meetings, activities in events.order_by()
        .values("school")
        .annotate(meetings=Count("pk", filter=meeting), activities=Count("pk", filter=~meeting))
        .values_list("school", "meetings", "activities")
    }
    visits = GuardianContact.objects.filter(
        by__agency__in=ids, channel=Channel.VISIT, on__gte=since
    )
    went = dict(visits.order_by().values_list("by__agency").annotate(Count("pk")))
    return [
        Line(row, parents.get(row.pk, 0), *held.get(row.pk, (0, 0)), went.get(row.pk, 0))
        for row in rows
    ]


def seats(school: Agency, on: date) -> QuerySet[CommitteeSeat]:
    """Who sits in the parents' committee on a day, the chair first."""
    return CommitteeSeat.objects.on(on).filter(school=school).order_by("kind", "name", "pk")


def events(school: Agency) -> QuerySet[SchoolEvent]:
    """What was held and not taken back, the newest first."""
    return SchoolEvent.objects.standing().filter(school=school).order_by("-on", "-pk")


def home_visits(scope: Scope, school: Agency) -> QuerySet[GuardianContact]:
    """Visits of the school's staff to children whom this person sees, the newest first."""
    rows = GuardianContact.objects.filter(
        by__agency=school,
        channel=Channel.VISIT,
        student__in=Student.objects.visible_to(scope).values("pk"),
    )
    return rows.select_related("student", "by__user").order_by("-at", "-pk")
