"""Screens that speak UPnP/SSDP, PJLink, or show themselves only by the ports they answer on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from model.rows import Asset, Sighting, Upnp
from model.screens.lamps import Lamps, Tri, tri
from model.text import shown
from model.verdict import Evidence, Grade


class Target(NamedTuple):
    """A UPnP type that a screen announces: the start of NT or ST, what it is, and what its protocol guards."""

    start: str
    family: str
    enabled: Tri
    open: Tri
    picture: Tri
    grade: Grade


# UPnP AV, DIAL and Roku ECP have no authentication to switch on; TV makers ask on screen, which the advert does not tell (network §2.4-2.5).
TARGETS: tuple[Target, ...] = (
    Target("urn:schemas-upnp-org:device:mediarenderer:", "DLNA", "yes", "yes", "yes", Grade.BY_DESIGN),
    Target("urn:schemas-upnp-org:service:avtransport:", "DLNA", "yes", "yes", "yes", Grade.BY_DESIGN),
    Target("urn:schemas-upnp-org:service:renderingcontrol:", "DLNA", "yes", "yes", "yes", Grade.BY_DESIGN),
    Target("urn:schemas-upnp-org:device:zoneplayer:", "Sonos", "yes", "yes", "no", Grade.BY_DESIGN),
    Target("urn:dial-multiscreen-org:", "DIAL", "yes", "yes", "yes", Grade.BY_DESIGN),
    Target("roku:ecp", "Roku", "yes", "yes", "yes", Grade.BY_DESIGN),
    Target("urn:roku-com:device:player:", "Roku", "yes", "yes", "yes", Grade.BY_DESIGN),
    Target("urn:samsung.com:device:remotecontrolreceiver:", "Samsung", "yes", "unknown", "yes", Grade.LIKELY),
    Target("urn:samsung.com:service:multiscreenservice:", "Samsung", "yes", "unknown", "yes", Grade.LIKELY),
    Target("urn:samsung.com:device:maintvserver", "Samsung", "yes", "unknown", "yes", Grade.LIKELY),
    Target("urn:lge-com:service:webos-second-screen:", "LG webOS", "yes", "unknown", "yes", Grade.LIKELY),
    Target("urn:lge:device:tv:", "LG webOS", "yes", "unknown", "yes", Grade.LIKELY),
    Target("urn:schemas-udap:service:netrcu:", "LG NetCast", "yes", "unknown", "yes", Grade.LIKELY),
    Target("urn:schemas-sony-com:service:scalarwebapi:", "Sony Bravia", "yes", "unknown", "yes", Grade.LIKELY),
    Target("urn:schemas-sony-com:service:ircc:", "Sony Bravia", "yes", "unknown", "yes", Grade.LIKELY),
    Target("urn:panasonic-com:service:p00networkcontrol:", "Panasonic Viera", "yes", "unknown", "yes", Grade.LIKELY),
    Target("urn:panasonic-com:device:p00remotecontroller:", "Panasonic Viera", "yes", "unknown", "yes", Grade.LIKELY),
    Target("urn:schemas-nds-com:device:remoteuiserver:", "Đầu thu truyền hình (RemoteUI)", "unknown", "unknown", "yes", Grade.INFERRED),
    Target("urn:schemas-nds-com:service:remoteuiserver:", "Đầu thu truyền hình (RemoteUI)", "unknown", "unknown", "yes", Grade.INFERRED),
)

_ROKU = next(target for target in TARGETS if target.start == "roku:ecp")
# A device class of DLNA in the SERVER header and none of the types above: something that speaks DLNA, whether it takes pictures is not said.
_DLNA_MARK = "DLNADOC/"
_DLNA = Target("", "DLNA (chưa rõ vai trò)", "unknown", "unknown", "unknown", Grade.INFERRED)


def read_upnp(asset: Asset) -> Iterator[Lamps]:
    """One set of lamps for each family among the asset's UPnP adverts, from its latest."""
    families: dict[str, tuple[Target, list[Upnp]]] = {}
    for usn in sorted(asset.upnp):
        row = asset.upnp[usn]
        target = _target(row)
        if target is not None:
            families.setdefault(target.family, (target, []))[1].append(row)
    marked = [] if families else [row for _, row in sorted(asset.upnp.items()) if _DLNA_MARK in row.server]
    if marked:
        families[_DLNA.family] = (_DLNA, marked)
    for target, rows in families.values():
        yield _upnp_lamps(asset, target, rows)


