"""Which addresses a webhook may reach. Rule: what was checked is what is connected to; a name is looked up once.

An address of the web is taken apart here and nowhere else, so that no two readers can see two hosts in it. Only global
addresses are reached: nothing of this machine, of the net it stands in, of the provider that runs it. What a number
inside another stands for (mapped, NAT64, 6to4) is what counts. The operator may allow nets by name: ``allow = ["10.1.0.0/16"]``.
"""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from verbline.runtime.channels.addresses import LABEL, AddressError, domain_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from ipaddress import IPv4Network, IPv6Network
    from typing import TypeAlias

    Ip: TypeAlias = IPv4Address | IPv6Address
    # From a host and a port to the addresses behind it, as texts.
    Resolve: TypeAlias = Callable[[str, int], Iterable[str]]

URL = re.compile(r"(https?)://(\[[0-9A-Fa-f:.]+\]|[^\s\[\]:/?#@\\%]+)(?::(\d{1,5}))?([/?][!-~]*)?")
PORTS = {"http": 80, "https": 443}
# Hosts that some readers take for a number: 127.1, 0x7f.1, 2130706433.
NUMERIC = re.compile(r"(0[xX][0-9A-Fa-f]*|\d+)(\.(0[xX][0-9A-Fa-f]*|\d+))*\.?")
URL_MAX = 2048
# Global by its number, and yet inside: the machine that hosts ours, and nets that were given back.
INSIDE = tuple(map(ip_network, ("168.63.129.16/32", "192.88.99.0/24", "192.0.0.0/24")))
# A part of IPv6 that carries an address of IPv4, and how many bits stand behind that.
CARRIED = (
    (ip_network("::ffff:0:0/96"), 0),
    (ip_network("::ffff:0:0:0/96"), 0),
    (ip_network("64:ff9b::/96"), 0),
    (ip_network("::/96"), 0),
    (ip_network("2002::/16"), 80),
)
GLOBAL_6 = ip_network("2000::/3")
TEREDO = ip_network("2001::/32")


class TargetError(ValueError):
    """A target that is not reached. The sentence says why."""


class Target:
    """One place of the web. ``host`` is a name as computers write it, or an address without brackets; ``path`` begins with /."""

    __slots__ = ("host", "path", "port", "scheme")

    def __init__(self, scheme: str, host: str, port: int, path: str) -> None:
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path

    @property
    def authority(self) -> str:
        """What the header ``Host`` says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str) -> Target:
    """Return where ``url`` leads. `TargetError` where that is not the same for every reader."""
    read = URL.fullmatch(url)
    if read is None or len(url) > URL_MAX:
        raise TargetError("It is not written as http(s)://host/path without a name or a password.")
    scheme, host, port, path = read.groups()
    number = int(port) if port else PORTS[scheme]
    if not 0 < number < 65536:
        raise TargetError("There is no such port.")
    path = path or "/"
    return Target(scheme, _host(host), number, path if path.startswith("/") else f"/{path}")


def _host(written: str) -> str:
    """Return the host as computers write it."""
    if written.startswith("["):
        try:
            return str(IPv6Address(written[1:-1]))
        except ValueError:
            raise TargetError("The address in brackets is none.") from None
    if NUMERIC.fullmatch(written):
        try:
            return str(IPv4Address(written))
        except ValueError:
            raise TargetError("A number in place of a host is not taken.") from None
    if LABEL.fullmatch(written.lower()):
        # A machine of one's own net. Where it is, the guard looks.
        return written.lower()
    try:
        return domain_of(written)
    except AddressError:
        raise TargetError("The host is no name.") from None


class Guard:
    """Decides what may be reached. ``allow`` are nets that may be, though they are inside."""

    __slots__ = ("allow", "resolve")

    def __init__(self, allow: Iterable[str] = (), resolve: Resolve | None = None) -> None:
        self.allow: tuple[IPv4Network | IPv6Network, ...] = tuple(map(ip_network, allow))
        self.resolve = resolve or looked_up

    def addresses(self, target: Target, resolve: Resolve | None = None) -> list[str]:
        """Return the addresses behind ``target``, each of which may be reached; ``resolve`` looks up in place of ours.

        `TargetError` where one of several may not: a name that points outside and inside is up to no good. `OSError`
        where the name is not known.
        """
        found = list(dict.fromkeys((resolve or self.resolve)(target.host, target.port)))
        if not found:
            raise TargetError("The name has no address.")
        for address in found:
            ip = ip_address(address.partition("%")[0])
            is_allowed = self.is_allowed(ip)
            if not is_allowed and not is_outside(ip):
                raise TargetError("It leads to an address that is not on the open internet.")
            if target.scheme == "http" and not is_allowed:
                raise TargetError("Outside of what `allow` names only https is spoken.")
        return found

    def is_allowed(self, ip: Ip) -> bool:
        """Return whether the operator allows the net of ``ip``."""
        inner = carried(ip)
        return any(
            one.version == net.version and one in net for net in self.allow for one in (ip, inner)
        )


def carried(ip: Ip) -> Ip:
    """Return the address of IPv4 that an address of IPv6 stands for, or ``ip`` itself."""
    if isinstance(ip, IPv4Address):
        return ip
    for net, behind in CARRIED:
        if ip in net:
            return IPv4Address(int(ip) >> behind & 0xFFFF_FFFF)
    return ip


def is_outside(ip: Ip) -> bool:
    """Return whether ``ip`` is an address of the open internet."""
    inner = carried(ip)
    if isinstance(inner, IPv6Address) and (inner not in GLOBAL_6 or inner in TEREDO):
        return False
    if inner.is_multicast or inner.is_reserved or not inner.is_global:
        return False
    return not any(inner in net for net in INSIDE if net.version == inner.version)


def looked_up(host: str, port: int) -> list[str]:
    """Return the addresses that the machine knows for ``host``."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for _family, _kind, _protocol, _name, place in found]
