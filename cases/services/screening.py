"""A screening that found a child out of school, or did not find it, opens a case (S1-57, S2-25)."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.errors import NotPossible, Reason
from agencies.rules.deadlines import CHINA
from agencies.rules.scope import Scope
from cases.models import Case
from cases.models.case import Origin
from cases.services import opening
from cases.services.opening import ByHand
from students.models import EnrollmentRecord, ScreenedChild
from students.rules.screening import ASKS_FOR_A_CASE, Found


def open_case(scope: Scope, child: ScreenedChild, now: datetime) -> Case:
    """Open a case on what was found, since the day of the result.

    Raises NotPermitted, NotPossible (nothing that asks for a case; a case is open already).
    """
    student = child.student
    if child.found not in ASKS_FOR_A_CASE or child.answered_at is None or student is None:
        text = gettext_lazy("The result of the screening asks for no case.")
        raise NotPossible(Reason("found", text))
    words = _("Screening “%(title)s”: %(found)s. %(note)s") % {
        "title": child.round.title,
        "found": Found(child.found).label,
        "note": child.note,
    }
    on = child.answered_at.astimezone(CHINA).date()
    return opening.open_by_hand(scope, student, ByHand(_origin(child), on, words.strip()), now)


def _origin(child: ScreenedChild) -> Origin:
    if child.found == Found.NOT_FOUND:
        return Origin.WHEREABOUTS_UNKNOWN
    known = EnrollmentRecord.objects.filter(student=child.student_id).exists()
    return Origin.REPORTED if known else Origin.NEVER_ENROLLED
