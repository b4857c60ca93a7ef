"""What happened in a case, and what was not done, in one list by day."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case as Conditional
from django.db.models import QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import Obligation
from agencies.rules import masking
from agencies.rules.clauses import citation
from cases.models import Case, CaseEvent, CaseReport
from cases.queries import plan_words
from cases.queries.ends import evidence
from cases.queries.found import found_lines
from cases.queries.ladder import service_lines, step_lines
from cases.queries.papers import paper_lines
from cases.queries.visits import Picture, told_by, visit_rows
from cases.rules import outside, requests
from cases.rules import visits as visit_rules
from cases.rules.acts import Deed
from cases.rules.service import Method
from cases.rules.venues import VenueKind
from cases.rules.visits import Outcome, Place, in_person
from cases.rules.workflow import Action
from students.models import GuardianContact
from students.rules import contact as contact_rules
from students.rules.contact import Channel

TITLES: dict[str, str | Promise] = {
    "open": _("Case opened"),
    "reopen": _("Reopened as the next episode"),
    Deed.CHANGE_TEAM.value: _("The six seats were changed"),
    "school": _("The case goes to another school"),
    "catch_up": _("Arranged in class, to make up for what was missed"),
    "legal_outcome": _("Outcome of a legal step"),
    "receipt": _("Receipt of a paper attached"),
    "tip_linked": _("A tip from the public belongs to this case"),
    "tip_unlinked": _("A tip from the public does not belong to this case"),
    **plan_words.TITLES,
    **requests.TITLES,
    **outside.TITLES,
    **{action.value: action.label for action in Action if action is not Action.REOPEN},
}


@dataclass(frozen=True)
class Entry:
    """One line. missing: a duty that was not done, or not in time. pictures: photos of a visit.

    word: of an event, what was done, as it is stored. link: id of the inspection it tells of.
    """

    at: datetime
    kind: str
    title: str
    text: str = ""
    by: str = ""
    detail: str = ""
    missing: bool = False
    word: str = ""
    pictures: tuple[Picture, ...] = ()
    link: str = ""


def timeline(
    case: Case, reports: Iterable[CaseReport], obligations: Iterable[Obligation], now: datetime
) -> list[Entry]:
    """Newest first, in one query whatever their number."""
    entries = [
        *_lines(case),
        *_receipts(reports),
        *_not_done(obligations, now),
    ]
    return sorted(entries, key=lambda entry: entry.at)[::-1]  # of the same moment: last first


def _lines(case: Case) -> list[Entry]:
    """Everything that was done, in one query: acts, visits, contacts, papers, steps, services."""
    contacts = GuardianContact.objects.filter(student=case.student_id).values_list(
        Value("contact"), "at", "channel", "reached", Value(""), "answer", "by__user__name", "pk"
    )
    papers = (paper_lines(case), step_lines(case), service_lines(case))
    lines = (contacts, *papers, found_lines(case), _event_rows(case))
    rows = visit_rows(case).union(*lines, all=True).order_by("at", "id")
    return [LINES[kind](*row) for kind, *row, _pk in rows]


def _event_rows(case: Case) -> QuerySet:
    by = Concat("by__user__name", Value("（"), "by__agency__name", Value("）"))
    acts = CaseEvent.objects.filter(case=case).exclude(action=Action.VISIT)
    return acts.values_list(
        Value("event"),
        "at",
        "action",
        Value(""),
        Cast("detail", TextField()),
        "note",
        Conditional(When(by__isnull=False, then=by), default=Value("")),
        "pk",
    )


def _event(at: datetime, action: str, _none: str, detail: str, note: str, by: str) -> Entry:
    said = json.loads(detail)
    return Entry(
        at=at,
        kind="event",
        title=str(TITLES.get(action, action)),
        text=masking.free_text(note),
        by=by or str(_("the system, from the roll")),
        detail="；".join([*evidence(said), *plan_words.said(action, said)]),
        word=action,
    )


def _visit(at: datetime, place: str, reached: str, more: str, note: str, by: str) -> Entry:
    told = told_by(more)
    title = (
        _("Visit %(place)s: %(outcome)s")
        if in_person(place)
        else _("Contact %(place)s: %(outcome)s")
    )
    detail = [_("Reached: %(who)s") % {"who": visit_rules.Reached(reached).label}]
    if told.made_for:
        detail.append(_("made in case %(number)s of the household") % {"number": told.made_for})
    if told.next_on:
        detail.append(_("next on %(day)s") % {"day": told.next_on})
    return Entry(
        at=at,
        kind="visit",
        title=str(title % {"place": Place(place).label, "outcome": Outcome(told.outcome).label}),
        text=masking.free_text(note),
        by=by,
        detail="；".join(map(str, detail)),
        pictures=told.pictures,
    )


def _contact(at: datetime, channel: str, reached: str, _none: str, answer: str, by: str) -> Entry:
    title = _("Contact with the guardian, %(channel)s")
    return Entry(
        at=at,
        kind="contact",
        title=str(title % {"channel": Channel(channel).label}),
        text=masking.free_text(answer),
        by=by,
        detail=str(_("Reached: %(who)s") % {"who": contact_rules.Reached(reached).label}),
    )


def _paper(at: datetime, title: str, number: str, addressee: str, _none: str, by: str) -> Entry:
    text = _("Paper issued: %(title)s %(number)s") % {"title": title, "number": number}
    return Entry(at=at, kind="paper", title=str(text), by=by, detail=addressee)


def _step(at: datetime, name: str, number: str, issuer: str, facts: str, by: str) -> Entry:
    return Entry(
        at=at,
        kind="step",
        title=str(_("Legal step: %(name)s") % {"name": name}),
        text=masking.free_text(facts),
        by=by,
        detail=" ".join(part for part in (issuer, number) if part),
    )


def _service(at: datetime, method: str, number: str, day: str, note: str, by: str) -> Entry:
    failed = method == Method.FAILED
    title = _("Service of %(number)s failed") if failed else _("%(number)s served, %(how)s")
    return Entry(
        at=at,
        kind="service",
        title=str(title % {"number": number, "how": Method(method).label}),
        text=masking.free_text(note),
        by=by,
        detail=day,
    )


def _found(at: datetime, kind: str, day: str, inspection: str, note: str, by: str) -> Entry:
    title = _("Found at the inspection of %(day)s: %(kind)s")
    return Entry(
        at=at,
        kind="found",
        title=str(title % {"day": day, "kind": VenueKind(kind).label}),
        text=masking.free_text(note),
        by=by,
        link=inspection,
    )


LINES: dict[str, Callable[..., Entry]] = {
    "event": _event,
    "visit": _visit,
    "contact": _contact,
    "paper": _paper,
    "step": _step,
    "service": _service,
    "found": _found,
}


def _receipts(reports: Iterable[CaseReport]) -> list[Entry]:
    return [
        Entry(
            at=row.received_at,
            kind="report",
            title=str(_("Report received by %(agency)s") % {"agency": row.recipient.name}),
            by=row.received_by.user.name if row.received_by else "",
        )
        for row in reports
        if row.received_at
    ]


def _not_done(obligations: Iterable[Obligation], now: datetime) -> list[Entry]:
    """Duties that are overdue, or were met late: as visible as what was done."""
    found = []
    for row in obligations:
        if row.state(now) == "overdue":
            title = _("Not done in time: %(duty)s") % {"duty": row.get_kind_display()}
        elif row.late:
            title = _("Done late: %(duty)s") % {"duty": row.get_kind_display()}
        else:
            continue
        found.append(
            Entry(
                at=row.due_at,
                kind="duty",
                title=str(title),
                by=row.owed_by.name,
                detail=citation(row.clause),
                missing=True,
            )
        )
    return found
