"""The Chinese catalogue is complete, and the pages really speak two languages."""

import html
import io
import re

import pytest
from babel.messages.catalog import Catalog
from django.core.management import call_command
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext

from agencies.models import User
from config.messages import catalogue_as_written, forms, messages, problems, texts_of_the_code
from config.prepare import compile_texts
from students.models.school_class import class_name
from tests.cases.services.test_chain import DAYS
from tests.support.clients import browser
from tests.support.rolls import U, take

TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL)
SAID_BY_ATTRIBUTES = re.compile(r'\b(?:title|aria-label|placeholder|alt)="([^"]*)"')
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?(]|[,;:!?)][\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def compiled() -> None:
    compile_texts()


def test_the_catalogue_says_what_the_code_says():
    assert list(problems(catalogue_as_written(), texts_of_the_code())) == []


def test_chinese_sentences_have_chinese_punctuation():
    texts = [text for message in messages(catalogue_as_written()) for text in forms(message.string)]
    assert [text for text in texts if HALF_WIDTH.search(text)] == []


@pytest.mark.parametrize(
    ("translated", "flags", "problem"),
    [
        ("共%(count)s人", (), None),
        ("", (), "missing"),
        ("共%(count)s人", ("fuzzy",), "fuzzy"),
        ("共%(number)s人", (), "other placeholders"),
    ],
)
def test_each_fault_of_a_translation_is_found(translated, flags, problem):
    found, old = Catalog(locale="zh_Hans"), Catalog(locale="zh_Hans")
    found.add("%(count)s people")
    old.add("%(count)s people", translated, flags=flags)
    expected = [f"{problem}: %(count)s people"] if problem else []
    assert list(problems(old, found)) == expected
    assert "left over: %(count)s people" in problems(old, Catalog(locale="zh_Hans"))


def test_the_same_text_with_and_without_its_plural_are_two():
    found, old = Catalog(locale="zh_Hans"), Catalog(locale="zh_Hans")
    found.add(("one day", "%(days)s days"))
    old.add("one day", "一天")
    assert list(problems(old, found)) == [
        "missing: ('one day', '%(days)s days')", "left over: one day"
    ]  # fmt: skip


def test_contexts_plurals_and_additional_keys_reach_the_screen():
    with translation.override("zh-hans"):
        assert (pgettext("mark", "Absent"), gettext("Absent")) == ("旷课", "缺勤")
        days = [ngettext("%(days)s day", "%(days)s days", n) % {"days": n} for n in (1, 2)]
        assert days == ["1天", "2天"]
        assert class_name(7, 3) == "七年级（3）班"
    assert class_name(7, 3) == "Grade 7 (3)"


@pytest.mark.django_db
def test_a_page_is_chinese_unless_english_was_chosen():
    client = Client()
    chinese = client.get("/login/", headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    english = client.get("/login/", headers={"accept-language": "zh"})
    assert (chinese.headers["Content-Language"], english.headers["Content-Language"]) == (
        "zh-hans", "en"
    )  # fmt: skip
    assert "登录" in words(chinese)
    assert "Log in" not in words(chinese)
    assert "Log in" in words(english)
    assert re.findall(r"[\u4e00-\u9fff]+", words(english)) == ["简体中文"]


@pytest.mark.parametrize("address", ["/roll/", "/students/", "/cases/", "/board/", "/imports/"])
def test_nothing_english_is_left_on_a_chinese_page(world, address):
    for day in DAYS:
        take(world, day, {0: U})
    call_command("tick", json=True, stdout=io.StringIO())  # opens a case
    client = browser(world, "school_leader")
    client.cookies["django_language"] = "zh-hans"
    text = words(client.get(address, follow=True))
    for name in User.objects.values_list("name", flat=True):
        text = text.replace(name, "")
    assert set(re.findall(r"[A-Za-z]{2,}", text)) <= {"English", "MB", "csv", "xls", "xlsx"}


def words(response) -> str:
    """What a page says on the screen and to a screen reader."""
    page = response.content.decode()
    return html.unescape(TAG.sub(" ", page) + " ".join(SAID_BY_ATTRIBUTES.findall(page)))
