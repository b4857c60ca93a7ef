"""Screening rounds: opened, kept in step with the children who live there, closed (S1-43, S1-48).

The autumn and the spring round open by themselves with the term, special ones by the bureau. A
round asks about the children of school age whom its focus names, in the village of their home.
Whoever comes later is added, whoever moved or left is taken off as long as nobody has asked.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPossible, Reason, RuleBroken
from agencies.models import Region
from agencies.queries.policy import in_force
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from agencies.services import audit
from students.models import FocusTag, ScreenedChild, ScreeningRound, Student, Term
from students.models.student import StudentQuerySet
from students.rules.focus import FocusGroup
from students.rules.identity import compulsory_cohort, school_year_of
from students.rules.screening import RoundKind, Stage, of_stage
from students.services import bulk, screening_duties, screening_tasks


def open_due(now: datetime) -> int:
    """Open the round of each term that has begun, and keep all open rounds in step.

    Safe to repeat. Returns how many rounds were opened and rows changed.
    """
    today = now.astimezone(CHINA).date()
    changed = 0
    begun = Term.objects.filter(starts_on__lte=today, ends_on__gte=today)
    opened = ScreeningRound.objects.filter(term=OuterRef("pk"))
    for term in begun.exclude(Exists(opened)):
        changed += _open_of_term(term, today, now)
    for round_id in ScreeningRound.objects.filter(closed_at=None).values_list("pk", flat=True):
        changed += fit(round_id, today, now)
    return changed


@transaction.atomic
def _open_of_term(term: Term, today: date, now: datetime) -> int:
    """Two sweeps at once open one: the other finds the row of the term locked, then done."""
    Term.objects.select_for_update(of=("self",)).get(pk=term.pk)
    if ScreeningRound.objects.filter(term=term).exists():
        return 0
    with translation.override(settings.LANGUAGE_CODE):
        title = str(_("Screening of the %(term)s")) % {"term": term}
    before = ScreeningRound.objects.filter(county_id=term.county_id, closed_at=None)
    for old in before.filter(term__isnull=False):
        _close(old, now)
    made = ScreeningRound.objects.create(
        county_id=term.county_id,
        kind=RoundKind(term.season),
        title=title,
        term=term,
        opens_on=today,
        opened_at=now,
    )
    return 1 + fit(made.pk, today, now)


@dataclass(frozen=True)
class Given:
    """A special round. areas: codes of townships or villages, none for the whole county."""

    title: str
    stage: str = ""
    groups: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


@transaction.atomic
def open_special(scope: Scope, given: Given, now: datetime) -> ScreeningRound:
    """Open a round with a focus. Raises NotPermitted; RuleBroken for a focus that names nobody."""
    post = require(scope, Duty.OPEN_SCREENING)
    regions = Region.objects.on(scope.on).filter(county_id=scope.county_id, code__in=given.areas)
    paths = sorted(regions.values_list("path", flat=True))
    problems = []
    if not given.title.strip():
        problems.append(Reason("title", _("The round needs a title."), "/title"))
    if given.stage and given.stage not in set(Stage):
        problems.append(Reason("stage", _("There is no such stage."), "/stage"))
    if set(given.groups) - set(FocusGroup):
        problems.append(Reason("group", _("There is no such focus group."), "/groups"))
    if len(paths) != len(set(given.areas)):
        problems.append(Reason("area", _("There is no such township or village."), "/areas"))
    if problems:
        raise RuleBroken(*problems)
    made = ScreeningRound.objects.create(
        county_id=scope.county_id,
        kind=RoundKind.SPECIAL,
        title=given.title.strip(),
        opens_on=scope.on,
        stage=given.stage,
        groups=sorted(set(given.groups)),
        areas=paths,
        opened_at=now,
        opened_by_id=post.id,
    )
    fit(made.pk, scope.on, now)
    if not made.children.exists():
        text = _("No child of school age lives there that the focus names.")
        raise RuleBroken(Reason("nobody", text, "/areas"))
    audit.record(scope, "screening.open", f"screening:{made.public_id}", now=now, post=post)
    return made


@transaction.atomic
def close(scope: Scope, round_id: int, now: datetime) -> None:
    """Nothing is recorded any more; what is still owed falls away. Raises NotPossible if closed."""
    post = require(scope, Duty.OPEN_SCREENING)
    row = ScreeningRound.objects.select_for_update(of=("self",)).get(pk=round_id)
    if row.closed_at:
        raise NotPossible(Reason("closed", _("This round is closed.")))
    _close(row, now, post.id)
    audit.record(scope, "screening.close", f"screening:{row.public_id}", now=now, post=post)


def _close(row: ScreeningRound, now: datetime, by_post_id: int | None = None) -> None:
    screening_duties.follow(now)
    row.closed_at, row.closed_by_id = now, by_post_id
    row.save(update_fields=["closed_at", "closed_by"])
    screening_duties.fall(row, now)


@transaction.atomic
def fit(round_id: int, today: date, now: datetime) -> int:
    """Bring a round in step: rows, tasks of new villages, duties of townships. Returns changes."""
    row = ScreeningRound.objects.select_for_update(of=("self",)).filter(pk=round_id).first()
    if row is None or row.closed_at:
        return 0
    wanted = children_of(row, today)
    asked_here = wanted.filter(pk=OuterRef("student"), household__region=OuterRef("village"))
    gone, _by_model = row.children.filter(found="").exclude(Exists(asked_here)).delete()
    known = ScreenedChild.objects.filter(round=row, student=OuterRef("pk"))
    new = list(wanted.exclude(Exists(known)).values_list("pk", "household__region"))
    if new:
        fields = ("round", "student", "village", "found", "note")
        bulk.copy(ScreenedChild, fields, ((row.pk, *one, "", "") for one in new))
    if gone or new:
        screening_tasks.give_out(row, today)
        screening_duties.raise_for(row, now)
    return gone + len(new)


def children_of(row: ScreeningRound, on: date) -> StudentQuerySet:
    """Whom the round asks about: of school age or past it without having completed (rule 9)."""
    policy = in_force(row.county_id, row.opens_on)
    age, years = policy.number(Key.ENTRY_AGE), policy.number(Key.SCHOOLING_YEARS)
    cohort = of_stage(compulsory_cohort(school_year_of(row.opens_on), age, years), row.stage)
    rows = Student.objects.unmerged().filter(
        county_id=row.county_id, completed_on=None, died_on=None, born_on__lte=cohort.last
    )
    if row.stage == Stage.PRIMARY:
        rows = rows.filter(born_on__gte=cohort.first)
    if row.groups:
        tags = FocusTag.objects.on(on).filter(student=OuterRef("pk"), group__in=row.groups)
        rows = rows.filter(Exists(tags))
    if row.areas:
        there = Q()
        for path in row.areas:
            there |= Q(household__region__path__startswith=path)
        rows = rows.filter(there)
    return rows
