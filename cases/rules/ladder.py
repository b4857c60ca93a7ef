"""The legal ladder with the guardians (rule 15): each rung has a basis, a service and a time.

Sources: wencheng-2019 一(四) S1-33…36, 四(三) S1-77; 义务教育法 58; 未成年人保护法 83(2), 118;
家庭教育促进法 49; 行政处罚法 85 and 行政强制法 69 (short periods are working days).
No rung sets a fine: neither the laws nor the county document give one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agencies.errors import Reason
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.deadlines import Due, Law, Period, Unit, due
from agencies.rules.duties import DUTIES, Duty, Position
from cases.rules import papers
from cases.rules.legal_basis import basis_problem
from cases.rules.papers import PaperKind
from cases.rules.workflow import BACK, State

LONGEST = 180  # days of a period; a longer one is a slip of the pen


class Counting(TextChoices):
    CALENDAR = "calendar_days", _("calendar days")
    WORKING = "working_days", _("working days")


class StepOutcome(TextChoices):
    COMPLIED = "complied", _("the child is back")
    PROMISED = "promised", _("promised, not yet done")
    NOT_COMPLIED = "not_complied", _("not complied with")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DECIDED = "decided", _("decided by the competent organ")


# Who takes legal steps at all (义务教育法 58: township or county bureau); a rung names some.
TAKERS = tuple(p for p in Position if Duty.TAKE_LEGAL_STEP in DUTIES[p])
# What may be issued outside the ladder.
OUTSIDE_PAPERS = (PaperKind.CRITICISM_RECORD, PaperKind.ORDER_TO_RETURN)
# What the case says of itself on every paper: nobody types it.
OF_CASE = frozenset({"child", "sex", "school_class", "address", "since"})
# A promise is not the end of a step: its time runs on.
FINAL = frozenset(StepOutcome) - {StepOutcome.PROMISED}
# A step rests on a dropout that is confirmed: before, there is nothing to order.
OPEN_TO_STEPS = frozenset({State.CONFIRMED, State.PERSUADING})


@dataclass(frozen=True)
class Rung:
    """One rung as the county has it on a day.

    positions: who may take it; needs: facts that its paper cannot do without, beside those that
    the catalogue of papers asks for; days None: no period.
    """

    key: str
    order: int
    name: str
    basis: str
    positions: frozenset[str]
    needs: frozenset[str] = frozenset()
    paper: str = ""
    own_paper: bool = True
    days: int | None = None
    counting: str = ""
    law: str = ""


@dataclass(frozen=True)
class Step:
    """A step of this episode as the rules see it. rung: its key, empty outside the ladder.

    has_paper: issued here, so that it has to be served; served_on: only with the receipt;
    delivered: served, but the receipt is still missing; ends_on: the last day of the period.
    """

    rung: str
    name: str
    taken_on: date
    has_paper: bool = True
    delivered: bool = False
    served_on: date | None = None
    ends_on: date | None = None
    outcome: str = ""

    @property
    def stands(self) -> bool:
        return self.outcome != StepOutcome.WITHDRAWN


@dataclass(frozen=True)
class Standing:
    """Where the case is, who asks, and on which day."""

    state: State
    positions: frozenset[str]
    today: date


def counted_in(days: int, counting: str, law: str) -> Counting:
    """Working days where the law that the period comes from says so of its short ones.

    行政处罚法 85: 二、三、五、七日; 行政强制法 69: up to 十日; "in this law" only (rule 15).
    """
    period = Period(days, Unit(counting), law=Law(law or Law.CIVIL_CODE))
    return Counting(period.counted_in.value)


def end_of_period(served_on: date, days: int, counting: str, calendar: WorkingCalendar) -> Due:
    """The guardian's last day: the day of service is not counted (民法典 201, 203; rule 15)."""
    return due(served_on, Period(days, Unit(counting)), calendar)


