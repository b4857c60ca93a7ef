"""The agenda of a joint conference as it fills itself: what is open in its area right now.

Only figures about bodies, in Chinese as the minutes are; no point holds the name of a child.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Count, Min
from django.utils import translation

from agencies.models import Conference, Obligation
from agencies.queries.conferences import carried_out, unfinished
from agencies.rules.conferences import Point, Source
from agencies.rules.deadlines import CHINA
from agencies.rules.obligations import ObligationKind
from reporting.models import Alert
from reporting.queries.areas import region_area
from reporting.queries.balance import Wanted, balance
from reporting.rules.accountability import AlertReason
from reporting.rules.rates import Stage

MOST_BODIES = 5  # named in one line; the rest is counted
OF_THE_CONFERENCE = (ObligationKind.CONFERENCE, ObligationKind.DECISION)
TITLES = {
    Source.DECISIONS: "以往会议未完成的议定事项",
    Source.DONE: "上次会议以来已完成的议定事项",
    Source.LATE: "逾期未办结的工作",
    Source.UNACCOUNTED: "去向不明的适龄儿童少年",
    Source.ALERTS: "尚未解除的预警",
}
Lines = list[tuple[str, str]]


def points(conference: Conference, now: datetime) -> list[Point]:
    """Decisions first, unfinished ones and those done, then what is late, unaccounted, alerted.

    What has nothing to say is left out.
    """
    on = now.astimezone(CHINA).date()
    with translation.override("zh-hans"):
        found = {
            Source.DECISIONS: _decisions(conference, on),
            Source.DONE: _done(conference),
            Source.LATE: _late(conference, now),
            Source.UNACCOUNTED: _unaccounted(conference, on),
            Source.ALERTS: _alerts(conference),
        }
    return [Point(source, TITLES[source], tuple(lines)) for source, lines in found.items() if lines]


def _decisions(conference: Conference, on: date) -> Lines:
    return [
        (
            f"第{one.meeting.number}次会议第{one.number}项：{one.text}",
            f"{one.owner.name}，{one.due_on}前完成" + ("，已逾期" if one.due_on < on else ""),
        )
        for one in unfinished(conference)
    ]


def _done(conference: Conference) -> Lines:
    return [
        (
            f"第{one.meeting.number}次会议第{one.number}项：{one.text}",
            f"{one.owner.name}，{one.ended_on}已完成：{one.outcome}",
        )
        for one in carried_out(conference)
    ]


def _late(conference: Conference, now: datetime) -> Lines:
    """By kind, the most numerous first: how many, since when, which bodies most."""
    rows = Obligation.objects.overdue(now).filter(
        county=conference.county_id, region_path__startswith=conference.region.path
    )
    counted = (
        rows.exclude(kind__in=OF_THE_CONFERENCE)
        .values("kind", "owed_by__name")
        .annotate(number=Count("pk"), since=Min("due_on"))
        .order_by("-number", "owed_by__name")
    )
    kinds: dict[str, list[tuple[str, int, date]]] = defaultdict(list)
    for row in counted:
        kinds[row["kind"]].append((row["owed_by__name"], row["number"], row["since"]))
    most = sorted(kinds.items(), key=lambda one: -sum(number for _name, number, _on in one[1]))
    return [(str(ObligationKind(kind).label), _late_line(bodies)) for kind, bodies in most]


def _late_line(bodies: Sequence[tuple[str, int, date]]) -> str:
    total = sum(number for _name, number, _since in bodies)
    since = min(since for _name, _number, since in bodies)
    named = "、".join(f"{name}{number}项" for name, number, _since in bodies[:MOST_BODIES])
    rest = f"等{len(bodies)}个单位" if len(bodies) > MOST_BODIES else ""
    return f"{total}项，最早应于{since}前完成：{named}{rest}"


def _unaccounted(conference: Conference, on: date) -> Lines:
    area = region_area(conference.region.code, on)
    if area is None:
        return []
    found = balance(Wanted(area, on, on))
    return [(line.name, f"{line.unaccounted}人") for line in found.lines if line.unaccounted]


def _alerts(conference: Conference) -> Lines:
    rows = Alert.objects.open().filter(
        county=conference.county_id, path__startswith=conference.region.path
    )
    return [
        (
            f"{one.name}（{Stage(one.stage).label}，{one.school_year}学年）",
            f"{AlertReason(one.reason).label}：{one.evidence.get('shown', '')}，{one.found_on}发现",
        )
        for one in rows.order_by("path", "name", "stage", "pk")
    ]
