"""SSDP (UPnP Device Architecture 2.0 §1): adverts, searches, and answers, which come from any port to any port."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from collector.decode.error import DecodeError
from collector.decode.wire import clean
from model.facts import UpnpAdvertised, UpnpAsked

if TYPE_CHECKING:
    from collector.decode.packet import Packet

PORT = 1900
ANSWER_START = b"HTTP"

CLAUSES = (
    "udp port 1900",
    # "HTTP" as the first four bytes. A datagram with fewer is not asked: a load beyond a frame's end makes the kernel refuse it, whoever else wants it.
    # pcap-filter has no udp[...] for IPv6: answers behind IPv6 extension headers are missed.
    "udp[4:2] > 11 and udp[8:4] = 0x48545450",
    "ip6[6] = 17 and ip6[44:2] > 11 and ip6[48:4] = 0x48545450",
)

_MAX_HEADERS = 64
_MAX_AGE = re.compile(r"max-age\s*=\s*([0-9]{1,9})", re.IGNORECASE)
_DEFAULT_AGE = 1800  # UPnP Device Architecture 2.0 §1.2.2: the least a device should promise

# Headers that name a maker, a device, or another door to it; all else (DATE, EXT, HOST ...) is dropped.
_KEPT = frozenset(
    {
        "bootid.upnp.org",
        "configid.upnp.org",
        "securelocation.upnp.org",
        "wakeup",  # DIAL 2.2 §5.2: the MAC of a sleeping screen
        "device-group.roku.com",
        "dlnadevicename.lge.com",
        "x-av-server-info",  # Sony
        "x-av-physical-unit-info",  # Sony: the model
        "x-rincon-household",  # Sonos
        "x-user-agent",
        "hue-bridgeid",
        "nls",
        "01-nls",
    }
)

_Headers = Mapping[str, str]


def decode(packet: Packet) -> tuple[UpnpAdvertised | UpnpAsked, ...]:
    """One fact a message; nothing for HTTP over UDP that is not SSDP."""
    line, _, rest = packet.data[packet.start : packet.end].partition(b"\n")
    verb = line[:9].upper()
    if verb.startswith(b"NOTIFY "):
        return _notified(packet, _headers(rest))
    if verb.startswith(b"M-SEARCH "):
        return _searched(packet, _headers(rest))
    if verb.startswith(b"HTTP/1.") and line[9:].strip().startswith(b"200"):
        return _answered(packet, _headers(rest))
    return ()


def _headers(raw: bytes) -> dict[str, str]:
    """Name in lower case -> value; the first of one name counts. Some makers end lines with LF alone."""
    headers: dict[str, str] = {}
    for line in raw.split(b"\n", _MAX_HEADERS)[:_MAX_HEADERS]:
        name, colon, value = line.partition(b":")
        if not line.strip():
            break
        if colon:
            headers.setdefault(clean(name).lower(), clean(value))
    return headers


def _notified(packet: Packet, headers: _Headers) -> tuple[UpnpAdvertised, ...]:
    state, target = headers.get("nts", "").lower(), headers.get("nt", "")
    if not target or not headers.get("usn"):
        raise DecodeError("SSDP NOTIFY without NT or USN")
    if state not in {"ssdp:alive", "ssdp:update", "ssdp:byebye"}:
        return ()
    return (_advert(packet, headers, target, alive=state != "ssdp:byebye"),)


def _answered(packet: Packet, headers: _Headers) -> tuple[UpnpAdvertised, ...]:
    target = headers.get("st", "")
    return (_advert(packet, headers, target, alive=True),) if target and headers.get("usn") else ()


def _searched(packet: Packet, headers: _Headers) -> tuple[UpnpAsked, ...]:
    target = headers.get("st", "")
    if not target:
        raise DecodeError("M-SEARCH without ST")
    agent = headers.get("user-agent", "")
    return (UpnpAsked(at=packet.at, mac=packet.mac, ip=packet.ip, vlan=packet.vlan, target=target, user_agent=agent),)


def _advert(packet: Packet, headers: _Headers, target: str, *, alive: bool) -> UpnpAdvertised:
    age = _MAX_AGE.search(headers.get("cache-control", ""))
    return UpnpAdvertised(
        at=packet.at,
        mac=packet.mac,
        ip=packet.ip,
        vlan=packet.vlan,
        usn=headers["usn"],
        target=target,
        alive=alive,
        server=headers.get("server", ""),
        location=headers.get("location", ""),
        max_age=int(age[1]) if age else _DEFAULT_AGE,
        headers=tuple((name, value) for name, value in headers.items() if name in _KEPT),
    )
