"""The monthly report of a school and the quarterly review of the county as papers."""

from dataclasses import dataclass
from datetime import date

from agencies.models import Agency
from reporting.documents.paper import Figure, Paper, Table
from reporting.documents.term_paper import Head
from reporting.queries.period_groups import Groups
from reporting.queries.periodic import LABELS, Figures, Moves, Review
from reporting.rules.periods import Period

# Columns of the county's table; the rest stands in its totals.
COLUMNS = (
    "pupils_end",
    "came",
    "left",
    "unexcused_days",
    "runs",
    "cases_opened",
    "returned",
    "cases_closed",
    "cases_open",
    "rolls_missing",
)
# Where a number of a group is read beside its whole.
GROUPS = "其中：重点群体"
SEVERAL = "重点群体按统计时段最后一日的认定计；一名学生可同时属于几类，各类之和可大于其总数。"


@dataclass(frozen=True)
class Facts:
    """The figures of a school, and what they are of each focus group."""

    counts: Figures
    groups: Groups
    moves: Moves


@dataclass(frozen=True)
class About:
    """Whose paper it is, and which days it is about."""

    body: Agency
    span: Period


def monthly(about: About, found: Facts, head: Head) -> Paper:
    """A school's month."""
    rows = [("转入及新入学", found.moves.came), ("转出及离校", found.moves.left)]
    table = Table(
        "学籍变动",
        ("方向", "类别", "人次"),
        tuple(
            (direction, str(kind.label), str(number))
            for direction, kinds in rows
            for kind, number in kinds.items()
        ),
        "本月无学籍变动",
    )
    title = f"{about.body.name}{about.span.last:%Y年%-m月}控辍保学月报告"
    return _paper(title, about, found.counts, (_groups(found.groups), table), head)


def quarterly(about: About, found: Review, head: Head) -> Paper:
    """The county's quarter."""
    schools = Table(
        "各学校情况",
        ("学校", *(LABELS[key] for key in COLUMNS)),
        tuple(
            (school.name, *(str(counts[key]) for key in COLUMNS)) for school, counts in found.rows
        ),
        "无学校",
    )
    missing = Table(
        "未报送月报告的学校",
        ("学校", "月份"),
        tuple((name, f"{last:%Y年%-m月}") for name, last in found.unreported),
        "各校月报告均已报送",
    )
    title = f"{about.body.name}{_quarter(about.span.last)}控辍保学季度复核报告"
    tables = (_groups(found.groups), schools, missing)
    return _paper(title, about, found.totals, tables, head)


def _groups(groups: Groups) -> Table:
    """One line for each group; the figures that count children."""
    keys = tuple(next(iter(groups.values())))
    return Table(
        GROUPS,
        ("重点群体", *(LABELS[key] for key in keys)),
        tuple(
            (str(group.label), *(str(counts[key]) for key in keys))
            for group, counts in groups.items()
        ),
    )


def _quarter(last: date) -> str:
    return f"{last.year}年第{'一二三四'[last.month // 3 - 1]}季度"


def _paper(
    title: str, about: About, counts: Figures, tables: tuple[Table, ...], head: Head
) -> Paper:
    span = f"{about.span.first} 至 {about.span.last}"
    return Paper(
        title=title,
        number=head.number,
        agency=about.body.name,
        lines=(("统计时段", span), ("报送期限", head.due_at)),
        figures=tuple(Figure(label, counts[key]) for key, label in LABELS.items()),
        tables=tables,
        notes=(*([f"说明：{head.remarks}"] if head.remarks else []), SEVERAL),
        signature=head.signature,
        as_of=head.as_of,
        demo=head.demo,
    )
