"""The catalogue of papers: what each is called, who issues it, and what has to stand in it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason
from agencies.rules.duties import AgencyKind, Position
from cases.rules import paper_fields as f
from cases.rules import paper_wording as w
from cases.rules.paper_fields import Field, Form, optional, printed_as
from cases.rules.paper_wording import Line


class PaperKind(TextChoices):
    PERSUASION_NOTICE = "persuasion_notice", _("persuasion notice")
    ORDER_TO_RETURN = "order_to_return", _("order to return")
    CRITICISM_RECORD = "criticism_record", _("record of criticism and education")
    PERSUASION_REPORT = "persuasion_report", _("report on persuasion and return")
    REFERRAL_FILE = "referral_file", _("referral to the justice side")
    HELP_REQUEST = "help_request", _("request for assistance")
    OUTSIDE_NOTICE = "outside_notice", _("notice to another county")
    ARCHIVE_HANDOVER = "archive_handover", _("hand-over of the electronic archive")
    OPENING_REPORT = "opening_report", _("report on the opening of a case")
    CASE_FILE = "case_file", _("case file")
    CLOSURE_FORM = "closure_form", _("closure form")
    DELIVERY_RECEIPT = "delivery_receipt", _("delivery receipt")
    TRIP_SHEET = "trip_sheet", _("trip sheet")


class Layout(StrEnum):
    """document: red head of GB/T 9704-2012; record: a form in a table; file: cover and sections."""

    DOCUMENT = "document"
    RECORD = "record"
    FILE = "file"


class IdNumber(StrEnum):
    """How much of the child's ID number a paper carries."""

    ABSENT = "absent"
    MASKED = "masked"
    FULL = "full"


class Sort(StrEnum):
    """A document's head says “文件” to bodies, and only the name to persons and in letters."""

    TO_PERSON = "to_person"
    LETTER = "letter"
    REPORT = "report"
    INTERNAL = "internal"


TOWNSHIP = frozenset({Position.TOWNSHIP_LEADER, Position.TOWNSHIP_CADRE})
BUREAU = frozenset({Position.BUREAU_LEADER, Position.BUREAU_STAFF})
OFFICES = TOWNSHIP | BUREAU
SCHOOL = frozenset({Position.SCHOOL_LEADER})
ALL = OFFICES | SCHOOL

BY_PERSON = _("The party is the guardian; name, school and address tell the child apart.")
BY_FORM = _("The form asks for it; masked, for the reader has the case itself.")
BY_REGISTER = _("The other county can find the child in its registers by the number only.")
BY_NEED = _("The work does not need it.")

DUTY_OF_GUARDIANS = "《中华人民共和国义务教育法》第五条第二款、第十一条第一款"
ORDERS = f"{DUTY_OF_GUARDIANS}、第五十八条"
CARE = "《中华人民共和国未成年人保护法》第十六条第五项、第十七条第五项"
REPORTS = "《中华人民共和国未成年人保护法》第二十八条"
URGES = "《中华人民共和国义务教育法》第十三条"


@dataclass(frozen=True)
class Box:
    """A box to be filled in by hand. height: in mm; words: what is printed in it already."""

    label: str
    height: int
    words: str = ""


DATED = "　　　年　　月　　日"
METHODS = "□直接送达　　□留置送达　　□邮寄送达　　□公告送达"


@dataclass(frozen=True)
class Spec:
    """One kind of paper.

    word: in its number, between the mark of the body and the year; basis: proposed legal basis;
    to_guardian: served on the guardian, with a receipt to be signed printed behind it;
    id_number, because: how much of the ID number it carries, and why that much;
    signatures: lines to sign on; annex, annex_fields: a form behind a document, with these of
    its facts.
    """

    word: str
    title: str
    positions: frozenset[Position]
    layout: Layout
    sort: Sort
    fields: tuple[Field, ...]
    id_number: IdNumber
    because: Promise
    basis: str = ""
    body: tuple[Line, ...] = ()
    blanks: tuple[Box, ...] = ()
    signatures: tuple[str, ...] = ()
    annex: str = ""
    annex_fields: tuple[str, ...] = ()

    @property
    def to_guardian(self) -> bool:
        return self.sort is Sort.TO_PERSON

    @property
    def needs_addressee(self) -> bool:
        """Who is written to stands above the text of a document; forms have no such line."""
        return self.layout is Layout.DOCUMENT

    @property
    def names(self) -> frozenset[str]:
        """What a Word template of this kind may use."""
        return frozenset({*f.GIVEN, *(field.name for field in self.fields)})


