"""Whom to ask what: out of the assets that core knows and the screens that people declared. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from ipaddress import AddressValueError, IPv4Address
from typing import Final, Literal, NamedTuple

from model.declared import Declared
from model.rows import HASH, Asset
from model.times import DAY

Asked = Literal["pjlink", "ntcontrol", "dlna", "airplay", "cast", "cast-status", "dial", "roku", "samsung", "kodi"]

# A screen that was not heard for so long has most likely another address by now.
FRESH: Final = DAY
MAX_SCREENS: Final = 256
_MAX_QUESTIONS: Final = 16

# Where a family answers when nobody says otherwise; those without one are found by their adverts alone.
PORTS: Final[Mapping[Asked, int]] = {
    "pjlink": 4352,
    "ntcontrol": 1024,
    "airplay": 7000,
    "cast": 8008,
    "cast-status": 8009,
    "roku": 8060,
    "samsung": 8001,
    "kodi": 8080,
}
# A guess wakes nobody: families that might are asked only where they advertise themselves.
_GUESSED: Final = frozenset(PORTS) - {"cast-status"}
# Family -> the DNS-SD type that advertises it, and whether the question goes to the advert's own port.
_SERVICES: Final[Mapping[str, tuple[tuple[Asked, bool], ...]]] = {
    "_airplay._tcp.local.": (("airplay", True),),
    # UxPlay answers on the port of its sound service alone.
    "_raop._tcp.local.": (("airplay", True),),
    "_googlecast._tcp.local.": (("cast", False), ("cast-status", True)),
    "_xbmc-jsonrpc-h._tcp.local.": (("kodi", True),),
    "_samsungmsf._tcp.local.": (("samsung", False),),
    "_pjlink._tcp.local.": (("pjlink", False),),
}
_UPNP: Final[tuple[tuple[str, Asked], ...]] = (
    ("urn:schemas-upnp-org:device:mediarenderer:", "dlna"),
    ("urn:schemas-upnp-org:service:avtransport:", "dlna"),
    ("urn:dial-multiscreen-org:", "dial"),
    ("roku:ecp", "roku"),
    ("urn:roku-com:device:player:", "roku"),
    ("urn:samsung.com:", "samsung"),
)
_PANASONIC: Final = re.compile(r"panasonic|matsushita", re.IGNORECASE)
_LOCATION: Final = re.compile(r"http://(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})(?:/[^\s]{0,1000})?", re.IGNORECASE)


class Question(NamedTuple):
    """One thing to ask at one place. `location`: the device description, where that is the way in; `advertised`: it says itself that it is there."""

    family: Asked
    ip: str
    port: int
    location: str = ""
    advertised: bool = True


class Target(NamedTuple):
    """A screen and all it is to be asked. `macs` empty: known by its address alone."""

    asset: str
    leg: str
    macs: tuple[str, ...]
    questions: tuple[Question, ...]


def targets_of(assets: Iterable[Asset], sites: Mapping[str, Declared], wanted: Collection[str], now: int) -> list[Target]:
    """At most 256 screens of the legs of `sites` (by leg), those seen last first, with their questions among the families `wanted`."""
    fresh = (asset for asset in assets if now - asset.seen.last < FRESH)
    found = (target for asset in sorted(fresh, key=lambda asset: -asset.seen.last) if (target := _target(asset, sites, wanted)))
    return [target for target, _ in zip(found, range(MAX_SCREENS), strict=False)]


def _target(asset: Asset, sites: Mapping[str, Declared], wanted: Collection[str]) -> Target | None:
    segment = max(asset.segments, key=lambda name: (asset.segments[name].last, name), default="")
    macs = tuple(sorted(asset.macs))
    # Ordinary sockets send no tagged frames; a hashed address is a citizen's own device, which is never asked.
    if segment not in sites or any(mac.startswith(HASH) for mac in macs):
        return None
    questions = tuple(question for question in _questions(asset, sites[segment], macs) if question.family in wanted)
    return Target(asset.id, segment, macs, questions[:_MAX_QUESTIONS]) if questions else None


def _questions(asset: Asset, site: Declared, macs: tuple[str, ...]) -> list[Question]:
    ip = max((ip for ip in asset.ips if _is_v4(ip)), key=lambda ip: (asset.ips[ip].last, ip), default="")
    found: dict[tuple[str, int], Question] = {}
    for question in (*_advertised(asset, ip), *(_guessed(ip) if site.screen(frozenset(macs)) else ())):
        # One answer a family and port is enough, however often it is advertised.
        if question.ip and not any(known.family == question.family and not question.advertised for known in found.values()):
            found.setdefault((question.family, question.port), question)
    return list(found.values())


def _advertised(asset: Asset, ip: str) -> Iterator[Question]:
    for _, service in sorted(asset.services.items()):
        for family, own_port in _SERVICES.get(service.service, ()):
            yield Question(family, ip, service.port if own_port and service.port else PORTS[family])
    if asset.pjlink:
        yield Question("pjlink", ip, PORTS["pjlink"])
        if any(_PANASONIC.search(maker) for maker in asset.vendors.values()):
            yield Question("ntcontrol", ip, PORTS["ntcontrol"], advertised=False)
    yield from _located(asset)


def _located(asset: Asset) -> Iterator[Question]:
    """UPnP devices, at the address in their own advert if that is theirs."""
    for _, row in sorted(asset.upnp.items()):
        family = next((family for start, family in _UPNP if row.target.lower().startswith(start)), None)
        if family is None and "roku:ecp:" in row.usn.lower():
            family = "roku"
        place = _LOCATION.fullmatch(row.location)
        if family is None or place is None or place[1] not in asset.ips:
            continue
        port = PORTS["samsung"] if family == "samsung" else int(place[2])
        yield Question(family, place[1], port, row.location if family in ("dlna", "dial") else "")


def _guessed(ip: str) -> Iterator[Question]:
    """A screen that people know of, and that may not advertise itself."""
    return (Question(family, ip, port, advertised=False) for family, port in PORTS.items() if family in _GUESSED)


def _is_v4(ip: str) -> bool:
    try:
        IPv4Address(ip)
    except AddressValueError:
        return False
    return True
