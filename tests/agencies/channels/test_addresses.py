"""Which addresses may be called at all: nothing is connected here."""

import pytest

from agencies.channels import addresses
from agencies.channels.addresses import NoAddress, NotAllowed, check, is_public


@pytest.fixture
def resolves(monkeypatch, settings):
    """Every name resolves to these addresses."""
    settings.WEBHOOK_HOSTS = ["robot.example", "gate.example:8443", "[2606:4700::1]"]

    def to(*found: str) -> None:
        monkeypatch.setattr(addresses, "lookup", lambda host, port: found)

    to("93.184.216.34")
    return to


@pytest.mark.parametrize(
    ("url", "header"),
    [
        ("https://robot.example/send", "robot.example"),
        ("https://ROBOT.example:443/send", "robot.example"),
        ("https://gate.example:8443/", "gate.example:8443"),
        ("https://[2606:4700::1]/", "[2606:4700::1]"),
    ],
)
def test_listed_hosts_may_be_called(resolves, url, header):
    assert check(url).header == header


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/",
        "https://robot.example:8443/",  # "host" is the usual port only
        "https://gate.example/",  # and "host:port" is that port only
        "https://robot.example:0/",
        "https://sub.robot.example/",
        "https://robot.example.evil.example/",
        "https://robot.example@evil.example/",
        "https://user@robot.example/",
        "https://evil.example\\@robot.example/",
        "https://robot.example./",
        "http://robot.example/",
        "ftp://robot.example/",
        "file:///etc/passwd",
        "//robot.example/",
        "https://robot.example:x/",
        "https://[::1/",
        "",
    ],
)
def test_everything_else_may_not(resolves, url):
    with pytest.raises(NotAllowed) as refused:
        check(url)
    assert "evil" not in str(refused.value)


@pytest.mark.parametrize(
    "inside",
    [
        "10.0.0.1", "127.0.0.1", "169.254.169.254", "192.168.1.1", "172.16.0.1", "100.64.0.1",
        "0.0.0.1", "224.0.0.1", "::1", "fe80::1%eth0", "fc00::1", "fec0::1", "::ffff:10.0.0.1",
        "64:ff9b::a00:1", "2002:a00:1::", "::",
    ],
)  # fmt: skip
def test_one_inner_address_among_public_ones_is_enough_to_refuse(resolves, settings, inside):
    resolves("93.184.216.34", inside)
    with pytest.raises(NotAllowed):
        check("https://robot.example/")
    settings.WEBHOOK_PRIVATE_HOSTS = ["robot.example"]
    assert check("https://robot.example/").addresses == ("93.184.216.34", inside)


def test_http_only_inside_the_network(resolves, settings):
    settings.WEBHOOK_HOSTS = settings.WEBHOOK_PRIVATE_HOSTS = ["robot.example"]
    assert check("http://robot.example/").port == 80


def test_listed_as_private_alone_is_not_listed(resolves, settings):
    settings.WEBHOOK_PRIVATE_HOSTS = ["other.example"]
    with pytest.raises(NotAllowed):
        check("https://other.example/")


@pytest.mark.parametrize("public", ["93.184.216.34", "2606:4700::1", "::ffff:93.184.216.34"])
def test_public_addresses(public):
    assert is_public(public)


def test_a_name_that_does_not_resolve(settings):
    settings.WEBHOOK_HOSTS = [f"{'x' * 64}.example"]
    with pytest.raises(NoAddress):
        check(f"https://{'x' * 64}.example/")