PUPIL = (f.CHILD, f.SEX, f.SCHOOL_CLASS)
FAMILY = (f.GUARDIAN, optional(f.RELATION), f.ADDRESS)

CATALOGUE: dict[PaperKind, Spec] = {
    PaperKind.PERSUASION_NOTICE: Spec(
        "劝", "义务教育劝学通知书", ALL, Layout.DOCUMENT, Sort.TO_PERSON,
        (f.GUARDIAN, *PUPIL, f.SINCE, f.DAYS, f.BASIS, optional(f.FACTS), optional(f.CONTACT)),
        IdNumber.ABSENT, BY_PERSON, f"{DUTY_OF_GUARDIANS}和{CARE}", w.PERSUASION_NOTICE,
    ),
    PaperKind.ORDER_TO_RETURN: Spec(
        "限改", "责令限期改正通知书", OFFICES, Layout.DOCUMENT, Sort.TO_PERSON,
        (
            f.GUARDIAN, f.RELATION, *PUPIL, f.ADDRESS, f.SINCE, f.FACTS, f.BASIS, f.DEMAND, f.DAYS,
            f.COUNTING, f.REMEDIES, optional(f.CONTACT),
        ),
        IdNumber.ABSENT, BY_PERSON, ORDERS, w.ORDER_TO_RETURN,
    ),
    PaperKind.CRITICISM_RECORD: Spec(
        "批教", "批评教育记录", OFFICES, Layout.RECORD, Sort.INTERNAL,
        (
            f.GUARDIAN, f.RELATION, *PUPIL, f.ADDRESS, f.HELD_ON, f.PLACE, f.SPEAKER,
            optional(f.PRESENT), f.BASIS, f.FACTS, f.CONTENT, f.ANSWER,
        ),
        IdNumber.ABSENT, BY_PERSON, ORDERS, blanks=(Box("监护人核对意见", 16, DATED),),
        signatures=("监护人签名", "教育人签名", "记录人签名"),
    ),
    PaperKind.PERSUASION_REPORT: Spec(
        "劝报", "劝返复学书面报告", SCHOOL | TOWNSHIP, Layout.DOCUMENT, Sort.REPORT,
        (
            *PUPIL, optional(f.ID_NUMBER), f.GUARDIAN, optional(f.PHONE), f.ADDRESS,
            optional(f.REGISTERED_AT), f.SINCE, f.BASIS, f.CAUSES, f.DONE, f.RESULT,
            optional(f.ASKED), optional(f.CONTACT), optional(f.ATTEMPTS),
        ),
        IdNumber.MASKED, BY_FORM, REPORTS, w.PERSUASION_REPORT, annex="辍学学生劝返记录",
        annex_fields=(
            "child", "sex", "id_number", "school_class", "since", "guardian", "phone", "address",
            "registered_at", "causes", "done", "attempts",
        ),
    ),
    PaperKind.REFERRAL_FILE: Spec(
        "移", "控辍保学案件移送函", OFFICES, Layout.DOCUMENT, Sort.LETTER,
        (
            *PUPIL, f.GUARDIAN, f.RELATION, f.ADDRESS, f.SINCE, f.FACTS, f.DONE, f.BASIS, f.ASKED,
            optional(f.CONTACT), f.ANNEXES,
        ),
        IdNumber.ABSENT, BY_PERSON, ORDERS, w.REFERRAL_FILE,
    ),
    PaperKind.HELP_REQUEST: Spec(
        "协", "控辍保学协助函", ALL, Layout.DOCUMENT, Sort.LETTER,
        (f.MATTER, f.ASKED, f.BASIS, optional(f.REPLY_BY), optional(f.CONTACT), f.SHARED),
        IdNumber.MASKED, BY_NEED, URGES, w.HELP_REQUEST, annex="提供的情况",
        annex_fields=("shared",),
    ),
    PaperKind.OUTSIDE_NOTICE: Spec(
        "外联", "关于协助做好控辍保学工作的函", BUREAU, Layout.DOCUMENT, Sort.LETTER,
        (
            *PUPIL, f.BORN_ON, f.ID_NUMBER, optional(f.STUDENT_NUMBER), f.GUARDIAN,
            optional(f.PHONE), optional(f.REGISTERED_AT), optional(f.WHEREABOUTS), f.SINCE,
            optional(f.FACTS), f.BASIS, f.ASKED, optional(f.REPLY_BY), optional(f.CONTACT),
        ),
        IdNumber.FULL, BY_REGISTER, URGES, w.OUTSIDE_NOTICE,
    ),
    PaperKind.ARCHIVE_HANDOVER: Spec(
        "档移", "电子学籍档案移交单", BUREAU, Layout.RECORD, Sort.INTERNAL,
        (
            *PUPIL, f.BORN_ON, f.ID_NUMBER, f.STUDENT_NUMBER, f.GUARDIAN,
            optional(f.REGISTERED_AT), f.WAY, f.ITEMS, optional(f.NOTE),
        ),
        IdNumber.FULL, BY_REGISTER, blanks=(Box("接收单位意见（盖章）", 32, DATED),),
        signatures=("移交人签名", "接收人签名"),
    ),
    PaperKind.OPENING_REPORT: Spec(
        "立报", "疑似辍学学生情况报告", SCHOOL | TOWNSHIP, Layout.DOCUMENT, Sort.REPORT,
        (
            *PUPIL, f.GUARDIAN, f.RELATION, f.PHONE, f.ADDRESS, f.SINCE, f.ORIGIN, f.OPENED_ON,
            f.CASE_NUMBER, f.FACTS, optional(f.DONE), optional(f.CONTACT), f.RECIPIENTS,
        ),
        IdNumber.ABSENT, BY_NEED, "", w.OPENING_REPORT, annex="报送和签收情况",
        annex_fields=("recipients",),
    ),
    PaperKind.CASE_FILE: Spec(
        "卷", "控辍保学案卷", ALL, Layout.FILE, Sort.INTERNAL,
        (
            f.CASE_NUMBER, f.STATE, f.OPENED_ON, optional(f.RETURNED_ON), optional(f.ENDED_ON),
            *PUPIL, f.BORN_ON, optional(f.ID_NUMBER), *FAMILY, optional(f.PHONE), f.SINCE,
            optional(f.CAUSES), optional(f.PLAN), f.TEAM, f.EVENTS, optional(f.PAPERS),
            optional(f.ANNEXES),
        ),
        IdNumber.MASKED, BY_FORM,
    ),
    PaperKind.CLOSURE_FORM: Spec(
        "销", "控辍保学销号审批表", OFFICES, Layout.RECORD, Sort.INTERNAL,
        (
            f.CASE_NUMBER, *PUPIL, optional(f.ID_NUMBER), *FAMILY, f.OPENED_ON, f.SINCE,
            optional(f.RETURNED_ON), f.ENDING, optional(f.ATTENDANCE), f.EVIDENCE,
            optional(f.NOTE),
        ),
        IdNumber.MASKED, BY_FORM,
        blanks=(
            Box("学校意见（盖章）", 26, DATED), Box("乡镇人民政府意见（盖章）", 26, DATED),
            Box("县教育局审批意见（盖章）", 26, DATED),
        ),
    ),
    PaperKind.DELIVERY_RECEIPT: Spec(
        "送回", "送达回证", ALL, Layout.RECORD, Sort.INTERNAL,
        (
            printed_as(f.GUARDIAN, "受送达人"), f.DOCUMENTS, printed_as(f.ADDRESS, "送达地点"),
            optional(f.NOTE),
        ),
        IdNumber.ABSENT, BY_NEED,
        blanks=(
            Box("送达方式", 12, METHODS), Box("送达时间", 12, DATED),
            Box("受送达人签名（盖章）", 18, DATED),
            Box("代收人签名及与受送达人关系", 18, DATED), Box("拒收事由及见证人签名", 22, DATED),
        ),
        signatures=("送达人签名", "送达人签名"),
    ),
    PaperKind.TRIP_SHEET: Spec(
        "走访", "入户走访单", ALL, Layout.RECORD, Sort.INTERNAL,
        (
            f.CASE_NUMBER, *PUPIL, *FAMILY, f.PHONE, f.SINCE, f.PLANNED_ON, f.TASKS,
            optional(f.TEAM), optional(f.ATTEMPTS),
        ),
        IdNumber.ABSENT, BY_NEED,
        blanks=(Box("走访情况", 40), Box("监护人意见", 22), Box("下次走访时间", 12, DATED)),
        signatures=("走访人签名", "监护人签名"),
    ),
}  # fmt: skip