def is_announced(row: Upnp) -> bool:
    """Whether an advert is one of those that `read_upnp` reads."""
    return _target(row) is not None or _DLNA_MARK in row.server


# The same few types come from every network: a memory of a pure function, bounded for the hostile ones.
@lru_cache(maxsize=1024)
def _of_type(announced: str) -> Target | None:
    announced = announced.lower()
    return next((target for target in TARGETS if announced.startswith(target.start)), None)


def _target(row: Upnp) -> Target | None:
    found = _of_type(row.target)
    # On a plain port a Roku is heard only by its root device; its USN still says what it is.
    return _ROKU if found is None and "roku:ecp:" in row.usn.lower() else found


def _upnp_lamps(asset: Asset, target: Target, rows: Sequence[Upnp]) -> Lamps:
    living = [row for row in rows if row.alive.value]
    alive = bool(living)
    # A type heard only by its goodbye has no location; of those that have one, each must be shut.
    located = [row for row in rows if location_port(row.location)]
    closed = not alive and bool(located) and all(_refused(asset, row) for row in located)
    latest = max(living or rows, key=lambda row: (row.alive.stamp, row.usn))
    return Lamps(
        family=target.family,
        enabled=target.enabled if alive else "no" if closed else "unknown",
        open=target.open,
        in_session="unknown",
        picture=target.picture,
        grade=target.grade,
        evidence=(Evidence("ssdp", _advert(latest), latest.alive.stamp.at),),
        seen=max((row.seen for row in rows), key=lambda seen: seen.last),
        left=not alive,
        closed=closed,
    )


_PORT = re.compile(r"^http://(?:\[[^\]]*\]|[^/:]*):(\d{1,5})(?:/|$)", re.IGNORECASE)


def location_port(location: str) -> int:
    """The TCP port of a UPnP device's own web server; 0 when its location does not say."""
    found = _PORT.match(location)
    return int(found[1]) if found else 0


def _refused(asset: Asset, row: Upnp) -> bool:
    """The port of the device's own web server refused a connection after the goodbye."""
    port = asset.ports.get(location_port(row.location))
    return port is not None and not port.accepted.value and port.accepted.stamp >= row.alive.stamp


def _advert(row: Upnp) -> str:
    said = "ssdp:alive" if row.alive.value else "ssdp:byebye"
    # Locations lead to the device itself: written so that no reader's client makes a link of them.
    return shown(f"{said} {row.target} SERVER: {row.server or '?'} LOCATION: {row.location.replace('http', 'hxxp', 1) or '?'}", 400)


def read_projector(asset: Asset) -> Iterator[Lamps]:
    """A projector or panel that spoke PJLink."""
    if not asset.pjlink:
        return
    last = max(held.stamp.at for held in asset.pjlink.values())
    guarded = asset.pjlink_protected
    yield Lamps(
        family="PJLink",
        enabled="yes",
        open=tri(None if guarded is None else not guarded.value),
        in_session="unknown",
        picture="yes",
        grade=Grade.CONFIRMED if guarded is not None else Grade.LIKELY,
        evidence=tuple(Evidence("pjlink", shown(held.value, 200), held.stamp.at) for _, held in sorted(asset.pjlink.items())),
        seen=Sighting(last, last),
        protection="password" if guarded is not None and guarded.value else "",
        was_open=asset.pjlink_opened is not None,
    )


# Ports whose being open together says what the device is; one alone does not (8009 is also Tomcat's AJP, 7000 many things).
_PORT_SETS: tuple[tuple[str, frozenset[int], Tri], ...] = (
    ("Google Cast", frozenset({8008, 8009}), "yes"),
    ("AirPlay", frozenset({7000, 7100}), "unknown"),
    ("Android ADB", frozenset({5555, 8009}), "yes"),
)


def read_ports(asset: Asset, found: Sequence[Lamps]) -> Iterator[Lamps]:
    """Families shown only by accepted connections, where no advert already told."""
    told = {lamps.family for lamps in found}
    accepted = {number: port for number, port in asset.ports.items() if port.accepted.value}
    for family, needed, openness in _PORT_SETS:
        if family in told or not needed <= accepted.keys():
            continue
        ports = [accepted[number] for number in sorted(needed)]
        yield Lamps(
            family=family,
            enabled="yes",
            open=openness,
            in_session="unknown",
            picture="yes",
            grade=Grade.INFERRED,
            evidence=tuple(Evidence("port", f"TCP {port.port}", port.accepted.stamp.at) for port in ports),
            seen=max((port.seen for port in ports), key=lambda seen: seen.last),
        )
