"""The product's Celery application with its deadlines and messages every second.

A test of a minute would prove nothing more. Tasks, options and beat itself are the real ones.
"""

from config.celery import app

IN_A_HURRY = ("students.sweep_deadlines", "agencies.deliver_notices")

app.conf.beat_schedule = {
    name: {**entry, "schedule": 1.0}
    for name, entry in app.conf.beat_schedule.items()
    if name in IN_A_HURRY
}
