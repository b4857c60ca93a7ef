"""Inspections as their pages and the API show them, each to whom it may concern."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from agencies.models import Agency, Conference, Decision
from agencies.queries.calendars import working_calendar
from agencies.queries.standing import Standing, standing
from agencies.rules import masking
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.clauses import citation
from agencies.rules.conferences import DecisionState
from agencies.rules.duties import AgencyKind, Duty
from agencies.rules.scope import Scope
from cases.models import Case, Finding, FindingStep, FoundChild, Inspection, Publication, Venue
from cases.queries.opinions import known
from cases.queries.paper_facts import CHINESE
from cases.rules import inspections as rules
from cases.rules import opinions
from cases.rules.inspections import (
    CLAUSES,
    TOPICS,
    Deed,
    FindingKind,
    FindingState,
    InspectionState,
    Topic,
)
from cases.rules.opinions import Stage
from students.models import Student

LIVE = (InspectionState.PLANNED, InspectionState.HELD)


@dataclass(frozen=True)
class Line:
    """One inspection in the list. next_due: the earliest of its open deadlines."""

    inspection: Inspection
    findings: int
    open_findings: int
    next_due: Standing | None

    @property
    def topic(self) -> Topic:
        return Topic(self.inspection.topic)

    @property
    def state(self) -> InspectionState:
        return InspectionState(self.inspection.state)


@dataclass(frozen=True)
class FindingLine:
    """One finding. rectify, recheck: how its deadlines stand; deeds: what this person can do."""

    finding: Finding
    steps: Sequence[FindingStep]
    rectify: Standing | None
    recheck: Standing | None
    deeds: Sequence[Deed]
    clause: str

    @property
    def kind(self) -> FindingKind:
        return FindingKind(self.finding.kind)

    @property
    def state(self) -> FindingState:
        return FindingState(self.finding.state)


@dataclass(frozen=True)
class Full:
    """One inspection with everything of it that this person may see.

    children: those whose case or record is in sight; hidden: how many more there are. may_work:
    the own body takes part; is_unit: the own body was inspected.
    """

    line: Line
    bodies: Sequence[Agency]
    findings: Sequence[FindingLine]
    children: Sequence[FoundChild]
    hidden: int
    publications: Sequence[Publication]
    stages: Sequence[Stage]
    may_work: bool
    is_unit: bool
    clause: str


@dataclass(frozen=True)
class Charge:
    """The decision behind an inspection. may_report: this person can say now that it is done."""

    decision: Decision
    may_report: bool


def rows(scope: Scope, state: str = "", topic: str = "") -> QuerySet[Inspection]:
    """Inspections in sight, newest first. state: one of them, "live" (default) or "all"."""
    found = Inspection.objects.visible_to(scope)
    if state in InspectionState.values:
        found = found.filter(state=state)
    elif state != "all":
        found = found.filter(state__in=LIVE)
    if topic:
        found = found.filter(topic=topic)
    return with_facts(found).order_by("-planned_on", "-pk")


def with_facts(found: QuerySet[Inspection]) -> QuerySet[Inspection]:
    owed = Finding.objects.select_related("rectify", "recheck").order_by("number")
    return found.select_related("venue", "unit", "lead").prefetch_related(
        Prefetch("findings", queryset=owed)
    )


def lines(found: Sequence[Inspection], now: datetime) -> list[Line]:
    """Of rows that were read by with_facts."""
    calendar = working_calendar()
    return [line(row, calendar, now) for row in found]


def line(row: Inspection, calendar: WorkingCalendar, now: datetime) -> Line:
    """Of a row that was read by with_facts."""
    return _line(row, list(row.findings.all()), calendar, now)


def _line(
    row: Inspection, findings: Sequence[Finding], calendar: WorkingCalendar, now: datetime
) -> Line:
    owed = [
        one
        for finding in findings
        for one in (finding.rectify, finding.recheck)
        if one and one.state(now) in ("open", "overdue")
    ]
    first = min(owed, key=lambda one: one.due_at, default=None)
    left = sum(not finding.is_ended for finding in findings)
    stands = standing(first, calendar, now) if first else None
    return Line(row, len(findings), left, stands)


def full(scope: Scope, inspection: Inspection, now: datetime) -> Full:
    """Everything of one inspection, as far as this person may see it."""
    steps = FindingStep.objects.select_related("body", "by__agency").order_by("pk")
    findings = list(
        Finding.objects.filter(inspection=inspection)
        .select_related("rectify", "recheck")
        .prefetch_related(Prefetch("steps", queryset=steps))
        .order_by("number")
    )
    calendar = working_calendar()
    bodies = list(inspection.bodies.order_by("kind", "name"))
    inside = {body.pk for body in bodies}
    may_work = any(Duty.INSPECT in post.duties and post.agency_id in inside for post in scope.posts)
    is_unit = any(
        Duty.ANSWER_FINDING in post.duties and post.agency_id == inspection.unit_id
        for post in scope.posts
    )
    sides = (may_work, is_unit)
    children = visible_children(scope, inspection)
    return Full(
        line=_line(inspection, findings, calendar, now),
        bodies=bodies,
        findings=[_finding(row, sides, calendar, now) for row in findings],
        children=children,
        hidden=inspection.children.count() - len(children),
        publications=list(inspection.publications.order_by("-published_on", "-pk")),
        stages=_stages(scope, inspection, sides),
        may_work=may_work,
        is_unit=is_unit,
        clause=citation(TOPICS[Topic(inspection.topic)].clause),
    )


def charge_of(scope: Scope, row: Inspection) -> Charge | None:
    """The decision that it carries out, if this person may read the meeting."""
    if row.decision is None:
        return None
    conference = row.decision.meeting.conference
    if not Conference.objects.visible_to(scope).filter(pk=conference.pk).exists():
        return None
    mine = {row.decision.owner_id, conference.host_id}.intersection(scope.agency_ids)
    ready = row.state == InspectionState.CLOSED and row.decision.state == DecisionState.OPEN
    return Charge(row.decision, may_report=bool(ready and mine))


def of_decisions(scope: Scope, decisions: Iterable[Decision]) -> dict[int, list[Inspection]]:
    """The inspections in sight that carry out these decisions, by the number of the decision."""
    found: dict[int, list[Inspection]] = defaultdict(list)
    rows_ = Inspection.objects.visible_to(scope).filter(decision__in=decisions)
    for row in rows_.select_related("venue", "unit").order_by("pk"):
        if row.decision_id:
            found[row.decision_id].append(row)
    return found


def visible_children(scope: Scope, inspection: Inspection) -> list[FoundChild]:
    """Those whose record or case this person may see, in the order of recording."""
    students = Student.objects.visible_to(scope).filter(
        pk__in=inspection.children.values("student")
    )
    cases = Case.objects.visible_to(scope).filter(pk__in=inspection.children.values("case"))
    seen = Q(student__in=students.values("pk")) | Q(case__in=cases.values("pk"))
    found = inspection.children.filter(seen).select_related("student", "case")
    return list(found.order_by("pk"))


def _finding(
    row: Finding, sides: tuple[bool, bool], calendar: WorkingCalendar, now: datetime
) -> FindingLine:
    may_work, is_unit = sides
    deeds = rules.possible(row.state)
    if not may_work:
        deeds = [deed for deed in deeds if deed is Deed.ANSWER and is_unit]
    return FindingLine(
        row,
        list(row.steps.all()),
        standing(row.rectify, calendar, now) if row.rectify else None,
        standing(row.recheck, calendar, now) if row.recheck else None,
        deeds,
        citation(CLAUSES[FindingKind(row.kind)]),
    )


def _stages(scope: Scope, row: Inspection, sides: tuple[bool, bool]) -> list[Stage]:
    if row.unit is None or row.state != InspectionState.HELD:
        return []
    may_work, is_unit = sides
    return [
        stage
        for stage in opinions.possible(known(row, row.opinion), scope.on)
        if (is_unit if stage in opinions.THEIRS else may_work)
    ]


def bodies_to_join(scope: Scope, own: int) -> QuerySet[Agency]:
    """Who can take part beside the own body: every body of the county but schools and villages."""
    rows_ = Agency.objects.on(scope.on).filter(county_id=scope.county_id).exclude(pk=own)
    return rows_.exclude(kind__in=(AgencyKind.SCHOOL, AgencyKind.VILLAGE)).order_by("kind", "name")


def choice_of_places(scope: Scope) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be inspected, in two groups: "venue:" or "unit:" with the id, and the name."""
    working = Venue.objects.visible_to(scope).filter(Q(ended_on=None) | Q(ended_on__gt=scope.on))
    venues = [(f"venue:{one.public_id}", one.name) for one in working.order_by("kind", "name")]
    bodies = units(scope) if scope.everything else Agency.objects.none()
    groups = {
        _("Places of the register"): venues,
        _("Schools and townships"): [(f"unit:{one.public_id}", one.name) for one in bodies],
    }
    return [(label, choices) for label, choices in groups.items() if choices]


