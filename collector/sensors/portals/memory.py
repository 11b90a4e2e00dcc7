"""What the sensor remembers of each portal from one round to the next: one small file a portal, rewritten whole, lost without harm.

Findings do not rest on it (they are in core's journal): it only keeps rounds from starting anew after a restart, and lets robots.txt and sitemaps be compared.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection
from pathlib import Path
from typing import Final

import msgspec

from collector.sensors.portals.evidence.files import part, sweep
from model.portals.rows import PortalRow

log = logging.getLogger(__name__)

MOST_PAGES: Final = 512
MOST_FRESH: Final = 64
# Of a sitemap only hashes are kept, eight bytes an address.
MOST_ENTRIES: Final = 50_000


class SiteFile(msgspec.Struct):
    """A robots.txt or sitemap as seen last: its lines (robots), or hashes of its addresses, eight bytes each (sitemap)."""

    lines: list[str] = []
    hashes: bytes = b""
    seen: bool = False


class Memory(msgspec.Struct, kw_only=True):
    """One portal's.

    `next_at` when its round is due (ns); `rounds` made ever; `spent` requests on `day` (days since the epoch, Viet Nam's), `daily` the day of the last daily
    looks; `pool` pages worth a sample, `fresh` those of them that came up later and nobody looked at yet, `scripts` own scripts, `loaded` hosts that pages
    load from; `row` while something must be looked at again.
    """

    portal: str
    next_at: int = 0
    rounds: int = 0
    day: int = 0
    daily: int = -1
    spent: int = 0
    pool: list[str] = []
    fresh: list[str] = []
    scripts: list[str] = []
    loaded: list[str] = []
    files: dict[str, SiteFile] = {}
    row: PortalRow | None = None

    def take_pages(self, pages: tuple[str, ...]) -> None:
        """Adds addresses for later samples; the oldest make room. What the first round finds was there all along, later ones are new."""
        known = set(self.pool)
        new = [page for page in pages if page not in known]
        self.pool = [*self.pool, *new][-MOST_PAGES:]
        if self.rounds > 1:
            self.fresh = [*self.fresh, *new][-MOST_FRESH:]

    def looked_at(self, pages: Collection[str]) -> None:
        """Somebody looked at these."""
        self.fresh = [page for page in self.fresh if page not in pages]

    def spend(self, day: int, requests: int) -> None:
        """Counts requests against the day's budget."""
        if day != self.day:
            self.day, self.spent = day, 0
        self.spent += requests

    def left(self, day: int, budget: int) -> int:
        """Requests still allowed on `day`."""
        return max(0, budget - (self.spent if day == self.day else 0))


def digest_of(address: str) -> bytes:
    """The eight bytes kept of an address."""
    return hashlib.blake2s(address.encode("utf-8", "replace"), digest_size=8).digest()


class Memories:
    """All portals' memories under one folder. What is on the disk is not held: ten thousand portals' memories would not fit."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # What was being written when the power went.
        sweep(folder)
        self._unwritten: dict[str, Memory] = {}
        self._decoder = msgspec.msgpack.Decoder(Memory)

    def of(self, portal: str) -> Memory:
        """The portal's memory as it was kept last, a new one when there is none or it cannot be read."""
        return self._unwritten.get(portal) or self._read(portal)

    def keep(self, memory: Memory) -> None:
        """Writes it. A disk that cannot be written is told in the log; the rounds go on, and the memory is held meanwhile."""
        path = self._path(memory.portal)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part(path.parent) as draft:
                draft.file.write(msgspec.msgpack.encode(memory))
                draft.settle(path)
            self._unwritten.pop(memory.portal, None)
        except OSError as error:
            self._unwritten[memory.portal] = memory
            log.warning("%s: %s", path.name, error.strerror)

    def _read(self, portal: str) -> Memory:
        try:
            memory = self._decoder.decode(self._path(portal).read_bytes())
        except (OSError, ValueError, RecursionError):
            return Memory(portal=portal)
        return memory if memory.portal == portal else Memory(portal=portal)

    def _path(self, portal: str) -> Path:
        # A hash: ids come from people and may hold what a file name must not.
        return self._folder / (hashlib.blake2s(portal.encode(), digest_size=12).hexdigest() + ".mem")
