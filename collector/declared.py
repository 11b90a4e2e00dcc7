"""The declared folder: what people say should be at a site, validated as a whole before any of it holds.

An inventory whose file is missing is not declared, which is not the same as one that is declared empty (a heading and no line). The lists of portals and
destinations are as long as a province: there a broken line may be set aside (`broken`), everywhere else it stops the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from collector import cells, csvtable, declared_builds, declared_openings, declared_pcs, declared_portals, declared_register, declared_tools
from collector.config.load import read_toml
from collector.config.site import SiteTable
from collector.config.table import checked
from collector.csvtable import Row
from collector.declared_portals import BrokenLinesError
from collector.refusal import ConfigError, nearest, refused
from model.declared import Declared, Screen, Server, Zone
from model.text import Text, shown

SITE = "site.toml"
_MAC_COLUMN = ("địa chỉ mac", "mac address")
_PLACE = ("nơi đặt", "vị trí")
_LEG = ("chân mạng",)

_COLUMNS: dict[str, dict[str, Sequence[str]]] = {
    declared_register.FILE: declared_register.COLUMNS,
    "screens.csv": {
        "mac": _MAC_COLUMN,
        "name": ("tên", "tên màn hình"),
        "place": _PLACE,
        "public": ("công cộng", "nơi công cộng"),
        "approved_senders": ("thiết bị được phép", "thiết bị được phép trình chiếu"),
        "hours": ("giờ phát", "khung giờ"),
        "media_hosts": ("nguồn phát", "máy chủ nội dung"),
    },
    "dhcp_servers.csv": {"leg": _LEG, "ip": ("địa chỉ ip",), "mac": _MAC_COLUMN},
    "routers.csv": {"leg": _LEG, "ip": ("địa chỉ ip",), "mac": _MAC_COLUMN},
    **declared_tools.COLUMNS,
    **declared_openings.COLUMNS,
    **declared_pcs.COLUMNS,
    **declared_builds.COLUMNS,
}
_NEEDED = {
    declared_register.FILE: declared_register.NEEDED,
    "screens.csv": ("mac", "name"),
    "dhcp_servers.csv": ("leg",),
    "routers.csv": ("leg",),
    **declared_tools.NEEDED,
    **declared_openings.NEEDED,
    **declared_pcs.NEEDED,
    **declared_builds.NEEDED,
}


def load_sites(folder: Path, legs: Sequence[str] = (), broken: list[ConfigError] | None = None) -> dict[str, Declared]:
    """The declared sites by their code: the folder's own site.toml, or one in each of its folders.

    `legs` are the box's; every one of them must belong to exactly one site. `broken` as in `load`. Raises ConfigError; BrokenLinesError where only lines of
    the portals' or destinations' lists are wrong, in any site.
    """
    folders = [folder] if (folder / SITE).exists() else sorted(path.parent for path in folder.glob("*/" + SITE))
    if not folders:
        raise refused(
            shown(str(folder / SITE), 200), Text("không có tệp này, cần nó để biết đây là điểm nào", "there is no such file, it says which site this is")
        )
    sites: dict[str, Declared] = {}
    aside: list[ConfigError] = [] if broken is None else broken
    for each in folders:
        declared = load(each, legs, aside)
        if declared.site in sites:
            raise refused(
                shown(str(each / SITE), 200), Text(f'mã điểm "{declared.site}" đã có ở thư mục khác', f'the site "{declared.site}" is in another folder too')
            )
        sites[declared.site] = declared
    _each_leg_once(sites.values(), legs)
    _each_portal_once(sites.values())
    if broken is None and aside:
        raise BrokenLinesError(aside)
    return sites


def _each_portal_once(sites: Iterable[Declared]) -> None:
    """A fact about a portal carries its code only: it must say by itself which site it belongs to."""
    owners: dict[str, str] = {}
    for declared in sites:
        for portal in declared.portals or ():
            if portal.id in owners:
                both = f"{owners[portal.id]}, {declared.site}"
                raise refused(
                    declared_portals.PORTALS[0],
                    Text(f'cổng "{portal.id}" thuộc nhiều điểm: {both}', f'the portal "{portal.id}" belongs to several sites: {both}'),
                )
            owners[portal.id] = declared.site


def _each_leg_once(sites: Iterable[Declared], legs: Sequence[str]) -> None:
    for leg in legs:
        owners = [declared.site for declared in sites if leg in declared.legs]
        if not owners:
            raise refused(SITE, Text(f'chân mạng "{leg}" của config.toml không thuộc điểm nào', f'the leg "{leg}" of config.toml belongs to no site'))
        if len(owners) > 1:
            both = ", ".join(owners)
            raise refused(SITE, Text(f'chân mạng "{leg}" thuộc nhiều điểm: {both}', f'the leg "{leg}" belongs to several sites: {both}'))


def load(folder: Path, legs: Sequence[str] = (), broken: list[ConfigError] | None = None) -> Declared:
    """The declared data of one site; a site that names no legs has all of `legs`. Raises ConfigError naming file, line and column.

    `broken`, where given, takes what is wrong with lines of the portals' and destinations' lists, and their other lines hold. Without it they raise too.
    """
    _no_strays(folder)
    site = checked(SiteTable, read_toml(folder / SITE), SITE, folder.resolve())
    declared = Declared(
        site=site.site,
        name=csvtable.harmless(site.name),
        commune=site.commune,
        province=site.province,
        legs=tuple(legs) if site.legs is None else site.legs,
        zones=tuple(Zone(**zone.model_dump()) for zone in site.zones),
        edited_by=csvtable.harmless(site.edited_by),
    )
    _check_zones(declared)
    enrolled = declared_pcs.enrolled(_rows(folder, declared_pcs.ENROLLED))
    return msgspec.structs.replace(
        _with_portals(folder, declared, broken),
        register=declared_register.register(_rows(folder, declared_register.FILE)),
        screens=_screens(_rows(folder, "screens.csv")),
        dhcp_servers=_servers(_rows(folder, "dhcp_servers.csv"), declared.legs),
        routers=_servers(_rows(folder, "routers.csv"), declared.legs),
        enrolled=enrolled,
        usb=declared_pcs.usb(_rows(folder, declared_pcs.USB), enrolled),
        revoked=declared_pcs.revoked(_rows(folder, declared_pcs.REVOKED)),
        holidays=declared_pcs.holidays(folder),
        builds=declared_builds.builds(folder),
        tools=declared_tools.tools(_rows(folder, "tools.csv")),
        kms_servers=declared_tools.kms_servers(_rows(folder, "kms_servers.csv")),
        openings=declared_openings.openings(_rows(folder, "openings.csv")),
    )


def _with_portals(folder: Path, declared: Declared, broken: list[ConfigError] | None) -> Declared:
    """With the lists of portals and destinations; a portal that names no province is in the site's."""
    portals, destinations = declared_portals.in_folder(folder)
    wrong = list(declared_portals.every_line(portals, destinations))
    if broken is None and wrong:
        raise BrokenLinesError(wrong)
    if broken is not None:
        broken += wrong
    own = None if portals is None else tuple(msgspec.structs.replace(each, province=each.province or declared.province) for each in portals.portals)
    return msgspec.structs.replace(declared, portals=own, destinations=destinations.destinations)


