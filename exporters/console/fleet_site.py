"""The pages of one site at the province: the box's own views over what the province has of it, below the site's address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec
from aiohttp import web

from exporters.console.coverage_page import CoverageViews
from exporters.console.pages import BOX_MENU, PATIENCE, SITE, Console, Pages
from exporters.console.pc_views import PcViews
from exporters.console.portal_views import PortalViews
from exporters.console.report_views import ReportViews
from exporters.console.snapshot import read
from model.declared import Declared

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

    from exporters.console.fleet import FleetSnapshot
    from exporters.console.fleet_views import Province
    from exporters.console.portal_marks import Labels
    from exporters.console.snapshot import Snapshot
    from model.fleet.declared import FleetDeclared
    from model.fleet.ports import SiteRecord, SiteStanding

# A site's boxes in place of what only a box has: its sinks and what they refused.
MENU: Final = tuple(("/hop", "boxes") if path == "/gui-di" else (path, key) for path, key in BOX_MENU)
_APART: Final = frozenset({"/gui-di"})


class Views(Protocol):
    """A group of pages."""

    def routes(self) -> list[web.RouteDef]:
        """Their addresses."""


@dataclass(frozen=True)
class SiteConsole(Console):
    """The console of one site's pages: while the site is not heard each of them says so first, for what they show is of an earlier time."""

    standing: SiteStanding | None = None

    def page(self, request: web.Request, template: str, snapshot: Snapshot | FleetSnapshot | None = None, status: int = 200, **values: Any) -> web.Response:  # noqa: ANN401 - see render
        """A page of the site."""
        return super().page(request, template, snapshot, status, standing=self.standing, **values)


class SitePages:
    """Makes the views anew for each request: they hold nothing but the console of a site, which is made of what was declared just now."""

    def __init__(self, console: Console, province: Province, personas: Labels) -> None:
        self._console = console
        self._province = province
        self._kinds: Sequence[Callable[[Console], Views]] = (
            Pages,
            lambda site: PortalViews(site, personas, None),
            PcViews,
            CoverageViews,
            ReportViews,
            lambda site: BoxViews(site, province),
        )

    def routes(self) -> list[web.RouteDef]:
        """Every page of a box below `/diem/{site}`."""
        return [
            web.get(f"{SITE}{{site}}{route.path}", self._handler(kind, place))
            for kind in self._kinds
            for place, route in enumerate(_gets(kind(self._console)))
            if route.path not in _APART
        ]

    def reader(self, request: web.Request) -> SiteRecord:
        """The record of the site that is asked for. Raises HTTPNotFound."""
        return self._province.reader.site(self._known(request))

    def _known(self, request: web.Request) -> str:
        site = request.match_info["site"]
        if not self._province.known(site):
            raise web.HTTPNotFound
        return site

    def _handler(self, kind: Callable[[Console], Views], place: int) -> Handler:
        async def serve(request: web.Request) -> web.StreamResponse:
            site = self._known(request)
            views = kind(self._site(site, await self._standing(site)))
            handler: Handler = _gets(views)[place].handler
            return await handler(request)

        return serve

    async def _standing(self, site: str) -> SiteStanding | None:
        province = self._province
        async with asyncio.timeout(PATIENCE):
            sites = await province.shared.get(await province.reader.wait(-1, 0.0), "sites", province.reader.sites)
        return next((each for each in sites if each.site == site), None)

    def _site(self, site: str, standing: SiteStanding | None) -> Console:
        of_province = {each.name: getattr(self._console, each.name) for each in fields(Console)}
        of_site = {
            "reader": self._province.reader.site(site),
            "declared": lambda: declared_of(self._province, site),
            "menu": MENU,
            "tallies": (),
            "told": self._console.reader,
            "standing": standing,
        }
        return SiteConsole(**{**of_province, **of_site})


class BoxViews:
    """What the province knows of a site's boxes."""

    def __init__(self, console: Console, province: Province) -> None:
        self._console = console
        self._province = province

    def routes(self) -> list[web.RouteDef]:
        """Its address."""
        return [web.get("/hop", self.shown)]

    async def shown(self, request: web.Request) -> web.Response:
        """The last heartbeat of each, and those declared that never had one."""
        site = request.match_info["site"]
        async with asyncio.timeout(PATIENCE):
            snapshot = await read(self._console.reader, self._console.declared(), self._console.links(request).language, assets=False)
            heard = {health.box: health for health in await self._province.reader.site(site).heartbeats()}
        now = self._province.now()
        lines = [line for line in self._province.declared().boxes if line.site == site and (not line.until or now < line.until)]
        boxes = sorted({line.box for line in lines} | heard.keys())
        return self._console.page(request, "fleet_boxes.html", snapshot, boxes=[(box, heard.get(box)) for box in boxes])


def declared_of(province: Province, site: str) -> Declared:
    """What is declared of a site now."""
    return fleet_declared(province.declared(), site)


def fleet_declared(declared: FleetDeclared, site: str) -> Declared:
    """What is declared of a site, in the province's own words where it holds no folder of the site."""
    known = declared.sites.get(site)
    if known is None:
        return Declared(site=declared.province, name=declared.name)
    if known.details is None:
        return Declared(site=site, name=known.name, commune=known.commune, province=declared.province)
    return msgspec.structs.replace(known.details, site=site, name=known.name or known.details.name)


def _gets(views: Views) -> list[web.RouteDef]:
    return [route for route in views.routes() if route.method == "GET"]
