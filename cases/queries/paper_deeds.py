"""What was done in a case, as rows and sentences for its papers."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from agencies.models import Obligation
from agencies.rules import masking
from agencies.rules.deadlines import CHINA
from cases.models import (
    Case,
    CasePaper,
    CaseReport,
    LegalStep,
    Measure,
    PaperService,
    PlanCause,
    Visit,
    VisitPhoto,
)
from cases.queries.team import held_on
from cases.queries.timeline import timeline
from cases.rules.papers import SERVED_KINDS
from cases.rules.team import Seat

MOST_WORDS = 2000  # of a text on a paper
MOST_ROWS = 500
Rows = list[dict[str, str]]


def known(case: Case, names: set[str], now: datetime) -> dict[str, Any]:
    """Those of the facts below that are asked for."""
    return {name: gather(case, now) for name, gather in GATHER.items() if name in names}


def day(value: date | datetime | None) -> str:
    """2026年9月13日, in China."""
    if isinstance(value, datetime):
        value = value.astimezone(CHINA).date()
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def _visits(case: Case) -> QuerySet[Visit]:
    rows = Visit.objects.filter(case=case, episode=case.episode.number)
    return rows.prefetch_related("present__user").order_by("at", "pk")


def attempts(case: Case, _now: datetime) -> Rows:
    """辍学学生劝返记录: who, when, how, what came of it."""
    return [
        {
            "people": "、".join(post.user.name for post in visit.present.all()),
            "on": day(visit.at),
            "place": str(visit.get_place_display()),
            "result": "：".join(
                part
                for part in (str(visit.get_outcome_display()), masking.free_text(visit.note))
                if part
            ),
        }
        for visit in _visits(case)
    ][-MOST_ROWS:]


def team(case: Case, now: datetime) -> Rows:
    """Who sits there now: nobody who was replaced today, or whose post has ended."""
    held = held_on(case.household_id, now.astimezone(CHINA).date())
    order = list(Seat)
    return [
        {
            "seat": str(row.get_seat_display()),
            "name": row.post.user.name,
            "agency": row.post.agency.name,
            "phone": row.post.user.phone,
        }
        for row in sorted(held, key=lambda row: (order.index(Seat(row.seat)), row.pk))
    ]


def events(case: Case, now: datetime) -> Rows:
    """The timeline with what was not done, oldest first, as the page of the case shows it."""
    reports = CaseReport.objects.filter(episode__case=case)
    owed = Obligation.objects.filter(pk__in=case.obligations.values("obligation"))
    entries = timeline(
        case,
        reports.select_related("recipient", "received_by__user"),
        owed.select_related("owed_by"),
        now,
    )
    return [
        {
            "on": day(entry.at),
            "what": entry.title,
            "text": "\n".join(part for part in (entry.text, entry.detail) if part),
            "by": entry.by,
        }
        for entry in reversed(entries[:MOST_ROWS])
    ]


def issued(case: Case) -> QuerySet[CasePaper]:
    return CasePaper.objects.filter(case=case).defer("facts").order_by("issued_on", "pk")


def papers(case: Case, _now: datetime) -> Rows:
    rows = issued(case).prefetch_related("services")
    return [
        {
            "number": paper.number,
            "title": paper.title,
            "on": day(paper.issued_on),
            "served": "；".join(
                f"{day(one.served_on)}{one.get_method_display()}" for one in paper.services.all()
            ),
        }
        for paper in rows
    ]


def annexes(case: Case, _now: datetime) -> Rows:
    """Numbered when printed: papers, signed receipts, papers of others, photos."""
    titles = [f"{paper.title}（{paper.number}）" for paper in issued(case)]
    receipts = PaperService.objects.filter(paper__case=case, receipt__isnull=False)
    titles += [
        f"送达回证（{number}）"
        for number in receipts.order_by("served_on", "pk").values_list("paper__number", flat=True)
    ]
    scans = LegalStep.objects.filter(case=case, scan__isnull=False).order_by("taken_on", "pk")
    titles += [f"{step.name}（{step.external_number or step.issuer}）" for step in scans]
    photos = VisitPhoto.objects.filter(visit__case=case).count()
    if photos:
        titles.append(f"入户走访照片{photos}张")
    return [{"title": title} for title in titles]


def documents(case: Case, _now: datetime) -> Rows:
    """Papers for the guardian that nobody has served yet."""
    rows = issued(case).filter(kind__in=SERVED_KINDS, episode=case.episode.number)
    served = PaperService.objects.valid().filter(paper__case=case).values("paper")
    return [
        {"title": paper.title, "number": paper.number, "count": "1"}
        for paper in rows.exclude(pk__in=served)
    ]


def items(_case: Case, _now: datetime) -> Rows:
    return [{"title": "学生电子学籍档案", "form": "电子", "count": "1"}]


def done(case: Case, _now: datetime) -> str:
    visits = _visits(case).count()
    parts = [f"入户走访、联系监护人{visits}次"] if visits else []
    parts += [f"{day(one.issued_on)}{one.title}（{one.number}）" for one in issued(case)]
    return "；".join(parts)[:MOST_WORDS]


def causes(case: Case, _now: datetime) -> str:
    rows = PlanCause.objects.filter(plan__episode=case.current_id).select_related("cause")
    named = [
        ("主要原因：" if row.is_main else "")
        + row.cause.name
        + (f"（{row.note}）" if row.note else "")
        for row in rows.order_by("-is_main", "pk")
    ]
    return "；".join(named)[:MOST_WORDS]


def plan(case: Case, _now: datetime) -> str:
    rows = Measure.objects.filter(plan__episode=case.current_id, dropped_because="")
    lines = []
    for at, row in enumerate(rows.order_by("due_on", "pk"), 1):
        until = f"{day(row.done_on)}完成" if row.done_on else f"{day(row.due_on)}前"
        lines.append(f"{at}. {row.what}（{row.get_seat_display()}，{until}）")
    return "\n".join(lines)[:MOST_WORDS]


GATHER: dict[str, Callable[[Case, datetime], Any]] = {
    "attempts": attempts,
    "team": team,
    "events": events,
    "papers": papers,
    "annexes": annexes,
    "documents": documents,
    "items": items,
    "done": done,
    "causes": causes,
    "plan": plan,
}
PROVIDED = frozenset(GATHER)
