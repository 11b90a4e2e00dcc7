"""What every fact carries."""

from __future__ import annotations

import msgspec


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="fact"):
    """What every fact carries: when, by which sensor (its n-th), on which leg."""

    at: int
    sensor: str = ""
    sequence: int = 0
    leg: str = ""


class StationFact(Fact, frozen=True, kw_only=True):
    """A fact about the station that sent a frame. `vlan` holds the tags, outer first; `mac` is empty on links without addresses."""

    mac: str = ""
    ip: str = ""
    vlan: tuple[int, ...] = ()
