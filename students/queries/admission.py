"""Who enters grade 1 and grade 7 of which school, by the zone of the home; notices and coverage."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from agencies.errors import NotVisible
from agencies.models import Agency, Region
from agencies.queries.policy import in_force
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from students.models import (
    AdmissionNotice,
    Catchment,
    EnrollmentRecord,
    MigrantApplication,
    Placement,
    Student,
    Term,
    Transfer,
)
from students.rules.admission import COUNTED, LEAVES_PRIMARY, opening_day
from students.rules.enrollment import PlacementKind
from students.rules.identity import compulsory_cohort


@dataclass(frozen=True)
class Entry:
    """A school year of a county: when it opens, and which home enters which school."""

    county_id: int
    year: int
    opens_on: date
    zones: dict[int, dict[int, int]]  # grade -> region -> school

    def regions_of(self, school_id: int, grade: int) -> list[int]:
        return [pk for pk, school in self.zones[grade].items() if school == school_id]


def entry(county_id: int, year: int) -> Entry:
    """The village's own zone goes before that of its township."""
    term = Term.objects.filter(county=county_id, school_year=year, season=Term.Season.AUTUMN)
    opens_on = opening_day(year, term.values_list("starts_on", flat=True).first())
    rows = Catchment.objects.on(opens_on).filter(county=county_id)
    by_path: dict[int, dict[str, int]] = {1: {}, 7: {}}
    for path, grade, school_id in rows.values_list("region__path", "grade", "school"):
        by_path[grade][path] = school_id
    regions = list(Region.objects.filter(county=county_id).values_list("pk", "path"))
    zones: dict[int, dict[int, int]] = {}
    for grade, found in by_path.items():
        zones[grade] = {
            pk: school
            for pk, path in regions
            if (school := found.get(path) or found.get(path[:9])) is not None
        }
    return Entry(county_id, year, opens_on, zones)


def entrants(year: Entry, grade: int, school: Agency | None) -> QuerySet[Student]:
    """The children who enter the grade at the school; None: those whose home lies in no zone.

    Adds entered_on: since when a roster of that grade has them, None while they are awaited.
    """
    rows: QuerySet[Student] = Student.objects.unmerged().filter(
        county=year.county_id, died_on__isnull=True, completed_on__isnull=True
    )
    rows = _first_grade(rows, year) if grade == 1 else rows
    in_zone = (
        Q(household__region__in=year.regions_of(school.pk, grade))
        if school
        else ~Q(household__region__in=list(year.zones[grade]))
    )
    if grade != 1:
        rows = rows.filter(_from_grade_six(year, in_zone, school))
    else:
        rows = rows.filter(in_zone)
    entered = EnrollmentRecord.objects.filter(
        student=OuterRef("pk"), school_class__school_year=year.year, school_class__grade=grade
    )
    return (
        rows.annotate(entered_on=Subquery(entered.order_by("starts_on").values("starts_on")[:1]))
        .select_related("household__region")
        .order_by("household__region__path", "name_keys", "pk")
    )


def _first_grade(rows: QuerySet[Student], year: Entry) -> QuerySet[Student]:
    """Of the entry age (rule 9), never on a roster before, entry not deferred."""
    age = in_force(year.county_id, year.opens_on).number(Key.ENTRY_AGE)
    cohort = compulsory_cohort(year.year, age, 1)
    before = EnrollmentRecord.objects.filter(student=OuterRef("pk"), starts_on__lt=year.opens_on)
    deferred = Placement.objects.on(year.opens_on).filter(
        student=OuterRef("pk"), kind=PlacementKind.DEFERRAL
    )
    born = Q(born_on__gte=cohort.first, born_on__lte=cohort.last)
    return rows.filter(born, ~Exists(before), ~Exists(deferred))


def _from_grade_six(year: Entry, in_zone: Q, school: Agency | None) -> Q:
    """In grade 6 of last year: where the own school goes on the child stays, else by its zone."""
    was = EnrollmentRecord.objects.on(date(year.year, *COUNTED)).filter(
        student=OuterRef("pk"),
        school_class__grade=LEAVES_PRIMARY,
        school_class__school_year=year.year - 1,
    )
    sent = Transfer.objects.standing().filter(
        student=OuterRef("pk"), asked_on__gte=date(year.year, *COUNTED)
    )
    goes_on = Q(school__last_grade__isnull=True) | Q(school__last_grade__gt=LEAVES_PRIMARY)
    by_zone = Q(Exists(was.exclude(goes_on))) & in_zone
    stays = Q(Exists(was.filter(goes_on, school=school))) if school else Q(pk__in=[])
    return (by_zone | stays) & ~Q(Exists(sent))


def without_notice(rows: QuerySet[Student], year: int) -> QuerySet[Student]:
    made = AdmissionNotice.objects.standing().filter(student=OuterRef("pk"), school_year=year)
    return rows.filter(~Exists(made))


def notices(scope: Scope, school: Agency, year: int) -> QuerySet[AdmissionNotice]:
    """The notices of a school and year, in the order of their numbers."""
    rows = AdmissionNotice.objects.visible_to(scope).filter(school=school, school_year=year)
    return rows.select_related("student", "school", "village").order_by("number")


@dataclass(frozen=True)
class Coverage:
    """Of one village: how many notices were made, and how many delivered."""

    village: str
    made: int
    delivered: int

    @property
    def percent(self) -> int:
        """Rounded down: 100 only when all are delivered."""
        return self.delivered * 100 // self.made


def coverage(rows: QuerySet[AdmissionNotice]) -> list[Coverage]:
    """Per village, by its place in the tree; of the notices that hold."""
    found = (
        rows.filter(cancelled_on__isnull=True)
        .order_by("village__path")
        .values_list("village__path", "village__name")
        .annotate(Count("pk"), Count("delivered_on"))
    )
    return [Coverage(name, made, delivered) for _path, name, made, delivered in found]


def notice_for(scope: Scope, public_id: UUID | str) -> AdmissionNotice:
    """One notice that this person may see. Raises NotVisible."""
    rows = AdmissionNotice.objects.visible_to(scope).select_related("school", "student")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def migrants(scope: Scope) -> QuerySet[MigrantApplication]:
    """Applications: the bureau sees all, a school those that it wrote down or got."""
    rows = MigrantApplication.objects.filter(county_id=scope.county_id)
    if not scope.everything:
        mine = Q(school__in=scope.school_ids) | Q(recorded_by__agency__in=scope.school_ids)
        rows = rows.filter(mine)
    return rows.select_related("school", "lives_in", "decided_by__user").order_by(
        "-asked_on", "-pk"
    )


def migrant_for(scope: Scope, public_id: UUID | str) -> MigrantApplication:
    """One application that this person may see. Raises NotVisible."""
    found = migrants(scope).filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def days_used(row: MigrantApplication, today: date, calendar: WorkingCalendar) -> int:
    """Working days from the application to the decision, or until today."""
    return calendar.working_days_left(row.asked_on, row.decided_on or today)


def villages(scope: Scope) -> QuerySet[Region]:
    """Where a family can live."""
    rows = Region.objects.on(scope.on).filter(county_id=scope.county_id, level="village")
    return rows.order_by("path")