def waits(step: Step, today: date) -> Reason | None:
    """Why nothing can follow this step yet: no receipt, no clock (rule 15)."""
    named = {"step": step.name}
    if step.outcome == StepOutcome.COMPLIED:
        return Reason("complied", _("%(step)s: it was complied with.") % named)
    if step.has_paper and step.served_on is None:
        if step.delivered:
            text = _("%(step)s: the signed receipt of its service is missing, so no time runs.")
            return Reason("receipt", text % named)
        return Reason("not_served", _("%(step)s: it has not been served yet.") % named)
    if step.ends_on and today <= step.ends_on:
        text = _("%(step)s: the guardian has until %(day)s.")
        return Reason("period_runs", text % {**named, "day": step.ends_on})
    if step.served_on and today < step.served_on:
        text = _("%(step)s: it was served on %(day)s, and nothing follows it before that day.")
        return Reason("before_service", text % {**named, "day": step.served_on})
    return None


def refusals(
    rung: Rung, ladder: Iterable[Rung], steps: Sequence[Step], at: Standing
) -> list[Reason]:
    """Every reason why this rung cannot be taken now; an empty list means it can."""
    found = [*_state(at.state)]
    if not rung.own_paper:
        found.append(Reason("of_others", _("Another body issues this paper; it is recorded.")))
    if rung.own_paper and not rung.positions & at.positions:
        text = _("None of your posts may take this step; it is for: %(who)s.")
        who = "、".join(str(one.label) for one in Position if one in rung.positions)
        found.append(Reason("position", text % {"who": who}))
    done = {step.rung: step for step in steps if step.stands}
    if rung.key in done:
        text = _("This step was taken on %(day)s.")
        found.append(Reason("done", text % {"day": done[rung.key].taken_on}))
        return found
    for earlier in ladder:
        if earlier.own_paper and earlier.order < rung.order and earlier.key not in done:
            text = _("%(step)s comes first.")
            found.append(Reason("order", text % {"step": earlier.name}))
    waiting = (waits(step, at.today) for step in steps if step.stands)
    return found + [reason for reason in waiting if reason]


def _state(state: State) -> list[Reason]:
    if state in OPEN_TO_STEPS:
        return []
    text = _("Not possible while the case is: %(state)s.") % {"state": state.label}
    return [Reason("state", text)]


def outside_refusals(steps: Sequence[Step], at: Standing) -> list[Reason]:
    """The same for a step outside the ladder: its order does not bind, a running period does."""
    waiting = (waits(step, at.today) for step in steps if step.stands)
    return [*_state(at.state), *(reason for reason in waiting if reason)]


def outside_problems(name: str, basis: str, paper: str) -> list[Reason]:
    """What a step outside the ladder has to say: its name, an article of a law (S1-77)."""
    found = []
    if not name.strip():
        found.append(Reason("name", _("A name is missing."), "/name"))
    if problem := basis_problem(basis, "/basis"):
        found.append(problem)
    if paper and paper not in OUTSIDE_PAPERS:
        text = _("This paper belongs to a step of the ladder, or to none.")
        found.append(Reason("paper", text, "/paper"))
    return found


def external_problems(name: str, issuer: str, number: str) -> list[Reason]:
    """What has to be known of a paper that another body has issued (S1-35)."""
    wanted = (
        ("name", name, _("Say what paper it is.")),
        ("issuer", issuer, _("Say which body issued it.")),
        ("number", number, _("Its number is missing.")),
    )
    return [
        Reason(f"missing_{pointer}", text, f"/{pointer}")
        for pointer, value, text in wanted
        if not value.strip()
    ]


# How a period is counted, as the paper says it.
PRINTED: dict[str, str] = {
    Counting.CALENDAR: "按自然日计算，最后一日是法定休假日的顺延",
    Counting.WORKING: "按工作日计算",
}


