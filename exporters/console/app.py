"""The web application of the page: routes over a journal reader, no state but what is handed in."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from jinja2 import Environment

from exporters.console import acting, findings, guard, inventory, overview
from exporters.console.live import Failures, Streams
from exporters.console.render import Links, environment, render
from exporters.console.snapshot import Snapshot, read
from exporters.console.speech import Speech
from model.declared import Declared
from model.detector import About
from model.ports import Acts, JournalReader
from model.text import Language

Metrics = Callable[[], bytes | Awaitable[bytes]]
METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
STATIC: Final = Path(__file__).parent / "static"
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# A page waits this long for core, a readiness check less, seconds.
PATIENCE: Final = 10.0
READY: Final = 2.0


def _nothing_declared() -> Declared:
    return Declared(site="")


@dataclass(frozen=True)
class Console:
    """What the handlers need: where to read, what may be done, in which words."""

    reader: JournalReader
    acts: Acts | None
    language: Language
    metrics: Metrics | None
    abouts: Sequence[About]
    declared: Callable[[], Declared]
    environments: Mapping[Language, Environment]
    assets: Mapping[str, str]
    forgery: guard.Forgery
    failures: Failures

    def links(self, request: web.Request) -> Links:
        """Where the request stands and in which language it wants its answer."""
        asked = request.query.get("lang")
        language: Language = cast("Language", asked) if asked in {"vi", "en"} else self.language
        return Links(language, self.language, request.path, tuple(request.query.items()))

    async def read(self, **parts: bool) -> Snapshot:
        """The journal, within a page's patience. Raises one of `failures`."""
        async with asyncio.timeout(PATIENCE):
            return await read(self.reader, self.declared(), **parts)

    def page(self, request: web.Request, template: str, snapshot: Snapshot | None = None, status: int = 200, **values: Any) -> web.Response:  # noqa: ANN401 - see render
        """A template as an answer, compressed where no secret stands in it."""
        links = self.links(request)
        token = self.forgery.token if self.acts else ""
        html = render(self.environments, template, links, snap=snapshot, static=self.assets, token=token, overview=overview, **values)
        response = web.Response(text=html, content_type="text/html", charset="utf-8", status=status)
        if not token:
            response.enable_compression()
        return response


def make_app(
    reader: JournalReader,
    acts: Acts | None = None,
    *,
    language: Language = "vi",
    abouts: Sequence[About] = (),
    declared: Callable[[], Declared] = _nothing_declared,
    metrics: Metrics | None = None,
    hosts: Collection[str] = (),
    failures: Failures = (),
) -> web.Application:
    """The page over `reader`. `abouts` are the detectors that run, `hosts` further names it may be opened by,
    `failures` what the reader raises besides OSError and EOFError when it cannot answer.

    With `acts` anybody who can open the page can act on findings, by a name they type: there are no users yet. Leave it None.
    """
    files = {path.name: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.suffix in _TYPES}
    names = {name: f"/static/{name}?v={hashlib.sha256(body).hexdigest()[:12]}" for name, body in files.items()}
    environments: dict[Language, Environment] = {"vi": environment("vi"), "en": environment("en")}
    console = Console(reader, acts, language, metrics, abouts, declared, environments, names, guard.Forgery(), (OSError, EOFError, *failures))
    app = web.Application(middlewares=[guard.host_check(hosts, Speech(language)), _errors(console)], client_max_size=16 * 1024)
    app.on_response_prepare.append(guard.harden)
    streams = Streams(reader, console.failures)
    app.on_shutdown.append(streams.close)
    app.add_routes([*_pages(console), *_files(files), *_machine(console), web.get("/events", streams.serve)])
    if acts is not None:
        app.add_routes(acting.routes(acts, console.forgery, console.links))
    return app


