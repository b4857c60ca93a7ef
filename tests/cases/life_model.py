"""The life of a case once more, in a few lines and without a database: what test_life.py expects.

Written from rules 1, 13 and 14 and the county documents, not from cases/rules/workflow.py. A length
of the follow-up of FOLLOW_UP school days; every day has its roll.
"""

from dataclasses import dataclass, field
from datetime import date

FOLLOW_UP = 2
CROSSES_WITH = 4  # 连续超过3个

TOWNSHIP = {"township_cadre", "township_leader"}
BUREAU = {"bureau_staff", "bureau_leader"}
SEES = TOWNSHIP | BUREAU | {"teacher", "school_leader", "village_cadre"}
STRANGERS = {"other_cadre", "other_teacher", "agency_staff"}  # to them the case does not exist
NO_DUTY = {"system_admin"}
ROLES = sorted(SEES | STRANGERS | NO_DUTY)

BY: dict[str, set[str]] = {
    "verify": TOWNSHIP,
    "confirm": TOWNSHIP,
    "dismiss": TOWNSHIP,
    "visit": SEES,
    "record_return": TOWNSHIP | {"school_leader"},
    "request_closure": TOWNSHIP,
    "approve_closure": BUREAU,
    "refuse_closure": BUREAU,
    "request_end": TOWNSHIP | BUREAU | {"school_leader"},
    "approve_end": BUREAU,
    "refuse_end": BUREAU,
    "reopen": SEES,
}
SEEKING = ("suspected", "verifying", "confirmed", "persuading")
OUT = (*SEEKING, "end_requested")
BACK = ("returned", "closure_requested")
OVER = ("closed", "dismissed")
# Every way from one state to another; "" is where the end was asked for.
WAYS: dict[tuple[str, str], str] = {
    ("suspected", "verify"): "verifying",
    ("suspected", "confirm"): "confirmed",
    ("verifying", "confirm"): "confirmed",
    ("returned", "request_closure"): "closure_requested",
    ("closure_requested", "approve_closure"): "closed",
    ("closure_requested", "refuse_closure"): "returned",
    ("end_requested", "approve_end"): "closed",
    ("end_requested", "refuse_end"): "",
    **{(state, "dismiss"): "dismissed" for state in SEEKING},
    **{(state, "record_return"): "returned" for state in OUT},
    **{(state, "request_end"): "end_requested" for state in (*SEEKING, "returned")},
    **{(state, "reopen"): "suspected" for state in (*BACK, *OVER)},
    **{(state, "visit"): state for state in (*OUT, *BACK) if state != "confirmed"},
    ("confirmed", "visit"): "persuading",
}
ALLOWED = {*OUT, *BACK, *OVER}
FOR_GOOD = ("abroad", "completed", "died")


@dataclass
class Given:
    """What comes with an act."""

    note: bool = True
    proof: bool = True
    ending: str = "abroad"


@dataclass
class Episode:
    run_starts: date | None = None  # None: opened by hand
    returned_on: date | None = None
    ended_on: date | None = None
    ending: str = ""
    asked_by: str = ""
    asked_from: str = ""
    withdrawn: bool = False


@dataclass
class Life:
    """One child: the marks of its days, its case, what can be counted of it."""

    state: str = ""  # "": no case
    episodes: list[Episode] = field(default_factory=list)
    marks: dict[date, bool] = field(default_factory=dict)  # day: in class
    registers: str = ""  # "completed" or "died", once it is recorded
    visits: int = 0

    @property
    def now(self) -> Episode:
        return self.episodes[-1]

    @property
    def today(self) -> date:
        return max(self.marks)

    # -- the roll ------------------------------------------------------------------------------

    def runs(self) -> dict[date, int]:
        """Length of each run of absence, by its first day."""
        found: dict[date, int] = {}
        first = None
        for day, present in sorted(self.marks.items()):
            first = None if present else first or day
            if first:
                found[first] = found.get(first, 0) + 1
        return found

    def sweep(self) -> None:
        """What the roll does to the case: withdrawn, opened, reopened."""
        crossed = [day for day, length in self.runs().items() if length >= CROSSES_WITH]
        if self.state and self.state not in OVER and self.now.run_starts:
            self.now.withdrawn = self.now.run_starts not in crossed
        for starts in crossed:
            if starts not in [one.run_starts for one in self.episodes] and self._new(starts):
                self.open(starts)

    def _new(self, starts: date) -> bool:
        """The run is a new absence: one that began after the return or the end."""
        if not self.state:
            return True
        if self.state in OUT or (self.state in OVER and self.now.ending in FOR_GOOD):
            return False
        since = self.now.returned_on if self.state in BACK else self.now.ended_on
        return since is not None and starts > since

    def open(self, starts: date | None) -> None:
        if self.episodes and self.now.ended_on is None:
            self.now.ended_on = self.today
        self.episodes.append(Episode(run_starts=starts))
        self.state = "suspected"

    def followed_up(self) -> bool:
        """School days in class since the return, or since the last day of absence after it."""
        days = 0
        for day, present in sorted(self.marks.items()):
            if self.now.returned_on and day >= self.now.returned_on:
                days = days + 1 if present else 0
        return days >= FOLLOW_UP

    # -- what people do ------------------------------------------------------------------------

    def answer(self, role: str, act: str, given: Given) -> str:
        """done, refused, forbidden, or unseen."""
        if role in NO_DUTY:
            return "forbidden"
        if role in STRANGERS:
            return "unseen"
        if role not in BY[act]:
            return "forbidden"
        possible = (self.state, act) in WAYS and self._may(role, act, given)
        return "done" if possible else "refused"

    def _may(self, role: str, act: str, given: Given) -> bool:
        episode = self.now
        needs = {
            "dismiss": given.note and (self.state in SEEKING[:2] or episode.withdrawn),
            "record_return": self.marks[self.today]
            and episode.returned_on is None
            and self.registers != "died",
            "request_closure": self.followed_up(),
            "approve_closure": self.followed_up() and role != episode.asked_by,
            "refuse_closure": given.note,
            "request_end": given.proof and self._ground(given.ending),
            "approve_end": role != episode.asked_by and self._ground(episode.ending),
            "refuse_end": given.note,
            "reopen": given.note and not self.registers,
        }
        return needs.get(act, True)

    def _ground(self, ending: str) -> bool:
        return ending in ("abroad", "mistake") or (ending != "" and ending == self.registers)

    def do(self, role: str, act: str, given: Given) -> None:
        """An act that was possible."""
        before, episode = self.state, self.now
        if act == "reopen":
            self.open(None)
            return
        self.state = WAYS[before, act] or episode.asked_from
        if act == "record_return":
            episode.returned_on = self.today
        if act in ("record_return", "refuse_end", "refuse_closure"):
            episode.ending = episode.asked_by = episode.asked_from = ""
        if act in ("request_closure", "request_end"):
            episode.asked_by = role
        if act == "request_end":
            episode.ending, episode.asked_from = given.ending, before
        if self.state in OVER:
            episode.ended_on = self.today
        self.visits += act == "visit"