def problems(kind: PaperKind, facts: Mapping[str, object]) -> list[Reason]:
    """Every fact that is missing, too long, or not of this paper, each with its place."""
    fields = {field.name: field for field in CATALOGUE[kind].fields}
    unknown = _("This paper has no place for “%(name)s”.")
    found = [
        Reason("unknown", unknown % {"name": name}, f"/facts/{name}")
        for name in sorted(set(facts) - set(fields))
    ]
    for field in fields.values():
        found += _problems_of(field, facts.get(field.name, ""))
    return found


def _problems_of(field: Field, value: object) -> list[Reason]:
    where = f"/facts/{field.name}"
    if not value:
        missing = _("Missing: %(what)s.") % {"what": field.words}
        return [Reason("missing", missing, where)] if field.required else []
    if not _in_form(field, value):
        return [
            Reason("form", _("Not in the right form: %(what)s.") % {"what": field.words}, where)
        ]
    most = f.MOST[field.form]
    if len(value) > most:  # type: ignore[arg-type]  # a text or a list, as was found above
        text = _("Too long: %(what)s, at most %(most)s.") % {"what": field.words, "most": most}
        return [Reason("too_long", text, where)]
    return _problems_of_rows(field, value, where) if isinstance(value, list) else []


def _in_form(field: Field, value: object) -> bool:
    """A list for rows and a text for the rest: no day that is not there, days as a number."""
    if field.form is Form.ROWS or not isinstance(value, str):
        return field.form is Form.ROWS and isinstance(value, list)
    if field.in_days:
        return f.NUMBER_OF_DAYS.fullmatch(value) is not None
    return f.ISO_DAY.fullmatch(value) is None


