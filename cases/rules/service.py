"""Service of a paper (送达): a period runs from it, and only with a receipt (rule 15).

Sources: wencheng-2019 一(四) S1-34 (送达回证); 行政处罚法 61 and 行政强制法 38, which lead to
民事诉讼法 87 (receipt), 88 (handed over), 89 (left before witnesses), 91 (by post: the day on the
return slip), 95 (by notice: it counts when thirty days have passed).
"""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, Text
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.deadlines import Period, Unit, due

WITNESSES = 2  # 见证人, of the place where it was left


class Method(TextChoices):
    DIRECT = "direct", _("handed over")
    LEFT = "left", _("left at the home, before witnesses")
    POST = "post", _("by post")
    NOTICE = "notice", _("by public notice")
    FAILED = "failed", _("attempted in vain")


@dataclass(frozen=True)
class Delivery:
    """A service as it was told. on: the day it was handed over, left, signed for, or published."""

    method: str
    on: date
    place: str = ""
    receiver: str = ""
    relation: str = ""
    witnesses: str = ""
    note: str = ""

    @property
    def witness_names(self) -> list[str]:
        return [name for name in re.split(r"[、,，;；\s]+", self.witnesses) if name]


# What each way of service has to say, with the words for what is missing.
NEEDS: dict[str, tuple[tuple[str, Text], ...]] = {
    Method.DIRECT: (
        ("receiver", _("Who received the paper?")),
        ("relation", _("Which relation to the guardian has who received it?")),
        ("place", _("Where was it handed over?")),
    ),
    Method.LEFT: (("place", _("Where was it left?")), ("note", _("Why was it not accepted?"))),
    Method.POST: (("note", _("The number of the registered letter is missing.")),),
    Method.NOTICE: (
        ("place", _("Where was the notice published?")),
        ("note", _("Why was no other way of service possible?")),
    ),
    Method.FAILED: (("note", _("What stood in the way?")),),
}


def problems(delivery: Delivery, issued_on: date, today: date) -> list[Reason]:
    """Every reason why this cannot be recorded as a service of a paper of this date."""
    found = []
    if delivery.on > today:
        text = _("The day of service lies in the future.")
        found.append(Reason("future", text, "/served_on"))
    if delivery.on < issued_on:
        text = _("The day of service lies before the date of the paper, %(day)s.")
        found.append(Reason("before_paper", text % {"day": issued_on}, "/served_on"))
    for name, missing in NEEDS.get(delivery.method, ()):
        if not getattr(delivery, name).strip():
            found.append(Reason(f"missing_{name}", missing, f"/{name}"))
    if delivery.method == Method.LEFT and len(set(delivery.witness_names)) < WITNESSES:
        text = _("Two different witnesses are needed when a paper is left.")
        found.append(Reason("witnesses", text, "/witnesses"))
    return found


def counts_from(delivery: Delivery, notice_days: int, calendar: WorkingCalendar) -> date:
    """The day that counts as the day of service.

    A notice counts when its days have passed (民事诉讼法 95: thirty; the day on which it appeared
    is not counted, a last day on a rest day moves on, 85); any other way on the day itself.
    """
    if delivery.method != Method.NOTICE:
        return delivery.on
    return due(delivery.on, Period(notice_days, Unit.CALENDAR_DAYS), calendar).on
