"""Home-delivered teaching: its plan, each session once however often it is sent, quality visits."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.documents.pictures import JPEG, PDF, Photo, Scan
from agencies.errors import Conflict, NotPermitted, NotPossible, NotVisible, Reason, RuleBroken
from agencies.models import Post, StoredFile
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit, stored_files
from agencies.services.stored_files import Content
from students.access import Pupil, home_teacher, plan_for
from students.models import HomePlan, HomeSession, Placement, QualityVisit
from students.queries.home_teaching import may_teach_at_home
from students.rules.enrollment import PlacementKind
from students.rules.home_teaching import Plan, session_problems
from students.services import home_lessons

DAY = timedelta(days=1)


@dataclass(frozen=True)
class PlanGiven:
    """A plan as it was typed. teacher: public id of a post of the school."""

    plan: Plan
    teacher: UUID | str
    goals: str
    consent_by: str
    consent_on: date
    consent: Scan | None = None


@transaction.atomic
def make(scope: Scope, pupil: Pupil, given: PlanGiven, now: datetime) -> HomePlan:
    """A plan under a placement of home teaching; one that runs ends the day before.

    Raises NotPermitted, NotPossible (no such placement), RuleBroken.
    """
    if Duty.TEACH_AT_HOME not in pupil.post.duties:
        require(scope, Duty.TEACH_AT_HOME)
    placement = _placement(pupil, given.plan)
    teacher = _teacher(pupil, given)
    if problems := _problems(given, placement, scope.on):
        raise RuleBroken(*problems)
    _end_the_last(pupil, given.plan, now)
    plan = given.plan
    row = HomePlan.objects.create(
        county_id=pupil.student.county_id,
        student=pupil.student,
        placement=placement,
        school=pupil.record.school,
        teacher=teacher,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        sessions=plan.sessions,
        periods=plan.periods,
        minutes=plan.minutes,
        periods_a_year=plan.periods_a_year,
        goals=given.goals.strip(),
        consent_by=given.consent_by.strip(),
        consent_on=given.consent_on,
        consent_file=_scan(pupil.student.county_id, "同意书", given.consent, pupil.post, now),
        made_by_id=pupil.post.id,
        made_on=scope.on,
    )
    home_lessons.follow(now, row)
    _noted(scope, row, "home.plan", pupil.post, now)
    return row


def _placement(pupil: Pupil, plan: Plan) -> Placement:
    rows = Placement.objects.on(plan.starts_on).filter(student=pupil.student)
    found = rows.filter(kind=PlacementKind.HOME_TEACHING, returned_on__isnull=True).first()
    if found is None:
        text = _("On the first day no home teaching is approved for the child.")
        raise NotPossible(Reason("no_placement", text))
    return found


def _teacher(pupil: Pupil, given: PlanGiven) -> Post:
    posts = may_teach_at_home(pupil.record.school, given.plan.starts_on)
    found = posts.filter(public_id=given.teacher).first()
    if found is None:
        text = _("Choose a teacher of the school.")
        raise RuleBroken(Reason("teacher", text, "/teacher"))
    return found


def _problems(given: PlanGiven, placement: Placement, today: date) -> list[Reason]:
    plan, found = given.plan, []
    if plan.ends_on < plan.starts_on:
        text = _("The last day lies before the first.")
        found.append(Reason("ends_before_start", text, "/ends_on"))
    if plan.ends_on > placement.ends_on:
        text = _("The home teaching is approved until %(day)s.")
        words = text % {"day": placement.ends_on.isoformat()}
        found.append(Reason("after_placement", words, "/ends_on"))
    if not given.goals.strip():
        found.append(Reason("goals", _("Say what the child is to reach."), "/goals"))
    if not given.consent_by.strip():
        text = _("The guardian agrees in writing: say who signed.")
        found.append(Reason("consent_by", text, "/consent_by"))
    if given.consent_on > today:
        found.append(Reason("future", _("This day is still to come."), "/consent_on"))
    return found


def _end_the_last(pupil: Pupil, plan: Plan, now: datetime) -> None:
    last = HomePlan.objects.filter(student=pupil.student, ends_on__gte=plan.starts_on).first()
    if last is None:
        return
    if last.starts_on >= plan.starts_on:
        text = _("A plan that begins on this day or later is there already.")
        raise RuleBroken(Reason("overlap", text, "/starts_on"))
    if last.taught.counted().filter(day__gte=plan.starts_on).exists():
        text = _("Sessions after this day are recorded under the plan before.")
        raise RuleBroken(Reason("taught", text, "/starts_on"))
    last.ends_on = plan.starts_on - DAY
    last.save(update_fields=["ends_on"])
    home_lessons.follow(now, last)


@dataclass(frozen=True)
class SessionSent:
    """A session as it was sent. signed_by: the guardian's name as it stands on the log."""

    client_id: UUID
    day: date
    starts_at: time
    periods: int
    where: str
    content: str
    signed_by: str
    photo: Photo | None = None
    signature: Scan | None = None


