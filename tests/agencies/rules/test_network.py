"""Who asks, behind proxies or not: a header is believed only as far as a trusted proxy wrote it."""

import pytest

from agencies.rules.network import visitor

PROXIES = ["10.0.0.0/8", "unix"]


@pytest.mark.parametrize(
    ("remote", "forwarded", "trusted", "asks"),
    [
        ("203.0.113.7", "", [], "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", [], "203.0.113.7"),  # a claim
        ("203.0.113.7", "198.51.100.1", PROXIES, "203.0.113.7"),  # not through the proxy
        ("10.1.1.1", "203.0.113.7", PROXIES, "203.0.113.7"),
        (
            "10.1.1.1",
            "198.51.100.1, 203.0.113.7",
            PROXIES,
            "203.0.113.7",
        ),  # the left one is a claim
        ("10.1.1.1", "203.0.113.7, 10.2.2.2", PROXIES, "203.0.113.7"),  # two proxies
        ("10.1.1.1", "", PROXIES, "10.1.1.1"),
        ("", "203.0.113.7", PROXIES, "203.0.113.7"),
        ("", "203.0.113.7", [], "unknown"),
        ("10.1.1.1", "nonsense", PROXIES, "unknown"),
        ("2001:db8:1:2:3:4:5:6", "", [], "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "", [], "2001:db8:1:2::/64"),  # the same line
        ("::ffff:203.0.113.7", "", [], "203.0.113.7"),
    ],
)
def test_who_asks(remote, forwarded, trusted, asks):
    assert visitor(remote, forwarded, trusted) == asks
