"""Where the visitor must never go: addresses inside the organisation, of the machine itself, of the cloud it runs in."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final, Protocol, Self

from collector.sensors.portals.addresses import Address, NotAnAddress, literal, refusal

# Ports of other protocols that a request could be made to speak to: the fetch standard's list, "port blocking".
# fmt: off
BAD_PORTS: Final = frozenset((
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123,
    135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995,
    1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
))
# fmt: on
# Names that mean this machine whatever a DNS server says (RFC 6761 §6.3).
_HERE: Final = ("localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback")

Network = IPv4Network | IPv6Network


class RefusedAddress(Exception):
    """An address the guard does not allow; `why` in one word (`loopback`, `private`, `metadata`, `port`)."""

    def __init__(self, host: str, address: str, why: str) -> None:
        super().__init__(f"{host}: {address} is {why}")
        self.host, self.address, self.why = host, address, why


class Resolver(Protocol):
    """Turns a name into addresses."""

    async def resolve(self, host: str) -> Sequence[str]:
        """All addresses of `host`, IPv4 first. Raises OSError when there are none."""


class Guard:
    """Resolves a name once and says which of its addresses may be connected to. The caller connects to just these.

    `refused` counts refusals by their word, over all guards made from this one.
    """

    def __init__(self, resolver: Resolver, allow: Sequence[str] = (), refused: Counter[str] | None = None) -> None:
        """`allow`: prefixes that are let through although they are refused by default. Raises ValueError for what is no prefix."""
        self._resolver = resolver
        self._allow: tuple[Network, ...] = tuple(ip_network(prefix, strict=False) for prefix in allow)
        self.refused: Counter[str] = Counter() if refused is None else refused

    def allowing(self, prefixes: Sequence[str]) -> Self:
        """A guard that lets `prefixes` through too, with the same counts: for one portal's own entry."""
        if not prefixes:
            return self
        other = type(self)(self._resolver, prefixes, self.refused)
        other._allow += self._allow
        return other

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of `host` (name, or address in any spelling that browsers take). Raises RefusedAddress if ANY of them is refused, OSError if none."""
        try:
            spelt = literal(host)
        except NotAnAddress as error:
            raise socket.gaierror(socket.EAI_NONAME, str(error)) from error
        found = (spelt,) if spelt is not None else await self._resolved(host)
        for address in found:
            self._check(host, address)
        return tuple(str(address) for address in found)

    def port(self, host: str, port: int) -> None:
        """Raises RefusedAddress for a port that no browser would open a page from."""
        if port in BAD_PORTS or not 0 < port < 65_536:
            self._refuse(host, str(port), "port")

    async def _resolved(self, host: str) -> tuple[Address, ...]:
        name = host.lower().rstrip(".")
        if name in _HERE or name.endswith(".localhost"):
            self._refuse(host, name, "loopback")
        found = tuple(dict.fromkeys(ip_address(address) for address in await self._resolver.resolve(host)))
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, f"{host}: no address")
        return found

    def _check(self, host: str, address: Address) -> None:
        if (why := refusal(address)) and not any(address in prefix for prefix in self._allow):
            self._refuse(host, str(address), why)

    def _refuse(self, host: str, address: str, why: str) -> None:
        self.refused[why] += 1
        raise RefusedAddress(host, address, why)
