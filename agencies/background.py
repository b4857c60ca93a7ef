"""The one task decorator: one at a time, records how it went, lets errors out; and hints."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

from celery import Task, current_app
from django.db import Error, connection, transaction
from django.db.models import F

from agencies import clock
from agencies.models import TaskRun

LOG = logging.getLogger(__name__)
QUIET = 30.0  # seconds without hints after one that failed: a page does not wait for Redis twice


def task(name: str, *, alone: bool = True) -> Callable[[Callable[[], int]], Task]:
    """A periodic sweep: no arguments, returns how many rows it changed.

    alone: a lock of the session keeps a second worker (or `manage.py tick`) from doing the same
    at once; it ends with the connection, whatever happens to the process. A sweep that skips
    locked rows needs none. The work commits by itself, batch by batch.
    """

    def decorate(work: Callable[[], int]) -> Task:
        @wraps(work)
        def run() -> int:
            with _lock(name) if alone else _free() as ours:
                return _recorded(name, work) if ours else 0

        return current_app.task(name=name)(run)

    return decorate


@contextmanager
def _free() -> Iterator[bool]:
    yield True


@contextmanager
def _lock(name: str) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name])
        ours = cursor.fetchone()[0]
    try:
        yield ours
    finally:
        if ours:
            _unlock(name)


def _unlock(name: str) -> None:
    """A connection that broke, or a transaction that failed, has let go or will when it ends."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])
    except Error:
        connection.close()


def _recorded(name: str, work: Callable[[], int]) -> int:
    began = time.monotonic()
    try:
        changed = work()
    except Exception as error:
        _failed(name, type(error).__name__)
        raise
    TaskRun.objects.update_or_create(
        name=name,
        defaults={
            "succeeded_at": clock.now(),
            "result": changed,
            "seconds": time.monotonic() - began,
            "failures": 0,
            "error": "",
        },
    )
    return changed


def _failed(name: str, error: str) -> None:
    """The class of the error only: its text may hold values of people."""
    try:
        TaskRun.objects.get_or_create(name=name)
        TaskRun.objects.filter(name=name).update(
            failed_at=clock.now(), failures=F("failures") + 1, error=error
        )
    except Error:
        LOG.warning("The failure of %s could not be recorded.", name)


class Breaker:
    """After a hint that failed, none is tried for a while: rows wait for the next sweep anyway."""

    open_until = 0.0


def hint(name: str) -> None:
    """Ask for a task once this transaction is in the database. A hint that fails is no failure."""
    transaction.on_commit(lambda: _send(name), robust=True)


def _send(name: str) -> None:
    if time.monotonic() < Breaker.open_until:
        return
    try:
        current_app.send_task(name, expires=300)
    except Exception as error:  # whatever the broker's client raises: the row is stored
        Breaker.open_until = time.monotonic() + QUIET
        LOG.warning("No hint for %s: %s.", name, type(error).__name__)
