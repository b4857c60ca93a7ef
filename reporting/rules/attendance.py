"""The second comparison (四查三比对): enrollment x attendance, every enrolled child in one part."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Attending(TextChoices):
    """As they are shown, what asks for somebody first. Which part a child is in decides
    reporting/queries/attendance_sql.py.
    """

    UNSEEN = "unseen", _("never seen in class")
    CASE = "case", _("open case")
    AWAY = "away", _("lawfully away")
    UNCALLED = "uncalled", _("too few rolls to say")
    SEEN = "seen", _("seen in class")


WORDS: dict[Attending, Promise] = {
    Attending.UNSEEN: _("Absent in every one of the last rolls: a finding that the school clears."),
    Attending.CASE: _("An open case: the team of the child acts."),
    Attending.AWAY: _("An approved placement runs on the day."),
    Attending.UNCALLED: _("Not seen yet, and its class has not been called often enough."),
    Attending.SEEN: _("Present in at least one of the last rolls of its class."),
}
