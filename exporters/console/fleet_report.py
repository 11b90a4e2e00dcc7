"""The inspection report over a group of sites, made of the sites' own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from aiohttp import web

from exporters.console.findings import BadFilterError
from exporters.console.fleet_site import declared_of
from exporters.console.pages import Console
from model.inspection.document import instant
from model.inspection.group import Member, merged
from model.text import Text

if TYPE_CHECKING:
    from exporters.console.fleet import FleetSnapshot
    from exporters.console.fleet_views import Province
    from model.inspection.document import Report

# A report reads all that is known of each site; for more there is the command, which may take its time.
MOST: Final = 60
# How long such a page is waited for, seconds.
_PATIENCE: Final = 60.0
_TYPES: Final = {"html": "text/html", "json": "application/json", "csv": "text/csv"}
_SILENT: Final = Text("Tỉnh chưa nghe thấy hộp nào của điểm này.", "The province has heard no box of this site.")


class GroupReports:
    """The handlers of the report over a group."""

    def __init__(self, console: Console, province: Province, snapshot: Callable[[], Awaitable[tuple[FleetSnapshot, int]]]) -> None:
        self._console = console
        self._province = province
        self._snapshot = snapshot

    def routes(self) -> list[web.RouteDef]:
        """Their addresses."""
        return [web.get("/bao-cao", self.shown), web.get("/bao-cao/cum.{kind:html|json|csv}", self.file)]

    async def shown(self, request: web.Request) -> web.Response:
        """The choice of a group, and its report once one is chosen. Raises BadFilterError."""
        from exporters.report import body  # noqa: PLC0415 - the report reads by the page's snapshot: at the top, either would need the other first

        group, sites = self._chosen(request)
        snapshot, _ = await self._snapshot()
        written = ""
        if group and len(sites) <= MOST:
            written = body(await self._made(request, group, sites), self._console.links(request).language)
        return self._console.page(
            request, "fleet_report.html", snapshot, groups=self._province.groups(), group=group, count=len(sites), most=MOST, body=written, kinds=tuple(_TYPES)
        )  # fmt: skip

    async def file(self, request: web.Request) -> web.Response:
        """The same as a file: HTML that stands alone, JSON, CSV."""
        from exporters.report import csv, html, stored  # noqa: PLC0415 - as above

        group, sites = self._chosen(request)
        if not group or len(sites) > MOST:
            raise web.HTTPNotFound
        language, kind = self._console.links(request).language, request.match_info["kind"]
        report = await self._made(request, group, sites)
        data = {"html": lambda: html(report, language).encode(), "json": lambda: stored(report), "csv": lambda: csv(report, language)}[kind]()
        response = web.Response(body=data, content_type=_TYPES[kind], charset="utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="bao-cao-cum.{kind}"'
        return response

    def _chosen(self, request: web.Request) -> tuple[str, list[str]]:
        group, groups = request.query.get("cum", ""), self._province.groups()
        if group not in {"", *groups}:
            raise BadFilterError("cum", group, groups)
        return group, [site.site for site in self._province.declared().sites.values() if site.group == group]

    async def _made(self, request: web.Request, group: str, sites: list[str]) -> Report:
        from exporters.report import gather  # noqa: PLC0415 - as above

        language, reports, missing = self._console.links(request).language, [], []
        async with asyncio.timeout(_PATIENCE):
            for site in sites:
                reader, declared = self._province.reader.site(site), declared_of(self._province, site)
                if await reader.heartbeats():
                    reports.append(await gather(reader, declared, self._console.abouts, language=language))
                else:
                    missing.append(Member(site=site, name=declared.name, commune=declared.commune, why=_SILENT))
        return merged(reports, missing, code=group, name=group, made=instant(self._province.now()))
