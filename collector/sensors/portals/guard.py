"""Where the visitor must never go: addresses inside the organisation, of the machine itself, of the cloud it runs in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class RefusedAddress(Exception):
    """An address the guard does not allow; `why` in one word (`loopback`, `private`, `metadata`)."""

    def __init__(self, host: str, address: str, why: str) -> None:
        super().__init__(f"{host}: {address} is {why}")
        self.host, self.address, self.why = host, address, why


class Resolver(Protocol):
    """Turns a name into addresses."""

    async def resolve(self, host: str) -> Sequence[str]:
        """All addresses of `host`, IPv4 first. Raises OSError when there are none."""


class Guard:
    """Resolves a name once and says which of its addresses may be connected to. The caller connects to just these."""

    def __init__(self, resolver: Resolver, allow: Sequence[str] = ()) -> None:
        """`allow`: prefixes that are let through although they are refused by default."""
        self._resolver = resolver
        self._allow = tuple(allow)

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of `host` (name, or address in any spelling that browsers take). Raises RefusedAddress if ANY of them is refused, OSError if none."""
        return tuple(await self._resolver.resolve(host))
