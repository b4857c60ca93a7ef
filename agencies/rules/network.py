"""From which network a request comes, for limits: never what a visitor merely claims."""

import ipaddress
from collections.abc import Sequence

OWN_SOCKET = "unix"  # as a trusted proxy: who reaches the server by its own socket
V6_OF_ONE_LINE = 64  # bits: a household has all addresses behind them (RFC 6177)


def visitor(remote: str, forwarded: str, trusted: Sequence[str]) -> str:
    """The address that asks, or its IPv6 network.

    remote: the other end of the connection. forwarded: X-Forwarded-For, to which each proxy adds
    on the right; believed only as far as trusted proxies (addresses, networks, "unix") wrote it.
    """
    hops = [part.strip() for part in forwarded.split(",") if part.strip()]
    hop = remote
    while hops and _is_trusted(hop, trusted):
        hop = hops.pop()
    return _network(hop)


def _is_trusted(hop: str, trusted: Sequence[str]) -> bool:
    if not hop:
        return OWN_SOCKET in trusted
    address = _address(hop)
    networks = (ipaddress.ip_network(one, strict=False) for one in trusted if one != OWN_SOCKET)
    return address is not None and any(address in network for network in networks)


def _network(hop: str) -> str:
    address = _address(hop)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, V6_OF_ONE_LINE), strict=False))
    return str(address) if address else "unknown"


def _address(hop: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(hop)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