def paper_problems(rung: Rung, facts: Mapping[str, object], addressee: str) -> list[Reason]:
    """What has to stand on the paper of the rung and does not, and an impossible period."""
    kind = PaperKind(rung.paper)
    found = papers.problems(kind, facts)
    for one in papers.CATALOGUE[kind].fields:
        if one.name in rung.needs and not one.required and not facts.get(one.name):
            missing = _("Missing: %(what)s.") % {"what": one.words}
            found.append(Reason("missing", missing, f"/facts/{one.name}"))
    if rung.days is not None and not 1 <= rung.days <= LONGEST:
        text = _("The period must lie between 1 and %(most)s days.") % {"most": LONGEST}
        found.append(Reason("days", text, "/days"))
    if kind is PaperKind.REFERRAL_FILE and not addressee.strip():
        to_whom = _("Say to which body the file goes.")
        found.append(Reason("addressee", to_whom, "/addressee"))
    return found


def day_problems(taken_on: date, first: date, today: date, pointer: str) -> list[Reason]:
    """Why a step, a paper of others or an outcome cannot be of this day."""
    if taken_on > today:
        return [Reason("future", _("The day lies in the future."), pointer)]
    if taken_on < first:
        text = _("The day lies before %(day)s.") % {"day": first}
        return [Reason("too_early", text, pointer)]
    return []


def outcome_problems(step: Step, outcome: StepOutcome, note: str, at: Standing) -> list[Reason]:
    """Every reason why this cannot be the outcome of the step now."""
    found = []
    if step.outcome in FINAL:
        text = _("This step has its outcome: %(outcome)s.")
        found.append(
            Reason("has_outcome", text % {"outcome": StepOutcome(step.outcome).label}, "/outcome")
        )
    if outcome is StepOutcome.COMPLIED and at.state not in BACK:
        text = _("The return is recorded on the case first.")
        found.append(Reason("not_back", text, "/outcome"))
    if outcome is StepOutcome.NOT_COMPLIED and (reason := waits(step, at.today)):
        found.append(Reason(reason.code, reason.text, "/outcome"))
    if outcome in (StepOutcome.WITHDRAWN, StepOutcome.DECIDED) and not note.strip():
        text = (
            _("Say which organ decided what, under which number.")
            if outcome is StepOutcome.DECIDED
            else _("A reason in writing is missing.")
        )
        found.append(Reason("note", text, "/note"))
    return found


@dataclass(frozen=True)
class Place:
    """One rung on the page. status: done, now (taken, still open), next, later.

    reasons: why it cannot be taken now; none and status next: it can.
    """

    rung: Rung
    status: str
    step: Step | None
    reasons: tuple[Reason, ...] = ()

    @property
    def possible(self) -> bool:
        return self.status == "next" and not self.reasons


def places(ladder: Sequence[Rung], steps: Sequence[Step], at: Standing) -> list[Place]:
    """Where the case stands on the ladder, from the lowest rung to the highest."""
    done = {step.rung: step for step in steps if step.stands}
    missing = [rung for rung in ladder if rung.own_paper and rung.key not in done]
    found = []
    for rung in ladder:
        step = done.get(rung.key)
        if step:
            status = "done" if step.outcome in FINAL or rung.order < _top(ladder, done) else "now"
            found.append(Place(rung, status, step))
        else:
            status = "next" if rung in missing[:1] else "later"
            reasons = tuple(refusals(rung, ladder, steps, at))
            found.append(Place(rung, status, None, reasons))
    return found


def _top(ladder: Sequence[Rung], done: dict[str, Step]) -> int:
    return max((rung.order for rung in ladder if rung.own_paper and rung.key in done), default=0)


def days_left(ends_on: date, today: date) -> str:
    """The guardian's remaining time in words, in days of the calendar."""
    left = (ends_on - today).days
    if left < 0:
        text = ngettext("over since %(days)s day", "over since %(days)s days", -left)
    else:
        text = ngettext("%(days)s day left", "%(days)s days left", left)
    return text % {"days": abs(left)}
