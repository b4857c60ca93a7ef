"""The pages of tips through HTTP: no cookie, nothing comes back, refusals keep the words."""

import pytest
from django.core.cache import cache
from django.test import Client

from agencies import clock
from agencies.models import AuditEvent, Region
from agencies.rules.duties import AgencyKind
from cases.models import Case, Tip
from cases.rules.tips import normal
from cases.services import proof
from tests.support import world as cast
from tests.support.budgets import counted
from tests.support.clients import api, browser
from tests.support.tips import form, number_of, send, solve

WORDS = "张梓涵在菜市场后面做工，电话13812345678"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("cases.rules.proof.MOST", 50)


@pytest.fixture
def tip(world) -> Tip:
    assert send(world, what=WORDS, contact="王大妈 13987654321").status_code == 200
    return Tip.objects.get()


@pytest.mark.parametrize("address", ["/tips/", "/tips/status/"])
def test_a_visitor_gets_no_cookie_and_a_strict_page(world, address):
    answer = Client().get(address)
    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    assert answer.headers["Cache-Control"] == "no-store"
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in f"{policy};"
    assert "unsafe" not in policy
    assert "blob:" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    page = answer.content.decode()
    assert "csrfmiddlewaretoken" not in page
    assert "<noscript>" in page or address != "/tips/"
    assert "12345" in page or address != "/tips/"


def test_sending_gives_a_number_once_and_nothing_of_what_was_written(world):
    client = Client()
    answer = send(world, client=client, what=WORDS, contact="王大妈 13987654321")
    page, number = answer.content.decode(), number_of(answer)
    assert (answer.status_code, dict(client.cookies)) == (200, {})
    for secret in ("张梓涵", "13812345678", "王大妈", "菜市场"):
        assert secret not in page
    told = client.post("/tips/status/?language=en", {"number": number.lower()})
    assert "It has come in" in told.content.decode()
    assert normal(number) not in normal(told.content.decode())
    for secret in (number, "张梓涵", "王大妈", "菜市场", "works"):
        assert secret not in told.content.decode()
    assert dict(client.cookies) == {}


def test_in_both_languages_without_a_cookie(world):
    assert "发现有孩子没有上学" in Client().get("/tips/").content.decode()
    english = Client().get("/tips/?language=en")
    assert "A child does not go to school?" in english.content.decode()
    assert english.headers["Content-Language"] == "en"
    assert Client().get("/tips/?language=xx").headers["Content-Language"] == "zh-hans"


