"""What can carry a legal step: an article of a law, a regulation or a rule.

Source: 行政处罚法 第十六条 (beside laws, regulations and rules, no document may create penalties);
wencheng-2019 四(三) S1-77.
"""

import re

from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason

ARTICLE = re.compile(r"第\s*[一二三四五六七八九十百千零〇两\d]+\s*条")
# What laws, regulations and rules are called; the name may stand in 《》.
LAW = re.compile(r"宪法|民法典|刑法|[一-鿿]{2,}(法|条例|规定|办法|细则)")
# Marks of a normative document: the number of an office, or what such papers are called.
NORMATIVE = re.compile(
    r"[〔\[（(]\s*\d{4}\s*[〕\]）)]\s*\d+\s*号|通知|意见|方案|纪要|办发|政发|教发"
)


def basis_problem(basis: str, pointer: str) -> Reason | None:
    """Why this cannot carry a step: it names no article, no law, or a normative document."""
    if NORMATIVE.search(basis):
        text = _("A normative document cannot be the basis of a legal step: name the law itself.")
        return Reason("basis_normative", text, pointer)
    if not LAW.search(basis) or not ARTICLE.search(basis):
        text = _("Name the law or regulation and its article, for example 义务教育法 第五十八条.")
        return Reason("basis", text, pointer)
    return None
