"""The handlers of the province's own pages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from aiohttp import web

from exporters.console import coverage_page, findings, fleet
from exporters.console.pages import PATIENCE, SITE, Console, sinks_page
from exporters.maintenance import Window
from model.declared import Declared
from model.fleet.declared import FleetDeclared
from model.fleet.ports import Asked, CoverageStanding, FleetReader, Found
from model.inspection.matters import FIFTEEN, MEASURED
from model.verdict import Outcome

T = TypeVar("T")

MENU: Final = (("/", "fleet_overview"), ("/phat-hien", "findings"), ("/do-bao-phu", "coverage"), ("/gui-di", "sinks"), ("/bao-cao", "report"))
# The findings on the first screen; the rest is one link away.
_WORST: Final = 3
# How far an engine pages by counting.
DEEPEST: Final = 10_000


class Shared:
    """Answers of one version of the province, each asked for once however many pages want it: an engine counts a province in a good part of a second."""

    def __init__(self) -> None:
        self._version = -1
        self._answers: dict[object, asyncio.Task[Any]] = {}

    async def get(self, version: int, key: object, ask: Callable[[], Awaitable[T]]) -> T:
        """What `ask` answers, or answered at this version. Raises what it raises."""
        if version != self._version:
            self._version, self._answers = version, {}
        known = self._answers.get(key)
        if known is None or (known.done() and (known.cancelled() or known.exception() is not None)):
            known = self._answers[key] = asyncio.ensure_future(ask())
        # One page that is closed takes the answer from no other.
        found: T = await asyncio.shield(known)
        return found


@dataclass(frozen=True)
class Province:
    """What the handlers read."""

    reader: FleetReader
    declared: Callable[[], FleetDeclared]
    now: Callable[[], int]
    shared: Shared

    def named(self) -> Declared:
        """The province as the head of a page names it."""
        declared = self.declared()
        return Declared(site=declared.province, name=declared.name)

    def known(self, site: str) -> bool:
        """Whether there are pages of that site: it is declared, or the province itself, which speaks of storms and of its own blindness under its code."""
        declared = self.declared()
        return site in declared.sites or site == declared.province

    def names(self) -> dict[str, str]:
        """The names of the declared sites, and of the province itself."""
        declared = self.declared()
        return {declared.province: declared.name, **{site.site: site.name for site in declared.sites.values()}}

    def groups(self) -> list[str]:
        """Their groups."""
        return sorted({site.group for site in self.declared().sites.values()} - {""})


class FleetViews:
    """The overview, all findings, coverage, the province's own deliveries."""

    def __init__(self, console: Console, province: Province, windows: Callable[[], Sequence[Window]] = lambda: ()) -> None:
        self._console = console
        self._province = province
        self._windows = windows

    def routes(self) -> list[web.RouteDef]:
        """Each page's address."""
        views = {
            "/": self.first,
            "/phat-hien": self.listing,
            "/phat-hien/{id:[0-9a-f]{1,64}}": self.finding,
            "/do-bao-phu": self.coverage,
            "/gui-di": self.sinks,
        }
        return [web.get(path, view) for path, view in views.items()]

    async def first(self, request: web.Request) -> web.Response:
        """Every site, worst first, with how it is heard; campaigns; the fifteen. Raises BadFilterError."""
        province, reader = self._province, self._province.reader
        chosen = fleet.wanted(request.query, province.groups())
        of_group = [site.site for site in province.declared().sites.values() if chosen.group in {"", site.group}]
        async with asyncio.timeout(PATIENCE):
            snapshot, version = await self.snapshot()
            sites, matters, campaigns, worst = await asyncio.gather(
                province.shared.get(version, "sites", reader.sites),
                province.shared.get(version, ("matters", chosen.group), lambda: reader.matters(of_group if chosen.group else ())),
                province.shared.get(version, "campaigns", reader.campaigns),
                province.shared.get(version, "worst", lambda: reader.findings(Asked(states=("open",), limit=_WORST))),
            )
        within = [site for site in sites if chosen.group in {"", site.group}]
        shown = fleet.listed(within, chosen)
        return self._console.page(
            request,
            "fleet_overview.html",
            snapshot,
            chosen=chosen,
            groups=province.groups(),
            totals=fleet.totals(within),
            paged=findings.paged(shown, request.query, fleet.TILES),
            matters=list(zip(FIFTEEN, matters, strict=True)),
            answered=self._answered(),
            measured=MEASURED,
            campaigns=campaigns,
            worst=worst.changes,
            names=province.names(),
            state_of=fleet.state_of,
            heard=fleet.HEARD,
            states=fleet.STATES,
            severities=fleet.SEVERITIES,
        )

    async def listing(self, request: web.Request) -> web.Response:
        """Findings of all sites through the address's filters. Raises BadFilterError."""
        province = self._province
        detectors = sorted(about.id for about in self._console.abouts)
        chosen, names, page = fleet.filters(request.query, detectors), province.names(), fleet.page_of(request.query)
        sites = fleet.named(names, chosen.site) if chosen.site else []
        async with asyncio.timeout(PATIENCE):
            snapshot, version = await self.snapshot()
            owners = await province.shared.get(version, "owners", province.reader.owners)
            nowhere = bool(chosen.site) and not sites
            found = Found(total=0, changes=()) if nowhere else await province.reader.findings(fleet.asked(chosen, sites, page))
        pages = max(1, -(-min(found.total, DEEPEST) // findings.PAGE))
        return self._console.page(
            request,
            "fleet_findings.html",
            snapshot,
            chosen=chosen,
            nowhere=nowhere,
            paged=findings.Paged(found.changes, found.total, min(page, pages), pages),
            deepest=DEEPEST,
            detectors=detectors,
            owners=owners,
            names=names,
            states=findings.CHOICES,
        )

    async def finding(self, request: web.Request) -> web.Response:
        """Leads to the finding among its site's pages: an alert names it by its id alone."""
        async with asyncio.timeout(PATIENCE):
            history = await self._province.reader.finding(request.match_info["id"])
        if not history or not self._province.known(history[-1].finding.site):
            raise web.HTTPNotFound
        about = history[-1].finding
        raise web.HTTPFound(self._console.links(request).to(f"{SITE}{about.site}/phat-hien/{about.id}"))

    async def coverage(self, request: web.Request) -> web.Response:
        """Sites that are declared and not heard, and what all sites' boxes say of sensors, PCs and portals."""
        province = self._province
        async with asyncio.timeout(PATIENCE):
            snapshot, version = await self.snapshot()
            sites, parts = await asyncio.gather(
                province.shared.get(version, "sites", province.reader.sites), province.shared.get(version, "coverage", province.reader.coverage)
            )
        since = {site.site: site.since for site in province.declared().sites.values()}
        paged, unsaid = findings.paged(fleet.missed(sites), request.query), _undeclared(parts)
        return self._console.page(
            request, "fleet_coverage.html", snapshot, paged=paged, totals=fleet.totals(sites), parts=parts, undeclared=unsaid, since=since, states=fleet.STATES
        )

    async def sinks(self, request: web.Request) -> web.Response:
        """The province's own deliveries, also while the store is away: who is told is in the province's own journal."""
        own = self._console.reader
        async with asyncio.timeout(PATIENCE):
            version, sinks = await own.wait(-1, 0.0), await own.sinks()
            snapshot = fleet.FleetSnapshot(version=version, now=self._province.now(), declared=self._province.named(), sinks=sinks)
            return await sinks_page(self._console, request, snapshot, self._windows())

    async def snapshot(self) -> tuple[fleet.FleetSnapshot, int]:
        """What the head of a page says, and the version it says it of. Raises what the reader raises."""
        version = await self._province.reader.wait(-1, 0.0)
        opened = await self._province.shared.get(version, "open", lambda: self._province.reader.findings(Asked(states=("open",), limit=0)))
        return fleet.FleetSnapshot(version=version, now=self._province.now(), standing=opened.total, declared=self._province.named()), version

    def _answered(self) -> frozenset[int]:
        """The numbers that some rule answers."""
        return frozenset(number for about in self._console.abouts for number in about.findings)


def _undeclared(parts: Sequence[CoverageStanding]) -> tuple[str, ...]:
    """The kinds of which no site's box awaits any: of them nobody can be missed."""
    awaited = {part.kind for part in parts if any(count for outcome, count in part.outcomes.items() if outcome != Outcome.NOT_APPLICABLE)}
    return tuple(kind for kind in coverage_page.KINDS[1:] if kind not in awaited)
