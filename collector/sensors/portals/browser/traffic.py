"""What one render may fetch, and what it did: the proxy asks, the renderer reads."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from collector.sensors.portals.guard import Guard

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_CONNECTIONS: Final = 400
MAX_TOLD: Final = 64


@dataclass(slots=True)
class Traffic:
    """The account of one render. `refused` counts by a short word (`loopback`, `private`, `method`, `budget`); `refusals` holds host -> word, bounded.

    `addresses`: host -> the checked address that was connected to; `failed`: host -> what went wrong there (`dns`, `connect`).
    """

    guard: Guard
    max_bytes: int = MAX_BYTES
    max_connections: int = MAX_CONNECTIONS
    bytes: int = 0
    connections: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    refusals: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def spent_bytes(self) -> bool:
        """Whether the render has had all the bytes it may have, both ways together."""
        return self.bytes >= self.max_bytes

    def spent(self) -> bool:
        """Whether no further connection is due to the render."""
        return self.spent_bytes() or self.connections >= self.max_connections

    def refuse(self, host: str, why: str) -> None:
        """Counts a refusal."""
        self.refused[why] += 1
        _note(self.refusals, host, why)

    def reached(self, host: str, address: str) -> None:
        """Notes which address answered for a host."""
        self.connections += 1
        _note(self.addresses, host, address)

    def missed(self, host: str, why: str) -> None:
        """Notes a host that could not be reached."""
        _note(self.failed, host, why)


def _note(where: dict[str, str], host: str, word: str) -> None:
    if len(where) < MAX_TOLD or host in where:
        where[host[:255]] = word
