"""Opening cases: by the task from runs that crossed the threshold, or by hand."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPossible, Reason, RuleBroken
from agencies.queries.policy import in_force
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from agencies.services import sequences
from cases.models import Case, Episode
from cases.models.case import Origin
from cases.rules.endings import gone
from cases.rules.opening import Effect, Known, effect
from cases.rules.workflow import ENDED, OPEN, State
from cases.services import duties, reports, team
from cases.services.transition import Act, record
from students.models import AbsenceRun, EnrollmentRecord, Student

BEFORE_BIRTH = Reason("before_birth", _("The day lies before the birth of the child."), "/on")
RECENT = timedelta(days=60)  # a term that ended longer ago opens no case any more


def open_from_runs(now: datetime) -> int:
    """Each run that crossed the threshold becomes an episode of the child's one case.

    Safe to run at any time and twice at once: a run that has its episode is left alone.
    """
    today = now.astimezone(CHINA).date()
    changed = follow_runs()
    runs = (
        AbsenceRun.objects.crossed()
        .filter(term__ends_on__gte=today - RECENT)
        .exclude(pk__in=Episode.objects.filter(run__isnull=False).values("run"))
        .order_by("crossed_on", "pk")
        .values_list("pk", flat=True)
    )
    for pk in list(runs):
        changed += _open_from_run(pk, now)
    return changed


@transaction.atomic
def _open_from_run(run_id: int, now: datetime) -> int:
    run = AbsenceRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None or run.crossed_on is None or Episode.objects.filter(run=run).exists():
        return 0
    student = Student.objects.select_for_update(of=("self",)).get(pk=run.student_id)
    case = _case_of(student)
    match effect(run.starts_on, _known(case)):
        case Effect.OPEN:
            _open(student, _from_run(run, run.crossed_on), Act(None, _day(now), now))
        case Effect.REOPEN if case:
            next_episode(case, _from_run(run, run.crossed_on), Act(None, _day(now), now))
        case Effect.ATTACH if case and _waits_for_run(case.episode):
            Episode.objects.filter(pk=case.episode.pk).update(
                run=run,
                trigger_date=run.crossed_on,
                rests_on_unknown=run.rests_on_unknown,
                run_withdrawn=False,
            )
        case _:
            return 0
    return 1


def follow_runs() -> int:
    """Corrections of the roll reach the episodes that rest on it; nothing is closed by itself.

    The trigger date moves with the run; a run that no longer crosses is marked as withdrawn, and
    a person dismisses the case or goes on with it.
    """
    changed = 0
    open_episodes = Episode.objects.filter(
        origin=Origin.RUN, case__state__in=OPEN, case__current=F("pk")
    )
    for episode in open_episodes.select_related("run"):
        run = episode.run
        crossed = run.crossed_on if run else None
        withdrawn = crossed is None
        now_rests = run.rests_on_unknown if run else episode.rests_on_unknown
        after = (crossed or episode.trigger_date, withdrawn, now_rests)
        if after != (episode.trigger_date, episode.run_withdrawn, episode.rests_on_unknown):
            episode.trigger_date, episode.run_withdrawn, episode.rests_on_unknown = after
            episode.save(update_fields=["trigger_date", "run_withdrawn", "rests_on_unknown"])
            changed += 1
    return changed


@dataclass(frozen=True)
class ByHand:
    """Why a person opens a case, and since when it is so."""

    origin: str
    on: date
    note: str = ""


@transaction.atomic
def open_by_hand(scope: Scope, student: Student, why: ByHand, now: datetime) -> Case:
    """Open at once: whereabouts unknown, never enrolled, a tip, a report (rule 1, S1-57).

    Raises NotPossible when a case is open already or the child has died or completed grade 9,
    RuleBroken for a day in the future or before the birth.
    """
    post = require(scope, Duty.OPEN_CASE)
    if why.origin not in set(Origin) - {Origin.RUN}:
        raise RuleBroken(Reason("origin", _("There is no such origin."), "/origin"))
    if why.on > scope.on:
        raise RuleBroken(Reason("future", _("The day lies in the future."), "/on"))
    student = Student.objects.select_for_update(of=("self",)).get(pk=student.pk)
    if why.on < student.born_on:
        raise RuleBroken(BEFORE_BIRTH)
    if reasons := gone(student.completed_on, student.died_on, scope.on):
        raise NotPossible(*reasons)
    case = _case_of(student)
    episode = Episode(origin=why.origin, trigger_date=why.on, trigger_rule={"clause": "S1-57"})
    act = Act(post, scope.on, now, why.note)
    if case is None:
        return _open(student, episode, act)
    if State(case.state) not in ENDED:
        text = _("A case is open for this child already.")
        raise NotPossible(Reason("already_open", text), current={"id": str(case.public_id)})
    return next_episode(case, episode, act)


def _open(student: Student, episode: Episode, act: Act) -> Case:
    on = _day(act.now)
    record_ = EnrollmentRecord.objects.on(on).filter(student=student).first()
    year = on.year
    number = sequences.next_number(student.county_id, "case", year)
    case = Case.objects.create(
        county_id=student.county_id,
        number=f"{year}-{number:04d}",
        student=student,
        household_id=student.household_id,
        school_id=record_.school_id if record_ else None,
        school_class_id=record_.school_class_id if record_ else None,
        state_since=on,
    )
    _begin(case, episode, 1, act)
    return case


def next_episode(case: Case, episode: Episode, act: Act) -> Case:
    """The same case again, team and papers kept (rule 14)."""
    record_ = EnrollmentRecord.objects.on(act.on).filter(student_id=case.student_id).first()
    if record_:
        case.school_id, case.school_class_id = record_.school_id, record_.school_class_id
    before = case.state
    previous = case.current.number if case.current else 0
    # An episode that ends by a relapse ends on the day on which the next one opens.
    case.episodes.filter(ended_on__isnull=True).update(ended_on=act.on)
    duties.end_all(case, act.now)
    case.state, case.state_since = State.SUSPECTED, act.on
    case.version += 1
    case.save()
    _begin(case, episode, previous + 1, act, before=before)
    return case


def _begin(case: Case, episode: Episode, number: int, act: Act, before: str = "") -> None:
    episode.case, episode.number, episode.opened_at = case, number, act.now
    episode.save()
    case.current = episode
    case.save(update_fields=["current"])
    record(case, "open" if number == 1 else "reopen", act, before=before)
    reports.send(case, act.now)
    duties.owe(case, ObligationKind.VERIFY, act.on, act.now)
    team.form(case, act.on, act.now)


def _waits_for_run(episode: Episode) -> bool:
    return episode.run_id is None and episode.origin == Origin.RUN


def _from_run(run: AbsenceRun, crossed_on: date) -> Episode:
    rule = in_force(run.county_id, run.starts_on).entries[Key.ABSENCE_CONSECUTIVE_DAYS]
    basis = {key: value for key, value in asdict(rule).items() if key != "since"}
    basis["key"] = rule.key.value
    return Episode(
        origin=Origin.RUN,
        trigger_date=crossed_on,
        trigger_rule=basis,
        run=run,
        rests_on_unknown=run.rests_on_unknown,
    )


def _case_of(student: Student) -> Case | None:
    return (
        Case.objects.filter(student=student)
        .select_for_update(of=("self",))
        .select_related("current", "household__region", "school__region")
        .first()
    )


def _known(case: Case | None) -> Known | None:
    if case is None or case.current is None:
        return None
    episode = case.current
    return Known(State(case.state), episode.returned_on, episode.ended_on, episode.ending)


def _day(now: datetime) -> date:
    return now.astimezone(CHINA).date()
