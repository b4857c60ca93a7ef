"""The paper of the term-start check, in Chinese: figures by class and the names behind them."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from agencies.rules.deadlines import CHINA
from agencies.rules.masking import free_text
from agencies.rules.scope import HeldPost
from reporting.documents.paper import Figure, Paper, Signature, Table
from reporting.models import Filing
from reporting.queries.census import Child
from reporting.queries.census_sheet import Change, Facts
from reporting.queries.census_words import by_class, class_label, why
from reporting.rules.expected import State
from reporting.rules.whereabouts import Whereabouts
from students.rules import enrollment

NONE = "—"
FIGURES = (
    ("expected", "应到", "上学期末在册学生升级后人数，加本片区新生，减已确认离校人数"),
    ("arrived", "实到", "开学以来点名在校，或经核实已到校"),
    ("explained", "有依据未到", "休学等合法安置、已在他校就读、转出已确认或连续请假"),
    ("missing", "未到", "去向已逐一核实，失学的已建档"),
    ("new_here", "新到", "不在应到名单内的在册学生"),
    ("finished", "初中毕业离校", "不计入应到"),
)


@dataclass(frozen=True)
class Signer:
    """Who signs, under which name, and when."""

    post: HeldPost
    name: str
    now: datetime


def named(child: Child) -> str:
    """张三（七年级（3）班）: how a refusal names a child."""
    return _("%(name)s, %(class)s") % {"name": child.name, "class": class_label(child)}


def changed(change: Change) -> str:
    kind = enrollment.Change(change.kind).label
    return _("%(name)s, %(kind)s on %(day)s") % {
        "name": change.name,
        "kind": kind,
        "day": change.on,
    }


def paper(filing: Filing, facts: Facts, number: str, by: Signer) -> Paper:
    """What is signed. Numbers by which a child is found are masked."""
    with translation.override("zh-hans"):
        return _paper(filing, facts, number, by)


def _paper(filing: Filing, facts: Facts, number: str, by: Signer) -> Paper:
    at = f"{by.now.astimezone(CHINA):%Y-%m-%d %H:%M}"
    term, school = filing.term, filing.agency
    assert term is not None, "the check is of a term"  # noqa: S101 the type allows none
    figures = facts.figures
    return Paper(
        title=f"{term}开学学生到校清查表",
        number=number,
        agency=school.name,
        lines=(
            ("学校标识码", school.code),
            ("开学日", f"{term.starts_on}"),
            ("学籍异动", f"需说明{len(facts.changes)}项，其他{facts.counted_changes}项"),
        ),
        figures=tuple(Figure(label, figures[key], note) for key, label, note in FIGURES),
        tables=(_classes(facts), _away(facts, State.MISSING), *_rest(facts)),
        notes=tuple(text for text in (free_text(filing.remarks),) if text),
        signature=Signature(school.name, by.name, str(by.post.position.label), at),
        as_of=at,
        demo=settings.DEMO,
    )


def _classes(facts: Facts) -> Table:
    rows = [
        (line.name, *map(str, (line.expected, line.arrived, line.explained, line.missing)))
        for line in by_class(facts.children)
    ]
    head = ("班级", "应到", "实到", "有依据未到", "未到")
    return Table("分班情况", head, tuple(rows), "没有应到学生。")


def _away(facts: Facts, state: State) -> Table:
    rows = [
        (
            child.name,
            child.id_number or NONE,
            class_label(child),
            Whereabouts(child.code).label if child.code else why(child),
            free_text(child.note) or NONE,
            f"{child.checked_by} {child.checked_on}" if child.code else NONE,
        )
        for child in facts.children
        if child.state == state
    ]
    titles = {State.MISSING: "未到学生及去向", State.EXPLAINED: "有依据未到学生"}
    head = ("姓名", "身份证件号", "班级", "去向", "说明", "核实人及日期")
    cells = tuple(tuple(str(cell) for cell in row) for row in rows)
    return Table(titles[state], head, cells, "没有。")


def _rest(facts: Facts) -> tuple[Table, ...]:
    changes = tuple(
        (
            change.name,
            str(enrollment.Change(change.kind).label),
            f"{change.on}",
            free_text(change.explanation),
        )
        for change in facts.changes
    )
    newcomers = tuple((child.name, class_label(child)) for child in facts.newcomers)
    return (
        _away(facts, State.EXPLAINED),
        Table("学籍异动及说明", ("姓名", "异动", "日期", "说明"), changes, "没有需说明的异动。"),
        Table("应到名单以外的在册学生", ("姓名", "班级"), newcomers, "没有。"),
    )
