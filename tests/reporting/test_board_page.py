"""The board's pages: every number is a link to a list of that length; a fixed number of queries."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import User
from tests.reporting.county import Morning, morning, roll
from tests.support.world import World, agency, pupil, school_class

NUMBER = re.compile(r'<a href="(/board/list/[^"]+)">(\d+)</a>')
UNIT = re.compile(r'<th scope="row"><a href="(/board/[^"]+)">')
BUDGET = 10


@pytest.fixture
def day(world: World) -> Morning:
    return morning(world)


@pytest.fixture
def client_of(world: World, clock: Callable[[str], None]) -> Callable[[str], Client]:
    clock("2026-10-12T10:00:00+08:00")

    def login(role: str) -> Client:
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        client.force_login(User.objects.get(pk=world.posts[role].user_id))
        return client

    return login


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    html = response.content.decode()
    assert "UNDEFINED" not in html
    return html


@pytest.mark.parametrize("role", ["teacher", "school_leader", "township_cadre", "bureau_staff"])
def test_every_number_on_the_page_opens_a_list_of_that_length(
    day: Morning, client_of: Callable[[str], Client], role: str
) -> None:
    client, waiting, seen, links = client_of(role), ["/board/"], set(), 0
    while waiting:
        html = text(client, waiting.pop())
        waiting += [unescape(href) for href in UNIT.findall(html) if href not in seen]
        seen.update(UNIT.findall(html))
        for href, number in set(NUMBER.findall(html)):
            if int(number) or links < 20:  # empty lists look the same everywhere
                shown = text(client, unescape(href))
                assert f'<span class="kc-count">{number}</span>' in shown, href
                assert len(re.findall(r'<th scope="row">', shown)) == int(number), href
                links += 1
    assert links >= 20


def test_what_the_page_says(day: Morning, client_of: Callable[[str], Client]) -> None:
    html = text(client_of("bureau_staff"), "/board/")
    assert "1/3 classes called" in html
    assert "1 without a roll" in html
    assert "3 unknown" in html
    assert "2026-10-12, as of 10:00" in html
    assert "Classes that have school on that day and whose roll has not come in." in html
    assert 'style="' not in html
    assert html.index("大峃镇</a>") < html.index("百丈漈镇</a>")  # a roll is missing there


def test_a_past_day_and_a_sunday(day: Morning, client_of: Callable[[str], Client]) -> None:
    client = client_of("school_leader")
    assert "as of the end of the day" in text(client, "/board/?on=2026-10-09")
    sunday = text(client, "/board/?on=2026-10-11")
    assert "Not a school day" in sunday
    assert '<td class="kc-num kc-heat-0 kc-zero">–</td>' in sunday


def test_a_wrong_day_keeps_the_board_and_says_so(
    world: World, client_of: Callable[[str], Client]
) -> None:
    client = client_of("teacher")
    for on in ("yesterday", "2026-10-13", "1999-01-01", "2026-02-30", "20261012"):
        assert "This is not a day" in text(client, f"/board/?on={on}", 400)


def test_out_of_reach_and_without_the_duty(
    day: Morning, client_of: Callable[[str], Client]
) -> None:
    world = day.world
    cadre = client_of("township_cadre")
    for address in (
        "/board/county/330328000000/",
        "/board/township/330328101000/",
        f"/board/school/{world.other_school.code}/",
        f"/board/class/{world.other_class.public_id}/",
        "/board/planet/1/",
        "/board/list/?figure=enrolled&region=330328000000",
        "/board/list/?figure=nothing",
        "/board/list/?figure=enrolled&on=never",
    ):
        text(cadre, address, 404)
    for role in ("system_admin", "agency_staff"):
        text(client_of(role), "/board/", 403)
        text(client_of(role), "/board/list/?figure=enrolled", 403)


def test_a_breadcrumb_is_a_link_only_where_one_may_go(
    day: Morning, client_of: Callable[[str], Client]
) -> None:
    address = f"/board/class/{day.world.school_class.public_id}/"
    of_cadre = text(client_of("township_cadre"), address)
    assert "/board/township/330328100000/" in of_cadre
    assert "/board/county/" not in of_cadre
    assert "/board/school/" not in text(client_of("teacher"), address)


@pytest.mark.parametrize(
    "role", ["bureau_staff", "township_cadre", "school_leader", "teacher", "village_cadre"]
)
def test_queries_do_not_grow_with_pupils(
    day: Morning, client_of: Callable[[str], Client], role: str
) -> None:
    client = client_of(role)

    def queries(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            text(client, address)
        return len(captured)

    addresses = ["/board/", "/board/?on=2026-10-09", "/board/list/?figure=unknown"]
    few = [queries(address) for address in addresses]
    world = day.world
    for number in range(3):
        school = agency(f"学校{number}", "school", world.township, f"313300010{number}")
        added = school_class(school, 1, 1)
        children = [pupil(added, f"新{index}", world.village) for index in range(5)]
        if number:
            school.posts.create(
                county=world.county,
                user=world.posts["teacher"].user,
                position="teacher",
                starts_on="2026-09-01",
            )
            roll(added, world.term.starts_on.replace(month=10, day=12), {children[0]: "unknown"})
    assert [queries(address) for address in addresses] == few
    assert max(few) <= BUDGET
