"""The pusher of metrics out of configuration; apart from the sinks, which every box has."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from collector.clock import Clock
from collector.config import Config
from exporters.prometheus import Metrics
from exporters.remote_write import NAME, RemoteWrite, RemoteWriteOptions
from exporters.tally import Tally
from model.ports import JournalReader


def remote_write_of(config: Config, reader: JournalReader, tallies: Sequence[Tally], clock: Clock) -> tuple[RemoteWrite, Tally]:
    """The pusher over a page of its own, and its tally. Raises OptionsError."""
    given = config.remote_write.model_dump(exclude_none=True)
    metrics = Metrics(reader, now=clock.now, version=version("vonggac"), tallies=tallies, language=config.language)
    tally = Tally(sink=NAME)
    return RemoteWrite(RemoteWriteOptions(**given, language=config.language), metrics, now=clock.now, tally=tally), tally
