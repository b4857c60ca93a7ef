"""The one task decorator: one at a time, records its last success, lets errors out."""

from collections.abc import Callable
from functools import wraps

from celery import Task, current_app
from django.db import connection, transaction

from agencies import clock
from agencies.models import TaskRun


def task(name: str) -> Callable[[Callable[[], int]], Task]:
    """A periodic sweep: no arguments, returns how many rows it changed.

    An advisory lock keeps a second worker (or `manage.py tick`) from doing the same at once;
    the lock ends with the transaction, whatever happens to the process.
    """

    def decorate(work: Callable[[], int]) -> Task:
        @wraps(work)
        def run() -> int:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [name])
                    if not cursor.fetchone()[0]:
                        return 0
                changed = work()
            TaskRun.objects.update_or_create(
                name=name, defaults={"succeeded_at": clock.now(), "result": changed}
            )
            return changed

        return current_app.task(name=name)(run)

    return decorate