def _problems_of_rows(field: Field, rows: list[object], where: str) -> list[Reason]:
    columns = {name for name, _head in field.columns}
    text = _("Not in the right form: %(what)s.") % {"what": field.words}
    return [
        Reason("form", text, f"{where}/{at}")
        for at, row in enumerate(rows)
        if not (isinstance(row, dict) and set(row) <= columns and _are_texts(row.values()))
    ]


def _are_texts(values: Collection[object]) -> bool:
    """Texts that are not too long, and at least one that says something."""
    texts = [value for value in values if isinstance(value, str)]
    most = f.MOST[Form.TEXT]
    return len(texts) == len(values) and any(texts) and max(map(len, texts)) <= most


def number_text(mark: str, kind: PaperKind, year: int, serial: int | None) -> str:
    """大峃政限改〔2026〕3号: no 第, no leading zero (GB/T 9704-2012 7.2.5). None: a draft."""
    number = "　" if serial is None else str(serial)
    return f"{mark}{CATALOGUE[kind].word}〔{year}〕{number}号"


SHORT = (
    ("镇", ""),
    ("乡", ""),
    ("街道", ""),
    ("第", ""),
    ("学校", "校"),
    ("小学", "小"),
    ("中学", "中"),
)


def agency_mark(kind: str, name: str, region: str) -> str:
    """机关代字, from names: the bureau of 文成县 文教, 大峃镇 大峃政, 大峃镇第二小学 大峃二小.

    The place stays whole below the county, for two towns may begin alike.
    """
    if kind == AgencyKind.BUREAU:
        return f"{region[:1]}教"
    if kind == AgencyKind.TOWNSHIP:
        name = region
    for long, short in SHORT:
        name = name.replace(long, short)
    return f"{name}政" if kind == AgencyKind.TOWNSHIP else name


def full_name(name: str, county: str) -> str:
    """The body's name as its seal has it: 文成县教育局, 文成县大峃镇人民政府."""
    if name.startswith(county):
        return name
    return county + (name[1:] if name.startswith("县") else name)


# Issued only as a step of the legal ladder, in its order (rule 15).
LADDER_KINDS = frozenset(
    {PaperKind.CRITICISM_RECORD, PaperKind.ORDER_TO_RETURN, PaperKind.REFERRAL_FILE}
)
SERVED_KINDS = frozenset(kind for kind, spec in CATALOGUE.items() if spec.to_guardian)
