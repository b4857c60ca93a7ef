"""One child's focus tags, set, reviewed and ended by a person (S1-42, law.md 2.2 and 2.4)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPossible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit
from students.models import FocusTag, Student
from students.rules.focus import FocusGroup
from students.services import focus, focus_duties
from students.services.focus import Given


@transaction.atomic
def set_tag(scope: Scope, student: Student, group: FocusGroup, given: Given, now: datetime) -> None:
    """The child belongs to the group, says this person. What overlaps is made longer.

    Raises NotPermitted; RuleBroken for a period that is none or has not begun, or no source.
    """
    post = require(scope, Duty.TAG_FOCUS)
    problems = []
    if given.starts_on > scope.on:
        problems.append(Reason("future", _("The day lies in the future."), "/starts_on"))
    if given.ends_on and given.ends_on < given.starts_on:
        text = _("The last day lies before the first.")
        problems.append(Reason("period", text, "/ends_on"))
    if not given.source.strip():
        problems.append(Reason("source", _("Say who says so, and in which paper."), "/source"))
    if problems:
        raise RuleBroken(*problems)
    focus.tag([student.pk], group, given, post.id, scope.on)
    _record(scope, "focus.tag", student, post, group, now)


@transaction.atomic
def review(scope: Scope, tag: FocusTag, now: datetime) -> None:
    """The tag still holds. Raises NotPossible for a disabled child and for a tag that has ended."""
    post = require(scope, Duty.TAG_FOCUS)
    _still_on(scope, tag)
    if tag.group == FocusGroup.DISABLED:
        text = _("For a disabled child the check of where it is taught is the review.")
        raise NotPossible(Reason("check_instead", text))
    focus.review([tag.pk], post.id, scope.on, now)
    _record(scope, "focus.review", tag.student, post, tag.group, now)


@transaction.atomic
def end(scope: Scope, tag: FocusTag, now: datetime) -> None:
    """The group does not hold after today. Raises NotPossible for a tag that has ended."""
    post = require(scope, Duty.TAG_FOCUS)
    _still_on(scope, tag)
    focus.end([tag.student_id], FocusGroup(tag.group), scope.on)
    focus_duties.follow(now)
    _record(scope, "focus.end", tag.student, post, tag.group, now)


def _still_on(scope: Scope, tag: FocusTag) -> None:
    if tag.ends_on and tag.ends_on <= scope.on:
        raise NotPossible(Reason("ended", _("This tag has ended.")))


def _record(
    scope: Scope, verb: str, student: Student, post: HeldPost, group: str, now: datetime
) -> None:
    audit.record(scope, verb, f"student:{student.public_id}", now=now, post=post, group=group)
