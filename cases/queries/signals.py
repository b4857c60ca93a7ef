"""Questions about visits, each with the visits behind it and what the bureau was told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet

from agencies.queries.policy import in_force
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from cases.models import SignalAnswer, Visit, VisitPhoto
from cases.rules.signals import Limits, Made, Question, SignalKind, questions
from cases.rules.visits import Place, in_person

LOOK_BACK = timedelta(days=184)  # a term and its holidays: later nobody remembers a single visit


@dataclass(frozen=True)
class Asked:
    """A question. answer: the newest that covers every visit behind it."""

    kind: SignalKind
    visits: list[Visit]
    answer: SignalAnswer | None

    @property
    def visit_ids(self) -> list[UUID]:
        return [one.public_id for one in self.visits]


def asked(scope: Scope, now: datetime) -> list[Asked]:
    """The questions of the county, the newest first, in four queries."""
    found = _questions(scope, now)
    ids = {visit for one in found for visit in one.visits}
    visits = {row.pk: row for row in _told(ids)}
    answers = _answers(scope, now)
    return [
        Asked(one.kind, [visits[pk] for pk in one.visits], _covering(one, answers)) for one in found
    ]


def _questions(scope: Scope, now: datetime) -> list[Question]:
    policy = in_force(scope.county_id, scope.on)
    limits = Limits(
        policy.number(Key.SIGNAL_VISITS),
        timedelta(minutes=policy.number(Key.SIGNAL_MINUTES)),
        policy.number(Key.SIGNAL_SAME_TEXTS),
    )
    there = Visit.present.through.objects.filter(visit=OuterRef("pk")).values("post__user")
    digests = VisitPhoto.objects.filter(visit=OuterRef("pk")).values("digest")
    rows = (
        Visit.objects.filter(case__county=scope.county_id, made_as=None, at__gte=now - LOOK_BACK)
        .annotate(people=ArraySubquery(there), digests=ArraySubquery(digests))
        .values_list(
            "pk",
            "at",
            "recorded_by__user",
            "people",
            "place",
            "case__household__region__path",
            "note",
            "digests",
        )
    )
    return questions((_made(*row) for row in rows.iterator()), limits)


def _made(  # noqa: PLR0913 one row
    pk: int,
    at: datetime,
    writer: int,
    people: list[int],
    place: str,
    village: str,
    note: str,
    digests: list[str],
) -> Made:
    at_home = village if place == Place.HOME else ""
    there = frozenset(people)
    return Made(pk, at, writer, there, in_person(place), at_home, note, frozenset(digests))


def _told(ids: Iterable[int]) -> QuerySet[Visit]:
    return (
        Visit.objects.filter(pk__in=list(ids))
        .select_related("case__student", "case__household__region__parent", "recorded_by__user")
        .prefetch_related("present__user", "present__agency")
    )


def _answers(scope: Scope, now: datetime) -> list[tuple[SignalAnswer, frozenset[int]]]:
    """Newest first, each with the visits that it covers."""
    through = SignalAnswer.visits.through.objects.filter(signalanswer=OuterRef("pk"))
    rows = (
        SignalAnswer.objects.filter(county=scope.county_id, at__gte=now - 2 * LOOK_BACK)
        .annotate(covers=ArraySubquery(through.values("visit")))
        .select_related("by__user", "by__agency")
        .order_by(F("at").desc(), "-pk")
    )
    return [(row, frozenset(row.covers)) for row in rows]


def _covering(
    question: Question, answers: Iterable[tuple[SignalAnswer, frozenset[int]]]
) -> SignalAnswer | None:
    wanted = set(question.visits)
    alike = (one for one, covers in answers if one.kind == question.kind and wanted <= covers)
    return next(alike, None)
