"""What is published of an inspection holds nobody's name and no number of a person (S1-73).

Source: 个人信息保护法 28; 未成年人保护法 103. Names that the records know are found by the caller
(cases/queries/names.py); here are the forms that give a person away by themselves.
"""

import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason

WIDE = str.maketrans("０１２３４５６７８９Ｘｘ－（）", "0123456789Xx-()")
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\-]+(?=[\dXx])")
NUMBERS = (
    re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),  # ID number, also inside a student number
    re.compile(r"(?<!\d)\d{15}(?!\d)"),  # the old one of 15 digits
    re.compile(r"(?<!\d)(?:86)?1[3-9]\d{9}(?!\d)"),  # mobile phone
    re.compile(r"(?<!\d)0\d{2,3}\)?[2-9]\d{6,7}(?!\d)"),  # landline with its area
    re.compile(r"(?<=电话)[:：为是]?\s*[2-9]\d{6,7}(?!\d)"),
    re.compile(r"(?<!\d)L\d{18}(?!\d)"),  # a temporary student number
)
# Surnames that are no usual word of such a text: 周边, 方面, 高度, 任何 would be false alarms.
SURNAMES = (
    "王李张刘陈杨赵黄吴徐孙胡朱郭罗梁宋郑谢韩唐冯董萧曹袁邓傅沈彭吕"
    "苏蒋蔡贾魏薛阎潘杜钟汪姜范谭廖邹熊陆郝孔崔邱秦侯邵孟龚"
)
BEFORE_A_NAME = (
    "学生|儿童|孩子|家长|监护人|父亲|母亲|法定代表人|负责人|经营者|举办者|老板|教师|老师|校长|院长"
)
NAMED = re.compile(rf"(?:{BEFORE_A_NAME})[:：为是]?([{SURNAMES}](?!某)[一-鿿]{{1,2}})")
AFTER_A_NAME = re.compile(rf"([{SURNAMES}](?!某)[一-鿿]{{1,2}})(?:同学|小朋友|先生|女士)")


def plain(text: str) -> str:
    """Half-width digits, no blanks or hyphens inside a number, none between the signs of a name."""
    text = BETWEEN_DIGITS.sub("", text.translate(WIDE))
    return re.sub(r"(?<=[一-鿿])\s+(?=[一-鿿])", "", text)


def given_away(text: str, names: Iterable[str]) -> list[str]:
    """The words by which somebody could be found, in the order of the text, each once.

    names: those of people in our records that stand in the text.
    """
    text = plain(text)
    found = {name: text.find(name) for name in names}
    for form in NUMBERS:
        found |= {match.group(): match.start() for match in form.finditer(text)}
    for form in (NAMED, AFTER_A_NAME):
        found |= {match.group(1): match.start(1) for match in form.finditer(text)}
    words = sorted(found, key=lambda word: (found[word], word))
    return [word for word in words if not any(word != other and word in other for other in words)]


def problems(title: str, text: str, place: str) -> list[Reason]:
    found = []
    for value, pointer in ((title, "/title"), (text, "/text"), (place, "/place")):
        if not value.strip():
            found.append(Reason("missing", _("This is missing."), pointer))
    return found


def refusal(words: list[str], pointer: str) -> Reason:
    """Told word for word, so that it can be put right; it is shown to who wrote it only."""
    text = _("This would name or identify a person: %(words)s. Write it without.")
    return Reason("person", text % {"words": "、".join(words)}, pointer)
