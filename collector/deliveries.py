"""The sinks of a running service: each with its runner, taken away, changed or added while the others go on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from collector.config import Config
from exporters.runner import Pace, run
from exporters.sink import Sink
from exporters.tally import Tally
from model.ports import Outbox

if TYPE_CHECKING:
    from collector.config.sinks import AnySink
    from model.declared import Declared

# What messages say of sites: a sink that was built with other names is built anew.
Places = tuple[tuple[str, str, str, str], ...]
# How long a delivery under way is waited for at the end, seconds; what is cut off is sent again under the same id at the next start.
LAST: Final = 2.0
# Builds the sinks of a configuration, in its order. Raises OptionsError.
Build = Callable[[Config, Mapping[str, "Declared"]], list[Sink]]


class _Running:
    def __init__(self, options: AnySink, places: Places, stop: asyncio.Event, task: asyncio.Task[None], tally: Tally) -> None:
        self.options = options
        self.places = places
        self.stop = stop
        self.task = task
        self.tally = tally


class Deliveries:
    """`tallies` is one list for as long as the service runs: the metrics and the page hold on to it."""

    def __init__(self, outbox: Outbox, build: Build, pace: Pace) -> None:
        self.tallies: list[Tally] = []
        self._outbox = outbox
        self._build = build
        self._pace = pace
        self._running: dict[str, _Running] = {}

    async def take(self, config: Config, sites: Mapping[str, Declared]) -> str:
        """From now on these sinks and no other; one whose options are as they were is not disturbed. Raises OptionsError, and then nothing changed."""
        places = tuple((code, site.name, site.commune, site.province) for code, site in sorted(sites.items()))
        for sink in self._build(config, sites):
            # Built only to see that all can be: nothing runs yet, and nothing that runs was touched.
            await sink.close()
        kept = {options.name for options in config.sinks if self._runs(options, places)}
        for name in [name for name in self._running if name not in kept]:
            await self._end(self._running.pop(name))
        fresh = tuple(options for options in config.sinks if options.name not in kept)
        # Only now: what the one before remembers of whom it told is in its file once it ended.
        for options, sink in zip(fresh, self._build(config.model_copy(update={"sinks": fresh}), sites), strict=True):
            self._running[options.name] = self._begin(options, places, sink, config)
        return ""

    async def close(self) -> None:
        """Ends all of them, each delivery under way given a moment."""
        running, self._running = list(self._running.values()), {}
        await asyncio.gather(*(self._end(each) for each in running))

    def _runs(self, options: AnySink, places: Places) -> bool:
        running = self._running.get(options.name)
        return running is not None and (running.options, running.places) == (options, places)

    def _begin(self, options: AnySink, places: Places, sink: Sink, config: Config) -> _Running:
        stop, tally = asyncio.Event(), Tally(sink=sink.name)
        self.tallies.append(tally)
        task = asyncio.create_task(run(self._outbox, sink, stop, pace=self._pace, tally=tally, language=config.language))
        return _Running(options, places, stop, task, tally)

    async def _end(self, running: _Running) -> None:
        running.stop.set()
        self.tallies[:] = [tally for tally in self.tallies if tally is not running.tally]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(running.task, LAST)
