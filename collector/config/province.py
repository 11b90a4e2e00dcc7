"""The table [province] of config.toml: the engine that holds what boxes send, what is declared of them, and when one counts as silent."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from collector.config.sinks import EngineTable, Url
from collector.config.table import Duration, FilePath, Int, lasting, matching, written
from model.text import Text

_HOURS = Text('giờ làm việc như "07:00-17:30" hoặc "07:00-11:30 13:00-17:00"', 'working hours such as "07:00-17:30" or "07:00-11:30 13:00-17:00"')
_SPAN = r"(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-4]):[0-5]\d"


class Province(EngineTable):
    """The service `vonggac province`. `poll`, `heartbeat` and `storm_window` in ns; a box is silent when `heartbeats` of them are missed."""

    urls: tuple[Url, ...] = ()
    declared: FilePath = written("declared-province")
    poll: Annotated[Duration, lasting("1s", "1m")] = written("2s")
    heartbeat: Annotated[Duration, lasting("1m", "1h")] = written("1m")
    heartbeats: Int = Field(default=2, ge=2, le=100)
    hours: Annotated[str, matching(rf"{_SPAN}( {_SPAN})*", _HOURS)] = "07:00-17:30"
    storm_sites: Int = Field(default=10, ge=2, le=1000)
    storm_window: Annotated[Duration, lasting("1m", "1h")] = written("10m")

    @property
    def called(self) -> str:
        """As config.toml has it."""
        return "province"
