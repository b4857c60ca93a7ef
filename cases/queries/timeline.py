"""What happened in a case, and what was not done, in one list by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import Obligation, Post
from agencies.rules import masking
from agencies.rules.clauses import citation
from cases.models import Case, CaseEvent, CaseReport
from cases.queries import plan_words
from cases.queries.ends import evidence
from cases.queries.visits import Picture, told_by, visit_rows
from cases.rules import outside, requests
from cases.rules import visits as visit_rules
from cases.rules.visits import Outcome, Place, in_person
from cases.rules.workflow import Action
from students.models import GuardianContact
from students.rules import contact as contact_rules
from students.rules.contact import Channel

TITLES: dict[str, str | Promise] = {
    "open": _("Case opened"),
    "reopen": _("Reopened as the next episode"),
    "catch_up": _("Arranged in class, to make up for what was missed"),
    **plan_words.TITLES,
    **requests.TITLES,
    **outside.TITLES,
    **{action.value: action.label for action in Action if action is not Action.REOPEN},
}


@dataclass(frozen=True)
class Entry:
    """One line. missing: a duty that was not done, or not in time. pictures: photos of a visit."""

    at: datetime
    kind: str
    title: str
    text: str = ""
    by: str = ""
    detail: str = ""
    missing: bool = False
    pictures: tuple[Picture, ...] = ()


def timeline(
    case: Case, reports: Iterable[CaseReport], obligations: Iterable[Obligation], now: datetime
) -> list[Entry]:
    """Newest first, in two queries whatever their number."""
    entries = [
        *_events(case),
        *_visits_and_contacts(case),
        *_receipts(reports),
        *_not_done(obligations, now),
    ]
    return sorted(entries, key=lambda entry: entry.at)[::-1]  # of the same moment: last first


def _events(case: Case) -> list[Entry]:
    rows = CaseEvent.objects.filter(case=case).exclude(action=Action.VISIT).order_by("pk")
    rows = rows.select_related("by__user", "by__agency")
    return [
        Entry(
            at=row.at,
            kind="event",
            title=str(TITLES.get(row.action, row.action)),
            text=masking.free_text(row.note),
            by=who(row.by) if row.by else str(_("the system, from the roll")),
            detail="；".join([*evidence(row.detail), *plan_words.said(row.action, row.detail)]),
        )
        for row in rows
    ]


def _visits_and_contacts(case: Case) -> list[Entry]:
    """Visits of the case and the school's contacts with the guardian, in one query."""
    visits = visit_rows(case)
    contacts = GuardianContact.objects.filter(student=case.student_id).values_list(
        Value("contact"), "at", "channel", "reached", Value(""), "answer", "by__user__name"
    )
    return [
        _visit(*row) if kind == "visit" else _contact(*row)
        for kind, *row in visits.union(contacts, all=True).order_by("at")
    ]


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


def who(post: Post) -> str:
    return f"{post.user.name}（{post.agency.name}）"
