"""Facts of a paper of every kind, with invented people and the longest names of the county."""

from typing import Any

from cases.rules.paper_fields import Field, Form
from cases.rules.papers import CATALOGUE, PaperKind, number_text

LONG = (
    "。".join(f"第{at}次到大峃镇、百丈漈镇走访，监护人表示孩子不愿意上学" for at in range(1, 4))
    + "。"
)
SAID: dict[str, str] = {
    "child": "欧阳文㛃", "sex": "女", "born_on": "2013年5月4日", "id_number": "330328********1526",
    "student_number": "G330328201305041526", "registered_at": "浙江省文成县百丈漈镇篁庄村",
    "school_class": "文成县大峃镇实验学校七年级（3）班", "guardian": "欧阳建国", "relation": "父亲",
    "phone": "13800001234", "address": "文成县大峃镇珊溪路村建设路一百二十八弄三号",
    "since": "2026年9月29日", "contact": "周建国，0577-67860000", "days": "7",
    "counting": "按自然日计算，最后一日是法定休假日的，以休假日结束的次日为最后一日",
    "basis": "《中华人民共和国义务教育法》第五条第二款、第十一条第一款、第五十八条",
    "remedies": "如不服本通知书，可以自收到之日起六十日内向文成县人民政府申请行政复议，也可以自收到之日起六个月内"
    "依法向有管辖权的人民法院提起行政诉讼。",
    "demand": "一、立即停止欧阳文㛃在外务工；\n二、在期限内送其到文成县大峃镇实验学校复学。",
    "matter": "查找下落不明的学生", "reply_by": "2026年10月26日", "whereabouts": "广东省东莞市虎门镇",
    "held_on": "2026年10月12日", "place": "大峃镇人民政府调解室", "speaker": "周建国",
    "present": "林晓峰、王小㛃", "origin": "经逐日点名发现连续旷课超过3个工作日",
    "case_number": "2026-0001", "state": "劝返中", "opened_on": "2026年10月9日", "returned_on": "",
    "ended_on": "", "ending": "返校并稳定就读", "attendance": "应到20日，实到20日，未点名0日",
    "way": "国家学籍系统线上移交", "planned_on": "2026年10月13日",
}  # fmt: skip


def of(field: Field, rows: int = 3) -> Any:
    if field.form is Form.ROWS:
        return [
            {name: f"{head}{at}大峃镇" for name, head in field.columns} for at in range(1, rows + 1)
        ]
    return SAID.get(field.name, LONG)


def sample(kind: PaperKind, rows: int = 3, **other: Any) -> dict[str, Any]:
    """All facts of a paper of this kind."""
    spec = CATALOGUE[kind]
    return {
        "number": number_text("大峃政", kind, 2026, 3),
        "title": spec.title,
        "agency": "文成县大峃镇人民政府",
        "issued_on": "2026年10月12日",
        "issued_by": "周建国",
        "addressee": "欧阳建国" if spec.to_guardian else "文成县教育局、文成县大峃镇人民政府",
        "county": "文成县",
        "demo": False,
        **{field.name: of(field, rows) for field in spec.fields},
        **other,
    }
