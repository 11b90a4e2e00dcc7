"""The list of portals and the list of lawful destinations, for one commune or a whole province.

A broken line is refused with file, line and column; the other lines hold. What is wrong with a file as a whole (no heading, an unknown column) is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

import msgspec

from collector import cells, portalcells, tablelines
from collector.csvtable import Row
from collector.portalcells import Address
from collector.refusal import ConfigError, nearest, refused
from model.portals.declared import Destination, Portal
from model.text import Text

PORTALS = ("portals.csv", "portals.toml")
DESTINATIONS = ("destinations.csv", "destinations.toml")

PORTAL_COLUMNS: dict[str, Sequence[str]] = {
    "id": ("mã", "mã cổng"),
    "url": ("địa chỉ", "địa chỉ web", "trang chủ"),
    "name": ("tên", "tên cổng"),
    "level": ("cấp",),
    "province": ("tỉnh", "mã tỉnh"),
    "owner": ("chủ quản", "đơn vị chủ quản"),
    "vendor": ("nhà cung cấp", "đơn vị xây dựng"),
    "aliases": ("tên miền khác",),
    "pages": ("trang", "các trang"),
    "period": ("chu kỳ",),
    "budget": ("hạn mức",),
    "crawlers": ("giả máy tìm kiếm",),
    "consent": ("văn bản đồng ý",),
    "allow": ("dải địa chỉ",),
    "since": ("từ ngày",),
}
_DESTINATION_COLUMNS: dict[str, Sequence[str]] = {
    "host": ("tên miền", "nơi đến"),
    "portal": ("mã cổng", "cổng"),
    "subdomains": ("cả tên miền con",),
    "since": ("từ ngày",),
    "until": ("đến ngày", "đến hết ngày"),
    "owner": ("người chịu trách nhiệm", "phụ trách"),
    "why": ("lý do",),
}
_CONSENT = Text(
    "tên người hoặc cơ quan đã đồng ý, số hoặc ngày văn bản, vì cột crawlers là có",
    "who agreed and by which paper or on which day, since the column crawlers says yes",
)


class PortalList(msgspec.Struct, frozen=True):
    """What a list of portals gives: those that can be watched, and what is wrong with the other lines."""

    portals: tuple[Portal, ...]
    refused: tuple[ConfigError, ...] = ()


class DestinationList(msgspec.Struct, frozen=True):
    """What a list of destinations gives."""

    destinations: tuple[Destination, ...]
    refused: tuple[ConfigError, ...] = ()


class BrokenLinesError(ConfigError):
    """Lines that cannot be used, all of them, for a check that must not pass; `errors` has one sentence each."""

    def __init__(self, errors: Sequence[ConfigError]) -> None:
        first, more = errors[0].text, len(errors) - 1
        super().__init__(Text(f"{first.vi} Còn {more} dòng sai khác.", f"{first.en} {more} more lines are wrong.") if more else first)
        self.errors = tuple(errors)


def load_portals(path: Path) -> PortalList:
    """The portals in a file of CSV or TOML. Raises ConfigError where the file as a whole cannot be used."""
    portals, wrong = [], []
    taken = _Taken()
    for row in tablelines.read(path, "portals", PORTAL_COLUMNS, ("url",)):
        try:
            portals.append(taken.by(_entry(row), _portal))
        except ConfigError as error:
            wrong.append(error)
    return PortalList(tuple(portals), tuple(wrong))


def load_destinations(path: Path, portals: Collection[str]) -> DestinationList:
    """The lawful destinations in a file of CSV or TOML; `portals` are the codes its lines may name. Raises ConfigError as `load_portals`."""
    destinations, wrong = [], []
    for row in tablelines.read(path, "destinations", _DESTINATION_COLUMNS, ("host", "owner", "why")):
        try:
            destinations.append(_destination(_entry(row), portals))
        except ConfigError as error:
            wrong.append(error)
    return DestinationList(tuple(destinations), tuple(wrong))


def in_folder(folder: Path) -> tuple[PortalList | None, DestinationList]:
    """Both lists of a declared folder; no list of portals is not an empty one. Raises ConfigError."""
    portals, destinations = _either(folder, PORTALS), _either(folder, DESTINATIONS)
    found = load_portals(portals) if portals else None
    codes = [portal.id for portal in found.portals] if found else []
    return found, load_destinations(destinations, codes) if destinations else DestinationList(())


def _either(folder: Path, names: Sequence[str]) -> Path | None:
    there = [folder / name for name in names if (folder / name).exists()]
    if len(there) > 1:
        raise refused(names[0], Text(f"có cả {names[1]}: chỉ dùng một trong hai", f"there is {names[1]} too: use only one of them"))
    return there[0] if there else None


def _entry(row: Row | ConfigError) -> Row:
    if isinstance(row, ConfigError):
        raise row
    return row


class _Taken:
    """Codes and hosts of the lines before: no two lines may speak of the same portal, for nobody could say which of them holds."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], int] = {}

    def by(self, row: Row, make: Callable[[Row], tuple[Portal, Address]]) -> Portal:
        """The portal of `row`, its code and hosts taken. Raises ConfigError."""
        portal, home = make(row)
        keys = {("id", portal.id): portal.id, ("url", _bare(home.host)): home.host, **{("aliases", _bare(name)): name for name in portal.aliases}}
        for (column, key), value in keys.items():
            line = self._lines.get((_what(column), key))
            if line is not None:
                raise _twice(row, column, value, line)
        for column, key in keys:
            self._lines[_what(column), key] = row.line
        return portal


