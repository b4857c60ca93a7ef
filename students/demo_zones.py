"""The catchments of the demonstration: a village enters the school where most of its pupils are."""

from collections import Counter
from collections.abc import Iterator

from agencies.demo import SINCE, County
from agencies.models import Agency
from students.models import Catchment, EnrollmentRecord

ENTRY = (1, 7)


def draw(county: County) -> int:
    """A row for each township and entry grade, and for each village that goes elsewhere."""
    return len(Catchment.objects.bulk_create([*_townships(county), *_villages(county)]))


def _townships(county: County) -> Iterator[Catchment]:
    for township in county.townships:
        for grade in ENTRY:
            school = _school(county, township.path, grade)
            yield _row(county, township.pk, school.pk, grade)


def _villages(county: County) -> Iterator[Catchment]:
    """By where the pupils of the entry grade go now."""
    rows = EnrollmentRecord.objects.filter(
        county=county.region, ends_on__isnull=True, school_class__grade__in=ENTRY
    )
    found: dict[tuple[int, int], Counter[int]] = {}
    columns = ("student__household__region", "school_class__grade", "school")
    for region, grade, school in rows.values_list(*columns):
        found.setdefault((region, grade), Counter())[school] += 1
    for (region, grade), schools in sorted(found.items()):
        yield _row(county, region, max(sorted(schools), key=lambda pk: schools[pk]), grade)


def _row(county: County, region_id: int, school_id: int, grade: int) -> Catchment:
    return Catchment(
        county=county.region,
        region_id=region_id,
        school_id=school_id,
        grade=grade,
        starts_on=SINCE,
    )


def _school(county: County, path: str, grade: int) -> Agency:
    """The first school of the township that has the grade, else the first of the county."""
    able = [
        school
        for school, _of in county.schools
        if (school.first_grade or 0) <= grade <= (school.last_grade or 0)
    ]
    return next((school for school in able if school.region.path == path), able[0])
