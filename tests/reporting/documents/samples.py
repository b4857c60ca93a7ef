"""Papers to render."""

from dataclasses import replace

from reporting.documents.paper import Figure, Paper, Recipient, Signature, Table

PAPER = Paper(
    title="2026年秋季学期控辍保学月报",
    number="文教控辍〔2026〕第10号",
    agency="文成县教育局",
    lines=(("报告期", "2026年9月"), ("学校数", 41)),
    figures=(Figure("在校学生", 31204, "截至9月30日"), Figure("劝返率", "70.6%")),
    tables=(
        Table("学生名单", ("姓名", "身份证件号"), (("王小㛃", "330328201303011526"),)),
        Table("逾期未报学校", ("学校", "天数"), (), "本月没有"),
    ),
    notes=("疑似辍学按县里的办法计。", "数据由学校逐日上报。"),
    signature=Signature("文成县教育局", "周建国", "副局长", "2026年10月12日"),
    recipients=(
        Recipient("大峃镇人民政府", "控辍责任单位", "2026-10-13 09:20", False),
        Recipient("百丈漈镇人民政府", "控辍责任单位", "", True),
    ),
    as_of="2026年9月30日 24:00",
)


def with_rows(*rows: tuple[str, ...]) -> Paper:
    """The paper with one table of these rows."""
    head = tuple(f"第{number}列" for number in range(1, len(rows[0]) + 1))
    return replace(PAPER, tables=(Table("名单", head, rows),))
