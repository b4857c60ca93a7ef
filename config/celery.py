"""The Celery application and the one beat table: task, interval, and why.

Nothing depends on a message arriving: each task fetches the rows that wait, and
`manage.py tick` does the same without Redis.
"""

from dataclasses import dataclass

from celery import Celery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config import broker

broker.install()
app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@dataclass(frozen=True)
class Beat:
    task: str
    seconds: int
    why: str | Promise


BEATS = (
    Beat("students.run_imports", 10, _("uploads that wait are checked, confirmed ones applied")),
    Beat(
        "students.reconcile_runs",
        86400,
        _("stored runs are compared with a recount of the rolls"),
    ),
    Beat("students.raise_roll_duties", 300, _("each school day every school owes its rolls")),
    Beat("students.remind_rolls", 120, _("who has called no roll by the set hour is told once")),
    Beat("students.raise_contacts", 60, _("the first day of an absence asks for a contact")),
    Beat("cases.open_from_runs", 20, _("an absence that crossed the threshold becomes a case")),
    Beat("cases.follow_returns", 3600, _("a follow-up ends when its roll says, later or sooner")),
    Beat("cases.follow_comparison", 300, _("rows of a register whose result our records show")),
    Beat("cases.refill_seats", 3600, _("seats whose holder left the post become empty")),
    Beat("reporting.raise_periodic", 3600, _("each school reports on a month that has ended")),
    Beat("reporting.sweep_records", 86400, _("records are compared with what is known of a child")),
    Beat("reporting.sweep_alerts", 86400, _("a rate above the line, or rising, is an alert")),
    Beat("cases.forget_tips", 3600, _("of who sent a tip nothing is kept for longer than needed")),
    Beat("students.open_screenings", 600, _("a screening round opens with each term")),
    Beat("students.raise_tag_reviews", 3600, _("focus tags are looked at again once a year")),
    Beat("students.raise_left_behind", 3600, _("left-behind children are asked after in a rhythm")),
    # After what raises duties: what was met meanwhile is met, then the rest is called late.
    Beat("students.sweep_deadlines", 60, _("what comes near or has passed is said once")),
    Beat("agencies.forget_old_requests", 86400, _("stored first answers are kept for a week only")),
    # Last, so that one tick also sends what the sweeps before it wrote.
    Beat("agencies.send_digests", 300, _("the daily summary goes out at the hour of the county")),
    Beat("agencies.deliver_notices", 20, _("what waits is sent, what failed is tried again")),
)

app.conf.beat_schedule = {
    beat.task: {"task": beat.task, "schedule": float(beat.seconds)} for beat in BEATS
}
