"""The language button leads back to a page that can be read, also from the answer to a form."""

import re

from tests.support.clients import browser


def test_from_a_refused_form_back_to_the_page_of_the_form(world):
    client = browser(world, "bureau_staff")
    refused = client.post(
        "/terms/closed-days/",
        {"day": "2026-09-32"},
        headers={"referer": "http://testserver/terms/"},
    )
    assert refused.status_code == 422
    target = re.search(r'name="next" value="([^"]*)"', refused.content.decode()).group(1)
    assert target == "/terms/"
    foreign = client.post(
        "/terms/closed-days/", {"day": ""}, headers={"referer": "http://elsewhere.example/x/"}
    )
    assert 'name="next" value="/"' in foreign.content.decode()


def test_the_login_is_in_chinese_throughout(client, db):
    page = client.get("/login/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "用户名" in page
    assert "Username" not in page
