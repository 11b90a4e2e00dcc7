"""The handlers of the pages about PCs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

from exporters.console import findings, pcs
from exporters.console.pages import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exporters.console.pages import Console
    from model.posture.rows import PcRow


class PcViews:
    """The matrix, and one PC."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def routes(self) -> list[web.RouteDef]:
        """Each page's address."""
        return [web.get("/may-tinh", self.matrix), web.get("/may-tinh/{id}", self.machine)]

    async def matrix(self, request: web.Request) -> web.Response:
        """PCs by checks through the address's filters. Raises BadFilterError."""
        chosen = pcs.wanted(request.query)
        snapshot = await self._console.read(request, verdicts=True)
        every = pcs.lines(snapshot, await self._pcs(), self._console.abouts)
        return self._console.page(
            request,
            "pcs.html",
            snapshot,
            chosen=chosen,
            paged=findings.paged(pcs.listed(every, chosen), request.query),
            every=len(every),
            silent=sum(line.silent for line in every),
            opened=sum(line.open > 0 for line in every),
            counts=pcs.counts(every),
            checks=pcs.checks(self._console.abouts),
            states=pcs.STATES,
        )

    async def machine(self, request: web.Request) -> web.Response:
        """All that one PC told, and what was concluded of it."""
        snapshot = await self._console.read(request, verdicts=True)
        asked = request.match_info["id"]
        every = pcs.lines(snapshot, await self._pcs(), self._console.abouts)
        line = next((each for each in every if asked == each.id or any(asked == row.id for row in each.rows)), None)
        if line is None:
            raise web.HTTPNotFound
        about = pcs.about(snapshot, line)
        return self._console.page(request, "pc.html", snapshot, line=line, about=about, answers=pcs.answers(line))

    async def _pcs(self) -> Sequence[PcRow]:
        async with asyncio.timeout(PATIENCE):
            return await self._console.reader.pcs()
