"""The pages of rates, entries and alerts."""

from datetime import datetime

import pytest

from agencies.rules.deadlines import CHINA
from cases.rules.workflow import State
from reporting.models import Alert, Target, YearlyValue
from reporting.services import alerts
from tests.reporting.county import FRIDAY, case
from tests.support.clients import browser
from tests.support.world import World

NOW = datetime(2026, 10, 12, 3, 0, tzinfo=CHINA)


@pytest.fixture
def one_out(world: World) -> World:
    case(world.pupils[0], State.CONFIRMED, FRIDAY)
    alerts.sweep(NOW)
    return world


def test_the_table_links_numerator_and_alert(one_out: World) -> None:
    text = browser(one_out, "bureau_staff").get("/rates/").content.decode()
    assert "16.67 %" in text
    assert "above the line" in text
    assert "small base" in text
    assert "no data" in text
    assert f"/alerts/{Alert.objects.get(kind='township').public_id}/" in text
    assert "unit=township&amp;key=330328100000&amp;stage=junior" in text
    assert "张梓涵" not in text
    assert (
        "Without data in all these years: 大峃镇 (primary stage)、百丈漈镇 (primary stage)" in text
    )
    assert "百丈漈镇</th>" not in text


def test_the_children_behind_a_numerator(one_out: World) -> None:
    address = "/rates/children/?measure=ledger&year=2026&unit=school&key=3133000001&stage=junior"
    text = browser(one_out, "school_leader").get(address).content.decode()
    assert "张梓涵" in text
    assert "李浩然" not in text
    assert browser(one_out, "second_leader").get(address).status_code == 404
    wrong = address.replace("junior", "senior")
    assert browser(one_out, "school_leader").get(wrong).status_code == 404


def test_a_focus_group_narrows_the_table_and_its_lists(one_out: World) -> None:
    client = browser(one_out, "bureau_staff")
    text = client.get("/rates/?tag=migrant").content.decode()
    assert "Only children count who are of this focus group" in text
    assert "above the line" not in text
    assert "&amp;tag=migrant" not in text  # nobody is behind a nought
    address = "/rates/children/?measure=ledger&year=2026&unit=county&key=330328000000&stage=junior"
    assert "张梓涵" in client.get(address).content.decode()
    assert "张梓涵" not in client.get(f"{address}&tag=migrant").content.decode()
    assert client.get("/rates/?tag=x").status_code == 400


@pytest.mark.parametrize("query", ["on=2027-01-01", "year=1900", "on=x", "measure=reported"])
def test_a_filter_that_is_wrong_is_said_to_be_wrong(one_out: World, query: str) -> None:
    answer = browser(one_out, "bureau_staff").get(f"/rates/?{query}")
    assert answer.status_code == 400
    assert "The page shows today." in answer.content.decode()


def test_a_year_without_any_row_is_a_page_of_gaps(world: World) -> None:
    answer = browser(world, "bureau_staff").get("/rates/?year=2020&measure=consolidation")
    assert answer.status_code == 200
    assert "no data" in answer.content.decode()
    empty = browser(world, "second_leader").get("/rates/?year=2020")
    assert "There is no unit with a figure." in empty.content.decode()


FIGURE = {
    "unit": "township:330328100000", "measure": "ledger", "stage": "junior", "school_year": "2024",
    "numerator": "3", "denominator": "900", "source": "2024年年报",
}  # fmt: skip


def test_a_figure_is_entered_refused_and_taken_out(world: World) -> None:
    client = browser(world, "bureau_staff")
    refused = client.post("/rates/entries/values/", FIGURE | {"source": ""})
    assert refused.status_code == 422
    assert 'value="900"' in refused.content.decode()
    assert "name the paper it stands in" in refused.content.decode()
    assert client.post("/rates/entries/values/", FIGURE).status_code == 302
    text = client.get("/rates/entries/").content.decode()
    assert "0.33 % = 3 / 900" in text
    assert client.get("/rates/?year=2024").content.decode().count("2024年年报") == 1
    made = YearlyValue.objects.get()
    assert client.post(f"/rates/entries/values/{made.public_id}/").status_code == 302
    assert client.post(f"/rates/entries/values/{made.public_id}/").status_code == 404


def test_a_target_is_set_on_rates_only(world: World) -> None:
    client = browser(world, "bureau_staff")
    target = FIGURE | {"school_year": "2026", "limit": "0.5"}
    refused = client.post("/rates/entries/targets/", target | {"measure": "net"})
    assert refused.status_code == 422
    assert client.post("/rates/entries/targets/", target).status_code == 302
    assert "at most 0.5 %" in client.get("/rates/").content.decode()
    made = Target.objects.get()
    assert client.post(f"/rates/entries/targets/{made.public_id}/").status_code == 302
    assert not Target.objects.exists()
    assert browser(world, "township_leader").get("/rates/entries/").status_code == 403


def test_an_alert_shows_its_evidence_and_only_children_in_sight(one_out: World) -> None:
    client = browser(one_out, "township_cadre")
    alert = Alert.objects.get(kind="township")
    assert f"/alerts/{alert.public_id}/" in client.get("/alerts/").content.decode()
    text = client.get(f"/alerts/{alert.public_id}/").content.decode()
    for part in ("16.67 %", "1 / 6", "1.80 %", "张梓涵", "2023–2024", "no data"):
        assert part in text
    assert browser(one_out, "other_cadre").get(f"/alerts/{alert.public_id}/").status_code == 404
    ended = client.get("/alerts/?state=ended").content.decode()
    assert "No figure calls for a step." in ended
    assert browser(one_out, "teacher").get("/alerts/").status_code == 403
