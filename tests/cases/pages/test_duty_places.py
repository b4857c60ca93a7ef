"""A duty leads to the page where it is done only for whoever may open that page."""

import re

import pytest

from agencies.models import Obligation
from tests.cases.services.test_chain import absent_for_four_days
from tests.support.budgets import counted
from tests.support.clients import browser
from tests.support.world import post, pupil, school_class

PLACES = re.compile(rb'kc-row-act kc-no-print"><a class="[^"]+" href="([^"]+)"')


@pytest.fixture
def neighbour(world, clock):
    """The teacher of another class of the school, which owes several duties about a child."""
    clock("2026-10-12T09:00")
    there = post("neighbour", world.school, world.posts["teacher"].position)
    world.posts["neighbour"] = there
    pupil(school_class(world.school, 7, 4, there), "林小远", world.village)
    case = absent_for_four_days(world)
    child = f"/students/{case.student.public_id}/"
    bases = (f"/cases/{case.public_id}/", f"/cases/{case.public_id}/ladder/",
             f"/cases/{case.public_id}/outside/", child, f"{child}contact/")  # fmt: skip
    row = Obligation.objects.filter(owed_by=world.town_hall).first()
    for number, href in enumerate(bases):
        row.pk, row.public_id = None, Obligation().public_id
        row.key, row.href, row.owed_by = f"place:{number}", href, world.school
        row.save()
    return bases


def test_without_the_child_there_is_no_link(world, neighbour):
    page = browser(world, "neighbour").get("/duties/")
    assert page.content.count(b"kc-row-duty") >= len(neighbour)
    assert not set(PLACES.findall(page.content)) & {href.encode() for href in neighbour}
    one = Obligation.objects.get(key="place:0")
    assert (
        neighbour[0].encode()
        not in browser(world, "neighbour").get(f"/duties/{one.public_id}/").content
    )


@pytest.mark.parametrize("role", ["teacher", "neighbour", "school_leader", "township_cadre",
                                  "other_cadre", "village_cadre", "bureau_staff"])  # fmt: skip
def test_every_link_opens(world, neighbour, role):
    client = browser(world, role)
    places = PLACES.findall(client.get("/duties/?view=all").content)
    assert {place: client.get(place.decode()).status_code for place in places} == dict.fromkeys(
        places, 200
    )
    wanted = {href.encode() for href in neighbour[:2] + neighbour[3:4]}
    assert (set(places) >= wanted) is (role not in ("neighbour", "other_cadre"))


def test_the_links_of_a_page_are_asked_for_together(world, neighbour):
    with counted() as few:
        browser(world, "teacher").get("/duties/")
    row = Obligation.objects.get(key="place:0")
    for number in range(40):
        row.pk, row.public_id, row.key = None, Obligation().public_id, f"more:{number}"
        row.save()
    with counted() as many:
        browser(world, "teacher").get("/duties/")
    assert len(many) == len(few)
