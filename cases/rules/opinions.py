"""The opinion on an inspected school or township: draft, reply, opinion, report, review.

Source: 浙江省教育督导条例 (2019): the inspected body may answer the draft within 10 日, the opinion
is issued and the government told within 30 日 of the end of the inspection, review may be asked
for within 10 日 and is answered within 30 日. The lengths are policy keys (inspection.*).
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason


class Stage(TextChoices):
    """A step of an opinion, in the usual order."""

    DRAFT = "draft", _("Send the draft of the opinion")
    REPLY = "reply", _("Reply to the draft")
    ISSUE = "issue", _("Issue the opinion")
    REPORT = "report", _("Report to the government")
    ASK_REVIEW = "ask_review", _("Ask for review")
    REVIEW = "review", _("Answer the review")


# What the inspected body does itself; the rest is done by those who inspect.
THEIRS = frozenset({Stage.REPLY, Stage.ASK_REVIEW})
ON_PAPER = frozenset({Stage.ISSUE, Stage.REVIEW})


@dataclass(frozen=True)
class Known:
    """What was done, each with its day. reply_by, review_by: last days of the two rights."""

    held_until: date
    drafted_on: date | None = None
    reply_by: date | None = None
    replied_on: date | None = None
    issued_on: date | None = None
    review_by: date | None = None
    reported_on: date | None = None
    asked_on: date | None = None
    reviewed_on: date | None = None

    @property
    def last_on(self) -> date:
        days = (self.drafted_on, self.replied_on, self.issued_on, self.asked_on)
        return max([self.held_until, *(day for day in days if day)])


def possible(known: Known, on: date) -> list[Stage]:
    """The steps that can be taken on this day."""
    return [stage for stage in Stage if why_not(stage, known, on) is None]


def why_not(stage: Stage, known: Known, on: date) -> Reason | None:
    """Why a step cannot be taken on this day, or None."""
    checks = {
        Stage.DRAFT: _draft,
        Stage.REPLY: _reply,
        Stage.ISSUE: _issue,
        Stage.REPORT: _report,
        Stage.ASK_REVIEW: _ask_review,
        Stage.REVIEW: _review,
    }
    return checks[stage](known, on)


def _draft(known: Known, _on: date) -> Reason | None:
    return Reason("done", _("The draft was sent already.")) if known.drafted_on else None


def _reply(known: Known, on: date) -> Reason | None:
    if not known.drafted_on or known.issued_on or known.replied_on:
        return Reason("stage", _("There is no draft that waits for a reply."))
    if known.reply_by and on > known.reply_by:
        text = _("The time for a reply ended on %(day)s.") % {"day": known.reply_by.isoformat()}
        return Reason("too_late", text)
    return None


def _issue(known: Known, on: date) -> Reason | None:
    """The inspected body is heard first: its reply is there, or its time for it is over."""
    if not known.drafted_on or known.issued_on:
        return Reason("stage", _("There is no draft that can become the opinion."))
    if not known.replied_on and known.reply_by and on <= known.reply_by:
        text = _("The inspected body can still reply until %(day)s.")
        return Reason("not_heard", text % {"day": known.reply_by.isoformat()})
    return None


def _report(known: Known, _on: date) -> Reason | None:
    if not known.issued_on or known.reported_on:
        return Reason("stage", _("There is no opinion to be reported."))
    return None


def _ask_review(known: Known, on: date) -> Reason | None:
    if not known.issued_on or known.asked_on:
        return Reason("stage", _("There is no opinion of which review can be asked for."))
    if known.review_by and on > known.review_by:
        text = _("The time for asking for review ended on %(day)s.")
        return Reason("too_late", text % {"day": known.review_by.isoformat()})
    return None


def _review(known: Known, _on: date) -> Reason | None:
    if not known.asked_on or known.reviewed_on:
        return Reason("stage", _("Nobody waits for a review."))
    return None
