"""The inspection report over a group of sites or over the whole province, made of the sites' own.

A report over thousands of sites takes minutes: it is made beside the page, one at a time, and the page says how far it is until it is there.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aiohttp import web
from markupsafe import Markup

from exporters.console.findings import BadFilterError
from exporters.console.fleet_site import declared_of
from exporters.console.pages import Console

if TYPE_CHECKING:
    from exporters.console.fleet import FleetSnapshot
    from exporters.console.fleet_views import Province
    from exporters.report import Bound, Inspected, Progress, Series
    from model.text import Language

# The JSON of the last scheduled report of a series by its code, if there is one: its numbers go on, and what changed since is told.
Previous = Callable[[str], bytes | None]

# How long a page waits before it says that the report is still being made; how long a file is waited for; how long one may take at all, seconds.
_SHORT: Final = 5.0
_PATIENCE: Final = 60.0
_LONGEST: Final = 3_600.0
# A report is shown again for ten times as long as it took, at most so many seconds, and no more than so many are kept: the files of a province are 100 MB.
_FRESH: Final = 600.0
_TIMES: Final = 10.0
_KEPT: Final = 3
_TYPES: Final = {"html": "text/html", "json": "application/json", "csv": "text/csv"}


def no_previous(_code: str) -> bytes | None:
    """For a page without series of reports."""
    return None


@dataclass(frozen=True)
class _Job:
    """A report that is being made, or was."""

    task: asyncio.Task[Bound]
    progress: Progress


class GroupReports:
    """The handlers of the report over a group and over all sites."""

    def __init__(
        self, console: Console, province: Province, snapshot: Callable[[], Awaitable[tuple[FleetSnapshot, int]]], previous: Previous = no_previous
    ) -> None:
        self._console = console
        self._province = province
        self._snapshot = snapshot
        self._previous = previous
        self._jobs: dict[tuple[str, Language], _Job] = {}
        self._turn = asyncio.Lock()

    def routes(self) -> list[web.RouteDef]:
        """Their addresses."""
        return [web.get("/bao-cao", self.shown), web.get("/bao-cao/{of:cum|tinh}.{kind:html|json|csv}", self.file)]

    async def close(self, _app: web.Application) -> None:
        """Ends what is being made."""
        for job in list(self._jobs.values()):
            job.task.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await job.task

    async def shown(self, request: web.Request) -> web.Response:
        """The choice of sites, and their report once they are chosen and it is made. Raises BadFilterError, and what the reader raises."""
        group, series = self._chosen(request, whole=request.query.get("tinh") == "1")
        snapshot, _ = await self._snapshot()
        made = job = None
        if series:
            job = self._job(series, self._console.links(request).language)
            made = await _finished(job, _SHORT)
        return self._console.page(
            request,
            "fleet_report.html",
            snapshot,
            groups=self._province.groups(),
            group=group,
            whole=series is not None and not group,
            sites=len(self._province.declared().sites),
            count=len(series.sites) if series else 0,
            progress=None if made or job is None else job.progress,
            body=Markup(made.body.decode()) if made else "",  # noqa: S704 - escaped where it was made
            kinds=tuple(_TYPES),
        )

    async def file(self, request: web.Request) -> web.Response:
        """The same as a file: HTML that stands alone, JSON, CSV. One that is not made within a minute is shown being made."""
        of, kind = request.match_info["of"], request.match_info["kind"]
        group, series = self._chosen(request, whole=of == "tinh")
        if series is None:
            raise web.HTTPNotFound
        links = self._console.links(request)
        made = await _finished(self._job(series, links.language), _PATIENCE)
        if made is None:
            raise web.HTTPFound(links.to("/bao-cao", cum=group) if group else links.to("/bao-cao", tinh="1"))
        response = web.Response(body=made.files[kind], content_type=_TYPES[kind], charset="utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="bao-cao-{series.code}-{made.made:%Y%m%d}.{kind}"'
        return response

    def _chosen(self, request: web.Request, *, whole: bool) -> tuple[str, Series | None]:
        from exporters import report  # noqa: PLC0415 - the report reads by the page's snapshot: at the top, either would need the other first

        declared = self._province.declared()
        if whole:
            return "", report.whole(declared)
        group, known = request.query.get("cum", ""), report.groups(declared)
        if group not in {"", *known}:
            raise BadFilterError("cum", group, self._province.groups())
        return group, known.get(group)

    def _job(self, series: Series, language: Language) -> _Job:
        """The report that was made just now, or is being made; else it is begun."""
        from exporters.report import Inspected, Progress  # noqa: PLC0415 - as above

        key = series.code, language
        if key not in self._jobs:
            progress, province = Progress(len(series.sites)), self._province
            source = Inspected(province.reader, lambda site: declared_of(province, site), self._console.abouts, province.now, language)
            task = asyncio.create_task(self._make(key, series, source, progress))
            self._jobs[key] = _Job(task, progress)
            task.add_done_callback(lambda done: self._failed(key, done))
        return self._jobs[key]

    def _failed(self, key: tuple[str, Language], task: asyncio.Task[Bound]) -> None:
        """Whoever waits for it is told why; the next that asks begins anew."""
        if task.cancelled() or task.exception() is not None:
            self._drop(key, task)

    def _drop(self, key: tuple[str, Language], task: asyncio.Task[Bound] | None) -> None:
        """Forgets that one, and none that was begun since."""
        if key in self._jobs and self._jobs[key].task is task:
            del self._jobs[key]

    async def _make(self, key: tuple[str, Language], series: Series, source: Inspected, progress: Progress) -> Bound:
        loop = asyncio.get_running_loop()
        async with self._turn, asyncio.timeout(_LONGEST):
            began = loop.time()
            made = await source.bound(series, await asyncio.to_thread(self._previous, series.code), progress)
        loop.call_later(min(_FRESH, _TIMES * (loop.time() - began)), self._drop, key, asyncio.current_task())
        for old in [other for other, job in self._jobs.items() if job.task.done()][: 1 - _KEPT or None]:
            self._jobs.pop(old, None)
        return made


async def _finished(job: _Job, patience: float) -> Bound | None:
    """What came of it; None when it is not done yet. Raises what it raised."""
    await asyncio.wait({job.task}, timeout=patience)
    return job.task.result() if job.task.done() else None
