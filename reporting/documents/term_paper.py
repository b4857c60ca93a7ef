"""The term-start report as a paper: one for all recipients, with a list of names per township.

A township's copy is the same paper without the lists of other townships' children.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from reporting.documents.paper import Figure, Paper, Signature, Table
from reporting.queries.term_report import COUNTED_BY_CENSUS as OF_CENSUS
from reporting.queries.term_report import Report, Row

# The end of the title of a list of names: the township whose children it holds.
LIST = re.compile(r"名单：.*（(\d{12})）\Z", re.DOTALL)
NAMES = ("姓名", "班级", "身份证件号", "家庭所在村（社区）", "清查去向", "个案")
COUNTS = ("在册学生", "未到校", "在办个案")
LABELS = {
    "registered": "在册学生",
    "expected": "应到",
    "arrived": "实到",
    "explained": "有正当事由未到",
    "missing": "未到校",
    "open_cases": "在办个案",
    "changes": "学籍变动",
}
DRAFT = "开学全面清查尚未签发：到校情况以签发的清查表为准，本稿仅为草稿。"
NOT_YET = "清查未签发，按现有数据推算"


@dataclass(frozen=True)
class Head:
    """What the paper says beside the facts. signature None: a draft."""

    number: str = ""
    as_of: str = ""
    remarks: str = ""
    due_at: str = ""
    signature: Signature | None = None
    demo: bool = False


def paper(report: Report, head: Head) -> Paper:
    """The whole paper. Only what the signed full check says counts as its result."""
    counted = report.census is not None
    return Paper(
        title=f"{report.school.name}开学控辍保学书面报告",
        number=head.number,
        agency=report.school.name,
        lines=(
            ("学期", str(report.term)),
            ("开学日", report.term.starts_on.isoformat()),
            ("报告期限", head.due_at),
            ("开学全面清查", _census(report)),
        ),
        figures=tuple(
            Figure(label, report.figures[key], "" if counted or key not in OF_CENSUS else NOT_YET)
            for key, label in LABELS.items()
        ),
        tables=(
            Table("分班情况", ("班级", *COUNTS), _rows(report, report.by_class)),
            Table("分生源地乡镇情况", ("乡镇（街道）", *COUNTS), _rows(report, report.by_township)),
            Table("其中：重点群体", ("重点群体", *COUNTS), _rows(report, report.by_group)),
            Table(
                "在办个案分状态",
                ("状态", "人数"),
                tuple((str(state.label), str(n)) for state, n in report.by_state.items()),
                "无在办个案",
            ),
            Table(
                "上学期以来学籍变动",
                ("类别", "人次"),
                tuple((str(kind.label), str(n)) for kind, n in report.changes.items()),
                "无学籍变动",
            ),
            *_lists(report),
        ),
        notes=(
            *([] if counted else [DRAFT]),
            *([f"补充说明：{head.remarks}"] if head.remarks else []),
            "重点群体按统计截至当日的认定计；一名学生可同时属于几类，各类之和可大于其总数。",
            "名单按学生家庭所在乡镇分列；发给各乡镇的文本只含本乡镇学生名单。",
        ),
        signature=head.signature,
        as_of=head.as_of,
        demo=head.demo,
    )


def for_townships(whole: Paper, codes: Collection[str]) -> Paper:
    """The copy of these townships (12-digit codes): the figures of all, the names of their own."""
    tables = [
        table
        for table in whole.tables
        if not (of := LIST.match(table.title)) or of.group(1) in codes
    ]
    return replace(whole, tables=tuple(tables))


def _census(report: Report) -> str:
    if report.census is None or report.census.submitted_at is None:
        return "尚未签发"
    return f"已签发 {report.census.number}".strip()


def _rows(report: Report, rows: list[Row]) -> tuple[tuple[str, ...], ...]:
    """Nobody is called missing, and nobody not missing, before the full check says so."""
    known = report.census is not None
    return tuple(
        (row.name, str(row.registered), str(row.missing) if known else "—", str(row.cases))
        for row in rows
    )


def _lists(report: Report) -> list[Table]:
    """One list of names for each township in which a named child lives."""
    return [
        Table(
            f"名单：{place.name}（{place.key.ljust(12, '0')}）",
            NAMES,
            tuple(
                (one.name, one.of_class, one.id_number, one.village, one.answer, one.case)
                for one in report.names
                if one.place == place.key
            ),
        )
        for place in report.by_township
        if any(one.place == place.key for one in report.names)
    ]
