"""One school's term-start check as a person sees it: children, changes, papers, what is due."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Q

from agencies.models import Agency, Obligation
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import Scope
from reporting.models import ChangeAnswer, Filing, FrozenPaper, Slip
from reporting.queries import census
from reporting.queries.census import Child, Frame, Newcomer
from reporting.rules.expected import State, needs_word
from reporting.rules.filings import FilingKind, FilingState, is_signed
from students.models import EnrollmentChange, Term

DATES = ("born_on", "placement_ends_on", "asked_on", "checked_on", "on")
READ: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(DATES, date.fromisoformat),
    "student": UUID,
    "case": UUID,
}


@dataclass(frozen=True)
class Change:
    """A change of enrollment that needs a word. explanation: the school's, else the own note."""

    pk: int
    student: UUID
    name: str
    class_id: int | None
    kind: str
    on: date
    explanation: str

    @property
    def id(self) -> str:
        """Opaque: changes have no public id of their own."""
        return str(uuid5(self.student, str(self.pk)))


@dataclass(frozen=True)
class Facts:
    """What is signed: live until then, afterwards as it was frozen."""

    children: list[Child]
    newcomers: list[Newcomer]
    changes: list[Change]
    counted_changes: int = 0  # entries, promotions, moves between classes
    finished: int = 0

    def of_classes(self, classes: set[int] | None) -> "Facts":
        """Narrowed to some classes; what concerns the whole school is left out."""
        if classes is None:
            return self
        return Facts(
            [child for child in self.children if child.class_id in classes],
            [child for child in self.newcomers if child.class_id in classes],
            [change for change in self.changes if change.class_id in classes],
        )

    @property
    def figures(self) -> dict[str, int]:
        states = [child.state for child in self.children]
        return {
            "expected": len(states),
            **{state.value: states.count(state) for state in State},
            "unanswered": sum(child.is_unanswered for child in self.children),
            "new_here": len(self.newcomers),
            "finished": self.finished,
        }

    @property
    def unexplained(self) -> list[Change]:
        return [change for change in self.changes if not change.explanation]


@dataclass(frozen=True)
class Sheet:
    """classes: the keys of the classes that the viewer sees; None: the whole school."""

    term: Term
    school: Agency
    frame: Frame
    filing: Filing | None
    facts: Facts
    classes: set[int] | None
    due: Obligation | None
    papers: list[FrozenPaper]
    slips: list[Slip]

    @property
    def state(self) -> FilingState:
        return FilingState(self.filing.state) if self.filing else FilingState.DRAFT

    @property
    def version(self) -> int:
        """1 before the first word: the version that the first writer has seen."""
        return self.filing.version if self.filing else 1

    @property
    def is_signed(self) -> bool:
        return is_signed(self.state)


def load(scope: Scope, term: Term, school: Agency) -> Sheet:
    """The sheet as this person sees it, in a fixed number of queries."""
    frame = census.frame(term, scope.on)
    filing = filing_of(term, school)
    papers = list(_papers(filing)) if filing else []
    signed = filing is not None and is_signed(filing.state)
    facts = from_json(_behind(papers[-1])) if signed else live(frame, school, filing)
    classes = classes_seen(scope, frame, school)
    key = f"{ObligationKind.CENSUS}:{term.public_id}:{school.code}"
    return Sheet(
        term=term,
        school=school,
        frame=frame,
        filing=filing,
        facts=facts.of_classes(classes),
        classes=classes,
        due=Obligation.objects.filter(county=term.county_id, key=key).first(),
        papers=papers,
        slips=list(filing.slips.select_related("by__user").order_by("number")) if filing else [],
    )


def filing_of(term: Term, school: Agency) -> Filing | None:
    """By the term, not by its opening day: that may be moved."""
    rows = Filing.objects.filter(kind=FilingKind.CENSUS, agency=school, term=term)
    return rows.select_related("decided_by__user", "submitted_by__user").first()


