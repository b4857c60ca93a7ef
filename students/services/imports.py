"""What people decide about a roster file: apply it, agree as the second person, undo, answer."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPossible, NotVisible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit
from students.models import ImportJob, ImportRow, RosterQuestion
from students.models.upload import Upload
from students.queries.imports import job_for, many_would_leave, question_reach
from students.services import import_undo

State = ImportJob.State


def post_at(scope: Scope, duty: Duty, school_id: int) -> HeldPost:
    """The post in whose name the person does this: one at the school itself comes first.

    Raises NotPermitted when no post carries the duty.
    """
    require(scope, duty)
    posts = [post for post in scope.posts if duty in post.duties]
    return next((post for post in posts if post.agency_id == school_id), posts[0])


@transaction.atomic
def confirm(scope: Scope, job_id: object, now: datetime) -> ImportJob:
    """Let the background apply the file, or ask for a second person when many would leave.

    Confirming twice changes nothing. Raises NotVisible, NotPermitted, NotPossible.
    """
    job = job_for(scope, job_id, lock=True)
    if job.state == State.APPLYING:
        return job
    if job.state == State.CHECKED:
        post = post_at(scope, Duty.IMPORT_ROSTER, job.school_id)
        _something_to_apply(job)
        if many_would_leave(job):
            return _ask_a_second(scope, job, post, now)
    elif job.state == State.NEEDS_SECOND:
        post = post_at(scope, Duty.CONFIRM_IMPORT, job.school_id)
        if job.asked_by and job.asked_by.user_id == scope.user_id:
            text = _("So many pupils are missing that a second, different person must agree.")
            raise NotPossible(Reason("second_person", text))
    else:
        raise wrong_state(job)
    job.state = State.APPLYING
    job.confirmed_by_id = post.id
    job.save(update_fields=["state", "confirmed_by"])
    audit.record(scope, "import.confirm", f"import:{job.public_id}", now=now, post=post)
    return job


def _something_to_apply(job: ImportJob) -> None:
    kinds = ImportRow.Outcome
    if not any(job.counts[kind] for kind in (kinds.NEW, kinds.CHANGED, kinds.UNCHANGED)):
        text = _("No row of this file can be applied. Correct the rows and upload the file again.")
        raise NotPossible(Reason("nothing_to_apply", text))


def _ask_a_second(scope: Scope, job: ImportJob, post: HeldPost, now: datetime) -> ImportJob:
    job.state = State.NEEDS_SECOND
    job.asked_by_id = post.id
    job.save(update_fields=["state", "asked_by"])
    audit.record(scope, "import.ask_second", f"import:{job.public_id}", now=now, post=post)
    return job


def wrong_state(job: Upload) -> NotPossible:
    """The refusal that names the state in which the file is."""
    text = _("This is not possible: the file is in the state “%(state)s”.")
    return NotPossible(Reason("state", str(text) % {"state": job.get_state_display()}))


@transaction.atomic
def undo(scope: Scope, job_id: object, now: datetime) -> ImportJob:
    """Take back everything that the file changed, or nothing.

    Raises NotPossible with the reasons when something was built on it.
    """
    job = job_for(scope, job_id, lock=True)
    post = post_at(scope, Duty.IMPORT_ROSTER, job.school_id)
    if job.state != State.APPLIED:
        raise wrong_state(job)
    import_undo.restore(job)
    job.state = State.UNDONE
    job.undone_at = now
    job.save(update_fields=["state", "undone_at"])
    audit.record(scope, "import.undo", f"import:{job.public_id}", now=now, post=post)
    return job


@transaction.atomic
def answer(scope: Scope, student_id: UUID, said: str, now: datetime) -> RosterQuestion:
    """Say where a pupil is who was missing from the newest file: answers the open question.

    The answer records; the transfer or the case is made by its own service. Raises NotVisible,
    RuleBroken (no such answer), NotPossible (answered already).
    """
    require(scope, Duty.CHANGE_ENROLLMENT)
    questions = RosterQuestion.objects.filter(question_reach(scope), student__public_id=student_id)
    question = questions.select_for_update(of=("self",)).order_by("-asked_at").first()
    if question is None:
        raise NotVisible
    if said not in RosterQuestion.Answer.values:
        raise RuleBroken(Reason("answer", _("There is no such answer."), "/answer"))
    if question.answered_at:
        raise NotPossible(Reason("answered", _("This question was answered already.")))
    post = post_at(scope, Duty.CHANGE_ENROLLMENT, question.school_id)
    question.answer = said
    question.answered_by_id = post.id
    question.answered_at = now
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    subject = f"student:{student_id}"
    audit.record(scope, "import.answer", subject, now=now, post=post, answer=said)
    return question
