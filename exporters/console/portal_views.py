"""The handlers of the pages about portals, and of what was kept of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from exporters.console import findings, portals
from exporters.console.evidence import CAPTURE, FINDING, Album, Packages, UnreadableError, shown
from exporters.console.hop_tree import parted
from exporters.console.portal_feeds import feed_lines
from exporters.console.portal_marks import Once, label_of
from exporters.console.portal_page import portal_page, shots
from exporters.console.speech import Speech
from model.portals.declared import Portal
from model.wording.portal_common import accept_command

if TYPE_CHECKING:
    from exporters.console.evidence import Evidence
    from exporters.console.pages import Console
    from exporters.console.portal_marks import Labels
    from exporters.console.portal_page import PortalPage
    from exporters.console.snapshot import Snapshot
    from model.portals.rows import PortalRow


class PortalViews:
    """The list, one portal, its pictures and packages."""

    def __init__(self, console: Console, labels: Labels, evidence: Evidence | None) -> None:
        self._console = console
        self._labels = labels
        self._evidence = evidence
        self._album = Album(evidence)
        self._packages = Packages(evidence) if evidence else None

    def routes(self) -> list[web.RouteDef]:
        """Each page's address."""
        return [
            web.get("/cong", self.listing),
            web.get("/cong/{id}", self.portal),
            web.get(f"/cong/{{id}}/anh/{{capture:{CAPTURE}}}", self.picture),
            web.get(f"/cong/{{id}}/chung-cu/{{finding:{FINDING}}}.zip", self.package),
        ]

    async def listing(self, request: web.Request) -> web.Response:
        """Declared portals through the address's filters, worst first. Raises BadFilterError."""
        chosen = portals.wanted(request.query)
        snapshot = await self._console.read(request, assets=False, verdicts=True)
        every = portals.lines(snapshot)
        paged = findings.paged(portals.listed(every, chosen), request.query)
        ids = [line.portal.id for line in paged.rows]
        known = await self._console.reader.portals(ids) if ids else ()
        return self._console.page(
            request,
            "portals.html",
            snapshot,
            chosen=chosen,
            paged=paged,
            rows=portals.rows_of(paged.rows, known, self._labels, snapshot.now),
            counts=portals.counts(every),
            watch=portals.watch(every),
            opened=sum(line.finding is not None and line.finding.finding.state == "open" for line in every),
            levels=portals.LEVELS,
            states=portals.STATES,
            once=Once(Speech(snapshot.language), snapshot.now),
            feeds=feed_lines(snapshot.feeds, snapshot.now),
        )

    async def portal(self, request: web.Request) -> web.Response:
        """All that is known of one portal."""
        snapshot = await self._console.read(request, assets=False, verdicts=True)
        portal, row = await self._known(request, snapshot)
        page = portal_page(snapshot, portal, row, self._labels)
        return self._console.page(
            request,
            "portal.html",
            snapshot,
            page=page,
            portal=portal,
            pictures=await self._pictures(page),
            labels=self._labels,
            label_of=label_of,
            parted=parted,
            kept=self._evidence is not None,
            accepting=accept_command(portal.id),
        )

    async def _pictures(self, page: PortalPage) -> list[tuple[str, str]] | None:
        """What is seen on which capture; None where the store cannot be read: the page is about the portal, and says that in its place."""
        try:
            return [(shot.state, found) for shot in shots(page) if (found := await self._album.first(shot.captures))]
        except UnreadableError:
            return None

    async def picture(self, request: web.Request) -> web.Response:
        """The screenshot of one look."""
        return await shown(self._evidence, request.match_info["capture"])

    async def package(self, request: web.Request) -> web.StreamResponse:
        """What was kept for a finding about this portal."""
        history = await self._console.reader.history(request.match_info["finding"]) if self._packages else ()
        if not history or self._packages is None:
            raise web.HTTPNotFound
        subject = history[-1].finding.subject
        if (subject.kind, subject.id) != ("portal", request.match_info["id"]):
            raise web.HTTPNotFound
        return await self._packages.send(request, history[-1])

    async def _known(self, request: web.Request, snapshot: Snapshot) -> tuple[Portal, PortalRow | None]:
        name = request.match_info["id"]
        row = next(iter(await self._console.reader.portals([name])), None)
        declared = snapshot.portals.get(name)
        if declared is None and row is None:
            raise web.HTTPNotFound
        return declared or Portal(id=name, url=row.url if row else ""), row
