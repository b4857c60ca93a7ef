"""The demonstration county on several days: no day may break it, and it says what is true."""

from datetime import date

import pytest
from django.conf import settings
from django.http import Http404
from django.test import RequestFactory

from agencies import clock as the_clock
from agencies.demo_county import COUNTY_BODIES
from agencies.rules import profile
from agencies.rules.duties import AgencyKind
from cases.models import (
    Case,
)
from cases.services import opening
from config.demo_clock import demo_clock
from students.models import (
    Roll,
    Term,
)
from students.queries.recount import differences
from tests.support.demo import AUTUMN, seed


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "left_out"),
    [
        ("2026-10-01", set()),  # a holiday
        ("2026-09-01", {"main"}),  # its first day
        ("2026-07-20", set()),  # vacation
        ("2027-03-10", set()),  # a calendar that is provisional
    ],
)
def test_any_day_will_do(clock, now, left_out):
    clock(f"{now}T08:05:00+08:00")
    result = seed()
    assert set(result["skipped"]) == left_out
    terms = Term.objects.order_by("starts_on")
    assert [differences(term) for term in terms] == [[], []]
    assert terms[1].starts_on <= date.fromisoformat(now)
    assert Case.objects.count() >= 14
    assert not Roll.objects.filter(day__gt=now).exists()
    assert opening.open_from_runs(the_clock.now()) == 0


@pytest.mark.parametrize("name", ["wencheng-2019", "qinshui-2020"])
def test_whoever_owes_a_duty_of_a_document_is_there(name):
    text = (settings.BASE_DIR / f"agencies/data/profiles/{name}.toml").read_text(encoding="utf-8")
    owing = {kind for clause in profile.read(text, name).clauses for kind in clause.owed_by}
    assert owing & set(AgencyKind) <= {*COUNTY_BODIES, "township", "village", "school"}


@pytest.mark.django_db
def test_a_demonstration_begins_on_a_school_day(monkeypatch, tmp_path):
    monkeypatch.delenv("NOW")
    monkeypatch.setattr(settings, "DEMO_CLOCK_FILE", tmp_path / "clock")
    sunday = the_clock.datetime.fromisoformat("2026-11-22T10:00:00+08:00")
    monkeypatch.setattr("django.utils.timezone.now", lambda: sunday)
    assert seed()["today"] == "2026-11-20"
    assert the_clock.now().isoformat() == AUTUMN


def test_a_clock_that_is_fixed_for_everybody_is_not_moved(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "DEMO_CLOCK_FILE", tmp_path / "clock")
    with pytest.raises(Http404):
        demo_clock(RequestFactory().post("/"))
    assert not (tmp_path / "clock").exists()