def _papers(filing: Filing) -> Iterable[FrozenPaper]:
    return filing.papers.defer("paper").select_related("signed_by__user").order_by("round")


def classes_seen(scope: Scope, frame: Frame, school: Agency) -> set[int] | None:
    """None: all of them. A teacher sees the classes of which they are in charge."""
    if scope.everything or school.pk in scope.school_ids:
        return None
    if any(school.region.path.startswith(path) for path in scope.paths):
        return None
    return census.classes_of(frame, school, scope.class_post_ids)


def live(frame: Frame, school: Agency, filing: Filing | None) -> Facts:
    """The check as the data stands on the day."""
    found = census.of_school(frame, school)
    known = {child.pk for child in found.children}
    newcomers = census.new_here(frame, school, known)
    changes, counted = _changes(frame, school, filing)
    return Facts(found.children, newcomers, changes, counted, found.finished)


def _changes(frame: Frame, school: Agency, filing: Filing | None) -> tuple[list[Change], int]:
    """Changes since the last day of the term before: to be explained, and how many others."""
    rows = EnrollmentChange.objects.filter(
        Q(before__school=school) | Q(after__school=school), on__range=(frame.before, frame.on)
    )
    values = rows.order_by("on", "pk").values_list(
        "pk",
        "student__public_id",
        "student__name",
        "before__school_class__grade",
        "before__school_class_id",
        "after__school_class_id",
        "kind",
        "on",
        "note",
    )
    said: dict[int, str] = {}
    if filing:
        answers = ChangeAnswer.objects.filter(filing=filing)
        said = dict(answers.values_list("change_id", "text"))
    found = [
        Change(pk, student, name, after or before, kind, on, said.get(pk) or note.strip())
        for pk, student, name, grade, before, after, kind, on, note in values
        if needs_word(kind, grade, frame.params["years"])
    ]
    return found, len(values) - len(found)


def to_json(facts: Facts) -> dict[str, Any]:
    """What FrozenPaper keeps behind the figures: ids and answers, without empty values."""
    return {
        "children": [_plain(child) for child in facts.children],
        "newcomers": [_plain(child) for child in facts.newcomers],
        "changes": [_plain(change) for change in facts.changes],
        "counted_changes": facts.counted_changes,
        "finished": facts.finished,
    }


def from_json(kept: dict[str, Any]) -> Facts:
    """The facts that to_json wrote."""
    return Facts(
        [_read(Child, row) for row in kept["children"]],
        [_read(Newcomer, row) for row in kept["newcomers"]],
        [_read(Change, row) for row in kept["changes"]],
        kept["counted_changes"],
        kept["finished"],
    )


def _behind(paper: FrozenPaper) -> dict[str, Any]:
    return paper.figures["behind"]


def _plain(row: Child | Newcomer | Change) -> dict[str, Any]:
    kept = {name: value for name, value in asdict(row).items() if value not in (None, "")}
    return {
        name: value if isinstance(value, str | int) else str(value) for name, value in kept.items()
    }


def _read(kind: type, row: dict[str, Any]) -> Any:
    empty = {field.name: "" if field.type is str else None for field in fields(kind)}
    return kind(**empty | {name: READ.get(name, _same)(value) for name, value in row.items()})


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Powers:
    """What the viewer may do with this sheet."""

    answer: bool
    sign: bool
    decide: bool


def powers(scope: Scope, sheet: Sheet) -> Powers:
    def mine(duty: Duty) -> bool:
        return any(
            post.agency_id == sheet.school.pk and duty in post.duties for post in scope.posts
        )

    is_open = not sheet.is_signed
    return Powers(
        answer=is_open and mine(Duty.ANSWER_CENSUS),
        sign=mine(Duty.SIGN_FILING),
        decide=scope.everything
        and scope.may(Duty.DECIDE_FILING)
        and sheet.state == FilingState.SUBMITTED,
    )
