"""The web application of the province's page: its own pages over all sites, and every box's pages below `/diem/{site}`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from aiohttp import web
from aiohttp.typedefs import Handler

from exporters.console.app import application, environments, machine_routes, static_files
from exporters.console.doors import Doors
from exporters.console.entrance import Entrance
from exporters.console.fleet_report import GroupReports, Previous, no_previous
from exporters.console.fleet_site import SitePages
from exporters.console.fleet_views import MENU, FleetViews, Province, Shared
from exporters.console.kinds import Classify, Remembered
from exporters.console.live import Failures, Streams
from exporters.console.pages import FLEET_AWAY, SITE, Console
from exporters.console.portal_marks import Labels
from exporters.maintenance import Window
from exporters.tally import Tally
from model.declared import Declared
from model.detector import About
from model.fleet.declared import FleetDeclared
from model.fleet.ports import FleetReader
from model.ports import Acts, JournalReader
from model.text import Language
from model.wording.portal_common import PERSONA

# Devices of many sites pass by: what is remembered of their classes is bounded.
_REMEMBERED = 100_000


def fleet_app(
    reader: FleetReader,
    acts: Acts | None,
    declared: Callable[[], FleetDeclared],
    own: JournalReader,
    now: Callable[[], int],
    *,
    language: Language = "vi",
    abouts: Sequence[About] = (),
    metrics: Handler | None = None,
    hosts: Collection[str] = (),
    failures: Failures = (),
    classify: Classify | None = None,
    personas: Labels | None = None,
    tallies: Sequence[Tally] = (),
    doors: Doors | None = None,
    windows: Callable[[], Sequence[Window]] = lambda: (),
    previous: Previous = no_previous,
) -> web.Application:
    """The page over `reader`; it keeps nothing but what it is handed, and the answers of one version.

    `own` is the province's own journal, which knows who was told; `now` in ns; `abouts` are the rules of boxes, and its own. All else as `make_app` has it.
    """
    names, files = static_files()
    console = Console(
        reader=own,
        acts=acts,
        language=language,
        metrics=metrics,
        abouts=abouts,
        declared=lambda: Declared(site=declared().province, name=declared().name),
        environments=environments(),
        assets=names,
        failures=(OSError, EOFError, *failures),
        classify=classify or Remembered(_REMEMBERED),
        tallies=tallies,
        menu=MENU,
        away=FLEET_AWAY,
    )
    province = Province(reader, declared, now, Shared())
    entrance = Entrance(console, doors)
    app = application(entrance, console, hosts)
    sites = SitePages(console, province, PERSONA if personas is None else personas)
    streams, apart = Streams(lambda _: reader, console.failures, entrance.admits), Streams(sites.reader, console.failures, entrance.admits)
    views = FleetViews(console, province, windows)
    reports = GroupReports(console, province, views.snapshot, previous)
    app.on_shutdown.extend((streams.close, apart.close, reports.close))
    app.add_routes(
        [
            *views.routes(),
            *reports.routes(),
            *sites.routes(),
            *files,
            *machine_routes(console, lambda: reader.wait(-1, 0.0)),
            *entrance.routes(),
            *(web.post(f"{SITE}{{site}}{route.path}", route.handler) for route in entrance.acting()),
            *(web.get(f"{below}/events", each.serve) for below, each in (("", streams), (f"{SITE}{{site}}", apart))),
        ]
    )
    return app
