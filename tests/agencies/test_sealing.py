import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from agencies.sealing import SealBroken, seal, unseal

LABEL = "robot.secret|1"


@given(st.text(), st.text())
def test_what_is_sealed_opens_under_its_label(text, label):
    assert unseal(seal(text, label), label) == text


def test_the_same_text_never_looks_the_same_and_is_not_to_be_seen():
    first, second = seal("SEC-1", LABEL), seal("SEC-1", LABEL)
    assert first != second
    assert b"SEC-1" not in base64.urlsafe_b64decode(first)


def test_another_label_does_not_open_it():
    with pytest.raises(SealBroken):
        unseal(seal("SEC-1", LABEL), "robot.secret|2")


def test_another_key_does_not_open_it(settings):
    blob = seal("SEC-1", LABEL)
    settings.SEAL_KEY = "another-key-of-a-sufficient-length-00"
    with pytest.raises(SealBroken):
        unseal(blob, LABEL)


def test_no_byte_can_be_changed():
    raw = base64.urlsafe_b64decode(seal("SEC-1", LABEL))
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises(SealBroken):
            unseal(base64.urlsafe_b64encode(changed).decode(), LABEL)


@pytest.mark.parametrize("cut", [0, 1, 5, 13, 20])
def test_a_part_of_it_does_not_open(cut):
    raw = base64.urlsafe_b64decode(seal("SEC-1", LABEL))[:cut]
    with pytest.raises(SealBroken):
        unseal(base64.urlsafe_b64encode(raw).decode(), LABEL)


@pytest.mark.parametrize("blob", ["", "SEC-1", "秘密", "AQ", "!" * 60])
def test_what_was_never_sealed(blob):
    with pytest.raises(SealBroken) as broken:
        unseal(blob, LABEL)
    assert "SEC-1" not in str(broken.value)


def test_without_a_key_nothing_is_sealed(settings):
    settings.SEAL_KEY = ""
    with pytest.raises(ImproperlyConfigured):
        seal("SEC-1", LABEL)
