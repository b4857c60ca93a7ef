"""A transfer that nobody confirmed is verified by a case as well (S1-54): the duty ends with it."""

from datetime import datetime, timedelta

from agencies.models import Obligation
from agencies.rules.deadlines import end_of_day
from agencies.rules.obligations import ObligationKind
from agencies.services import obligations
from cases.models import Case
from students.models import Transfer


def follow(now: datetime) -> int:
    """Verifications of children who have an open case are met, at the moment of its opening.

    A case that is older than the duty meets it as it begins. Returns how many were met.
    """
    owed = Obligation.objects.open().filter(kind=ObligationKind.TRANSFER_VERIFY)
    by_transfer = {row.key.split(":")[1]: row for row in owed}
    if not by_transfer:
        return 0
    students = dict(
        Transfer.objects.filter(public_id__in=by_transfer).values_list("student", "public_id")
    )
    cases = Case.objects.open().filter(student__in=students).select_related("current")
    met = {}
    for case in cases:
        row = by_transfer[str(students[case.student_id])]
        begins = end_of_day(row.starts_on - timedelta(days=1))
        met[row.pk] = min(max(case.episode.opened_at, begins), now)
    return obligations.fulfil_at(met)