@transaction.atomic
def record(scope: Scope, plan_id: UUID | str, sent: SessionSent, now: datetime) -> HomeSession:
    """Store a session; the same client_id again gives the first one.

    Raises NotVisible, NotPermitted, RuleBroken, Conflict (another session at that hour).
    """
    plan = plan_for(scope, plan_id, lock=True)
    post = home_teacher(scope, plan)
    if known := HomeSession.objects.filter(plan=plan, client_id=sent.client_id).first():
        return known
    local = now.astimezone(CHINA)
    problems = session_problems(
        plan.plan, sent.day, sent.starts_at, sent.periods, (local.date(), local.time())
    )
    for name, text in (
        ("content", _("Say what was taught.")),
        ("signed_by", _("The guardian signs: say who.")),
    ):
        if not getattr(sent, name).strip():
            problems.append(Reason(name, text, f"/{name}"))
    if problems:
        raise RuleBroken(*problems)
    same_hour = plan.taught.counted().filter(day=sent.day, starts_at=sent.starts_at)
    if same_hour.exists():
        text = _("A session at this hour is recorded already.")
        raise Conflict(Reason("twice", text, "/starts_at"))
    row = _stored(plan, sent, post, now)
    home_lessons.follow(now, plan)
    _noted(scope, plan, "home.session", post, now)
    return row


def _stored(plan: HomePlan, sent: SessionSent, post: HeldPost, now: datetime) -> HomeSession:
    county, photo = plan.county_id, sent.photo
    name = f"送教上门{sent.day}"
    return HomeSession.objects.create(
        plan=plan,
        client_id=sent.client_id,
        day=sent.day,
        starts_at=sent.starts_at,
        periods=sent.periods,
        where=sent.where,
        content=sent.content.strip(),
        teacher=plan.teacher,
        signed_by=sent.signed_by.strip(),
        signature=_scan(county, f"{name}签字", sent.signature, post, now),
        photo=_picture(county, f"{name}.jpg", photo.full if photo else b"", post, now),
        thumbnail=_picture(county, f"{name}-小.jpg", photo.small if photo else b"", post, now),
        recorded_at=now,
        recorded_by_id=post.id,
    )


def _picture(
    county_id: int, name: str, data: bytes, post: HeldPost, now: datetime
) -> StoredFile | None:
    return stored_files.store(county_id, Content(name, JPEG, data), post.id, now) if data else None


def _scan(
    county_id: int, name: str, scan: Scan | None, post: HeldPost, now: datetime
) -> StoredFile | None:
    if scan is None:
        return None
    ending = "pdf" if scan.media_type == PDF else "jpg"
    content = Content(f"{name}.{ending}", scan.media_type, scan.data)
    return stored_files.store(county_id, content, post.id, now)


@transaction.atomic
def cancel(
    scope: Scope, plan_id: UUID | str, session_id: UUID | str, because: str, now: datetime
) -> HomeSession:
    """A session that was not as recorded stays on the log and counts no more.

    Raises NotVisible, NotPermitted, NotPossible (cancelled already), RuleBroken (no reason).
    """
    plan = plan_for(scope, plan_id, lock=True)
    post = home_teacher(scope, plan)
    row = plan.taught.filter(public_id=session_id).first()
    if row is None:
        raise NotVisible
    if row.cancelled_at is not None:
        raise NotPossible(Reason("cancelled", _("This session is cancelled already.")))
    if not because.strip():
        text = _("A reason in writing is missing.")
        raise RuleBroken(Reason("because", text, "/because"))
    row.cancelled_at, row.cancelled_by_id = now, post.id
    row.cancelled_because = because.strip()
    row.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_because"])
    home_lessons.cancelled(plan, row.day, now)
    _noted(scope, plan, "home.cancel", post, now)
    return row


@transaction.atomic
def visit(
    scope: Scope, plan_id: UUID | str, on: date, finding: str, words: str, now: datetime
) -> QualityVisit:
    """A quality visit of the bureau: it meets the duty, and the next one is owed.

    Raises NotVisible, NotPermitted, RuleBroken.
    """
    plan = plan_for(scope, plan_id, lock=True)
    post = require(scope, Duty.VISIT_HOME_TEACHING)
    problems = []
    if on > scope.on:
        problems.append(Reason("future", _("This day is still to come."), "/on"))
    if on < plan.starts_on:
        problems.append(Reason("before_plan", _("The plan began later."), "/on"))
    if not words.strip():
        problems.append(Reason("words", _("Say what was seen."), "/words"))
    if plan.quality_visits.filter(on=on).exists():
        problems.append(Reason("twice", _("A visit of this day is recorded already."), "/on"))
    if plan.teacher.user_id == scope.user_id:
        text = _("Who teaches does not examine the teaching.")
        raise NotPermitted(Reason("own_teaching", text))
    if problems:
        raise RuleBroken(*problems)
    row = QualityVisit.objects.create(
        plan=plan, on=on, finding=finding, words=words.strip(), by_id=post.id, recorded_at=now
    )
    home_lessons.visited(plan, now)
    _noted(scope, plan, "home.quality", post, now)
    return row


def _noted(scope: Scope, plan: HomePlan, verb: str, post: HeldPost, now: datetime) -> None:
    subject = f"student:{plan.student.public_id}"
    audit.record(scope, verb, subject, now=now, post=post, plan=str(plan.public_id))
