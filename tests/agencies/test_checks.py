"""Each system check fires when it should."""

from datetime import date

import pytest

from agencies import checks


@pytest.mark.parametrize(
    ("today", "years"),
    [("2026-11-14", [2026]), ("2026-11-15", [2026, 2027]), ("2027-01-02", [2027])],
)
def test_the_coming_year_is_asked_for_in_time(today, years):
    assert checks.years_needed(date.fromisoformat(today)) == years


@pytest.mark.django_db
def test_a_year_without_its_notice_is_warned_of(clock):
    assert checks.calendar_is_loaded(["default"]) == []
    clock("2026-11-20T08:00")
    (warning,) = checks.calendar_is_loaded(["default"])
    assert (warning.id, "2027" in warning.msg) == ("agencies.W001", True)


@pytest.mark.django_db
def test_chinese_names_can_be_searched_here():
    assert checks.names_are_searchable(["default"]) == []


@pytest.mark.parametrize(
    ("proxies", "behind", "found"),
    [
        ([], None, []),
        ([], ("HTTP_X_FORWARDED_PROTO", "https"), ["agencies.W002"]),
        (["10.0.0.0/8", "::1", "unix"], ("HTTP_X_FORWARDED_PROTO", "https"), []),
        (["caddy"], None, ["agencies.E002"]),
    ],
)
def test_proxies_are_named_by_their_addresses(settings, proxies, behind, found):
    settings.TRUSTED_PROXIES, settings.SECURE_PROXY_SSL_HEADER = proxies, behind
    assert [one.id for one in checks.proxies_are_networks()] == found
