"""Which addresses may be called. A name is resolved once, and what was checked is what is connected to."""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from commons.outbound.failures import forbidden, malformed, odd_port, unreachable

WEB_PORTS = frozenset({80, 443, 8080, 8443})
DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[0-9a-z._:-]+", re.IGNORECASE)


@dataclass(frozen=True)
class Policy:
    """What goes beyond the public web: `(address, port)` pairs of our own, and certificates that we trust.

    Tests allow their own servers this way; there is no other exception.
    """

    allowed: frozenset[tuple[str, int]] = frozenset()
    trust: ssl.SSLContext | None = None


def check_address(scheme: str, host: str, port: int | None, userinfo: bytes, policy: Policy) -> None:
    """Refuse what can be refused without asking the name server; `host` is in ASCII. Raises `Forbidden`."""
    if scheme not in DEFAULT_PORTS or userinfo or not _HOST.fullmatch(host):
        raise malformed()
    number = port or DEFAULT_PORTS[scheme]
    if number not in WEB_PORTS and number not in {allowed for _address, allowed in policy.allowed}:
        raise odd_port(number)


def check_number(host: str, port: int | None, policy: Policy) -> None:
    """Refuse an address written in numbers that is not public; a name says nothing until it is resolved. Raises `Forbidden`."""
    try:
        public = is_public(host.strip("[]"))
    except ValueError:
        return
    if not public and (host, port) not in policy.allowed:
        raise forbidden(host)


def resolve(host: str, port: int, policy: Policy) -> list[str]:
    """The addresses of `host`, all of them public or allowed. Raises `Unreachable` or `Forbidden`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise unreachable(host) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not all(is_public(address) or (address, port) in policy.allowed for address in addresses):
        raise forbidden(host)
    return addresses


def is_public(address: str) -> bool:
    """Whether anybody on the internet could be meant: not private, link-local, shared, reserved or multicast.

    IPv6 that carries an IPv4 address (mapped, 6to4, Teredo, NAT64) is judged by that, or refused.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        return _is_public_v6(ip)
    return _is_global(ip)


def _is_public_v6(ip: IPv6Address) -> bool:
    if ip.ipv4_mapped is not None:
        return _is_global(ip.ipv4_mapped)
    carried = ip.sixtofour is not None or ip.teredo is not None or ip.is_site_local
    return _is_global(ip) and not carried


def _is_global(ip: IPv4Address | IPv6Address) -> bool:
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)
