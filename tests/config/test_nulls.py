"""A NUL character is refused in words, in the language of the person, before anything is read."""

import pytest
from django.test import Client

SAID = {"en": "a character that no text has", "zh-hans": "无法识别的字符"}


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("path", ["/login/?next=%00", "/%00/", "/login/"])
def test_a_page_says_what_is_wrong(path, language):
    client = Client()
    client.cookies["django_language"] = language
    answer = client.post(path, {"phone": "\x00"}) if path == "/login/" else client.get(path)
    assert answer.status_code == 400
    assert SAID[language] in answer.content.decode()
