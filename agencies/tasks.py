"""Sweeps of the agencies app (when: the beat table in config/celery.py)."""

import time

from agencies import background, clock
from agencies.services import digests, dispatch, requests

MOST_SECONDS = 240  # the time limit of a task is 540


@background.task("agencies.send_digests")
def send_digests() -> int:
    return digests.write(clock.now())


@background.task("agencies.deliver_notices", alone=False)
def deliver_notices() -> int:
    """Bounded: the next run goes on, and others may run beside this one."""
    began, changed = time.monotonic(), 0
    while time.monotonic() - began < MOST_SECONDS:
        step = dispatch.expand(clock.now()) or dispatch.deliver(clock.now())
        if not step:
            break
        changed += step
    return changed


@background.task("agencies.forget_old_requests")
def forget_old_requests() -> int:
    return requests.forget(clock.now())
