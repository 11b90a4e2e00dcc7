"""What a request for a page needs, and the pages themselves: read the journal, choose, render."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler
from jinja2 import Environment

from exporters.console import drawing, findings, inventory, kinds, network, overview, portals, visitor
from exporters.console.gate import TRAIL, USERS
from exporters.console.kinds import Classify
from exporters.console.live import Failures
from exporters.console.render import Links, render
from exporters.console.snapshot import Snapshot, read
from exporters.console.speech import Speech
from exporters.console.told import Told, told
from exporters.maintenance import Window
from model.declared import Declared
from model.detector import About
from model.ports import Acts, JournalReader
from model.text import Language

if TYPE_CHECKING:
    from exporters.console.fleet import FleetSnapshot
    from exporters.tally import Tally
    from model.inspection.document import Delivered
    from model.ledger import Change

# How long a page waits for core, seconds.
PATIENCE: Final = 10.0
# Below this, the pages of a site at the province (fleet_site).
SITE: Final = "/diem/"
# What the head of every page leads to: address and phrase.
BOX_MENU: Final = (
    ("/", "overview"),
    ("/phat-hien", "findings"),
    ("/ban-do", "map"),
    ("/man-hinh", "screens"),
    ("/cong", "portals"),
    ("/may-tinh", "pcs"),
    ("/thiet-bi", "assets"),
    ("/bo-thu", "sensors"),
    ("/do-bao-phu", "coverage"),
    ("/gui-di", "sinks"),
    ("/bao-cao", "report"),
)
ADMINISTRATORS_MENU: Final = ((USERS, "users"), (TRAIL, "trail"))


class Away(NamedTuple):
    """The phrases for figures whose source does not answer: a page in their place (title, why), and a word in the head of a page that is open."""

    title: str
    why: str
    live: str


CORE_AWAY: Final = Away("no_core", "no_core_why", "live_away")
FLEET_AWAY: Final = Away("no_fleet", "no_fleet_why", "live_away_fleet")


@dataclass(frozen=True)
class Console:
    """What the handlers need: where to read, what may be done, in which words. `told`: the journal that knows who was told, where that is another."""

    reader: JournalReader
    acts: Acts | None
    language: Language
    metrics: Handler | None
    abouts: Sequence[About]
    declared: Callable[[], Declared]
    environments: Mapping[Language, Environment]
    assets: Mapping[str, str]
    failures: Failures
    classify: Classify
    tallies: Sequence[Tally] = ()
    menu: Sequence[tuple[str, str]] = BOX_MENU
    away: Away = CORE_AWAY
    told: JournalReader | None = None

    def links(self, request: web.Request) -> Links:
        """Where the request stands and in which language it wants its answer."""
        asked = request.query.get("lang")
        language: Language = cast("Language", asked) if asked in {"vi", "en"} else self.language
        site = request.match_info.get("site", "")
        prefix, path = (f"{SITE}{quote(site, safe='')}", request.path.removeprefix(f"{SITE}{site}") or "/") if site else ("", request.path)
        return Links(language, self.language, path, tuple(request.query.items()), prefix)

    async def read(self, request: web.Request, **parts: bool) -> Snapshot:
        """The journal, within a page's patience. Raises one of `failures`."""
        async with asyncio.timeout(PATIENCE):
            return await read(self.reader, self.declared(), self.links(request).language, **parts)

    def page(self, request: web.Request, template: str, snapshot: Snapshot | FleetSnapshot | None = None, status: int = 200, **values: Any) -> web.Response:  # noqa: ANN401 - see render
        """A template as an answer, for whoever asks."""
        who = visitor.of(request)
        links = self.links(request)
        administers = who is not None and who.may("administer") and not links.prefix
        given = {
            "snap": snapshot,
            "static": self.assets,
            "overview": overview,
            "menu": (*self.menu, *(ADMINISTRATORS_MENU if administers else ())),
            "visitor": who,
            "away": self.away,
            "signed_out": visitor.signed_out(request),
            "acting": self.acts is not None and who is not None and who.may("act"),
        }
        html = render(self.environments, template, links, **given, **values)
        response = web.Response(text=html, content_type="text/html", charset="utf-8", status=status)
        response.enable_compression()
        return response


