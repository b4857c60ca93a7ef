"""Restricted ledgers: naming keepers, writing, and reading with a purpose."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies import sealing
from agencies.errors import NotPermitted, NotPossible, NotVisible, Reason, RuleBroken
from agencies.models import Post
from agencies.rules.duties import DUTIES, Duty, Position
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit
from students.models import LedgerEntry, LedgerKeeper, Student
from students.queries import ledgers as queries
from students.rules.ledgers import Ledger, Purpose

MOST_WORDS = 2000
DAY = timedelta(days=1)


def read(
    scope: Scope,
    keeper: LedgerKeeper,
    purpose: Purpose,
    now: datetime,
    student: Student | None = None,
) -> None:
    """Record that the keeper reads, and why: a child's entries, or which children have some."""
    subject = f"student:{student.public_id}" if student else f"agency:{keeper.agency.public_id}"
    audit.record(
        scope, "ledger.read", subject, now=now, ledger=keeper.ledger, purpose=purpose.value
    )


@transaction.atomic
def write(
    scope: Scope,
    keeper: LedgerKeeper,
    student: Student,
    words: str,
    noted_on: date,
    now: datetime,
) -> LedgerEntry:
    """Add an entry. Raises RuleBroken without words, with too many, or for a day to come."""
    text = words.strip()
    if not text or len(text) > MOST_WORDS:
        wrong = _("Between 1 and %(most)s characters.") % {"most": MOST_WORDS}
        raise RuleBroken(Reason("words", wrong, "/words"))
    if noted_on > scope.on:
        raise RuleBroken(Reason("future", _("This day is still to come."), "/noted_on"))
    row = LedgerEntry(
        county_id=keeper.county_id,
        school_id=keeper.agency_id,
        student=student,
        ledger=keeper.ledger,
        noted_on=noted_on,
        recorded_at=now,
        by_id=keeper.post_id,
    )
    row.sealed_words = sealing.seal(text, row.seal_label)
    row.save()
    audit.record(scope, "ledger.write", f"ledger_entry:{row.public_id}", now=now)
    return row


@transaction.atomic
def name_keeper(scope: Scope, post: Post, ledger: Ledger, now: datetime) -> LedgerKeeper:
    """From today the post keeps a ledger of its agency. Safe to repeat.

    Raises NotPermitted for a post of another agency, NotPossible for a position that cannot.
    """
    by = _naming_post(scope, post.agency_id)
    if Duty.KEEP_LEDGER not in DUTIES[Position(post.position)]:
        text = _("This position cannot keep a ledger.")
        raise NotPossible(Reason("position", text, "/post"))
    Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    known = LedgerKeeper.objects.on(scope.on).filter(post=post, ledger=ledger).first()
    if known and known.ends_on is None:
        return known
    if known:  # it was to end today
        known.ends_on = None
        known.save(update_fields=["ends_on"])
        return known
    made = LedgerKeeper.objects.create(
        county_id=scope.county_id,
        agency_id=post.agency_id,
        post=post,
        ledger=ledger,
        named_by_id=by.id,
        starts_on=scope.on,
    )
    audit.record(scope, "ledger.name_keeper", f"post:{post.public_id}", now=now, post=by)
    return made


@transaction.atomic
def end_keeper(scope: Scope, keeper_id: UUID, now: datetime) -> None:
    """The post keeps the ledger no more, from this moment. Raises NotVisible."""
    row = queries.keepers(scope).select_for_update(of=("self",)).filter(public_id=keeper_id).first()
    if row is None:
        raise NotVisible
    by = _naming_post(scope, row.agency_id)
    if row.starts_on == scope.on:
        row.delete()  # named and taken back on one day
    else:
        row.ends_on = scope.on - DAY
        row.save(update_fields=["ends_on"])
    audit.record(scope, "ledger.end_keeper", f"post:{row.post.public_id}", now=now, post=by)


def _naming_post(scope: Scope, agency_id: int) -> HeldPost:
    for post in scope.posts:
        if post.agency_id == agency_id and Duty.NAME_KEEPERS in post.duties:
            return post
    raise NotPermitted(Reason("duty", _("None of your posts carries this duty.")))