def units(scope: Scope) -> QuerySet[Agency]:
    """Schools and townships that can be inspected."""
    rows_ = Agency.objects.on(scope.on).filter(county_id=scope.county_id, kind__in=rules.UNITS)
    return rows_.order_by("kind", "name")


def proposed_text(inspection: Inspection) -> str:
    """What could be published: counts and kinds, in Chinese, never what somebody wrote down."""
    with translation.override(CHINESE):
        names = "、".join(inspection.bodies.order_by("pk").values_list("name", flat=True))
        first = _("On %(day)s %(bodies)s inspected %(place)s (%(topic)s).") % {
            "day": (inspection.held_on or inspection.planned_on).isoformat(),
            "bodies": names,
            "place": inspection.place,
            "topic": Topic(inspection.topic).label,
        }
        found = [
            f"{row.number}. {FindingKind(row.kind).label}：{FindingState(row.state).label}"
            for row in inspection.findings.order_by("number")
        ]
        return "\n".join([first, *(found or [_("Nothing was found that has to be put right.")])])


def published(county_id: int) -> QuerySet[Publication]:
    """What everybody may read, newest first."""
    shown = Publication.objects.filter(county_id=county_id, withdrawn_on__isnull=True)
    return shown.order_by("-published_on", "-pk")


def shown_text(text: str) -> str:
    """Numbers of persons that somebody typed into a text are masked, as everywhere."""
    return masking.free_text(text)
