"""The facts that papers are made of: each with its words on the screen and on the paper."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Form(StrEnum):
    """How a fact is written: one line, several, or rows of a table."""

    LINE = "line"
    TEXT = "text"
    ROWS = "rows"


MOST: dict[Form, int] = {Form.LINE: 120, Form.TEXT: 2000, Form.ROWS: 500}  # characters; rows
# A period of a thousand days is a slip of the pen.
NUMBER_OF_DAYS = re.compile(r"[1-9]\d{0,2}", re.ASCII)
# A day as machines write it; on paper it stands in words, so one that is left is no day at all.
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True)
class Field:
    """name: in facts and in Word templates; printed: as the form has it, always Chinese.

    columns: of rows, by name with their printed heads; in_days: a number of days.
    """

    name: str
    printed: str
    words: Promise
    form: Form = Form.LINE
    required: bool = True
    columns: tuple[tuple[str, str], ...] = ()
    in_days: bool = False


def optional(field: Field) -> Field:
    """The same, where a paper can do without."""
    return replace(field, required=False)


def printed_as(field: Field, words: str) -> Field:
    """The same under the name that this form has for it."""
    return replace(field, printed=words)


CHILD = Field("child", "学生姓名", _("Child"))
SEX = Field("sex", "性别", _("Sex"))
BORN_ON = Field("born_on", "出生日期", _("Born on"))
ID_NUMBER = Field("id_number", "身份证件号码", _("ID number"))
STUDENT_NUMBER = Field("student_number", "学籍号", _("Student number"))
REGISTERED_AT = Field("registered_at", "户籍所在地", _("Household registration"))
SCHOOL_CLASS = Field("school_class", "就读学校及年级", _("School and class"))
GUARDIAN = Field("guardian", "监护人姓名", _("Guardian"))
RELATION = Field("relation", "与学生关系", _("Relation to the child"))
PHONE = Field("phone", "监护人电话", _("Phone of the guardian"))
ADDRESS = Field("address", "家庭住址", _("Address"))
SINCE = Field("since", "未到校起始日", _("Out of school since"))
CONTACT = Field("contact", "联系人及电话", _("Whom to ask, with phone"))

FACTS = Field("facts", "查明的事实", _("Facts established"), Form.TEXT)
BASIS = Field("basis", "法律依据", _("Legal basis"), Form.TEXT)
DEMAND = Field("demand", "要求", _("What is demanded"), Form.TEXT)
DAYS = Field("days", "期限（日）", _("Days from delivery"), in_days=True)
COUNTING = Field("counting", "计算方式", _("Way of counting"))
REMEDIES = Field("remedies", "救济途径", _("Remedies"), Form.TEXT)
DONE = Field("done", "已采取的措施", _("What was done so far"), Form.TEXT)
CAUSES = Field("causes", "辍学原因", _("Causes"), Form.TEXT)
RESULT = Field("result", "劝返结果", _("What came of it"), Form.TEXT)
ASKED = Field("asked", "请求事项", _("What is asked for"), Form.TEXT)
MATTER = Field("matter", "协助事项", _("Matter"))
REPLY_BY = Field("reply_by", "回复期限", _("Reply until"))
WHEREABOUTS = Field("whereabouts", "现居住地", _("Present whereabouts"))
NOTE = Field("note", "备注", _("Note"), Form.TEXT)

HELD_ON = Field("held_on", "时间", _("Day of the talk"))
PLACE = Field("place", "地点", _("Where"))
SPEAKER = Field("speaker", "教育人", _("Who spoke"))
PRESENT = Field("present", "在场人员", _("Who was there"))
CONTENT = Field("content", "批评教育内容", _("What was said to the guardian"), Form.TEXT)
ANSWER = Field("answer", "监护人陈述与表态", _("What the guardian said"), Form.TEXT)

ORIGIN = Field("origin", "发现途径", _("How it was found"))
CASE_NUMBER = Field("case_number", "案卷编号", _("Case number"))
STATE = Field("state", "当前状态", _("State"))
OPENED_ON = Field("opened_on", "建档日期", _("Opened on"))
RETURNED_ON = Field("returned_on", "返校日期", _("Back at school on"))
ENDED_ON = Field("ended_on", "结案日期", _("Ended on"))
ENDING = Field("ending", "销号原因", _("Reason for closure"))
EVIDENCE = Field("evidence", "销号依据", _("Evidence"), Form.TEXT)
ATTENDANCE = Field("attendance", "返校后出勤", _("Attendance since the return"))
PLAN = Field("plan", "一生一案措施", _("Measures of the plan"), Form.TEXT)
WAY = Field("way", "移交方式", _("How it is handed over"))
PLANNED_ON = Field("planned_on", "走访日期", _("Day of the visit"))
TASKS = Field("tasks", "本次事项", _("What this visit is for"), Form.TEXT)

ATTEMPTS = Field(
    "attempts", "劝返记录", _("Attempts at persuasion"), Form.ROWS,
    columns=(
        ("people", "劝返人员"), ("on", "劝返时间"), ("place", "方式"), ("result", "劝返就读情况"),
    ),
)  # fmt: skip
TEAM = Field(
    "team", "包保责任人（六对一）", _("Team"), Form.ROWS,
    columns=(("seat", "职责"), ("name", "姓名"), ("agency", "单位"), ("phone", "电话")),
)  # fmt: skip
EVENTS = Field(
    "events", "工作经过", _("Timeline"), Form.ROWS,
    columns=(("on", "日期"), ("what", "事项"), ("text", "内容"), ("by", "办理人")),
)  # fmt: skip
PAPERS = Field(
    "papers", "文书目录", _("Papers"), Form.ROWS,
    columns=(("number", "文号"), ("title", "文书名称"), ("on", "日期"), ("served", "送达情况")),
)  # fmt: skip
ANNEXES = Field("annexes", "附件", _("Annexes"), Form.ROWS, columns=(("title", "名称"),))
ITEMS = Field(
    "items", "移交材料清单", _("What is handed over"), Form.ROWS,
    columns=(("title", "材料名称"), ("form", "形式"), ("count", "份数")),
)  # fmt: skip
DOCUMENTS = Field(
    "documents", "送达文书", _("Papers to be served"), Form.ROWS,
    columns=(("title", "文书名称"), ("number", "文号"), ("count", "份数")),
)  # fmt: skip
SHARED = Field(
    "shared", "提供的情况", _("Data passed on"), Form.ROWS,
    columns=(("label", "项目"), ("value", "内容")),
)  # fmt: skip
RECIPIENTS = Field(
    "recipients", "报送单位", _("Recipients"), Form.ROWS,
    columns=(("name", "收件单位"), ("role", "职责"), ("received", "签收时间")),
)  # fmt: skip

# What every paper has by itself; a Word template may use it, nobody types it.
GIVEN: dict[str, str] = {
    "number": "文号",
    "title": "标题",
    "agency": "发文机关",
    "issued_on": "成文日期",
    "issued_by": "签发人",
    "addressee": "主送",
}
