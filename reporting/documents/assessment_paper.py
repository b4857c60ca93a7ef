"""The yearly assessment sheet of a unit as a paper, frozen at the signature.

Texts are made in Chinese by the caller; no person is assessed by name, only a unit and its post.
"""

from collections.abc import Sequence

from reporting.documents.paper import Figure, Paper, Signature, Table
from reporting.models import Appeal, Sheet
from reporting.rules import assessment as rules
from reporting.rules.assessment import Row
from reporting.rules.assessment_indicators import CATALOGUE
from reporting.rules.rates import Stage

NOTHING = "无可评对象，不计入总分"


def sheet(row: Sheet, appeals: Sequence[Appeal], signature: Signature, *, demo: bool) -> Paper:
    """What was assessed, from which figures, with the appeals and their answers."""
    total = rules.total(row.items)
    left_out = f"另有{rules.text(total.left_out)}分{NOTHING}" if total.left_out else ""
    return Paper(
        title=f"{row.school_year}—{row.school_year + 1}学年控辍保学考核表",
        number="",
        agency=row.agency.name,
        lines=(
            ("考核对象", row.name),
            ("对应职务", f"{row.agency.name}{row.get_position_display()}（对职务，不对个人排名）"),
            ("考核方案", f"{row.scheme.source}（{row.scheme.starts_on}起施行）"),
            ("数据截至", str(row.drawn_on)),
        ),
        figures=(
            Figure("得分", f"{rules.text(total.points)} / {rules.text(total.most)}", left_out),
        ),
        tables=(_items(row.items), _details(row.items), _appeals(appeals)),
        notes=(
            "分值由县级考核方案确定。期限类指标按期限计算：已按期完成的，除以已到期或已完成的；"
            "已免除和未到期的不计入。",
        ),
        signature=signature,
        as_of=signature.at,
        demo=demo,
    )


def name(row: Row) -> str:
    """The indicator, or the words of the county's own item."""
    return str(CATALOGUE[str(row["code"])].name) if row["code"] else str(row["name"])


def _items(rows: Sequence[Row]) -> Table:
    head = ("序号", "考核内容", "数据", "分值", "得分", "说明")
    return Table("考核得分", head, tuple(_item(row) for row in rows))


def _item(row: Row) -> tuple[str, ...]:
    figure = f"{row['numerator']} / {row['denominator']}" if row["code"] else "人工评定"
    words = str(row["reason"])
    if row["points"] == "":
        words = NOTHING
    elif row.get("excused") or row.get("waiting"):
        words = f"免除{row['excused']}项、未到期{row['waiting']}项，不计入"
    return (
        str(row["number"]),
        name(row),
        figure,
        str(row["most"]),
        str(row["points"]) or "—",
        words,
    )


def _details(rows: Sequence[Row]) -> Table:
    lines = tuple(
        (
            name(row),
            str(Stage(str(one["stage"])).label),
            f"{one['numerator']} / {one['denominator']} = {one['shown']}",
            str(one.get("line", "")),
        )
        for row in rows
        for one in details(row)
        if "stage" in one
    )
    return Table("比率构成", ("指标", "学段", "分子 / 分母", "控制线"), lines, "无")


def details(row: Row) -> list[Row]:
    """What a figure is made of: stages, or papers."""
    found = row.get("details")
    return found if isinstance(found, list) else []


def _appeals(appeals: Sequence[Appeal]) -> Table:
    lines = tuple(
        (
            str(one.number),
            f"{one.text}（{one.on}）",
            f"{one.answer}（{one.answered_on}）",
            one.points_before or "—",
            one.points_after or "—",
        )
        for one in appeals
    )
    head = ("序号", "申诉", "答复", "原得分", "复核得分")
    return Table("申诉与答复", head, lines, "无申诉")
