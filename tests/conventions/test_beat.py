"""The beat table names real tasks, and running each twice changes nothing the second time."""

import io
import json

import pytest
from celery import current_app
from django.core.management import call_command

from config.celery import BEATS
from tests.cases.services.test_chain import DAYS
from tests.support.rolls import U, take


def test_every_beat_is_a_task_with_a_reason():
    current_app.loader.import_default_modules()
    for beat in BEATS:
        assert beat.task in current_app.tasks
        assert beat.why
        assert beat.seconds > 0


@pytest.mark.django_db
def test_a_second_tick_changes_nothing(world):
    for day in DAYS:
        take(world, day, {0: U})

    def tick() -> dict:
        out = io.StringIO()
        call_command("tick", json=True, stdout=out)
        return json.loads(out.getvalue())

    assert tick()["cases.open_from_runs"] == 1
    assert set(tick().values()) == {0}
