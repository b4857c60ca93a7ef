"""Sweeps of the agencies app (when: the beat table in config/celery.py)."""

from agencies import background, clock
from agencies.services import requests


@background.task("agencies.forget_old_requests")
def forget_old_requests() -> int:
    return requests.forget(clock.now())
