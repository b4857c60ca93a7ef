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
def test_pages(world, role):
    client = browser(world, role)
    for page in PAGES:
        r = client.get(page, follow=True)
        assert r.status_code in (200, 403), (page, r.status_code, r.content[:500])
        assert b"UNDEFINED" not in r.content, (
            page,
            r.content[max(r.content.index(b"UNDEFINED") - 200, 0) :][:400].decode(),
        )
