"""Portals looked at once, as all personas, while an inspection lasts: only those somebody named, by the same eyes as on a box."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from collector.clock import Clock
from collector.declared_portals import load_portals
from collector.decode.web.url import parse
from collector.portals import Looking, kit_of, name_server, rounds_of
from collector.refusal import ConfigError, refused
from collector.sensors.portals.eyes import Keeper
from collector.watchonce import AT_ONCE, MANNER, portal_of, visited
from model.declared import Declared
from model.portals.declared import Portal
from model.portals.policy import Policy
from model.ports import FactSink
from model.text import Text, shown

_TABLES = (".csv", ".toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The portals to look at, the declared data with them in it, and how to look; `dns` empty: as this machine does.

    `confirm`: seconds after which what was not clean is looked at again.
    """

    portals: Sequence[Portal]
    declared: Declared
    looking: Looking
    dns: str = ""
    confirm: float = 60.0


def named(written: Sequence[str], declared: Declared, looking: Looking, dns: str) -> Named:
    """Portals by addresses, lists (CSV or TOML as in the declared folder) and files with one address a line; what is declared of them holds.

    Raises ConfigError.
    """
    known = {_host(portal.url): portal for portal in declared.portals or ()}
    found: dict[str, Portal] = {}
    for portal in (portal for word in written for portal in _portals(word)):
        host = _host(portal.url)
        found.setdefault(host, known.get(host, portal))
    every = {portal.id: portal for portal in (*(declared.portals or ()), *found.values())}
    return Named(portals=tuple(found.values()), declared=msgspec.structs.replace(declared, portals=tuple(every.values())), looking=looking, dns=dns)


async def look(what: Named, sink: FactSink, clock: Clock, done: Callable[[str], None]) -> None:
    """Looks at all of them, some at once; facts go to `sink`, `done` hears each portal's id when it was looked at."""
    policy = Policy(what.declared)
    room = asyncio.Semaphore(AT_ONCE)
    keeper = Keeper(None, language=what.looking.language)
    async with kit_of(name_server(what.dns), clock, policy, what.looking, keeper=keeper) as kit, asyncio.TaskGroup() as tasks:
        rounds = rounds_of(kit, sink, clock, MANNER, what.declared.destinations)

        async def one(portal: Portal) -> None:
            async with room:
                await visited(rounds, portal, what.confirm)
                done(portal.id)

        for portal in what.portals:
            tasks.create_task(one(portal))


def _portals(word: str) -> Sequence[Portal]:
    path = Path(word)
    if "://" in word:
        return (_made(word),)
    if path.suffix.lower() in _TABLES:
        listed = load_portals(path)
        if listed.refused:
            raise listed.refused[0]
        return listed.portals
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise refused(shown(word, 200), Text(f"không đọc được ({error.strerror})", f"cannot be read ({error.strerror})")) from None
    except UnicodeDecodeError:
        raise refused(shown(word, 200), Text("không phải văn bản UTF-8", "is no UTF-8 text")) from None
    return [_made(line.strip()) for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _made(url: str) -> Portal:
    host = _host(url)
    if not host:
        written = shown(url, 100)
        raise ConfigError(
            Text(
                f"“{written}” không phải địa chỉ web, cần có dạng https://xa-a.gov.vn.",
                f"“{written}” is no web address, one such as https://xa-a.gov.vn was expected.",
            )
        )
    return portal_of(url, host)


def _host(url: str) -> str:
    parsed = parse(url)
    return parsed.host if parsed is not None and parsed.scheme in ("http", "https") else ""