class Pages:
    """The handlers of the pages, one a view."""

    def __init__(self, console: Console, *, kept: bool = False, windows: Callable[[], Sequence[Window]] = lambda: ()) -> None:
        """`kept`: there is a store of evidence about portals; `windows`: the maintenance windows there are."""
        self._console = console
        self._kept = kept
        self._windows = windows

    def routes(self) -> list[web.RouteDef]:
        """Each page's address."""
        views = {
            "/": self.first,
            "/phat-hien": self.listing,
            "/phat-hien/{id}": self.finding,
            "/ban-do": self.network,
            "/thiet-bi": self.assets,
            "/thiet-bi/{id}": self.asset,
            "/man-hinh": self.screens,
            "/bo-thu": self.sensors,
            "/gui-di": self.sinks,
        }
        return [web.get(path, view) for path, view in views.items()]

    async def first(self, request: web.Request) -> web.Response:
        """What is wrong now, what is watched, the fifteen rows."""
        snapshot = await self._console.read(request, verdicts=True, sinks=True)
        rows = overview.open_now(snapshot)
        return self._console.page(
            request,
            "overview.html",
            snapshot,
            all=rows,
            rows=rows[: overview.FIRST_ROWS],
            accepted=sum(change.finding.state == "accepted" for change in snapshot.findings),
            severities=overview.by_severity(rows),
            coverage=overview.coverage(snapshot),
            fifteen=overview.fifteen(snapshot, self._console.abouts),
            watch=portals.watch(portals.lines(snapshot)),
        )

    async def listing(self, request: web.Request) -> web.Response:
        """Findings through the address's filters. Raises BadFilterError."""
        snapshot = await self._console.read(request)
        detectors = findings.detectors_of(snapshot, self._console.abouts)
        chosen = findings.filters(request.query, detectors)
        rows = findings.listed(snapshot, chosen)
        paged = findings.paged(rows, request.query)
        return self._console.page(request, "findings.html", snapshot, chosen=chosen, all=rows, paged=paged, detectors=detectors, states=findings.CHOICES)

    async def finding(self, request: web.Request) -> web.Response:
        """One finding with its history."""
        history = await self._console.reader.history(request.match_info["id"])
        if not history:
            raise web.HTTPNotFound
        snapshot = await self._console.read(request)
        change = next((change for change in snapshot.findings if change.finding.id == history[-1].finding.id), history[-1])
        told = await self._told(history)
        return self._console.page(request, "finding.html", snapshot, change=change, history=history, kept=self._kept, told=told)

    async def _told(self, history: Sequence[Change]) -> Told | None:
        """Who was told of the finding; None where that is in a journal of its own that does not answer."""
        apart, finding = self._console.told, history[-1].finding.id
        if apart is None:
            return told(await self._console.reader.deliveries(finding), history)
        try:
            async with asyncio.timeout(PATIENCE):
                return told(await apart.deliveries(finding), history)
        except self._console.failures:
            return None

    async def network(self, request: web.Request) -> web.Response:
        """The network picture of the site."""
        snapshot = await self._console.read(request, verdicts=True)
        seen = network.network(snapshot, self._console.classify)
        watched = any(about.id == network.SHARED for about in self._console.abouts)
        picture = drawing.draw(seen, snapshot, Speech(snapshot.language))
        return self._console.page(request, "map.html", snapshot, network=seen, picture=picture, watched=watched, probes=network.probe_lines(snapshot))

    async def assets(self, request: web.Request) -> web.Response:
        """Devices through the address's filters, last seen first. Raises BadFilterError."""
        snapshot = await self._console.read(request)
        chosen = inventory.wanted(request.query, snapshot)
        paged = findings.paged(inventory.listed(snapshot, chosen, self._console.classify), request.query)
        counts = inventory.open_counts(snapshot)
        rows = [inventory.asset_row(snapshot, asset, self._console.classify, counts[asset.id]) for asset in paged.rows]
        segments = inventory.segments_of(snapshot)
        return self._console.page(request, "assets.html", snapshot, paged=paged, rows=rows, chosen=chosen, classes=kinds.CLASSES, segments=segments)

    async def asset(self, request: web.Request) -> web.Response:
        """All that is known of one device; of a citizen's own its hash, class, places and times."""
        snapshot = await self._console.read(request)
        known = snapshot.assets.get(request.match_info["id"])
        if known is None:
            raise web.HTTPNotFound
        about = [change for change in overview.ranked(snapshot.findings) if change.finding.subject.id == known.id]
        row = inventory.asset_row(snapshot, known, self._console.classify)
        return self._console.page(request, "asset.html", snapshot, row=row, about=about[: findings.PAGE])

    async def screens(self, request: web.Request) -> web.Response:
        """Screens with their four lamps."""
        snapshot = await self._console.read(request, verdicts=True)
        rows = findings.paged(inventory.screen_rows(snapshot), request.query)
        watched = any(about.id == inventory.DISPLAY for about in self._console.abouts)
        return self._console.page(request, "screens.html", snapshot, paged=rows, watched=watched)

    async def sensors(self, request: web.Request) -> web.Response:
        """Sensors and core's own figures."""
        snapshot = await self._console.read(request, assets=False)
        return self._console.page(request, "sensors.html", snapshot)

    async def sinks(self, request: web.Request) -> web.Response:
        """Sinks, maintenance that is not over, dead letters."""
        snapshot = await self._console.read(request, assets=False, sinks=True)
        return await sinks_page(self._console, request, snapshot, self._windows())


async def sinks_page(console: Console, request: web.Request, snapshot: Snapshot | FleetSnapshot, windows: Sequence[Window]) -> web.Response:
    """The sinks of a box's journal, or of a province's own, with the `windows` that are not over."""
    letters = findings.paged(await console.reader.dead_letters(), request.query)
    standing = [window for window in windows if window.ends > snapshot.now]
    return console.page(request, "sinks.html", snapshot, letters=letters, windows=standing, delivered=delivered(console.tallies))


def delivered(tallies: Sequence[Tally]) -> dict[str, Delivered]:
    """Seconds from event to delivery by sink, as far as this very process delivers."""
    # The report reads by the page's snapshot: imported at the top, either would need the other first.
    from exporters.report import of_tallies  # noqa: PLC0415 - see above

    return {line.sink: line for line in of_tallies(tallies)}
