"""Visits and other contacts: recorded once however often they are sent; the next one is owed.

A visit to a household counts for each of its children that it is said to count for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.documents.pictures import Photo
from agencies.errors import NotPossible, Reason, RuleBroken
from agencies.models import Post
from agencies.rules.deadlines import CHINA
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost, Scope
from cases import access
from cases.models import Case, Visit
from cases.queries.facts import facts_for
from cases.rules.visits import meets_the_duty, next_is_owed, problem_with_dates
from cases.rules.workflow import ENDED, OUT_OF_SCHOOL, Action, State
from cases.services import duties, transition, visit_photos
from cases.services.transition import Act

PROBLEMS = {
    "future": Reason("future", _("A visit cannot lie in the future."), "/at"),
    "next_before_visit": Reason(
        "next_before_visit", _("The next visit lies before this one."), "/next_on"
    ),
}
SAME = Reason(
    "same", _("This visit is recorded already: the same moment, place, result and words."), "/at"
)
NOT_OF_THIS_HOME = _("This is no open case of the same household.")
TWICE = _("This case is named twice.")


@dataclass(frozen=True)
class CountsFor:
    """Another child of the household: its case, and what came of the visit for it."""

    case: UUID | str
    outcome: str


@dataclass(frozen=True)
class Report:
    """A visit as it was sent. present: public ids of posts; empty means the person who sends."""

    client_id: UUID
    at: datetime
    place: str
    reached: str
    outcome: str
    present: Sequence[UUID | str] = ()
    next_on: date | None = None
    note: str = ""
    counts_for: Sequence[CountsFor] = ()
    photos: Sequence[Photo] = ()

    @property
    def on(self) -> date:
        return self.at.astimezone(CHINA).date()


@transaction.atomic
def record(scope: Scope, case_id: UUID | str, sent: Report, now: datetime) -> Visit:
    """Store a visit and what follows from it; the same client_id again gives the first visit.

    Raises NotVisible, NotPermitted, NotPossible (case ended), RuleBroken (dates, unknown posts,
    a case of another household, too many photos, the same once more from a form that is new).
    """
    case, siblings, problems = _locked(scope, case_id, sent.counts_for)
    post = access.acting_post(scope, Action.VISIT)
    if known := Visit.objects.filter(case=case, client_id=sent.client_id).first():
        visit_photos.attach(known, sent.photos, post.id, now)
        return known
    if problem := problem_with_dates(sent.on, sent.next_on, scope.on):
        problems.append(PROBLEMS[problem])
    if _recorded(case, sent):
        problems.append(SAME)
    if problems:
        raise RuleBroken(*problems)
    people = _people(sent.present, scope) or [post.id]
    made = Made(scope, post, sent, people, now)
    visit = _store(case, sent.outcome, made)
    for sibling, outcome in siblings:
        _store(sibling, outcome, made, made_as=visit)
    visit_photos.attach(visit, sent.photos, post.id, now)
    return visit


def _locked(
    scope: Scope, case_id: UUID | str, counts_for: Sequence[CountsFor]
) -> tuple[Case, list[tuple[Case, str]], list[Reason]]:
    """The case, those of its siblings, and what is wrong with these.

    Locked in one order, so that two visits to a household do not wait for each other for ever.
    """
    case = access.case_for(scope, case_id)
    visible = Case.objects.visible_to(scope).open().filter(household=case.household_id)
    known = dict(visible.exclude(pk=case.pk).values_list("public_id", "pk"))
    problems: list[Reason] = []
    wanted: dict[UUID, str] = {}
    for index, one in enumerate(counts_for):
        public_id = UUID(str(one.case))
        pointer = f"/for/{index}/case"
        if public_id not in known:
            problems.append(Reason("household", NOT_OF_THIS_HOME, pointer))
        elif public_id in wanted:
            problems.append(Reason("twice", TWICE, pointer))
        else:
            wanted[public_id] = one.outcome
    ids = [case.pk, *(known[public_id] for public_id in wanted)]
    list(Case.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",)))
    siblings = [(access.case_for(scope, one), outcome) for one, outcome in wanted.items()]
    return access.case_for(scope, case_id), siblings, problems


def _recorded(case: Case, sent: Report) -> bool:
    """Whether a visit like this is there: the button "back" gives what was typed a new form."""
    alike = Visit.objects.filter(case=case, at=sent.at, place=sent.place, reached=sent.reached)
    return alike.filter(outcome=sent.outcome, note=sent.note, next_on=sent.next_on).exists()


@dataclass(frozen=True)
class Made:
    """What is the same for every child that the visit counts for."""

    scope: Scope
    post: HeldPost
    sent: Report
    people: Sequence[int]
    now: datetime


def _store(case: Case, outcome: str, made: Made, made_as: Visit | None = None) -> Visit:
    sent, now = made.sent, made.now
    if known := Visit.objects.filter(case=case, client_id=sent.client_id).first():
        return known
    facts = facts_for(case, made.scope, sent.on, sent.note)
    said = {"outcome": outcome, "place": sent.place}
    transition.apply(case, Action.VISIT, Act(made.post, sent.on, now, sent.note, said), facts)
    visit = Visit.objects.create(
        case=case,
        episode=case.episode.number,
        client_id=sent.client_id,
        at=sent.at,
        recorded_at=now,
        recorded_by_id=made.post.id,
        place=sent.place,
        reached=sent.reached,
        outcome=outcome,
        next_on=sent.next_on,
        note=sent.note,
        made_as=made_as,
    )
    visit.present.set(made.people)
    if meets_the_duty(sent.place, outcome):
        duties.fulfil(case, (ObligationKind.VISIT,), now)
    if next_is_owed(sent.place, outcome, sent.next_on, State(case.state) in OUT_OF_SCHOOL):
        duties.next_visit(case, sent.on, sent.next_on, now)
    return visit


@transaction.atomic
def add_photos(
    scope: Scope, case_id: UUID | str, visit_id: UUID | str, photos: Sequence[Photo], now: datetime
) -> Visit:
    """Photos that come after the visit, from who was there or wrote it down.

    Raises NotVisible, NotPermitted, NotPossible (another episode), RuleBroken (too many).
    """
    case = access.case_for(scope, case_id, lock=True)
    post = access.acting_post(scope, Action.VISIT)
    visit = visit_photos.visit_for(scope, case, visit_id)
    if visit.episode != case.episode.number or State(case.state) in ENDED:
        text = _("The case has gone on since this visit: its photos stay as they are.")
        raise NotPossible(Reason("episode", text))
    visit_photos.attach(visit, photos, post.id, now)
    return visit


def _people(public_ids: Sequence[UUID | str], scope: Scope) -> list[int]:
    posts = dict(
        Post.objects.filter(county_id=scope.county_id, public_id__in=public_ids).values_list(
            "public_id", "pk"
        )
    )
    if len(posts) != len(set(public_ids)):
        raise RuleBroken(Reason("present", _("There is no such post."), "/present"))
    return list(posts.values())
