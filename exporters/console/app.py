"""The web application of the page: routes over a journal reader, no state but what is handed in."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from jinja2 import Environment

from exporters.console import findings, guard
from exporters.console.coverage_page import CoverageViews
from exporters.console.doors import Doors
from exporters.console.entrance import Entrance
from exporters.console.evidence import Evidence, UnreadableError
from exporters.console.kinds import Classify, Remembered
from exporters.console.live import Failures, Streams
from exporters.console.pages import Console, Pages
from exporters.console.pc_views import PcViews
from exporters.console.portal_marks import Labels
from exporters.console.portal_views import PortalViews
from exporters.console.refusals import RefusedError
from exporters.console.render import environment
from exporters.console.report_views import Previous, ReportViews, no_previous
from exporters.console.speech import Speech
from exporters.console.users import UsersError
from exporters.maintenance import Window
from exporters.tally import Tally
from model.declared import Declared
from model.detector import About
from model.ports import Acts, JournalReader
from model.text import Language
from model.wording.portal_common import PERSONA

STATIC: Final = Path(__file__).parent / "static"
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# How long a readiness check waits for core, seconds.
READY: Final = 2.0


def _nothing_declared() -> Declared:
    return Declared(site="")


def make_app(
    reader: JournalReader,
    acts: Acts | None = None,
    *,
    language: Language = "vi",
    abouts: Sequence[About] = (),
    declared: Callable[[], Declared] = _nothing_declared,
    metrics: Handler | None = None,
    hosts: Collection[str] = (),
    failures: Failures = (),
    classify: Classify | None = None,
    personas: Labels | None = None,
    evidence: Evidence | None = None,
    previous: Previous = no_previous,
    tallies: Sequence[Tally] = (),
    doors: Doors | None = None,
    windows: Callable[[], Sequence[Window]] = lambda: (),
) -> web.Application:
    """The page over `reader`: an application that keeps nothing but what it is handed, to be bound to loopback.

    `abouts` are the detectors that run, `declared` gives the site as people describe it now, `metrics` answers GET /metrics, `hosts` further names the page
    may be opened by, `failures` what the reader raises besides OSError and EOFError, `classify` tells what kind of device an asset is, `personas` names the
    kinds of visitor in their order, `evidence` is what was kept of looks at portals, `previous` the last scheduled report, `tallies` what this process
    delivered, `windows` the maintenance. `doors`: who may come in; without them the page is open to read and nobody acts. `acts` carries out what users do.
    """
    names, files = static_files()
    console = Console(
        reader=reader,
        acts=acts,
        language=language,
        metrics=metrics,
        abouts=abouts,
        declared=declared,
        environments=environments(),
        assets=names,
        failures=(OSError, EOFError, *failures),
        classify=classify or Remembered(),
        tallies=tallies,
    )
    entrance = Entrance(console, doors)
    app = application(entrance, console, hosts)
    streams = Streams(lambda _: reader, console.failures, entrance.admits)
    app.on_shutdown.append(streams.close)
    portals = PortalViews(console, PERSONA if personas is None else personas, evidence)
    app.add_routes(
        [
            *Pages(console, kept=evidence is not None, windows=windows).routes(),
            *portals.routes(),
            *PcViews(console).routes(),
            *CoverageViews(console).routes(),
            *ReportViews(console, previous, tallies).routes(),
            *files,
            *machine_routes(console, reader.status),
            *entrance.routes(),
            web.get("/events", streams.serve),
        ]
    )
    return app


def application(entrance: Entrance, console: Console, hosts: Collection[str]) -> web.Application:
    """An application without pages yet: what every request passes and every answer carries."""
    guards = [guard.host_check(hosts, Speech(console.language)), errors_of(console)]
    app = web.Application(middlewares=entrance.around(guards), client_max_size=16 * 1024)
    app.on_response_prepare.append(guard.harden)
    return app


def environments() -> dict[Language, Environment]:
    """The templates in both languages."""
    return {"vi": environment("vi"), "en": environment("en")}


def static_files() -> tuple[dict[str, str], list[web.RouteDef]]:
    """The addresses of what is beside the pages (style, script, icon), by name, and what serves them."""
    files = {path.name: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.suffix in _TYPES}
    return {name: f"/static/{name}?v={hashlib.sha256(body).hexdigest()[:12]}" for name, body in files.items()}, _serving(files)


def _serving(files: Mapping[str, bytes]) -> list[web.RouteDef]:
    def serving(name: str, body: bytes) -> web.RouteDef:
        async def serve(_: web.Request) -> web.Response:
            # The address holds the content's hash, so a new release is a new address.
            response = web.Response(body=body, content_type=_TYPES[Path(name).suffix], charset="utf-8")
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
            response.enable_compression()
            return response

        return web.get(f"/static/{name}", serve)

    return [serving(name, body) for name, body in files.items()]


def machine_routes(console: Console, alive: Callable[[], Awaitable[object]]) -> list[web.RouteDef]:
    """What programs ask: whether the page runs, whether `alive` answers (it raises one of the console's failures where it does not), the metrics."""

    async def healthy(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def ready(_: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(READY):
                await alive()
        except console.failures:
            return web.Response(status=503, text="core does not answer\n")
        return web.Response(text="ready\n")

    routes = [web.get("/-/healthy", healthy), web.get("/-/ready", ready)]
    return [*routes, web.get("/metrics", console.metrics)] if console.metrics else routes


def errors_of(console: Console) -> Middleware:
    """Turns what handlers raise into pages that say what to do."""

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
        except UsersError as broken:
            return answer(503, speech.say("users_broken"), broken.text.to(console.links(request).language))
        except RefusedError as refused:
            return answer(refused.status, speech.say("refused"), refused.why.to(console.links(request).language))
        except UnreadableError:
            return answer(503, speech.say("no_evidence_store"), speech.say("no_evidence_store_why"))
        except console.failures:
            return answer(503, speech.say(console.away.title), speech.say(console.away.why))
        except web.HTTPNotFound:
            return answer(404, speech.say("not_found"), speech.say("not_found_why"))
        except web.HTTPMethodNotAllowed as wrong:
            response = answer(405, speech.say("method"), speech.say("method_why"))
            response.headers["Allow"] = wrong.headers["Allow"]
            return response

    return errors
