"""What every fact carries."""

from __future__ import annotations

import msgspec


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="fact"):
    """What every fact carries: when, by which sensor (its n-th), on which leg."""

    at: int
    sensor: str = ""
    sequence: int = 0
    leg: str = ""
