"""What is watched: each gauge with its value, its limit and whether it is in order.

Page, JSON and Prometheus text show this one list. Ages are measured by the product's clock: where
that is fixed (training), nothing grows old.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from glob import glob
from pathlib import Path

from django.conf import settings
from django.db.models import Min
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.checks import years_needed
from agencies.models import CalendarYear, Delivery, Notice, Obligation, TaskRun
from agencies.queries.clock import doubt_now
from agencies.rules.deadlines import CHINA
from config.celery import BEATS, Beat

UNSAID = 300  # seconds: no deadline is said later (the promise of this product)
UNSENT = 600  # seconds
FAILING = 6 * 3600  # seconds: eight tries take less
DEAD = 0  # messages that were given up and that nobody has looked at
DISK = 5  # percent that have to be free
BACKUP = 26 * 3600  # seconds: once a day, with two hours to make it
DAILY = 30 * 3600  # seconds: a task of every day
OFTEN = 900  # seconds: a task with a lower limit is missed at once on a new server


@dataclass(frozen=True)
class Gauge:
    """value None: not known, or not watched. at_least: the limit is the least, not the most."""

    name: str
    words: str | Promise
    value: float | None
    limit: float
    unit: str = "seconds"
    at_least: bool = False
    watched: bool = True
    detail: str = ""

    @property
    def ok(self) -> bool:
        if self.value is None:
            return not self.watched
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def gauges(now: datetime) -> list[Gauge]:
    """All of them, in a fixed number of queries."""
    return [*_deadlines(now), *_messages(now), *_tasks(now), *_surroundings(now)]


def _age(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0


def _deadlines(now: datetime) -> Iterator[Gauge]:
    unsaid = Obligation.objects.open().filter(next_check_at__lt=now)
    oldest = unsaid.aggregate(at=Min("next_check_at"))["at"]
    text = _("Oldest deadline that was not said yet")
    yield Gauge("deadline_unsaid", text, _age(oldest, now), UNSAID)
    doubt = doubt_now()
    text = _("Doubts about the clock: the sweep of deadlines stands still")
    yield Gauge("clock_doubt", text, 1 if doubt else 0, 0, "count", detail=doubt)


def _messages(now: datetime) -> Iterator[Gauge]:
    unread = Notice.objects.filter(expanded_at__isnull=True).aggregate(at=Min("created_at"))["at"]
    yield Gauge("notice_unsent", _("Oldest notice without receivers"), _age(unread, now), UNSENT)
    due = Delivery.objects.waiting().filter(next_try_at__lt=now)
    oldest = due.aggregate(at=Min("next_try_at"))["at"]
    yield Gauge("message_unsent", _("Oldest message that waits"), _age(oldest, now), UNSENT)
    failing = Delivery.objects.waiting().filter(tries__gt=0).aggregate(at=Min("created_at"))["at"]
    text = _("Oldest message that keeps failing")
    yield Gauge("message_failing", text, _age(failing, now), FAILING)
    dead = Delivery.objects.filter(state=Delivery.State.DEAD).count()
    yield Gauge("dead_letters", _("Messages that were given up"), dead, DEAD, "count")


def _tasks(now: datetime) -> Iterator[Gauge]:
    runs = {run.name: run for run in TaskRun.objects.all()}
    for beat in BEATS:
        yield _task(beat, runs.get(beat.task), now)


def _task(beat: Beat, run: TaskRun | None, now: datetime) -> Gauge:
    """What runs seldom is watched from its first success on: beat begins with the wait."""
    limit = DAILY if beat.seconds >= 86400 else max(300, 3 * beat.seconds)
    never = run is None or run.succeeded_at is None
    value = None if never else _age(run.succeeded_at if run else None, now)
    watched = not never or limit <= OFTEN
    error = run.error if run else ""
    said = f"{beat.task} {error}".strip()
    return Gauge(f"task:{beat.task}", beat.why, value, limit, watched=watched, detail=said)


def _surroundings(now: datetime) -> Iterator[Gauge]:
    today = now.astimezone(CHINA).date()
    loaded = set(CalendarYear.objects.values_list("year", flat=True))
    missing = [str(year) for year in years_needed(today) if year not in loaded]
    text = _("Years without an official calendar: deadlines are provisional")
    yield Gauge("calendar_missing", text, len(missing), 0, "count", detail=", ".join(missing))
    yield Gauge("disk_free", _("Free disk space"), _disk_free(), DISK, "percent", at_least=True)
    files = [Path(name) for name in glob(settings.BACKUP_GLOB)] if settings.BACKUP_GLOB else []
    newest = max((file.stat().st_mtime for file in files), default=None)
    made = datetime.fromtimestamp(newest, CHINA) if newest else None
    age = max(timedelta(), datetime.now(CHINA) - made) if made else None  # noqa: TID251 files have the real time
    yield Gauge(
        "backup",
        _("Newest backup"),
        age.total_seconds() if age is not None else None,
        BACKUP,
        watched=bool(settings.BACKUP_GLOB),
    )


def _disk_free() -> float:
    """Percent of the file system on which files are kept, or of the nearest folder above."""
    folder = Path(settings.UPLOAD_ROOT)
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return round(100 * usage.free / usage.total, 1)
