"""Sweeps of the agencies app (when: the beat table in config/celery.py)."""

from agencies import background, clock
from agencies.services import requests, sweep


@background.task("agencies.sweep_deadlines", alone=False)
def sweep_deadlines() -> int:
    return sweep.sweep(clock.now())


@background.task("agencies.forget_old_requests")
def forget_old_requests() -> int:
    return requests.forget(clock.now())
