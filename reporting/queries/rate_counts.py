"""Heads of a school year by place: the numerators and bases of every rate, from the rows.

A pupil counts at its school. A case counts at its school too and, without one, where the household
lives. The stage is that of the class; a child that never had one counts by its age.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import models
from django.db.models import (
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Substr

from agencies.queries.policy import in_force
from agencies.rules.policy import Key
from cases.models import Case, CaseEvent, Episode
from cases.rules.endings import NO_RETURN
from cases.rules.workflow import State
from reporting.rules.areas import TOWNSHIP_PATH
from reporting.rules.rates import NOTHING, PRIMARY_GRADES, Measure, NetParts, Rate, Stage
from students.models import EnrollmentChange, EnrollmentRecord, Term
from students.queries.focus import children_of
from students.rules.enrollment import Change

CONFIRMED = (State.CONFIRMED, State.PERSUADING)
FIRST, LAST = (9, 1), (8, 31)  # month and day of a school year


class Spot(NamedTuple):
    """A place of counting: path of the township (of the county where it lies in none)."""

    path: str
    school: int | None
    stage: str


Heads = Counter[Spot]
Rates = dict[Spot, Rate]


@dataclass(frozen=True)
class Span:
    """A school year as far as it is looked at. opens_on: whoever is enrolled then is the base.

    on: the last day that counts, 31 August at the latest. ended: the year is over. tag: only the
    children who are of this focus group on that day, "" for all.
    """

    county_id: int
    school_year: int
    opens_on: date
    on: date
    ended: bool
    tag: str = ""

    def tagged(self) -> Q:
        """Of rows with a student: those that count."""
        if not self.tag:
            return Q()
        return Q(student__in=children_of(self.tag, self.county_id, self.on))

    @property
    def begins_on(self) -> date:
        return date(self.school_year, *FIRST)


def span(county_id: int, school_year: int, on: date, tag: str = "") -> Span:
    """The base is taken on the opening day of the autumn term; without one, on 1 September."""
    autumn = Term.objects.filter(
        county_id=county_id, school_year=school_year, season=Term.Season.AUTUMN
    )
    opens_on = autumn.values_list("starts_on", flat=True).first() or date(school_year, *FIRST)
    last = date(school_year + 1, *LAST)
    return Span(county_id, school_year, opens_on, min(on, last), on > last, tag)


def rates(measure: Measure, year: Span) -> Rates:
    """The rate of each place in a school year, from the rows: a few grouped statements."""
    if year.on < year.opens_on or measure is Measure.CONSOLIDATION:
        return {}
    if measure is Measure.RETURN:
        heads = _heads(confirmed_in(year))
        return _over(_heads(confirmed_in(year).filter(is_back(year))), heads)
    if measure is Measure.NET:
        return _over(Counter({spot: part.loss for spot, part in net(year).items()}), base(year))
    return _over(ledger(year), base(year))


def _over(numerators: Heads, bases: Heads) -> Rates:
    return {spot: Rate(numerators[spot], bases[spot]) for spot in numerators.keys() | bases.keys()}


def base(year: Span) -> Heads:
    """Pupils on a roster at the start of the school year."""
    rows = EnrollmentRecord.objects.on(year.opens_on).filter(
        year.tagged(), county_id=year.county_id
    )
    rows = rows.annotate(
        place=Substr("school__region__path", 1, TOWNSHIP_PATH), stage=_stage("school_class__grade")
    )
    return _grouped(rows)


def ledger(year: Span) -> Heads:
    """Children confirmed as dropped out and not back at the end of the day (rule 8)."""
    return _heads(out_of_school(year))


def _heads(cases: QuerySet) -> Heads:
    return _grouped(cases.annotate(school_id_=F("school")), "school_id_")


def _grouped(rows: QuerySet, school: str = "school_id") -> Heads:
    found = rows.values_list("place", school, "stage").annotate(Count("pk")).order_by()
    return Counter({Spot(place, pk, stage): number for place, pk, stage, number in found})


def standing(year: Span) -> QuerySet:
    """Cases as they stood at the end of the day: then, then_episode, place, stage."""
    last = CaseEvent.objects.filter(case=OuterRef("pk"), on__lte=year.on).order_by("-at", "-pk")
    return (
        Case.objects.filter(year.tagged(), county_id=year.county_id)
        .annotate(event=FilteredRelation("events"))
        .filter(event__pk=Subquery(last.values("pk")[:1]))
        .annotate(
            then=F("event__after"),
            then_episode=F("event__episode"),
            place=Substr(
                Coalesce("school__region__path", "household__region__path"), 1, TOWNSHIP_PATH
            ),
            stage=_stage_of_case(year),
        )
    )


def out_of_school(year: Span) -> QuerySet:
    """Confirmed and not back. An end that is only asked for changes nothing until it is decided."""
    was_confirmed = CaseEvent.objects.filter(
        case=OuterRef("pk"),
        episode=OuterRef("then_episode"),
        on__lte=year.on,
        after__in=CONFIRMED,
    )
    asked = Q(then=State.END_REQUESTED) & Exists(was_confirmed)
    back = Episode.objects.filter(
        case=OuterRef("pk"), number=OuterRef("then_episode"), returned_on__lte=year.on
    )
    return standing(year).filter(Q(then__in=CONFIRMED) | asked).exclude(Exists(back))


def confirmed_in(year: Span) -> QuerySet:
    """Confirmed as dropped out at some time in the year, those still out from before included.

    Left out: cases opened by mistake, children who died (NO_RETURN), and who was back or whose
    case had ended before the year began.
    """
    confirmed = CaseEvent.objects.filter(
        case=OuterRef("case"), episode=OuterRef("number"), on__lte=year.on, after__in=CONFIRMED
    )
    episodes = (
        Episode.objects.filter(Exists(confirmed), case__county_id=year.county_id)
        .exclude(returned_on__lt=year.begins_on)
        .exclude(ended_on__lt=year.begins_on)
        .exclude(ending__in=sorted(NO_RETURN), ended_on__lte=year.on)
    )
    return standing(year).filter(pk__in=episodes.values("case")).exclude(then=State.DISMISSED)


def is_back(year: Span) -> Q:
    """The last time out of school has ended in a return."""
    back = Episode.objects.filter(
        case=OuterRef("pk"), number=OuterRef("then_episode"), returned_on__lte=year.on
    )
    return Q(Exists(back))


def _stage(grade: str) -> models.Case:
    return models.Case(
        When(**{f"{grade}__lte": PRIMARY_GRADES}, then=Value(Stage.PRIMARY.value)),
        default=Value(Stage.JUNIOR.value),
    )


def _stage_of_case(year: Span) -> models.Case:
    """By the class; without one, whoever is too young for grade 7 is of the primary stage."""
    entry_age = in_force(year.county_id, year.on).number(Key.ENTRY_AGE)
    born_from = date(year.school_year - entry_age - PRIMARY_GRADES, *FIRST)
    young = Q(school_class__isnull=True, student__born_on__gte=born_from)
    return models.Case(
        When(Q(school_class__grade__lte=PRIMARY_GRADES) | young, then=Value(Stage.PRIMARY.value)),
        default=Value(Stage.JUNIOR.value),
    )


# How the changes of a school year count in the 两基 formula: field of NetParts, side of the change.
LOSSES = {
    Change.SUSPEND: "suspended",
    Change.DIED: "died",
    Change.TRANSFER_OUT: "moved_out",
}
GAINS = {
    Change.TRANSFER_IN: "moved_in",
    Change.RESUME: "other_gains",
    Change.ENTRY: "other_gains",
    Change.CORRECTION: "other_gains",
}


def net(year: Span) -> dict[Spot, NetParts]:
    """Parts of the 两基 formula by place. 退学 does not exist in compulsory education: the children
    of the ledger stand for it. Losses count at the school that was left."""
    found: dict[Spot, Counter[str]] = {}
    for fields, side in ((LOSSES, "before"), (GAINS, "after")):
        for spot, kind, number in _changes(year, side, sorted(fields)):
            found.setdefault(spot, Counter())[fields[Change(kind)]] += number
    for spot, number in ledger(year).items():
        found.setdefault(spot, Counter())["dropped_out"] += number
    return {spot: NetParts(**parts) for spot, parts in found.items()}


def _changes(year: Span, side: str, kinds: list[Change]) -> list[tuple[Spot, str, int]]:
    rows = changed(year, side, kinds).values_list("place", f"{side}__school", "stage", "kind")
    return [
        (Spot(place, school, stage), kind, number)
        for place, school, stage, kind, number in rows.annotate(Count("pk")).order_by()
    ]


def changed(year: Span, side: str, kinds: list[Change]) -> QuerySet:
    """Changes after the opening day, on the roster before or after them: place, stage."""
    return EnrollmentChange.objects.filter(
        year.tagged(),
        student__county_id=year.county_id,
        on__gt=year.opens_on,
        on__lte=year.on,
        kind__in=kinds,
        **{f"{side}__isnull": False},
    ).annotate(
        place=Substr(f"{side}__school__region__path", 1, TOWNSHIP_PATH),
        stage=_stage(f"{side}__school_class__grade"),
    )


def total(found: Rates) -> Rate:
    return sum(found.values(), NOTHING)
