"""The first sheet of a workbook: what the paper says beside its tables, one thing a row."""

from collections.abc import Iterator

from reporting.documents.paper import Paper, Recipient

TITLE, HEAD = "概要", ("项目", "内容", "备注")
MINORS, DEMO = "含未成年人信息，请妥善保管", "演示数据"
NOT_RECEIVED = "未签收"
Line = tuple[str | int, ...]


def rows(paper: Paper) -> list[Line]:
    """Label, content and remark."""
    return [*_what(paper), *_who(paper), ("提示", MINORS, DEMO if paper.demo else "")]


def _what(paper: Paper) -> Iterator[Line]:
    yield ("标题", paper.title, "")
    yield ("文号", paper.number, "")
    yield ("单位", paper.agency, "")
    for label, value in paper.lines:
        yield (label, value, "")
    yield ("统计截至", paper.as_of, "")
    for figure in paper.figures:
        yield (figure.label, figure.value, figure.note)
    for note in paper.notes:
        yield ("说明", note, "")


def _who(paper: Paper) -> Iterator[Line]:
    if signed := paper.signature:
        yield ("签发单位", signed.agency, "")
        yield ("签字人", f"{signed.position} {signed.person}".strip(), signed.at)
    for one in paper.recipients:
        yield (_receipt(one), f"{one.name} {one.role}".strip(), one.received_at or NOT_RECEIVED)


def _receipt(one: Recipient) -> str:
    return "签收（逾期）" if one.late else "签收"
