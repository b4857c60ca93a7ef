"""The sentences of the papers, with {{ facts }}; the same for the PDF and the built-in Word file.

Laws as read: 义务教育法 5(2), 11(1), 13, 58; 未成年人保护法 16(5), 17(5), 28, 83(2); 行政复议法 20;
行政诉讼法 46 (domain/law.md 2.3). A form as published: 义务教育劝学通知书 (domain/forms.md 3.4).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A paragraph. when: the fact without which it is left out."""

    text: str
    when: str = ""


WHO = "{{ child }}（{{ sex }}，{{ school_class }}学生，住{{ address }}）"
CONTACT = Line("联系人及电话：{{ contact }}", "contact")
FOUND = Line("经查明：{{ facts }}")

PERSUASION_NOTICE = (
    Line(
        "你的子女（被监护人）{{ child }}（{{ sex }}，{{ school_class }}学生）自{{ since }}起未到校"
        "接受义务教育。"
    ),
    Line("{{ facts }}", "facts"),
    Line(
        "根据{{ basis }}的规定，父母或者其他法定监护人应当依法保证适龄儿童、少年按时入学接受并完成"
        "义务教育，不得放任或者迫使应当接受义务教育的未成年人失学、辍学。"
    ),
    Line("请你自接到本通知书之日起{{ days }}日内，送{{ child }}到校复学。"),
    Line(
        "家庭有困难的，可以向学校、乡镇人民政府或者教育行政部门提出，依照规定给予帮助。逾期未送其复学"
        "又无正当理由的，将由乡镇人民政府或者县级教育行政部门依照《中华人民共和国义务教育法》"
        "第五十八条的规定给予批评教育，责令限期改正。"
    ),
    CONTACT,
    Line("特此通知。"),
)
ORDER_TO_RETURN = (
    Line(f"{WHO}自{{{{ since }}}}起未到校接受义务教育，你是其监护人（{{{{ relation }}}}）。"),
    FOUND,
    Line(
        "你未依法保证适龄儿童、少年接受并完成义务教育。根据{{ basis }}的规定，现责令你限期改正，"
        "要求如下："
    ),
    Line("{{ demand }}"),
    Line(
        "改正期限为自收到本通知书之日起{{ days }}日内（{{ counting }}，收到当日不计算在内），"
        "截止日为＿＿＿＿年＿＿月＿＿日，由送达人按送达日期填写，以送达回证为准。"
    ),
    Line("{{ remedies }}"),
    CONTACT,
    Line("特此通知。"),
)
PERSUASION_REPORT = (
    Line(
        f"{WHO}自{{{{ since }}}}起未到校接受义务教育，监护人为{{{{ guardian }}}}。"
        "根据{{ basis }}的规定，现将劝返复学情况报告如下。"
    ),
    Line("辍学原因：{{ causes }}"),
    Line("已采取的帮扶和劝返措施：{{ done }}"),
    Line("劝返结果：{{ result }}"),
    Line("请求事项：{{ asked }}", "asked"),
    CONTACT,
    Line("特此报告。"),
)
OPENING_REPORT = (
    Line(
        f"{WHO}自{{{{ since }}}}起未到校接受义务教育，监护人为{{{{ guardian }}}}"
        "（{{ relation }}，电话{{ phone }}）。{{ origin }}，已于{{ opened_on }}建档造册"
        "（案卷编号{{ case_number }}）。"
    ),
    Line("调查了解的情况：{{ facts }}"),
    Line("已采取的措施：{{ done }}", "done"),
    Line(
        "请乡镇人民政府会同公安派出所、村（居）民委员会查找学生下落和就学情况，"
        "并请有关单位签收本报告。"
    ),
    CONTACT,
    Line("特此报告。"),
)
REFERRAL_FILE = (
    Line(
        f"{WHO}自{{{{ since }}}}起未到校接受义务教育，监护人为{{{{ guardian }}}}"
        "（{{ relation }}）。"
    ),
    FOUND,
    Line("已采取的措施：{{ done }}"),
    Line(
        "根据{{ basis }}的规定，现将案卷材料（共{{ annexes|length }}件，目录附后）移送你单位，"
        "请求事项如下："
    ),
    Line("{{ asked }}"),
    CONTACT,
    Line("请将办理结果函告我单位。"),
)
HELP_REQUEST = (
    Line("因控辍保学工作需要，现就“{{ matter }}”事项请你单位协助，请求如下："),
    Line("{{ asked }}"),
    Line("依据：{{ basis }}。"),
    Line("有关情况见附件，仅供办理本事项使用，请依法保护未成年人个人信息。"),
    Line("请于{{ reply_by }}前回复是否受理及办理情况。", "reply_by"),
    CONTACT,
    Line("请予支持。"),
)
OUTSIDE_NOTICE = (
    Line(
        "{{ child }}（{{ sex }}，{{ born_on }}出生，身份证件号码{{ id_number }}"
        "{% if student_number %}，学籍号{{ student_number }}{% endif %}）原就读于"
        "{{ school_class }}，自{{ since }}起未到校接受义务教育，监护人为{{ guardian }}"
        "{% if phone %}（电话{{ phone }}）{% endif %}。"
    ),
    Line("户籍所在地：{{ registered_at }}", "registered_at"),
    Line("经了解，该学生现在{{ whereabouts }}。", "whereabouts"),
    Line("{{ facts }}", "facts"),
    Line("根据{{ basis }}的规定，请你局协助：{{ asked }}"),
    Line(
        "请于{{ reply_by }}前函复，写明该学生是否在你县（市、区）就读、就读学校和班级，"
        "并附证明材料。",
        "reply_by",
    ),
    CONTACT,
    Line("请予支持并函复。"),
)

REMEDIES = (
    "如不服本通知书，可以自收到之日起六十日内向{{ county }}人民政府申请行政复议，"
    "也可以自收到之日起六个月内依法向有管辖权的人民法院提起行政诉讼。"
)
CALENDAR = "按自然日计算，最后一日是法定休假日的，以休假日结束的次日为最后一日"
WORKING = "按工作日计算"
