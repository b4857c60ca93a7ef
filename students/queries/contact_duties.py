"""Runs going on with the duties that they ask for, and open duties with what became of their run.

The key of such a duty names the child and the first day that its run had: "contact:<id>:<day>". A
duty belongs to the run that covers this day, so it stays with a run whose first day moves.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from agencies.models import Obligation
from agencies.rules.obligations import ObligationKind
from students.models import AbsenceRun, EnrollmentRecord, GuardianContact, RollMark, Term
from students.rules.marks import Mark

PREFIX = {ObligationKind.CONTACT: "contact", ObligationKind.ANSWER: "answer"}


@dataclass(frozen=True)
class RunToday:
    """A run going on, when its rolls were called, and what is raised for it already.

    reached_on: the day on which the run came to the set length, None before it.
    """

    student: str
    starts_on: date
    stay_id: int
    called_at: datetime
    contact_raised: bool
    reached_on: date | None
    reached_at: datetime | None
    answer_raised: bool


def runs_of(term: Term, today: date, since: date, after: int) -> list[RunToday]:
    """Runs of the term going on today that began since a day and lack a duty, in one query.

    after: school days of a run after which an answer is owed.
    """
    student = OuterRef("student")
    marks = RollMark.objects.filter(
        student=student, mark=Mark.UNEXCUSED, day__gte=OuterRef("starts_on")
    ).order_by("day")
    stay = EnrollmentRecord.objects.on(today).filter(student=student)
    rows = (
        AbsenceRun.objects.going_on(today)
        .filter(term=term, starts_on__gte=since)
        .annotate(
            stay_id=Subquery(stay.values("pk")[:1]),
            called_at=Subquery(marks.values("roll__taken_at")[:1]),
            reached_on=Subquery(marks.values("day")[after - 1 : after]),
            reached_at=Subquery(marks.values("roll__taken_at")[after - 1 : after]),
            contact_raised=_raised(ObligationKind.CONTACT),
            answer_raised=_raised(ObligationKind.ANSWER),
        )
        .filter(Q(contact_raised=False) | Q(answer_raised=False, days__gte=after))
        .filter(stay_id__isnull=False, called_at__isnull=False)
        .order_by("pk")
    )
    return [
        RunToday(
            student=str(row["student__public_id"]),
            starts_on=row["starts_on"],
            stay_id=row["stay_id"],
            called_at=row["called_at"],
            contact_raised=row["contact_raised"],
            reached_on=row["reached_on"] if row["days"] >= after else None,
            reached_at=row["reached_at"],
            answer_raised=row["answer_raised"],
        )
        for row in rows.values(
            "student__public_id", "starts_on", "days", "stay_id", "called_at", "reached_on",
            "reached_at", "contact_raised", "answer_raised",
        )
    ]  # fmt: skip


def _raised(kind: ObligationKind) -> Exists:
    """A duty of this kind whose day lies within the run: keys of one child sort by their day."""
    child = (Value(f"{PREFIX[kind]}:"), Cast("student__public_id", CharField()), Value(":"))
    first, last = (
        AbsenceRun.objects.filter(pk=OuterRef(OuterRef("pk"))).values(
            key=Concat(*child, Cast(day, CharField()))
        )
        for day in ("starts_on", "last_on")
    )
    return Exists(
        Obligation.objects.filter(
            county=OuterRef("county"), key__gte=Subquery(first), key__lte=Subquery(last)
        )
    )


@dataclass(frozen=True)
class OpenDuty:
    """An open duty to contact or to answer, and the first day of the run when it was raised."""

    pk: int
    county_id: int
    kind: ObligationKind
    student: str
    run_from: date


def open_duties(student: str = "") -> list[OpenDuty]:
    """All of them, or those of one child (its public id)."""
    rows = Obligation.objects.open().filter(kind__in=PREFIX)
    if student:
        keys = Q()
        for prefix in PREFIX.values():
            keys |= Q(key__startswith=f"{prefix}:{student}:")
        rows = rows.filter(keys)
    found = []
    for pk, county_id, kind, key in rows.values_list("pk", "county_id", "kind", "key").order_by(
        "pk"
    ):
        _prefix, child, day = key.split(":")
        found.append(OpenDuty(pk, county_id, ObligationKind(kind), child, date.fromisoformat(day)))
    return found


@dataclass(frozen=True)
class Ground:
    """What became of the children of open duties: their runs, their contacts, who is still here."""

    runs: dict[str, list[AbsenceRun]]
    contacts: dict[str, list[GuardianContact]]
    enrolled: frozenset[str]

    def run_of(self, owed: OpenDuty) -> AbsenceRun | None:
        """The run that covers the day of the duty; None when a correction took it away."""
        return next(
            (
                run
                for run in self.runs.get(owed.student, ())
                if run.starts_on <= owed.run_from <= run.last_on
            ),
            None,
        )


def ground_of(duties: Iterable[OpenDuty], today: date) -> Ground:
    """In three queries whatever their number."""
    children = {owed.student for owed in duties}
    since = min((owed.run_from for owed in duties), default=today)
    here = EnrollmentRecord.objects.on(today).filter(student__public_id__in=children)
    runs = AbsenceRun.objects.filter(last_on__gte=since).select_related("term")
    contacts = GuardianContact.objects.filter(on__gte=since).order_by("recorded_at")
    return Ground(
        _by_child(runs, children),
        _by_child(contacts, children),
        frozenset(map(str, here.values_list("student__public_id", flat=True))),
    )


def _by_child(rows: QuerySet, children: set[str]) -> dict[str, list]:
    found: dict[str, list] = defaultdict(list)
    for row in rows.filter(student__public_id__in=children).select_related("student"):
        found[str(cast(AbsenceRun, row).student.public_id)].append(row)
    return found
