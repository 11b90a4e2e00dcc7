"""The table [screens] of config.toml: which screens' families are asked, to which events the box listens, how often and how gently."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from collector.config.table import Duration, Int, Table, lasting, written

# The same words as collector.sensors.screens.targets.Asked, which a test compares: the configuration imports no sensor.
Asked = Literal["pjlink", "ntcontrol", "dlna", "airplay", "cast", "cast-status", "dial", "roku", "samsung", "kodi"]


# An answer speaks for a screen for an hour (model.screens.told), so that half of that is the longest period that leaves no gap.
_Period = Annotated[Duration, lasting("1m", "30m")]
_Pace = Annotated[Duration, lasting("1s", "1m")]
_Deadline = Annotated[Duration, lasting("1s", "1m")]


class Screens(Table):
    """Nothing is asked unless named. Lengths of time in ns."""

    ask: tuple[Asked, ...] = ()
    subscribe: tuple[Literal["dlna", "cast"], ...] = ()
    period: _Period = written("10m")
    pace: _Pace = written("1s")
    deadline: _Deadline = written("5s")
    callback_port: Int = Field(default=0, ge=0, le=65535)

    @property
    def enabled(self) -> bool:
        """Whether any screen is spoken to at all."""
        return bool(self.ask or self.subscribe)