def _pages(console: Console) -> list[web.RouteDef]:
    async def first(request: web.Request) -> web.Response:
        snapshot = await console.read(verdicts=True, sinks=True)
        rows = overview.open_now(snapshot)
        return console.page(
            request,
            "overview.html",
            snapshot,
            rows=rows[: overview.FIRST_ROWS],
            severities=overview.by_severity(rows),
            coverage=overview.coverage(snapshot),
            fifteen=overview.fifteen(snapshot, console.abouts),
        )

    async def listing(request: web.Request) -> web.Response:
        snapshot = await console.read()
        detectors = findings.detectors_of(snapshot, console.abouts)
        chosen = findings.filters(request.query, detectors)
        rows = findings.paged(findings.listed(snapshot, chosen), request.query)
        return console.page(request, "findings.html", snapshot, chosen=chosen, paged=rows, detectors=detectors, states=findings.CHOICES)

    async def finding(request: web.Request) -> web.Response:
        history = await console.reader.history(request.match_info["id"])
        if not history:
            raise web.HTTPNotFound
        snapshot = await console.read()
        change = next((change for change in snapshot.findings if change.finding.id == history[-1].finding.id), history[-1])
        return console.page(request, "finding.html", snapshot, change=change, history=history, acting=console.acts is not None)

    async def assets(request: web.Request) -> web.Response:
        snapshot = await console.read()
        search = request.query.get("tim", "")[:80]
        rows = findings.paged(inventory.asset_rows(snapshot, search), request.query)
        return console.page(request, "assets.html", snapshot, paged=rows, search=search)

    async def asset(request: web.Request) -> web.Response:
        snapshot = await console.read()
        known = snapshot.assets.get(request.match_info["id"])
        if known is None:
            raise web.HTTPNotFound
        about = [change for change in overview.ranked(snapshot.findings) if change.finding.subject.id == known.id]
        return console.page(request, "asset.html", snapshot, row=inventory.asset_row(snapshot, known), about=about[: findings.PAGE])

    async def screens(request: web.Request) -> web.Response:
        snapshot = await console.read(verdicts=True)
        rows = findings.paged(inventory.screen_rows(snapshot), request.query)
        watched = any(about.id == inventory.DISPLAY for about in console.abouts)
        return console.page(request, "screens.html", snapshot, paged=rows, watched=watched)

    async def sensors(request: web.Request) -> web.Response:
        snapshot = await console.read(assets=False)
        return console.page(request, "sensors.html", snapshot)

    async def sinks(request: web.Request) -> web.Response:
        snapshot = await console.read(assets=False, sinks=True)
        letters = findings.paged(await console.reader.dead_letters(), request.query)
        return console.page(request, "sinks.html", snapshot, letters=letters)

    views = {
        "/": first,
        "/phat-hien": listing,
        "/phat-hien/{id}": finding,
        "/thiet-bi": assets,
        "/thiet-bi/{id}": asset,
        "/man-hinh": screens,
        "/bo-thu": sensors,
        "/gui-di": sinks,
    }
    return [web.get(path, view) for path, view in views.items()]


def _files(files: Mapping[str, bytes]) -> list[web.RouteDef]:
    def serving(name: str, body: bytes) -> web.RouteDef:
        async def serve(_: web.Request) -> web.Response:
            # The address holds the content's hash, so a new release is a new address.
            response = web.Response(body=body, content_type=_TYPES[Path(name).suffix], charset="utf-8")
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
            response.enable_compression()
            return response

        return web.get(f"/static/{name}", serve)

    return [serving(name, body) for name, body in files.items()]


def _machine(console: Console) -> list[web.RouteDef]:
    async def metrics(_: web.Request) -> web.Response:
        if console.metrics is None:
            raise web.HTTPNotFound
        made = console.metrics()
        body = await made if inspect.isawaitable(made) else made
        return web.Response(body=body, headers={"Content-Type": METRICS_TYPE})

    async def healthy(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def ready(_: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(READY):
                await console.reader.status()
        except console.failures:
            return web.Response(status=503, text="core does not answer\n")
        return web.Response(text="ready\n")

    return [web.get("/metrics", metrics), web.get("/-/healthy", healthy), web.get("/-/ready", ready)]


def _errors(console: Console) -> Middleware:
    @web.middleware
    async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
        speech = Speech(console.links(request).language)

        def answer(status: int, title: str, why: str) -> web.Response:
            return console.page(request, "error.html", status=status, title=title, why=why)

        try:
            return await handler(request)
        except findings.BadFilterError as bad:
            why = speech.say("bad_value", key=bad.key, value=bad.value[:80], allowed=", ".join(bad.allowed))
            return answer(400, speech.say("bad_filter"), why)
        except acting.RefusedError as refused:
            return answer(refused.status, speech.say("refused"), refused.why.to(console.links(request).language))
        except console.failures:
            return answer(503, speech.say("no_core"), speech.say("no_core_why"))
        except web.HTTPNotFound:
            return answer(404, speech.say("not_found"), speech.say("not_found_why"))
        except web.HTTPMethodNotAllowed as wrong:
            response = answer(405, speech.say("method"), speech.say("method_why"))
            response.headers["Allow"] = wrong.headers["Allow"]
            return response

    return errors
