"""The term-start check in words and lines: classes, reasons, figures by class."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reporting.queries.census import Child, Newcomer
from reporting.rules.expected import MAY_HAVE_COME, Source, State, Why
from students.models.school_class import GRADES, class_name
from students.rules.enrollment import PlacementKind


def class_label(child: Child | Newcomer) -> str:
    """The class; for children who are in none yet, the grade that waits for them."""
    if child.grade is None:
        return str(Source.OLDER.label)
    if child.number is None:
        return _("Grade %(grade)s, in no class yet") % {
            "grade": child.grade,
            "hanzi": GRADES[child.grade],
        }
    return class_name(child.grade, child.number)


def why(child: Child) -> str:
    """What the records say, with the end, the school or the day that belongs to it."""
    label = Why(child.why).label
    match child.why:
        case Why.ELSEWHERE:
            return _("on the roster of %(school)s") % {"school": child.now_school}
        case Why.PLACEMENT:
            kind = PlacementKind(child.placement).label
            text = _("%(kind)s until %(day)s")
            return text % {"kind": kind, "day": child.placement_ends_on}
        case Why.TRANSFER_OPEN | Why.TRANSFERRED:
            text = _("%(what)s: %(school)s, asked for on %(day)s")
            return text % {"what": label, "school": child.sent_to, "day": child.asked_on}
    if child.why == Why.NOT_ENROLLED and child.source != Source.ROSTER:
        source = Source(child.source).label
        return _("%(what)s (%(source)s)") % {"what": label, "source": source}
    return str(label)


@dataclass(frozen=True)
class ClassLine:
    """One class with its figures. key: names it in forms; may_have_come: unanswered children
    whom "all of this class have come" answers for.
    """

    key: str
    name: str
    grade: int | None
    class_id: int | None
    expected: int
    arrived: int
    explained: int
    missing: int
    unanswered: int
    may_have_come: int
    no_roll: bool


def class_key(child: Child) -> str:
    return f"{child.grade or 0}-{child.number or 0}"


def by_class(children: Iterable[Child]) -> list[ClassLine]:
    """The lines in the order of the children: by grade and class, those without one last."""
    groups: dict[str, list[Child]] = {}
    for child in children:
        groups.setdefault(class_key(child), []).append(child)
    return [_line(key, group) for key, group in groups.items()]


def _line(key: str, group: list[Child]) -> ClassLine:
    first = group[0]
    states = [child.state for child in group]
    return ClassLine(
        key=key,
        name=class_label(first),
        grade=first.grade,
        class_id=first.class_id,
        expected=len(group),
        arrived=states.count(State.ARRIVED),
        explained=states.count(State.EXPLAINED),
        missing=states.count(State.MISSING),
        unanswered=sum(child.is_unanswered for child in group),
        may_have_come=sum(may_have_come(child) for child in group),
        no_roll=any(child.why == Why.NO_ROLL for child in group),
    )


def may_have_come(child: Child) -> bool:
    return child.is_unanswered and child.why in MAY_HAVE_COME
