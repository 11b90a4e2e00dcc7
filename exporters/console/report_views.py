"""The inspection report inside the page, to read and to print, and as files to keep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from aiohttp import web

if TYPE_CHECKING:
    from exporters.console.pages import Console
    from exporters.tally import Tally
    from model.inspection.document import Report

# The JSON of the site's last scheduled report, if there is one: its numbers go on, and what changed since is told.
Previous = Callable[[], bytes | None]

_TYPES: Final = {"html": "text/html", "json": "application/json", "csv": "text/csv"}


def no_previous() -> bytes | None:
    """For a page without a series of reports."""
    return None


class ReportViews:
    """The handlers of the report."""

    def __init__(self, console: Console, previous: Previous = no_previous, tallies: Sequence[Tally] = ()) -> None:
        self._console = console
        self._previous = previous
        self._tallies = tallies

    def routes(self) -> list[web.RouteDef]:
        """Their addresses."""
        return [web.get("/bao-cao", self.shown), web.get("/bao-cao/{name:[a-z0-9-]{1,80}}.{kind:html|json|csv}", self.file)]

    async def shown(self, request: web.Request) -> web.Response:
        """The report as it stands now, in the page's frame."""
        # The report reads by the page's snapshot: imported at the top, either would need the other first.
        from exporters.report import body  # noqa: PLC0415 - see above

        snapshot = await self._console.read(request, assets=False)
        report = await self._made(request)
        name = f"{report.site}-{report.made:%Y%m%d}".lower()
        written = body(report, self._console.links(request).language)
        return self._console.page(request, "report.html", snapshot, body=written, name=name, kinds=tuple(_TYPES))

    async def file(self, request: web.Request) -> web.Response:
        """The same as a file: HTML that stands alone, JSON, CSV."""
        from exporters.report import csv, html, stored  # noqa: PLC0415 - as above

        language, kind = self._console.links(request).language, request.match_info["kind"]
        report = await self._made(request)
        data = {"html": lambda: html(report, language).encode(), "json": lambda: stored(report), "csv": lambda: csv(report, language)}[kind]()
        response = web.Response(body=data, content_type=_TYPES[kind], charset="utf-8")
        # A file to keep: opened here, its own style would be refused by the page's policy.
        response.headers["Content-Disposition"] = f'attachment; filename="{request.match_info["name"]}.{kind}"'
        return response

    async def _made(self, request: web.Request) -> Report:
        from exporters.report import gather, of_tallies, previous_of  # noqa: PLC0415 - as above

        declared = self._console.declared()
        previous = previous_of(self._previous(), declared.site)
        return await gather(
            self._console.reader, declared, self._console.abouts, previous=previous, delivered=of_tallies(self._tallies),
            language=self._console.links(request).language,
        )  # fmt: skip
