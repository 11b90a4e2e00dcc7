"""Cameras and recorders that answer their maker's own search by multicast: Hikvision's SADP (UDP 37020) and Dahua's DHIP (UDP 37810).

Neither has a published standard; the layouts are those that the makers' search tools and their open-source counterparts speak. Both work as
WS-Discovery does, so they tell the same fact: an endpoint, and a type under the protocol's name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from collector.decode.wire import clean
from model.facts import WsdAdvertised

if TYPE_CHECKING:
    from collector.decode.packet import Packet

SADP_PORT, DHIP_PORT = 37_020, 37_810
PORTS = (SADP_PORT, DHIP_PORT)
CLAUSES = ("udp port 37020 or udp port 37810",)

# Real answers stay below 4 KiB.
_LONGEST = 8_192
# The device's word for itself; a tool's question is a <Probe>.
_ANSWERS = (b"<ProbeMatch>", b"<Hello>")
_SADP_TEXT = re.compile(rb"<(DeviceDescription|DeviceType)>([^<>]{1,128})</")
# Length of the header, four letters, session, request, length of the text twice with a zero word behind each: all little-endian.
_DHIP_START = b"\x20\x00\x00\x00DHIP"
_DHIP_HEADER = 32


class _Device(msgspec.Struct, rename="pascal"):
    device_class: str = ""
    device_type: str = ""


class _Params(msgspec.Struct, rename="camel"):
    device_info: _Device


class _Notice(msgspec.Struct):
    method: str
    params: _Params


_notice = msgspec.json.Decoder(_Notice)


def decode(packet: Packet) -> tuple[WsdAdvertised, ...]:
    """The device that answers, by its model; nothing for a tool's question, and for what is neither protocol."""
    text = packet.data[packet.start : min(packet.end, packet.start + _LONGEST)]
    if text.startswith(_DHIP_START):
        return _told(packet, "dhip", _dhip(text))
    return _told(packet, "sadp", _sadp(text))


def _sadp(text: bytes) -> str:
    if not any(answer in text for answer in _ANSWERS):
        return ""
    said = dict(reversed(_SADP_TEXT.findall(text)))
    # A type is a number of the maker's where there is a description.
    return clean(said.get(b"DeviceDescription") or said.get(b"DeviceType", b""))


def _dhip(text: bytes) -> str:
    length = int.from_bytes(text[16:20], "little")
    try:
        said = _notice.decode(text[_DHIP_HEADER : _DHIP_HEADER + length].rstrip(b"\0\r\n "))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    device = said.params.device_info
    return clean(" ".join(filter(None, (device.device_class, device.device_type)))) if said.method == "client.notifyDevInfo" else ""


def _told(packet: Packet, protocol: str, model: str) -> tuple[WsdAdvertised, ...]:
    if not model:
        return ()
    # The serial number would name one device for ever; the address does while it is here.
    return (
        WsdAdvertised(at=packet.at, mac=packet.mac, ip=packet.ip, vlan=packet.vlan, endpoint=f"{protocol}:{packet.mac}", types=(f"{protocol}:{model}"[:256],)),
    )
