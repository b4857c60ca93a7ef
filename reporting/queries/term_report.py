"""The term-start report of a school as facts: what was counted, and the names behind it (S1-53).

The figures of arrival are those of the signed full check; until it is signed they are what the
check would count today, and the report cannot be sent. The rest is read from the data.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from agencies.models import Agency, Region
from agencies.models.agency import AgencyQuerySet
from agencies.rules.duties import AgencyKind
from cases.models import Case
from cases.rules.workflow import State
from reporting.models import CensusAnswer, Filing, FrozenPaper
from reporting.queries import census
from reporting.rules import expected
from reporting.rules.areas import TOWNSHIP_PATH
from reporting.rules.filings import FilingKind, is_signed
from reporting.rules.whereabouts import OPENS_CASE, Whereabouts
from students.models import EnrollmentChange, EnrollmentRecord, FocusTag, Student, Term
from students.models.school_class import class_name
from students.rules.enrollment import Change
from students.rules.focus import OPEN_GROUPS, seen_groups

COUNTED_BY_CENSUS = ("expected", *expected.State.values)
NO_CLASS = (0, 0)
Class = tuple[int, int]  # grade and number
ORDINARY = (Change.ENTRY, Change.PROMOTION)


@dataclass(frozen=True)
class Named:
    """A child that the report names. place: path of the township in which it lives."""

    place: str
    village: str
    name: str
    of_class: str
    id_number: str
    answer: str
    case: str


@dataclass(frozen=True)
class Row:
    """A class, a township of the children's homes, or a focus group that anybody may see.

    A child may be of several groups.
    """

    key: str
    name: str
    registered: int
    missing: int
    cases: int


@dataclass(frozen=True)
class Report:
    """census: the signed full check, None while there is none. as_of: the day that is read."""

    term: Term
    school: Agency
    as_of: date
    census: Filing | None
    figures: dict[str, int]
    by_class: list[Row]
    by_township: list[Row]
    by_group: list[Row]
    by_state: dict[State, int]
    changes: dict[Change, int]
    names: list[Named]

    @property
    def places(self) -> frozenset[str]:
        """Paths of the townships in whose area children of the school live."""
        return frozenset(row.key for row in self.by_township)


def report(term: Term, school: Agency, today: date) -> Report:
    """The report as it would be sent today; of a term that is over, on its last day."""
    as_of = min(today, term.ends_on)
    signed, counted = _census(term, school, today)
    answers = _answers(signed)
    cases = list(
        Case.objects.open()
        .filter(school=school)
        .select_related("student__household__region", "school_class")
        .order_by("number")
    )
    children = {one.student_id: one.student for one in answers}
    children |= {one.student_id: one.student for one in cases}
    classes = _classes(children, as_of)
    for case in cases:
        if case.school_class:
            own = (case.school_class.grade, case.school_class.number)
            classes.setdefault(case.student_id, own)
    registered = _registered(school, as_of)
    changes = _changes(term, school, as_of)
    homes = {pk: _place(child) for pk, child in children.items()}
    missing, in_case = _ids(answers), _ids(cases)
    return Report(
        term=term,
        school=school,
        as_of=as_of,
        census=signed,
        figures={
            "registered": sum(registered.values()),
            **counted,
            "open_cases": len(cases),
            "changes": sum(changes.values()),
        },
        by_class=[
            Row(f"{key[0]}-{key[1]}", _class_name(key), *counts)
            for key, counts in _rows(
                _sums(registered, 0),
                Counter(classes.get(pk, NO_CLASS) for pk in missing),
                Counter(classes.get(pk, NO_CLASS) for pk in in_case),
            )
        ],
        by_township=_townships(term.county_id, registered, homes, missing, in_case),
        by_group=_groups(_roster(school, as_of), missing, in_case, as_of),
        by_state=dict(Counter(State(case.state) for case in cases)),
        changes=changes,
        names=_names(children, classes, answers, cases),
    )


def _ids(rows: Iterable[CensusAnswer | Case]) -> list[int]:
    return [row.student_id for row in rows]


def recipients(school: Agency, places: Iterable[str], on: date) -> AgencyQuerySet:
    """The bureau, the township of each home, and that of the school: each once, in one query."""
    paths = {*places, school.region.path[:TOWNSHIP_PATH]}
    town = Q(kind=AgencyKind.TOWNSHIP, region__path__in=paths)
    found = Agency.objects.on(on).filter(Q(kind=AgencyKind.BUREAU) | town)
    return (
        found.filter(county_id=school.county_id)
        .select_related("region")
        .order_by("kind", "region__path", "pk")
    )


def _census(term: Term, school: Agency, today: date) -> tuple[Filing | None, dict[str, int]]:
    """The full check of the school with its frozen figures, or what it would count today."""
    signed = Filing.objects.filter(kind=FilingKind.CENSUS, agency=school, term=term).first()
    if signed is None or not is_signed(signed.state):
        children = census.of_school(census.frame(term, today), school).children
        states = Counter(child.state for child in children)
        counted = {state: states[state] for state in expected.State}
        return None, {"expected": len(children), **{s.value: n for s, n in counted.items()}}
    frozen = FrozenPaper.objects.filter(filing=signed).order_by("-round").first()
    figures = frozen.figures if frozen else {}
    return signed, {key: int(figures.get(key, 0)) for key in COUNTED_BY_CENSUS}


def _answers(signed: Filing | None) -> list[CensusAnswer]:
    """What the signed full check says of each missing child."""
    rows = CensusAnswer.objects.filter(filing=signed, code__in=sorted(OPENS_CASE))
    return list(rows.select_related("student__household__region")) if signed else []


def _roster(school: Agency, on: date) -> QuerySet:
    return EnrollmentRecord.objects.on(on).filter(school=school)


def _registered(school: Agency, on: date) -> dict[tuple[Class, str], int]:
    """Pupils on the roster by class and township of the home."""
    rows = (
        _roster(school, on)
        .annotate(place=Substr("student__household__region__path", 1, TOWNSHIP_PATH))
        .values_list("school_class__grade", "school_class__number", "place")
        .annotate(pupils=Count("pk"))
        .order_by()
    )
    return {((grade, number), place): pupils for grade, number, place, pupils in rows}


def _sums(counts: dict[tuple[Class, str], int], at: int) -> Counter:
    found: Counter = Counter()
    for key, number in counts.items():
        found[key[at]] += number
    return found


def _rows(*counters: Counter) -> list[tuple]:
    keys = sorted(set().union(*counters))
    return [(key, tuple(counter[key] for counter in counters)) for key in keys]


def _class_name(key: Class) -> str:
    return class_name(*key) if key != NO_CLASS else "—"


def _classes(children: Iterable[int], on: date) -> dict[int, Class]:
    rows = EnrollmentRecord.objects.on(on).filter(student__in=list(children))
    found = rows.values_list("student_id", "school_class__grade", "school_class__number")
    return {student: (grade, number) for student, grade, number in found}


def _place(child: Student) -> str:
    return child.household.region.path[:TOWNSHIP_PATH]


def _townships(
    county_id: int,
    registered: dict[tuple[Class, str], int],
    homes: dict[int, str],
    missing: list[int],
    in_case: list[int],
) -> list[Row]:
    rows = _rows(
        _sums(registered, 1),
        Counter(homes[pk] for pk in missing),
        Counter(homes[pk] for pk in in_case),
    )
    regions = Region.objects.filter(path__in=[key for key, _counts in rows])
    names = dict(regions.order_by("starts_on").values_list("path", "name"))
    return [Row(key, names.get(key, key), *counts) for key, counts in rows]


def _groups(roster: QuerySet, missing: list[int], in_case: list[int], on: date) -> list[Row]:
    """Every open group in one statement; restricted ones stand in no report that is frozen."""
    tags = FocusTag.objects.on(on).filter(group__in=sorted(OPEN_GROUPS)).order_by()
    lists = {"enrolled": roster.values("student"), "missing": missing, "in_case": in_case}
    of = {name: Q(student__in=children) for name, children in lists.items()}
    counts = {name: Count("pk", filter=of[name]) for name in of}
    rows = tags.filter(reduce(or_, of.values())).values("group").annotate(**counts)
    found = {group: numbers for group, *numbers in rows.values_list("group", *counts)}
    return [
        Row(group.value, str(group.label), *found.get(group.value, (0, 0, 0)))
        for group in seen_groups(may_tag=False)
    ]


def _changes(term: Term, school: Agency, on: date) -> dict[Change, int]:
    """Changes since the last day of the term before (S1-52), by kind.

    Entries and promotions are the ordinary course of a school and no changes of 学籍.
    """
    before = Term.objects.filter(county=term.county_id, ends_on__lt=term.starts_on)
    last = before.order_by("-ends_on").first()
    first = last.ends_on + timedelta(days=1) if last else term.starts_on
    rows = EnrollmentChange.objects.filter(
        Q(before__school=school) | Q(after__school=school), on__range=(first, on)
    ).exclude(kind__in=ORDINARY)
    counts = rows.values_list("kind").annotate(number=Count("pk", distinct=True)).order_by("kind")
    return {Change(kind): number for kind, number in counts}


def _names(
    children: dict[int, Student],
    classes: dict[int, Class],
    answers: list[CensusAnswer],
    cases: list[Case],
) -> list[Named]:
    """Each child once, with what the check found and the case that is open, by class."""
    found = {one.student_id: one for one in answers}
    opened = {one.student_id: one for one in cases}
    order = sorted(children, key=lambda pk: (classes.get(pk, NO_CLASS), children[pk].name, pk))
    return [
        Named(
            place=_place(children[pk]),
            village=children[pk].household.region.name,
            name=children[pk].name,
            of_class=_class_name(classes.get(pk, NO_CLASS)),
            id_number=children[pk].masked_id_number,
            answer=_answer(found.get(pk)),
            case=_case(opened.get(pk)),
        )
        for pk in order
    ]


def _answer(answer: CensusAnswer | None) -> str:
    if answer is None:
        return ""
    return f"{Whereabouts(answer.code).label}（{answer.checked_by} {answer.checked_on}）"


def _case(case: Case | None) -> str:
    return f"{case.number} {State(case.state).label}" if case else ""