def _no_strays(folder: Path) -> None:
    """A misspelt register.csv would read as "no register was declared", and its rules would fall silent."""
    known = (SITE, *_COLUMNS, *declared_portals.PORTALS, *declared_portals.DESTINATIONS)
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if path.suffix.lower() in (".csv", ".toml") and path.name not in known:
            meant = nearest(path.name, known) or ", ".join(known)
            raise refused(path.name, Text(f"không phải tệp khai báo, gần nhất là {meant}", f"is no file of declared data, the nearest is {meant}"))


def _rows(folder: Path, name: str) -> list[Row] | None:
    return csvtable.read(folder / name, _COLUMNS[name], _NEEDED[name])


def _check_zones(declared: Declared) -> None:
    seen: set[tuple[str, tuple[int, ...]]] = set()
    for zone in declared.zones:
        if zone.leg not in declared.legs:
            known = ", ".join(declared.legs)
            raise refused(
                SITE, Text(f'[[zones]] nói tới chân mạng "{zone.leg}", hiện có: {known}', f'[[zones]] speaks of the leg "{zone.leg}", there are: {known}')
            )
        if (zone.leg, zone.vlan) in seen:
            vlan = ".".join(map(str, zone.vlan)) or "-"
            raise refused(SITE, Text(f'[[zones]] khai hai lần chân mạng "{zone.leg}", VLAN {vlan}', f'[[zones]] has leg "{zone.leg}", VLAN {vlan} twice'))
        seen.add((zone.leg, zone.vlan))


def _screens(rows: list[Row] | None) -> tuple[Screen, ...] | None:
    if rows is None:
        return None
    cells.differ(rows)
    return tuple(
        Screen(
            mac=cells.mac(row),
            name=cells.filled(row, "name"),
            place=row.text("place"),
            public=cells.truth(row, "public", default=True),
            approved_senders=cells.senders(row),
            hours=cells.hours(row),
            media_hosts=tuple(row.text("media_hosts").lower().split()),
        )
        for row in rows
    )


def _servers(rows: list[Row] | None, legs: Sequence[str]) -> tuple[Server, ...] | None:
    if rows is None:
        return None
    servers = []
    for row in rows:
        if row.text("leg") not in legs:
            raise row.wrong("leg", Text(f"một trong: {', '.join(legs)}", f"one of: {', '.join(legs)}"))
        if not row.text("ip") and not row.text("mac"):
            raise row.wrong("ip", Text("địa chỉ IP, hoặc ghi cột mac", "an IP address, or fill in the column mac"))
        servers.append(Server(leg=row.text("leg"), ip=cells.ip(row), mac=cells.mac(row) if row.text("mac") else ""))
    return tuple(servers)
