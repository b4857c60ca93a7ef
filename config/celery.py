"""The Celery application and the one beat table: task, interval, and why.

Nothing depends on a message arriving: each task fetches the rows that wait, and
`manage.py tick` does the same without Redis.
"""

from dataclasses import dataclass

from celery import Celery

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@dataclass(frozen=True)
class Beat:
    task: str
    seconds: int
    why: str


BEATS = (
    Beat("students.run_imports", 10, "uploads that wait are checked, confirmed ones applied"),
    Beat(
        "students.reconcile_runs", 86400, "stored runs are compared with a recount from the rolls"
    ),
    Beat("students.raise_roll_duties", 300, "each school day every school owes its rolls"),
    Beat("students.remind_rolls", 120, "who has not called the roll by the set hour is told once"),
    Beat("students.raise_contacts", 60, "the first day of an absence asks for a contact at once"),
    Beat("cases.open_from_runs", 20, "an absence that crossed the threshold becomes a case"),
    Beat("cases.follow_returns", 3600, "a follow-up ends when its roll says, later or sooner"),
    Beat("cases.refill_seats", 3600, "seats whose holder left the post become empty"),
    Beat("reporting.raise_periodic", 3600, "a month that has ended is reported on by each school"),
    # After what raises duties: what was met meanwhile is met, then the rest is called late.
    Beat("students.sweep_deadlines", 60, "deadlines that come near or have passed are said once"),
    Beat("agencies.forget_old_requests", 86400, "stored first answers are kept for a week only"),
    # Last, so that one tick also sends what the sweeps before it wrote.
    Beat("agencies.send_digests", 300, "the daily summary goes out at the hour of the county"),
    Beat("agencies.deliver_notices", 20, "what hints missed is sent, what failed is tried again"),
)

app.conf.beat_schedule = {
    beat.task: {"task": beat.task, "schedule": float(beat.seconds)} for beat in BEATS
}
