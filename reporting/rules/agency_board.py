"""The board of a body: how what was due in a period was answered, and which periods there are."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.rules.deadlines import plus_months
from agencies.rules.obligations import ObligationKind
from reporting.rules.agency_duties import Year, year_of
from reporting.rules.periods import DAY, Period
from reporting.rules.rates import Rate

YEARS, MONTHS = 3, 12  # that can be chosen, this one first


class Part(TextChoices):
    """The three questions of a board. ASKED: what it asked of others and waits for."""

    WAITING = "waiting", _("What waits for us")
    ANSWERED = "answered", _("What we answered in time")
    ASKED = "asked", _("What we wait for from others")


class Result(TextChoices):
    """Where one duty of the period stands. Only the first three make the rate."""

    IN_TIME = "in_time", _("done in time")
    LATE = "late", _("done late")
    OPEN_LATE = "open_late", _("still open, late")
    TO_COME = "to_come", _("not yet due")
    EXTENDED = "extended", _("extended")
    WAITING = "waiting", _("waiting for others")
    FALLEN = "fallen", _("no longer owed")


# What is met by the answer of somebody else: its lateness is theirs.
OTHERS_ANSWER = frozenset({ObligationKind.TRANSFER, ObligationKind.OUTSIDE_REPLY})
# What cannot be done while another agency owes the answer to a request on the same case.
NEEDS_HELP = frozenset({ObligationKind.VERIFY, ObligationKind.MEASURE})


@dataclass(frozen=True)
class Answered:
    """Duties of a period by result. Extensions, waits for others and what fell away excuse."""

    counts: Mapping[Result, int]

    def of(self, result: Result) -> int:
        return self.counts.get(result, 0)

    @property
    def rate(self) -> Rate:
        """Done in time, of what was done or is late."""
        done = self.of(Result.IN_TIME)
        return Rate(done, done + self.of(Result.LATE) + self.of(Result.OPEN_LATE))

    def __add__(self, other: "Answered") -> "Answered":
        return Answered(Counter(self.counts) + Counter(other.counts))


NONE = Answered({})


def periods(today: date) -> dict[str, Period]:
    """School years ("2026") and months ("2026-10") by their key; this school year first."""
    now = year_of(today)
    years = [Year(now.begins - back) for back in range(YEARS)]
    firsts = [plus_months(today.replace(day=1), -back) for back in range(MONTHS)]
    return {str(one.begins): Period(one.first, one.last) for one in years} | {
        f"{first:%Y-%m}": Period(first, plus_months(first, 1) - DAY) for first in firsts
    }
