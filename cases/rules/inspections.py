"""Joint inspections (联合检查): who looks into what, findings and what may be done with them.

Sources: wencheng-2019 一(一) S1-08, 一(三) S1-23, 24, 28, 29, 二(一) S1-38…41, 四(二) S1-73, 74;
qinshui-2020 三(二) S2-38…40, 四 S2-48, 51. The numbers of papers are recorded; what a penalty may
be is decided by the body whose law it is, not here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.errors import Reason
from agencies.rules.duties import AgencyKind
from cases.rules.venues import INSTITUTIONS, SURROUNDINGS, VenueKind


class Topic(TextChoices):
    """The field of an inspection: the four of S2-51, and three kinds of places."""

    DROPOUT = "dropout", _("dropout prevention")
    SCHOOLS = "schools", _("boarding and small rural schools")
    TEACHERS = "teachers", _("teaching staff")
    AID = "aid", _("carrying out of aid policies")
    SURROUNDINGS = "surroundings", _("surroundings of schools")
    TRAINING = "training", _("private classes and training institutions")
    HIRING = "hiring", _("hiring of minors")


@dataclass(frozen=True)
class Row:
    """venues or units: what can be inspected. joint: at least two bodies take part."""

    clause: str
    venues: frozenset[VenueKind] = frozenset()
    units: frozenset[AgencyKind] = frozenset()
    joint: bool = False


UNITS = frozenset({AgencyKind.SCHOOL, AgencyKind.TOWNSHIP})
TOPICS: dict[Topic, Row] = {
    Topic.DROPOUT: Row("S2-51", units=UNITS),
    Topic.SCHOOLS: Row("S2-51", units=UNITS),
    Topic.TEACHERS: Row("S2-51", units=UNITS),
    Topic.AID: Row("S2-51", units=UNITS),
    Topic.SURROUNDINGS: Row("S1-23", venues=SURROUNDINGS, joint=True),
    Topic.TRAINING: Row("S1-40", venues=INSTITUTIONS, joint=True),
    Topic.HIRING: Row("S1-28", venues=frozenset({VenueKind.EMPLOYER}) | SURROUNDINGS),
}


class InspectionState(TextChoices):
    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    CLOSED = "closed", pgettext_lazy("inspection", "closed")
    CANCELLED = "cancelled", _("cancelled")


def topics_of(kind: str) -> list[Topic]:
    """The fields in which a venue or a unit of this kind can be inspected."""
    return [topic for topic, row in TOPICS.items() if kind in row.venues or kind in row.units]


def problems_with_plan(
    topic: Topic, kind: str, bodies: Collection[int], own: Collection[int], unit: int | None
) -> list[Reason]:
    """Why this cannot be planned. bodies: who takes part; own: of who plans; unit: inspected."""
    row = TOPICS[topic]
    found = []
    if kind not in row.venues and kind not in row.units:
        text = _("This field is not inspected there.")
        found.append(Reason("topic", text, "/topic"))
    if row.joint and len(set(bodies)) < 2:
        text = _("This is a joint inspection: name at least one more body that takes part.")
        found.append(Reason("joint", text, "/bodies"))
    if not set(bodies) & set(own):
        text = _("Your own body has to take part in an inspection that it plans.")
        found.append(Reason("own", text, "/bodies"))
    if unit in bodies:
        text = _("A body does not inspect itself.")
        found.append(Reason("itself", text, "/bodies"))
    return found


class FindingKind(TextChoices):
    HOLDS_CHILDREN = "holds_children", _("teaches children of school age instead of school")
    NO_APPROVAL = "no_approval", _("works without approval, or after its end")
    NO_SCHOOLING = "no_schooling", _("does not ensure the schooling of children it trains")
    ADMITS_MINORS = "admits_minors", _("admits minors against the rules")
    HARMFUL = "harmful", _("harmful to children near a school")
    CHILD_LABOUR = "child_labour", _("hires a child under 16")
    NOT_DONE = "not_done", _("a duty is not fulfilled")
    OTHER = "other", _("other finding")


CLAUSES: dict[FindingKind, str] = {
    FindingKind.HOLDS_CHILDREN: "S1-38",
    FindingKind.NO_APPROVAL: "S1-40",
    FindingKind.NO_SCHOOLING: "S1-41",
    FindingKind.ADMITS_MINORS: "S1-24",
    FindingKind.HARMFUL: "S1-23",
    FindingKind.CHILD_LABOUR: "S1-28",
    FindingKind.NOT_DONE: "S1-74",
    FindingKind.OTHER: "S1-74",
}
F = FindingKind
KINDS: dict[Topic, tuple[FindingKind, ...]] = {
    **dict.fromkeys(
        (Topic.DROPOUT, Topic.SCHOOLS, Topic.TEACHERS, Topic.AID), (F.NOT_DONE, F.OTHER)
    ),
    Topic.SURROUNDINGS: (F.ADMITS_MINORS, F.HARMFUL, F.CHILD_LABOUR, F.OTHER),
    Topic.TRAINING: (F.HOLDS_CHILDREN, F.NO_APPROVAL, F.NO_SCHOOLING, F.OTHER),
    Topic.HIRING: (F.CHILD_LABOUR, F.ADMITS_MINORS, F.OTHER),
}


class FindingState(TextChoices):
    OPEN = "open", pgettext_lazy("finding", "open")
    ORDERED = "ordered", _("ordered to put it right")
    ANSWERED = "answered", pgettext_lazy("finding", "answered, to be rechecked")
    RECTIFIED = "rectified", _("put right")
    PENALISED = "penalised", _("penalised")
    WITHDRAWN = "withdrawn", pgettext_lazy("finding", "withdrawn")


ENDED = frozenset({FindingState.RECTIFIED, FindingState.PENALISED, FindingState.WITHDRAWN})


class Deed(TextChoices):
    ORDER = "order", _("Order to put it right")
    ANSWER = "answer", _("Record the answer")
    PASS = "pass", _("Recheck: put right")
    FAIL = "fail", _("Recheck: not put right")
    PENALTY = "penalty", _("Record a penalty")
    WITHDRAW = "withdraw", _("Withdraw the finding")


S = FindingState
STEPS: dict[Deed, tuple[frozenset[FindingState], FindingState]] = {
    Deed.ORDER: (frozenset({S.OPEN}), S.ORDERED),
    Deed.ANSWER: (frozenset({S.ORDERED}), S.ANSWERED),
    Deed.PASS: (frozenset({S.ORDERED, S.ANSWERED}), S.RECTIFIED),
    Deed.FAIL: (frozenset({S.ORDERED, S.ANSWERED}), S.OPEN),
    Deed.PENALTY: (frozenset({S.OPEN, S.ORDERED, S.ANSWERED}), S.PENALISED),
    Deed.WITHDRAW: (frozenset({S.OPEN, S.ORDERED, S.ANSWERED}), S.WITHDRAWN),
}
NEEDS_WORDS = frozenset({Deed.ANSWER, Deed.FAIL, Deed.WITHDRAW})
ON_PAPER = frozenset({Deed.ORDER, Deed.PENALTY})


class Penalty(TextChoices):
    FINED = "fined", _("fined")
    CLOSED_DOWN = "closed_down", _("closed down")
    SENT_BACK = "sent_back", _("ordered to send the child back")
    APPROVAL_ENDED = "approval_ended", _("approval ended")
    LICENCE_REVOKED = "licence_revoked", _("business licence revoked")
    REGISTRATION_REVOKED = "registration_revoked", _("registration as a private body revoked")
    CRITICISED = "criticised", _("criticised in a circular")


A = AgencyKind
# Which kinds of bodies can have decided it; for a unit there is only the circular.
PENALTIES: dict[Penalty, tuple[str, frozenset[AgencyKind]]] = {
    Penalty.FINED: ("S1-24", frozenset({A.POLICE, A.CULTURE, A.MARKET, A.LABOUR, A.BUREAU})),
    Penalty.CLOSED_DOWN: (
        "S1-24",
        frozenset({A.POLICE, A.CULTURE, A.MARKET, A.CIVIL_AFFAIRS, A.BUREAU, A.COUNTY}),
    ),
    Penalty.SENT_BACK: ("S1-28", frozenset({A.LABOUR, A.POLICE})),
    Penalty.APPROVAL_ENDED: ("S1-41", frozenset({A.BUREAU, A.CULTURE, A.CIVIL_AFFAIRS})),
    Penalty.LICENCE_REVOKED: ("S1-29", frozenset({A.MARKET})),
    Penalty.REGISTRATION_REVOKED: ("S1-29", frozenset({A.CIVIL_AFFAIRS})),
    Penalty.CRITICISED: ("S1-73", frozenset({A.BUREAU, A.COUNTY})),
}
ENDS_THE_APPROVAL = frozenset(
    {Penalty.CLOSED_DOWN, Penalty.APPROVAL_ENDED, Penalty.REGISTRATION_REVOKED}
)
CLOSES = frozenset({Penalty.CLOSED_DOWN, Penalty.LICENCE_REVOKED, Penalty.REGISTRATION_REVOKED})


def penalties_of(*, venue: bool) -> list[Penalty]:
    return [one for one in Penalty if (one is not Penalty.CRITICISED) is venue]


def possible(state: FindingState | str) -> list[Deed]:
    """What can be done with a finding in this state."""
    return [deed for deed, (sources, _target) in STEPS.items() if state in sources]


def why_not(state: FindingState, deed: Deed) -> Reason | None:
    if deed in possible(state):
        return None
    text = _("Not possible while the finding is: %(state)s.")
    return Reason("state", text % {"state": state.label})


@dataclass(frozen=True)
class Said:
    """One step. number: of the paper; due_on, recheck_on: of an order; penalty: what it was.

    body: the kind of the body that gave the order or the penalty.
    """

    on: date
    text: str = ""
    number: str = ""
    due_on: date | None = None
    recheck_on: date | None = None
    penalty: str = ""
    body: str = ""


def problems_with_step(
    deed: Deed, said: Said, since: date, today: date, *, venue: bool
) -> list[Reason]:
    """Everything that does not fit. since: the day of what came before."""
    found = day_problems(said.on, since, today)
    if deed in NEEDS_WORDS and not said.text.strip():
        found.append(Reason("text", _("Say it in words."), "/text"))
    if deed in ON_PAPER and not said.number.strip():
        found.append(Reason("number", _("The number of the paper is missing."), "/number"))
    if deed is Deed.ORDER:
        found += _problems_with_order(said)
    if deed is Deed.PENALTY:
        found += _problems_with_penalty(said, venue)
    return found


def day_problems(on: date, since: date, today: date, pointer: str = "/on") -> list[Reason]:
    """Something that was done on a day: not to come, and not before what it rests on."""
    if on > today:
        return [Reason("future", _("The day lies in the future."), pointer)]
    if on < since:
        text = _("This lies before %(day)s, on which it rests.") % {"day": since.isoformat()}
        return [Reason("before", text, pointer)]
    return []


def _problems_with_order(said: Said) -> list[Reason]:
    if said.due_on is None or said.due_on <= said.on:
        text = _("Say by which day it has to be put right: later than the day of the order.")
        return [Reason("due_on", text, "/due_on")]
    if said.recheck_on is None or said.recheck_on < said.due_on:
        text = _("Say by which day it is looked at again: not before it has to be put right.")
        return [Reason("recheck_on", text, "/recheck_on")]
    return []


def _problems_with_penalty(said: Said, venue: bool) -> list[Reason]:
    if said.penalty not in penalties_of(venue=venue):
        return [Reason("penalty", _("There is no such penalty here."), "/penalty")]
    _clause, bodies = PENALTIES[Penalty(said.penalty)]
    if said.body in bodies:
        return []
    names = "、".join(str(one.label) for one in AgencyKind if one in bodies)
    text = _("“%(penalty)s” is decided by: %(bodies)s.") % {
        "penalty": Penalty(said.penalty).label,
        "bodies": names,
    }
    return [Reason("body", text, "/body")]


def why_not_closed(findings: Collection[FindingState | str]) -> Reason | None:
    """An inspection ends when each of its findings has ended."""
    left = sum(state not in ENDED for state in findings)
    if not left:
        return None
    text = _("%(count)s findings are still open: each ends put right, penalised or withdrawn.")
    return Reason("open_findings", text % {"count": left})