def _what(column: str) -> str:
    return "id" if column == "id" else "host"


def _bare(host: str) -> str:
    """With and without `www.` is one portal."""
    return host.removeprefix("www.")


def _twice(row: Row, column: str, value: str, line: int) -> ConfigError:
    hint, hint_en = ("", "") if column == "id" else ("; thêm trang của cùng cổng vào cột pages", "; further pages of one portal go into the column pages")
    return refused(
        row.file,
        Text(
            f'dòng {row.line}, cột "{column}": "{value}" đã có ở dòng {line}{hint}',
            f'line {row.line}, column "{column}": "{value}" is in line {line} too{hint_en}',
        ),
    )


def _portal(row: Row) -> tuple[Portal, Address]:
    home = portalcells.address(row)
    aliases = tuple(name for name in portalcells.hosts(row, "aliases") if _bare(name) != _bare(home.host))
    own = frozenset((home.host, _bare(home.host), f"www.{_bare(home.host)}", *aliases))
    portal = Portal(
        id=portalcells.identity(row, home),
        url=home.url,
        name=row.text("name"),
        level=portalcells.level(row),
        province=portalcells.province(row),
        owner=row.text("owner"),
        vendor=row.text("vendor"),
        aliases=aliases,
        pages=portalcells.pages(row, own),
        period=portalcells.period(row),
        budget=portalcells.budget(row),
        crawlers=_crawlers(row),
        allow=portalcells.prefixes(row),
        since=portalcells.first_day(row),
    )
    return portal, home


def _crawlers(row: Row) -> bool:
    """To look as a search engine's crawler is to pretend: only where somebody who may allow it is named."""
    agreed = cells.truth(row, "crawlers", default=False)
    if agreed and not re.search(r"[^\W\d_]{2}", row.text("consent")):
        raise row.wrong("consent", _CONSENT)
    return agreed


def _destination(row: Row, portals: Collection[str]) -> Destination:
    name, starred = portalcells.host(row)
    below = cells.truth(row, "subdomains", default=starred)
    if below:
        portalcells.one_owners(row, name)
    since = portalcells.first_day(row)
    return Destination(
        host=name,
        portal=_of_portal(row, portals),
        subdomains=below,
        since=since,
        until=portalcells.last_day(row, since),
        owner=cells.filled(row, "owner"),
        why=cells.filled(row, "why"),
    )


def _of_portal(row: Row, portals: Collection[str]) -> str:
    given = row.text("portal")
    if given and given not in portals:
        meant = nearest(given, portals)
        hint, hint_en = (f" (gần nhất: {meant})", f" (the nearest: {meant})") if meant else ("", "")
        raise row.wrong("portal", Text(f"mã của một cổng trong danh sách cổng, hoặc để trống{hint}", f"the code of a listed portal, or empty{hint_en}"))
    return given


def every_line(*lists: PortalList | DestinationList | None) -> Iterator[ConfigError]:
    """What is wrong with the lines of all these lists."""
    for each in lists:
        if each is not None:
            yield from each.refused
