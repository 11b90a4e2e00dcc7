"""Scripts that a portal's page loads from hosts nobody vouches for: fetched as the page would, and read as part of it. They are never run."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import msgspec

from collector.decode.web import charset
from collector.decode.web.read import read_script
from collector.decode.web.url import host_of
from collector.decode.web.ways import Reading, Way
from collector.sensors.portals import trip as trips
from collector.sensors.portals.exchange import Exchange
from collector.sensors.portals.reading import location
from collector.sensors.portals.trip import Step, Traveller, Trip
from model.portals.hosts import is_government
from model.portals.wellknown import is_well_known

# Scripts of a page, those that scripts load among them, and redirects of one that are followed.
MOST: Final = 3
_MOVES: Final = 2
_LONGEST_KEPT: Final = 262_144


async def with_scripts(traveller: Traveller, trip: Trip, url: str, reading: Reading) -> Reading:
    """The reading of the page at `url` with what its foreign scripts do: ways, signs and what could not be read count as the page's own."""
    waiting, done = list(reading.foreign_scripts), set[str]()
    while waiting and len(done) < MOST:
        address = waiting.pop(0)
        if address in done or not _is_strange(trip, host_of(address)):
            continue
        done.add(address)
        if (source := _source(await _fetched(traveller, trip, trips.loaded(address, url)))) is not None:
            ran = _read(source, url)
            reading = _joined(reading, ran, host_of(address))
            waiting.extend(ran.foreign_scripts)
    return reading


def _is_strange(trip: Trip, host: str) -> bool:
    """Whether a script of the host says anything: it is neither the portal's, nor a body's of the state, nor loaded by everybody."""
    return bool(host) and not (trip.is_own(host) or is_government(host) or is_well_known(host))


async def _fetched(traveller: Traveller, trip: Trip, step: Step) -> Exchange | None:
    made = await traveller.load(trip, step)
    for _ in range(_MOVES):
        if made is None or (target := location(made)) is None:
            break
        made = await traveller.load(trip, step._replace(url=target))
    return made


def _source(made: Exchange | None) -> str | None:
    """The script as browsers take it, whatever its media type says; None for what is none."""
    if made is None or made.status != 200 or not made.body or made.body.lstrip()[:1] == b"<":
        return None
    return charset.decode(made.body, made.header("content-type"))[0]


def _read(source: str, url: str) -> Reading:
    return _kept(source, url) if len(source) <= _LONGEST_KEPT else read_script(source, url)


# Every persona of a round gets the same script on most pages.
@lru_cache(maxsize=64)
def _kept(source: str, url: str) -> Reading:
    return read_script(source, url)


def _joined(page: Reading, ran: Reading, host: str) -> Reading:
    """The page's reading with the script's: its ways after those of the page that need as little, its signs with the host it came from."""
    whose = f"script of {host}"
    ways = tuple(_of(way, whose) for way in ran.ways)
    signs = tuple(msgspec.structs.replace(sign, where=f"{whose}, {sign.where}"[:120]) for sign in ran.signs)
    return msgspec.structs.replace(
        page,
        ways=tuple(sorted((*page.ways, *ways), key=lambda way: not way.automatic)),
        signs=tuple(dict.fromkeys((*page.signs, *signs))),
        unfolded=tuple(dict.fromkeys((*page.unfolded, *(f"{whose}: {what}" for what in ran.unfolded)))),
        own_scripts=tuple(dict.fromkeys((*page.own_scripts, *ran.own_scripts))),
    )


def _of(way: Way, whose: str) -> Way:
    return way._replace(folded=f"{whose}, {way.folded}" if way.folded else whose)