def test_it_is_the_same_page_for_who_is_logged_in(world):
    mine, anybody = browser(world, "bureau_staff"), Client()
    mine.cookies.pop("django_language")
    page = mine.get("/tips/status/").content
    assert page == anybody.get("/tips/status/").content


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"what": "x" * 1001}, "at most 1000"),
        ({"what": " "}, "required"),
        ({"kind": "murder"}, "valid choice"),
        ({"where": "x" * 201}, "at most 200"),
        ({"contact": "x" * 101}, "at most 100"),
        ({"region": "110101000000"}, "valid choice"),
        ({"region": "", "where": ""}, "Please say where"),
        ({"website": "https://spam.example"}, "Please leave this field empty"),
        ({"proof": "x" * 500}, ""),
        ({"proof": "forged"}, "The calculation of your browser"),
        ({"number": ""}, "The calculation of your browser"),
        ({"number": "9" * 30}, ""),
    ],
)
def test_what_is_refused_is_not_stored_and_keeps_the_words(world, wrong, says):
    given = {"what": "她在做工", **wrong}
    answer = send(world, **given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert given["what"].strip() in page
    assert not Tip.objects.exists()
    assert answer.context["challenge"].token in page  # a new task, so that it can be sent again


def test_a_form_that_was_open_too_long_and_one_that_was_sent(world, clock):
    client = Client()
    challenge = client.get("/tips/").context["challenge"]
    data = form(world, challenge)
    clock("2026-10-12T09:00:01+08:00")
    assert "打开时间过长" in client.post("/tips/", data).content.decode()
    clock("2026-10-12T08:59:00+08:00")
    assert client.post("/tips/", data).status_code == 200
    assert "已经提交过" in client.post("/tips/", data).content.decode()
    assert Tip.objects.count() == 1


def test_the_fourth_of_an_hour_is_told_where_to_call(world):
    for _n in range(3):
        assert send(world).status_code == 200
    refused = send(world, what="一个新的情况")
    assert refused.status_code == 429
    assert "12345" in refused.content.decode()
    assert "一个新的情况" in refused.content.decode()
    assert send(world, "203.0.113.8").status_code == 200


def test_a_forwarded_address_is_believed_only_from_a_trusted_proxy(world, settings):
    def post(claimed: str) -> int:
        data = form(world, proof.issue(clock.now()))
        return Client().post("/tips/", data, headers={"x-forwarded-for": claimed}).status_code

    assert [post(f"198.51.100.{n}") for n in range(4)] == [200, 200, 200, 429]
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert [post(f"198.51.100.{n}") for n in range(4)] == [200] * 4


def test_another_site_and_a_large_body_are_refused(world):
    data = form(world, proof.issue(clock.now()))
    other = Client().post("/tips/", data, headers={"sec-fetch-site": "cross-site"})
    assert (other.status_code, dict(other.cookies)) == (400, {})
    large = Client().post("/tips/", {**data, "what": "x" * 70_000})
    assert (large.status_code, dict(large.cookies)) == (413, {})
    assert Client().put("/tips/").status_code == 405
    assert Client().post("/tips/", {"what": "\x00"}).status_code == 400


def test_several_counties_are_a_choice(world):
    second = Region.objects.get(code="140521000000")
    cast.agency("沁水县教育局", AgencyKind.BUREAU, second)
    page = Client().get("/tips/?language=en")
    assert "In which county" in page.content.decode()
    assert "county=140521000000" in page.content.decode()
    there = Client().get("/tips/?county=140521000000")
    assert there.context["here"].bureau == "沁水县教育局"
    data = {**form(world, there.context["challenge"]), "region": "", "where": "某村"}
    assert Client().post("/tips/?county=140521000000", data).status_code == 200
    assert Tip.objects.get().county == second
    assert "No tip waits" in browser(world, "bureau_staff").get("/tips/queue/").content.decode()


def test_it_answers_while_redis_is_down(world, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    with pytest.raises(Exception, match="refused"):
        cache.get("anything")
    answer = send(world)
    assert answer.status_code == 200
    assert Client().post("/tips/status/", {"number": number_of(answer)}).status_code == 200


def test_nine_wrong_numbers_and_then_none_counts(world):
    client = Client()
    answers = [client.post("/tips/status/", {"number": f"wrong{n}"}) for n in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert "wrong3" not in answers[3].content.decode()
    assert client.post("/tips/status/", {"number": "x" * 99}).status_code == 422


def test_the_list_of_the_bureau_masks_numbers_and_is_recorded(world, tip):
    client = browser(world, "bureau_staff")
    page = client.get("/tips/queue/").content.decode()
    assert "138****5678" in page
    assert "13812345678" not in page
    assert "王大妈" not in page
    assert AuditEvent.objects.filter(verb="tip.list").count() == 1
    one = client.get(f"/tips/queue/{tip.public_id}/").content.decode()
    assert "138****5678" in one
    assert "王大妈" not in one
    opened = client.post(f"/tips/queue/{tip.public_id}/contact/").content.decode()
    assert "王大妈 13987654321" in opened
    assert "13812345678" in opened
    assert AuditEvent.objects.filter(verb="tip.contact").count() == 1
    assert client.get(f"/tips/queue/{tip.public_id}/contact/").status_code == 405


def test_the_list_has_a_fixed_number_of_queries(world, tip):
    client = browser(world, "bureau_staff")
    with counted() as few:
        client.get("/tips/queue/")
    for n in range(6):
        send(world, f"198.51.100.{n}")
    with counted() as many:
        assert client.get("/tips/queue/").content.decode().count("kc-row-tip") == 7
    assert len(many) == len(few)


def test_from_the_list_to_a_case_and_the_reply(world, tip):
    client = browser(world, "bureau_staff")
    url = f"/tips/queue/{tip.public_id}/"
    assert client.post(f"{url}take/", {"take-version": 1}).status_code == 302
    client.post(f"{url}spam/", {"spam-version": 2, "spam-words": "13800001111 号码有误"})
    client.post(f"{url}reopen/", {"reopen-version": 3, "reopen-words": "号码无误"})
    noted = client.get(url).content.decode()
    assert "138****1111 号码有误" in noted
    assert "13800001111" not in noted
    found = client.post(f"{url}link/", {"q": "李浩然"}, follow=True).content.decode()
    assert "李浩然" in found
    assert "张梓涵</" not in found
    child = world.pupils[1].public_id
    stale = client.post(f"{url}link/", {"version": 1, "student": child, "on": "2026-10-12"})
    assert stale.status_code == 422
    assert not Case.objects.exists()
    done = client.post(f"{url}link/", {"version": 4, "student": child, "on": "2026-10-12"})
    assert done.url == url
    case = Case.objects.get()
    assert case.number in client.get(url).content.decode()
    words = {"answer-version": 5, "answer-words": "已核实"}
    assert client.post(f"{url}answer/", words).status_code == 302
    tip.refresh_from_db()
    assert (tip.state, tip.reply) == ("linked", "已核实")


def test_a_refused_answer_keeps_its_words_and_can_be_sent_again(world, tip):
    client = browser(world, "bureau_staff")
    url = f"/tips/queue/{tip.public_id}/"
    browser(world, "bureau_leader").post(f"{url}take/", {"take-version": 1})
    late = {"answer-version": 1, "answer-words": "我的答复"}
    refused = client.post(f"{url}answer/", late)
    assert refused.status_code == 422
    assert "Somebody else has worked on this tip" in refused.content.decode()
    assert "我的答复" in refused.content.decode()
    assert 'name="answer-version" value="2"' in refused.content.decode()
    assert client.post(f"{url}spam/", {"spam-version": 2}).status_code == 422


def test_several_are_set_aside_at_once(world, tip):
    send(world, "198.51.100.1")
    client = browser(world, "bureau_staff")
    ids = [str(one) for one in Tip.objects.values_list("public_id", flat=True)]
    assert client.post("/tips/queue/set-aside/", {"tip": ids, "words": ""}).status_code == 302
    assert Tip.objects.filter(state="new").count() == 2
    told = client.post(
        "/tips/queue/set-aside/", {"tip": [*ids, "x"], "words": "广告"}, follow=True
    ).content.decode()
    assert "2 are set aside" in told
    assert "No tip waits" in told
    assert "广告" not in Client().get("/tips/status/").content.decode()
    assert client.get("/tips/queue/?state=spam").content.decode().count("kc-row-tip") == 2


@pytest.mark.parametrize("role", ["township_leader", "teacher", "school_leader", "system_admin"])
def test_the_bureau_alone(world, tip, role):
    client, caller = browser(world, role), api(world, role)
    for path in ("", f"{tip.public_id}/", f"{tip.public_id}/link/"):
        assert client.get(f"/tips/queue/{path}").status_code == 403
    assert client.post(f"/tips/queue/{tip.public_id}/contact/").status_code == 403
    assert caller.get("/api/v1/tips/").status_code == 403
    assert caller.post(f"/api/v1/tips/{tip.public_id}/contact/").status_code == 403


def test_the_api_of_the_bureau(world, tip):
    client = api(world, "bureau_staff")
    listed = client.get("/api/v1/tips/?count=1").json()
    assert (listed["count"], listed["results"][0]["state"]) == (1, "new")
    assert "138****5678" in listed["results"][0]["what"]
    url = f"/api/v1/tips/{tip.public_id}/"
    assert client.get(url).json()["possible"] == ["take", "link", "answer", "spam"]
    assert client.post(f"{url}contact/").json()["contact"] == "王大妈 13987654321"
    missing = client.post(f"{url}actions/link/", {"version": 1}, format="json")
    assert (missing.status_code, missing.json()["errors"][0]["pointer"]) == (422, "/student")
    child = {"student": str(world.pupils[0].public_id), "version": 1}
    linked = client.post(f"{url}actions/link/", child, format="json").json()
    assert (linked["state"], linked["case"]) == ("linked", str(Case.objects.get().public_id))
    stale = client.post(f"{url}actions/answer/", {"version": 1, "words": "x"}, format="json")
    assert stale.status_code == 409
    assert client.post(f"{url}actions/nothing/", {}, format="json").status_code == 404
    assert client.post("/api/v1/tips/", {}, format="json").status_code == 405
    assert client.get("/api/v1/tips/?state=nothing").status_code == 400


def test_a_solution_is_for_this_server_only(world, settings):
    challenge = proof.issue(clock.now())
    number = solve(challenge)
    settings.SECRET_KEY = "another"
    answer = Client().post("/tips/", form(world, None, proof=challenge.token, number=str(number)))
    assert answer.status_code == 422
