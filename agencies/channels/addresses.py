"""Which addresses this server may call: listed hosts, https, and public machines only.

Against requests to inner services by way of a configured target (SSRF). The allow-list is the
rule that counts; the check of the resolved addresses catches a listed name that points inside.
"""

import socket
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

PORTS = {"https": 443, "http": 80}
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


class NotAllowed(Exception):
    """This server may not call there; the words hold no part of the address."""


class NoAddress(Exception):
    """The name does not resolve at present."""


@dataclass(frozen=True)
class Place:
    """A host that may be called, with every address that was checked."""

    scheme: str
    host: str
    port: int
    addresses: tuple[str, ...]

    @property
    def header(self) -> str:
        """As it stands in the header Host."""
        host = _bracketed(self.host)
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def check(url: str) -> Place:
    """Raises NotAllowed or NoAddress. The caller connects to Place.addresses and nowhere else."""
    parts, port = _split(url)
    host = parts.hostname or ""
    names = {f"{_bracketed(host)}:{port}"}
    if port == PORTS[parts.scheme]:
        names.add(_bracketed(host))
    if not _listed(names, settings.WEBHOOK_HOSTS):
        raise NotAllowed("the host is not listed in WEBHOOK_HOSTS")
    inside = _listed(names, settings.WEBHOOK_PRIVATE_HOSTS)
    if parts.scheme != "https" and not inside:
        raise NotAllowed("http is only for hosts in WEBHOOK_PRIVATE_HOSTS")
    addresses = lookup(host, port)
    if not inside and not all(is_public(address) for address in addresses):
        raise NotAllowed("the host points to an address that is not public")
    return Place(parts.scheme, host, port, addresses)


def lookup(host: str, port: int) -> tuple[str, ...]:
    """Every address of the host, in the resolver's order; NoAddress if there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NoAddress from None
    return tuple(dict.fromkeys(str(place[4][0]) for place in found))


def is_public(text: str) -> bool:
    """Reachable for everybody: not private, local, shared, multicast, nor wrapping such one."""
    address = ip_address(text)
    if isinstance(address, IPv6Address):
        if inner := _wrapped(address):
            return is_public(str(inner))
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _split(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAllowed("the address cannot be read") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise NotAllowed("the address is not https")
    if parts.username is not None or parts.password is not None or "\\" in url:
        raise NotAllowed("the address names a user")
    return parts, PORTS[parts.scheme] if port is None else port


def _listed(names: Collection[str], hosts: Collection[str]) -> bool:
    return any(host.lower() in names for host in hosts)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
