"""Merging two records of one child where cases have a say: an open case is settled first."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason
from agencies.rules.scope import Scope
from cases.models import Case
from cases.rules.workflow import OPEN
from students.models import RecordMerge, Student
from students.services import merging


@transaction.atomic
def merge(
    scope: Scope, records: tuple[Student, Student], reason: str, now: datetime
) -> RecordMerge:
    """records: (kept, absorbed). Raises what students.services.merging.merge raises, and
    NotPossible when the absorbed record has an open case."""
    return merging.merge(scope, records, reason, now, also=against(records[1]))


def against(absorbed: Student) -> list[Reason]:
    """Why cases forbid that this record becomes part of another one."""
    if not Case.objects.select_for_update().filter(student=absorbed, state__in=OPEN).exists():
        return []
    text = _("The record that would go has an open case: keep it, or end the case first.")
    return [Reason("open_case", text)]
