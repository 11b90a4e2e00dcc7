"""Once a day, what no visitor reads but every kit touches: robots.txt, sitemaps, the portal's own scripts, the names it depends on."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Sequence
from typing import Final, Literal

from collector.clock import Clock
from collector.decode.web.javascript.library import split_library
from collector.decode.web.read import read_script
from collector.decode.web.robots import read_robots
from collector.decode.web.sitemap import Sitemap, read_sitemap
from collector.decode.web.url import host_of, join
from collector.sensors.portals.exchange import Exchange
from collector.sensors.portals.memory import MOST_ENTRIES, Memory, SiteFile, digest_of
from collector.sensors.portals.resolver import NameServer
from collector.sensors.portals.rounds import day_of
from collector.sensors.portals.visitor import Visitor
from model.facts import AnyFact
from model.portals.declared import Portal
from model.webfacts import DnsSeen, ScriptSeen, SiteFileSeen

# What a day's looks take at most of each kind: sitemaps of an index, own scripts, names.
MOST_SITEMAPS: Final = 6
MOST_SCRIPTS: Final = 10
MOST_NAMES: Final = 24
MOST_ADDED: Final = 32
# Pages that a sitemap offers for later samples, evenly spread.
_OFFERED: Final = 64
_HASH: Final = 8


class Daily:
    """The daily looks at one portal after another. Nothing here raises; what could not be had is not told as gone."""

    def __init__(self, visitor: Visitor, names: NameServer, clock: Clock) -> None:
        self._visitor, self._names, self._clock = visitor, names, clock

    async def __call__(self, portal: Portal, memory: Memory) -> tuple[Sequence[AnyFact], int]:
        """The facts, and how many requests they took."""
        before = self._visitor.counts.requests
        robots, sitemaps = await self._robots(portal, memory)
        facts: list[AnyFact] = [
            *robots,
            *await self._sitemaps(portal, memory, sitemaps),
            *await self._scripts(portal, memory),
            *await self._hosts(portal, memory),
        ]
        return facts, max(1, self._visitor.counts.requests - before)

    async def _robots(self, portal: Portal, memory: Memory) -> tuple[list[AnyFact], Sequence[str]]:
        url = join(portal.url, "/robots.txt")
        made = await self._visitor.fetch(portal, url)
        if made.status != 200 or b"<html" in made.body[:1024].lower():
            return [self._file(portal, "robots", url, made)] if made.status in (404, 410) else [], ()
        robots = read_robots(made.body.decode("utf-8", "replace"))
        lines = [*robots.lines, *(f"sitemap: {each}" for each in robots.sitemaps)]
        known = memory.files.get(url, SiteFile())
        added = [line for line in lines if line not in set(known.lines)] if known.seen else []
        gone = len(set(known.lines) - set(lines)) if known.seen else 0
        memory.files[url] = SiteFile(lines=lines[: MOST_ADDED * 16], seen=True)
        hosts = sorted({host_of(each) for each in robots.sitemaps} - {host_of(portal.url), ""})
        return [self._file(portal, "robots", url, made, entries=len(lines), hosts=hosts, added=added, removed=gone)], robots.sitemaps

    async def _sitemaps(self, portal: Portal, memory: Memory, named: Sequence[str]) -> list[AnyFact]:
        """All sitemaps as one: what counts is how many addresses there are, and which are new."""
        root = join(portal.url, "/sitemap.xml")
        waiting, done = list(dict.fromkeys((*named, root))), set[str]()
        first: Exchange | None = None
        found: list[Sitemap] = []
        while waiting and len(done) < MOST_SITEMAPS:
            url = waiting.pop(0)
            if url in done or host_of(url) != host_of(portal.url):
                continue
            done.add(url)
            made = await self._visitor.fetch(portal, url)
            if made.status != 200:
                continue
            first = first or made
            read = read_sitemap(inflated(made.body), url)
            found.append(read)
            waiting.extend(read.children)
        return [self._sitemap(portal, memory, root, first, found)] if first is not None else []

    def _sitemap(self, portal: Portal, memory: Memory, url: str, first: Exchange, found: Sequence[Sitemap]) -> AnyFact:
        entries = list(dict.fromkeys(entry for each in found for entry in each.entries))[:MOST_ENTRIES]
        known = memory.files.get(url, SiteFile())
        before = {known.hashes[n : n + _HASH] for n in range(0, len(known.hashes), _HASH)}
        hashes = [digest_of(entry) for entry in entries]
        added = [entry for entry, digest in zip(entries, hashes, strict=True) if digest not in before] if known.seen else []
        gone = len(before - set(hashes)) if known.seen else 0
        memory.files[url] = SiteFile(hashes=b"".join(hashes), seen=True)
        # What is new is looked at first: an injected page is in the sitemap before it is on any other. Of the rest, others each day.
        step = max(1, len(entries) // _OFFERED)
        memory.take_pages((*dict.fromkeys((*entries[memory.rounds % step :: step], *added[:_OFFERED])),))
        hosts = sorted({host for each in found for host in each.hosts})
        signs = tuple(dict.fromkeys(sign for each in found for sign in each.signs))
        return self._file(portal, "sitemap", url, first, entries=len(entries), files=len(found), hosts=hosts, added=added, removed=gone, signs=signs)

    def _file(self, portal: Portal, kind: Literal["robots", "sitemap"], url: str, made: Exchange, **told: object) -> SiteFileSeen:
        cut = {key: tuple(value)[:MOST_ADDED] if isinstance(value, list) else value for key, value in told.items()}
        whose = {"at": self._clock.now(), "portal": portal.id, "vantage": self._visitor.vantage}
        return SiteFileSeen(**whose, kind=kind, url=url, status=made.status, digest=made.digest, **cut)  # type: ignore[arg-type] # the fields are its own, by name

    async def _scripts(self, portal: Portal, memory: Memory) -> list[AnyFact]:
        facts: list[AnyFact] = []
        # A few a day, in turn: over some days each of them is read.
        start = day_of(self._clock.now()) * MOST_SCRIPTS % max(len(memory.scripts), 1)
        for url in [*memory.scripts[start:], *memory.scripts[:start]][:MOST_SCRIPTS]:
            made = await self._visitor.fetch(portal, url)
            if made.status == 200 and not made.truncated:
                facts.append(self._script(portal, url, made))
        return facts

    def _script(self, portal: Portal, url: str, made: Exchange) -> ScriptSeen:
        source = made.body.decode("utf-8", "replace")
        library = split_library(source)
        strange = read_script(library.before + "\n;" + library.after if library.name else source, url)
        hosts = sorted({*strange.scripts, *strange.frames, *(host_of(way.url) for way in strange.ways)} - {host_of(url), ""})
        return ScriptSeen(
            at=self._clock.now(),
            portal=portal.id,
            vantage=self._visitor.vantage,
            url=url,
            digest=hashlib.sha256(made.body).hexdigest(),
            size=len(made.body),
            library=library.name,
            appended=tuple(hosts[:16]),
            signs=strange.signs,
        )

    async def _hosts(self, portal: Portal, memory: Memory) -> list[AnyFact]:
        used: dict[str, Literal["portal", "script"]] = {host_of(portal.url): "portal"}
        for host in memory.loaded[-MOST_NAMES:]:
            used.setdefault(host, "script")
        return [await self._name(portal, host, use) for host, use in used.items() if host]

    async def _name(self, portal: Portal, host: str, use: Literal["portal", "script"]) -> DnsSeen:
        names = await self._names.names(host)
        state: Literal["resolves", "dangling", "failed"] = "resolves" if names.state == "resolves" else "dangling" if names.state == "missing" else "failed"
        whose = {"at": self._clock.now(), "portal": portal.id, "vantage": self._visitor.vantage}
        alias = names.aliases[-1] if names.aliases else ""
        return DnsSeen(**whose, host=host, used=use, state=state, addresses=names.addresses, alias=alias)  # type: ignore[arg-type] # the fields are its own, by name


def inflated(body: bytes, most: int = 50 << 20) -> bytes:
    """A sitemap that is stored packed (`.xml.gz`), unpacked up to `most` bytes; anything else as it is."""
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
            return file.read(most)
    except (OSError, EOFError, zlib.error):
        return b""
