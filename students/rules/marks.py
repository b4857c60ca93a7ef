"""The marks of a roll and what each means for a run of absence (rule 1)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from students.rules.absence import DayState


class RollState(TextChoices):
    NOT_TAKEN = "not_taken", _("not taken")
    TAKEN = "taken", _("taken")
    NOT_HELD = "not_held", _("class not held")
    NOT_SCHOOL_DAY = "not_school_day", _("not a school day")


class Mark(TextChoices):
    """What is stored for a pupil who is not plainly present."""

    LATE = "late", _("late")
    LEFT_EARLY = "left_early", _("left early")
    SICK_LEAVE = "sick_leave", _("sick leave")
    PERSONAL_LEAVE = "personal_leave", _("personal leave")
    UNEXCUSED = "unexcused", _("unexcused")
    UNKNOWN = "unknown", _("not known")


MEANING: dict[str, DayState] = {
    Mark.LATE: DayState.PRESENT,
    Mark.LEFT_EARLY: DayState.PRESENT,
    Mark.SICK_LEAVE: DayState.EXCUSED,
    Mark.PERSONAL_LEAVE: DayState.EXCUSED,
    Mark.UNEXCUSED: DayState.UNEXCUSED,
    Mark.UNKNOWN: DayState.UNKNOWN,
}


def day_state(roll_state: str | None, mark: str | None, on_placement: bool = False) -> DayState:
    """What one day says of one child; a lawful placement explains it whatever the roll says."""
    if on_placement:
        return DayState.EXCUSED
    if roll_state == RollState.NOT_HELD:
        return DayState.NOT_HELD
    if roll_state != RollState.TAKEN:
        return DayState.UNKNOWN
    return MEANING[mark] if mark else DayState.PRESENT
