"""One row of a list of another agency as a person, with every problem named by its column."""

from dataclasses import dataclass
from datetime import date

from agencies.rules import masking
from students.imports import labels
from students.imports.cells import CHINESE, Cells, Problem, as_text, bare_number
from students.imports.headings import Columns, Vocabulary
from students.imports.sheet import Row
from students.rules.focus import FocusGroup
from students.rules.identity import ID_FORM, Identity
from students.rules.person_list import GROUP_OF, Listed, ListKind

LIST = Vocabulary(
    synonyms={
        "name": "姓名 名字 儿童姓名 学生姓名 适龄儿童姓名 成员姓名",
        "sex": "性别",
        "born_on": "出生日期 出生年月日 出生年月 出生时间 生日",
        "id_number": "身份证号 身份证号码 公民身份号码 公民身份证号码 身份证件号 身份证件号码 "
        "居民身份证号 居民身份证号码 身份号码 身份证 证件号 证件号码",
        "certificate": "残疾证号 残疾人证号 残疾证号码 残疾人证号码 残疾人证",
        "address": "户籍地址 户籍地 户籍所在地 户籍住址 户籍详址 户口所在地 户口地址 户口住址 "
        "常住户口所在地 常住户口地址 家庭地址 家庭住址 住址 地址",
        "lives_at": "现住址 现住地址 现居住地 现居住地址 居住地址 居住地 实际居住地 实际居住地址",
        "head": "户主 户主姓名",
        "guardian": "监护人 监护人姓名",
        "category": "类别 人员类别 儿童类别 对象类别 困境类型 困境类别 保障类别",
    },
    needed={"name": "姓名"},
    one_of=("id_number", "certificate", "born_on"),
    one_of_shown="身份证号/出生日期",
)
CATEGORIES = {
    "孤儿": FocusGroup.ORPHAN, "社会散居孤儿": FocusGroup.ORPHAN, "集中养育孤儿": FocusGroup.ORPHAN,
    "事实无人抚养": FocusGroup.UNSUPPORTED, "事实无人抚养儿童": FocusGroup.UNSUPPORTED,
    "困境": FocusGroup.HARDSHIP, "困境儿童": FocusGroup.HARDSHIP, "低保": FocusGroup.HARDSHIP,
    "低保家庭": FocusGroup.HARDSHIP, "特困": FocusGroup.HARDSHIP, "特困家庭": FocusGroup.HARDSHIP,
    "低保边缘": FocusGroup.HARDSHIP, "留守儿童": FocusGroup.LEFT_BEHIND_PROVINCE,
    "农村留守儿童": FocusGroup.LEFT_BEHIND_PROVINCE, "服刑人员子女": FocusGroup.PARENT_PRISON,
    "残疾人子女": FocusGroup.PARENT_DISABLED,
}  # fmt: skip
CERTIFICATE_LENGTH, ID_LENGTH = 20, 18  # the ID number, a digit of the kind, one of the grade
OLDEST_OF_ALL = 120  # years; the register has children only


@dataclass(frozen=True)
class ListReader:
    """Reads the rows of one file."""

    columns: Columns
    kind: ListKind
    today: date

    def read(self, row: Row) -> tuple[Listed, list[Problem]]:
        """The person as far as it could be read, and every problem."""
        one = ListRow(self, row)
        return one.listed(), one.problems

    def number_and_name(self, row: Row) -> tuple[str, str]:
        """What stands there, unchecked: one number must not stand beside two names."""
        one = ListRow(self, row)
        return bare_number(one.cell("id_number")), "".join(one.text("name").split())


class ListRow(Cells):
    """A person with the addresses and the head of the household."""

    def __init__(self, reader: ListReader, row: Row) -> None:
        super().__init__(reader.columns, reader.today, row)
        self.kind = reader.kind
        if self.kind != ListKind.REGISTER:
            self.oldest_years = OLDEST_OF_ALL

    def listed(self) -> Listed:
        name = self.name()
        if self._swapped():
            other = self.columns.heading("born_on")
            self.problem("id_number", "swapped", other=other)
            return Listed(name=name)
        number = self._number()
        return Listed(
            name=name,
            sex=self._sex(number),
            born_on=self._born_on(number),
            id_number=number.number if number else "",
            address=self.words("address"),
            lives_at=self.words("lives_at", "address"),
            head=self._adult("head"),
            guardian=self._adult("guardian"),
            group=self._group(),
        )

    def _swapped(self) -> bool:
        """A date stands where the number belongs, and the number where the date belongs."""
        number = bare_number(self.cell("born_on"))
        return (
            bool(ID_FORM.match(number)) and labels.day(as_text(self.cell("id_number"))) is not None
        )

    def _number(self) -> Identity | None:
        """The ID number, or the one that a certificate of disability begins with."""
        if self.text("id_number"):
            return self.valid_id("id_number")
        certificate = bare_number(self.cell("certificate"))
        if len(certificate) == CERTIFICATE_LENGTH:
            certificate = certificate[:ID_LENGTH]
        return self.valid_id("certificate", certificate) if certificate else None

    @property
    def _number_given(self) -> str:
        return self.text("id_number") or self.text("certificate")

    def _born_on(self, number: Identity | None) -> date | None:
        if not self.text("born_on"):
            if not self._number_given:
                self.problem("id_number", "no_number_or_birth")
            return number.born_on if number else None
        born_on = self.born_on()
        if number:
            self.agree(born_on, "", number, "id_number")
        return born_on

    def _sex(self, number: Identity | None) -> str:
        """Of the register it is needed, because its rows may become children of ours."""
        if self.text("sex"):
            sex = self.sex()
            if number:
                self.agree(None, sex, number, "id_number")
            return sex
        if number:
            return labels.SEXES["男" if number.male else "女"]
        if self.kind == ListKind.REGISTER and not self._number_given:
            self.problem("sex", "missing")
        return ""

    def _adult(self, name: str) -> str:
        text = self.words(name, "name")
        return "".join(text.split()) if CHINESE.search(text) else text

    def _group(self) -> str:
        """Which focus group the row stands for; only lists of civil affairs name several."""
        usual = GROUP_OF.get(self.kind)
        text = self.text("category")
        if usual is None or self.kind != ListKind.CIVIL_AFFAIRS or not text:
            return usual or ""
        found = CATEGORIES.get(labels.folded(text))
        if found is None:
            shown = masking.free_text(text)
            self.label_problem("category", shown, "、".join(CATEGORIES))
        return found or ""
