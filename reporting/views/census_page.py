"""What the page of a term-start check shows: lists, filters, rows that can be answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, Text
from agencies.queries.calendars import working_calendar
from agencies.queries.standing import standing
from agencies.rules.masking import free_text
from agencies.rules.scope import Scope
from reporting.queries.census import Child
from reporting.queries.census_sheet import Change, Sheet, powers
from reporting.queries.census_words import ClassLine, by_class, class_key, class_label, why
from reporting.rules.expected import ANSWERED, State, Why
from reporting.rules.whereabouts import NEEDS_NOTE, OPENS_CASE, Whereabouts
from students.rules.enrollment import Change as Kind

PAGE = 60
FIGURES = (
    ("expected", _("Expected")),
    ("arrived", _("Arrived")),
    ("explained", _("Away, explained")),
    ("missing", _("Missing")),
    ("unanswered", _("No answer yet")),
    ("new_here", _("New here")),
)
GROUPS = (
    (State.ARRIVED, _("Has come")),
    (State.EXPLAINED, _("Away, explained")),
    (State.MISSING, _("Out of school: opens a case")),
)
CODES = [
    (label, [(code.value, code.label) for code in Whereabouts if ANSWERED[code] == state])
    for state, label in GROUPS
]


@dataclass(frozen=True)
class Asked:
    """What the address asks for. show: a figure, "" for what is to be done."""

    show: str = ""
    of_class: str = ""
    page: int = 1

    def query(self, **other: object) -> str:
        parts = {"show": self.show, "class": self.of_class, "page": self.page, **other}
        kept = {name: value for name, value in parts.items() if value not in ("", 1)}
        return f"?{urlencode(kept)}" if kept else "?"


def asked(params: Mapping[str, str]) -> Asked:
    show, page = params.get("show", ""), params.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    known = show if show in dict(FIGURES) else ""
    return Asked(known, params.get("class", "")[:5], max(number, 1))


@dataclass(frozen=True)
class Typed:
    """What somebody typed and was refused: by the name of the field; with what was wrong."""

    values: Mapping[str, str] = field(default_factory=dict)
    reasons: Sequence[Reason] = ()


@dataclass(frozen=True)
class Line:
    """One child. on_student_page: whether its own page is open to the viewer."""

    id: str
    name: str
    class_name: str
    why: str
    state: str
    state_label: Text
    code: str
    label: Text
    note: str
    by: str
    on: str
    answered: bool
    case: str
    on_student_page: bool
    wrong: bool


@dataclass(frozen=True)
class ChangeLine:
    id: str
    name: str
    kind: Text
    on: date
    text: str


def chosen(sheet: Sheet, wanted: Asked) -> list[Child]:
    """The children of the list, the unanswered first.

    What is to be done: who is missing; classes without any roll wait as a line each (waiting()).
    """
    children = sheet.facts.children
    if wanted.of_class:
        children = [child for child in children if class_key(child) == wanted.of_class]
    if wanted.show == "unanswered":
        children = [child for child in children if child.is_unanswered]
    elif wanted.show in set(State):
        children = [child for child in children if child.state == wanted.show]
    elif not wanted.show:
        folded = not wanted.of_class
        children = [
            child
            for child in children
            if (child.state == State.MISSING or child.code)
            and not (folded and child.is_unanswered and child.why == Why.NO_ROLL)
        ]
    return sorted(children, key=lambda child: not child.is_unanswered)


def context(
    scope: Scope, sheet: Sheet, wanted: Asked, now: datetime, typed: Typed | None = None
) -> dict[str, object]:
    """Everything that templates/reporting/census.html reads."""
    typed = typed or Typed()
    may = powers(scope, sheet)
    rows = chosen(sheet, wanted)
    first = (wanted.page - 1) * PAGE
    lines = [_line(child, scope, typed) for child in rows[first : first + PAGE]]
    classes = by_class(sheet.facts.children)
    figures = sheet.facts.figures
    calendar = working_calendar()
    return {
        "sheet": sheet,
        "may": may,
        "due": standing(sheet.due, calendar, now) if sheet.due else None,
        "figures": [(key, label, figures[key], Asked(key).query()) for key, label in FIGURES],
        "unanswered": figures["unanswered"],
        "finished": figures["finished"],
        "classes": classes,
        "waiting": [] if sheet.is_signed else [line for line in classes if line.no_roll],
        "lines": lines,
        "number": len(rows),
        "wanted": wanted,
        "chosen_class": _class(classes, wanted),
        "all_url": Asked(of_class=wanted.of_class).query(),
        "previous_page": wanted.query(page=wanted.page - 1) if wanted.page > 1 else "",
        "next_page": wanted.query(page=wanted.page + 1) if first + PAGE < len(rows) else "",
        "newcomers": [(one.name, class_label(one)) for one in sheet.facts.newcomers],
        "changes": [_change(change, typed) for change in sheet.facts.changes],
        "unexplained": len(sheet.facts.unexplained),
        "codes": CODES,
        "opens_case": OPENS_CASE,
        "needs_note": NEEDS_NOTE,
        "reasons": typed.reasons,
        "typed_remarks": typed.values.get("remarks", sheet.filing.remarks if sheet.filing else ""),
        "here": reverse("census", args=(sheet.term.public_id, sheet.school.code)),
        "reads_paper": sheet.filing is not None
        and bool(sheet.papers)
        and (scope.everything or sheet.school.pk in scope.school_ids),
        "begun": scope.on >= sheet.term.starts_on,
    }


def _class(classes: list[ClassLine], wanted: Asked) -> ClassLine | None:
    return next((line for line in classes if line.key == wanted.of_class), None)


def _line(child: Child, scope: Scope, typed: Typed) -> Line:
    child_id = str(child.student)

    def said(name: str, stored: str, empty: str = "") -> str:
        return typed.values.get(f"{name}-{child_id}", stored or empty)

    on = child.checked_on.isoformat() if child.checked_on else scope.on.isoformat()
    return Line(
        id=child_id,
        name=child.name,
        class_name=class_label(child),
        why=why(child),
        state=child.state.value,
        state_label=child.state.label,
        code=said("code", child.code),
        label=Whereabouts(child.code).label if child.code else "",
        note=said("note", child.note),
        by=said("by", child.checked_by, scope.name),
        on=said("on", on),
        answered=bool(child.code),
        case=str(child.case) if child.case else "",
        on_student_page=child.here,
        wrong=any(child.name in str(reason.text) for reason in typed.reasons),
    )


def _change(change: Change, typed: Typed) -> ChangeLine:
    text = typed.values.get(f"change-{change.id}", free_text(change.explanation))
    return ChangeLine(change.id, change.name, Kind(change.kind).label, change.on, text)
