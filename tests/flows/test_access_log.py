"""An auditor asks who looked at this child, and gets an answer."""

import pytest

from agencies.models import AuditEvent
from cases.models import Case
from tests.cases.services.test_chain import absent_for_four_days
from tests.support.clients import browser


def test_who_looked_at_this_child(world, clock):
    case = absent_for_four_days(world)
    child = f"/students/{case.student.public_id}/"
    browser(world, "township_cadre").get(child)
    browser(world, "school_leader").get(f"/cases/{case.public_id}/")
    page = browser(world, "bureau_leader").get(child).content.decode()
    assert "township_cadre 某" in page
    assert "school_leader 某" in page
    assert "Who looked at this child" not in browser(world, "teacher").get(child).content.decode()


@pytest.mark.parametrize(
    ("role", "path", "verb"),
    [
        ("teacher", "/roll/", "roll.read"),
        ("teacher", "/students/", "student.search"),
        ("township_cadre", "/cases/", "case.list"),
        ("bureau_leader", "/board/list/?figure=enrolled", "board.list"),
    ],
)
def test_lists_of_children_leave_a_trace(world, role, path, verb):
    browser(world, role).get(path, follow=True)
    event = AuditEvent.objects.filter(verb=verb).get()
    assert event.user == world.posts[role].user


def test_what_is_searched_for_stands_in_no_address_and_no_log(world):
    client, number = browser(world, "teacher"), world.pupils[1].id_number
    answer = client.post("/students/", {"q": number}, follow=True)
    assert answer.request["PATH_INFO"] == "/students/"
    assert answer.request["QUERY_STRING"] == ""
    assert "李浩然" in answer.content.decode()
    assert "张梓涵" not in answer.content.decode()
    assert not AuditEvent.objects.filter(detail__icontains=number).exists()
    assert Case.objects.count() == 0
