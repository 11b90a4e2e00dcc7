"""What is kept of one enrolled PC: its last good answer to each topic, and its last trouble with it."""

from __future__ import annotations

import msgspec

from model.endpointfacts import Source, Trouble
from model.posture.told import AnyTold, Peripheral
from model.rows import Held, Sighting

# Working days remembered of who worked at a PC: the rule asks for five, holidays may stretch them.
MAX_DAYS = 40


class Answer(msgspec.Struct, frozen=True):
    """What a PC told of one topic, how it came, and by which version of the catalogue it was asked."""

    told: AnyTold
    source: Source
    catalogue: str = ""


class Topic(msgspec.Struct):
    """One topic of one PC. The stamps hold when the PC answered, not when the box heard: a bundle of last week does not outdo this morning's answer."""

    answer: Held[Answer] | None = None
    trouble: Held[Trouble] | None = None


class Day(msgspec.Struct):
    """One day's work at a PC: marks of the users seen, and of those that were administrators, or RID 500 itself."""

    users: list[str] = msgspec.field(default_factory=list)
    admins: list[str] = msgspec.field(default_factory=list)
    builtin: bool = False


class Plug(msgspec.Struct):
    """One device in a socket of the PC: when answers had it there."""

    device: Held[Peripheral]
    seen: Sighting


class PcRow(msgspec.Struct, kw_only=True):
    """One enrolled PC; `asset` is the device on the wire that it is. `skew` and `version` as it last said.

    `revisions`: since when it is known with a build and revision of Windows. `plugs`: what was plugged in while it was asked; `history`: since when the
    registry's memory is known to hold a device; `since`: when these two topics were first answered, before which nothing can be called new.
    `macs`: the hardware addresses it said are its own, with the first and last time.
    """

    id: str
    asset: str
    seen: Sighting
    topics: dict[str, Topic] = msgspec.field(default_factory=dict)
    macs: dict[str, Sighting] = msgspec.field(default_factory=dict)
    days: dict[int, Day] = msgspec.field(default_factory=dict)
    revisions: dict[str, int] = msgspec.field(default_factory=dict)
    plugs: dict[str, Plug] = msgspec.field(default_factory=dict)
    history: dict[str, int] = msgspec.field(default_factory=dict)
    since: dict[str, int] = msgspec.field(default_factory=dict)
    skew: Held[int] | None = None
    version: Held[str] | None = None


class TakenRow(msgspec.Struct, kw_only=True):
    """How far core has written down the facts of a sensor that keeps them until then: its greatest sequence at this site; and what it counted."""

    id: str
    site: str = ""
    sequence: int = 0
    counts: Held[dict[str, int]] | None = None
