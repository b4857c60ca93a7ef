"""Talks in reach: the list, one of them with its steps and deadlines, whom a unit can send."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies.errors import NotVisible
from agencies.models import Agency
from agencies.queries.calendars import working_calendar
from agencies.queries.responsible import bureau
from agencies.queries.standing import Standing, standing
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.duties import AgencyKind, Duty
from agencies.rules.scope import Scope
from reporting.models import Alert, Circular, Talk, TalkItem, TalkStep
from reporting.rules.areas import TOWNSHIP_PATH, Area, AreaKind
from reporting.rules.talks import FROM, THEIRS, TalkDeed, TalkState

OVER = (TalkState.ENDED, TalkState.CANCELLED)


def talks(scope: Scope, state: str = "") -> QuerySet[Talk]:
    """state: one of the states or all; "": those that run. The next one to be held first."""
    rows = Talk.objects.visible_to(scope).select_related("by_agency", "agency")
    rows = rows.select_related("called", "rectify", "recheck")
    if state in TalkState.values:
        rows = rows.filter(state=state)
    elif state != "all":
        rows = rows.exclude(state__in=OVER)
    return rows.order_by("-called_on", "-pk")


def talk_for(scope: Scope, public_id: UUID, *, lock: bool = False) -> Talk:
    """One talk that this person may see. Raises NotVisible."""
    rows = talks(scope, "all").filter(public_id=public_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotVisible
    return found


def of_alert(alert: Alert) -> QuerySet[Talk]:
    """What followed an alert: its unit is theirs, so whoever sees one sees the others."""
    return Talk.objects.filter(alert=alert).select_related("agency").order_by("pk")


def agency_of(area: Area, on: date) -> Agency | None:
    """The body that answers for a unit: bureau, township government, the school itself."""
    if area.kind is AreaKind.COUNTY:
        return bureau(area.county_id, on)
    rows = Agency.objects.on(on).filter(county_id=area.county_id)
    if area.school_id is not None:
        return rows.filter(pk=area.school_id).first()
    path = area.path[:TOWNSHIP_PATH]
    return rows.filter(kind=AgencyKind.TOWNSHIP, region__path=path).first()


def above(county_id: int, on: date) -> list[Agency]:
    """Bodies that call to account: the bureau, and the county government where it is entered."""
    kinds = (AgencyKind.BUREAU, AgencyKind.COUNTY)
    rows = Agency.objects.on(on).filter(county_id=county_id, kind__in=kinds)
    return list(rows.order_by("kind", "name", "pk"))


def proposed_reason(alert: Alert) -> str:
    """The figure of an alert in words, from its frozen evidence."""
    evidence = alert.evidence
    text = _("%(stage)s, %(reason)s: %(shown)s (%(parts)s), line %(line)s, as of %(as_of)s.")
    return text % {
        "stage": alert.get_stage_display(),
        "reason": alert.get_reason_display(),
        "shown": evidence["shown"],
        "parts": f"{evidence['numerator']} / {evidence['denominator']}",
        "line": evidence["line"],
        "as_of": evidence["as_of"],
    }


@dataclass(frozen=True)
class Line:
    """A talk in a list, with the deadline that runs. None: nothing is owed now."""

    talk: Talk
    state: TalkState
    due: Standing | None


@dataclass(frozen=True)
class Full:
    """One talk. deeds: the steps that this person may take now."""

    line: Line
    items: list[TalkItem]
    steps: list[TalkStep]
    circulars: list[Circular]
    deeds: list[TalkDeed]


def line(talk: Talk, calendar: WorkingCalendar, now: datetime) -> Line:
    owed = [one for one in (talk.called, talk.rectify, talk.recheck) if one]
    running = [one for one in owed if one.met_at is None and one.waived_at is None]
    due = min(running, key=lambda one: one.due_at, default=None)
    return Line(talk, TalkState(talk.state), standing(due, calendar, now) if due else None)


def lines(talks: Iterable[Talk], now: datetime) -> list[Line]:
    calendar = working_calendar()
    return [line(one, calendar, now) for one in talks]


def full(scope: Scope, talk: Talk, now: datetime) -> Full:
    seen = Circular.objects.visible_to(scope).filter(talk=talk)
    return Full(
        line(talk, working_calendar(), now),
        list(talk.items.all()),
        list(talk.steps.select_related("by__agency").order_by("pk")),
        list(seen.order_by("pk")),
        [deed for deed in TalkDeed if may_take(scope, talk, deed)],
    )


def may_take(scope: Scope, talk: Talk, deed: TalkDeed) -> bool:
    """Whether the step fits the state and is this person's: the unit answers, the bureau leads.

    What a unit sent on paper is recorded by whoever holds talks.
    """
    if talk.state not in FROM[deed]:
        return False
    answers = deed in THEIRS and talk.agency_id in scope.agency_ids
    return scope.may(Duty.HOLD_TALK) or (answers and scope.may(Duty.ANSWER_TALK))
