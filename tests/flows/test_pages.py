"""Each page for each role: it renders, and no variable is missing."""

import pytest

from tests.support.clients import browser

PAGES = ["/", "/roll/", "/rolls/", "/students/", "/cases/", "/posts/"]


@pytest.mark.parametrize(
    "role",
    [
        "teacher",
        "school_leader",
        "township_cadre",
        "bureau_leader",
        "system_admin",
        "agency_staff",
        "village_cadre",
    ],
)
def test_pages_have_all_their_variables(world, role):
    client = browser(world, role)
    for page in PAGES:
        answer = client.get(page, follow=True)
        assert answer.status_code in (200, 403), page
        assert b"UNDEFINED" not in answer.content, page


def test_a_year_without_its_calendar_is_marked_on_the_page(world, clock):
    clock("2027-01-05T08:00")
    client = browser(world, "teacher")
    page = client.get(f"/classes/{world.school_class.public_id}/roll/2027-01-05/")
    assert b"counted provisionally" in page.content
    clock("2026-10-12T08:00")
    page = client.get(f"/classes/{world.school_class.public_id}/roll/2026-10-12/")
    assert b"counted provisionally" not in page.content


@pytest.mark.parametrize("role", ["teacher", "village_cadre", "agency_staff", "system_admin"])
def test_the_bar_offers_the_search_for_a_child_to_whoever_may_use_it(world, role):
    person = browser(world, role)
    offered = 'action="/students/"' in person.get("/inbox/").content.decode()
    assert offered == (person.get("/students/").status_code == 200)
