"""What happened in a case, and what was not done, in one list by day."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import Obligation, Post
from agencies.rules import masking
from cases.models import Case, CaseEvent, CaseReport, Visit
from cases.rules.workflow import Action

TITLES: dict[str, str | Promise] = {
    "open": _("Case opened"),
    "reopen": _("Reopened as the next episode"),
    **{action.value: action.label for action in Action if action is not Action.REOPEN},
}


@dataclass(frozen=True)
class Entry:
    """One line. missing: a duty that was not done, or not in time."""

    at: datetime
    kind: str
    title: str
    text: str = ""
    by: str = ""
    detail: str = ""
    missing: bool = False


def timeline(case: Case, now: datetime) -> list[Entry]:
    """Newest first, in four queries whatever their number."""
    entries = [*_events(case), *_visits(case), *_receipts(case), *_not_done(case, now)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _events(case: Case) -> list[Entry]:
    rows = CaseEvent.objects.filter(case=case).exclude(action=Action.VISIT)
    rows = rows.select_related("by__user", "by__agency")
    return [
        Entry(
            at=row.at,
            kind="event",
            title=str(TITLES.get(row.action, row.action)),
            text=masking.free_text(row.note),
            by=who(row.by) if row.by else str(_("the system, from the roll")),
            detail=_counted(row.detail),
        )
        for row in rows
    ]


def _visits(case: Case) -> list[Entry]:
    people = Prefetch("present", Post.objects.select_related("user"))
    rows = Visit.objects.filter(case=case).prefetch_related(people)
    return [
        Entry(
            at=row.at,
            kind="visit",
            title=str(
                _("Visit %(place)s: %(outcome)s")
                % {"place": row.get_place_display(), "outcome": row.get_outcome_display()}
            ),
            text=masking.free_text(row.note),
            by="、".join(post.user.name for post in row.present.all()),
            detail=str(_("Reached: %(who)s") % {"who": row.get_reached_display()}),
        )
        for row in rows
    ]


def _receipts(case: Case) -> list[Entry]:
    rows = CaseReport.objects.filter(episode__case=case, received_at__isnull=False)
    return [
        Entry(
            at=row.received_at,
            kind="report",
            title=str(_("Report received by %(agency)s") % {"agency": row.recipient.name}),
            by=row.received_by.user.name if row.received_by else "",
        )
        for row in rows.select_related("recipient", "received_by__user")
        if row.received_at
    ]


def _not_done(case: Case, now: datetime) -> list[Entry]:
    """Duties that are overdue, or were met late: as visible as what was done."""
    rows = Obligation.objects.filter(
        pk__in=case.obligations.values("obligation"), due_at__lt=now
    ).select_related("owed_by")
    found = []
    for row in rows:
        if row.met_at is None and row.waived_at is None:
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
                detail=row.clause,
                missing=True,
            )
        )
    return found


def who(post: Post) -> str:
    return f"{post.user.name}（{post.agency.name}）"


def _counted(detail: dict) -> str:
    if "counted" not in detail:
        return ""
    text = _("%(counted)s school days counted, %(attended)s attended, %(unknown)s without a roll")
    return str(text % detail)
