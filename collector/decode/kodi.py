"""Kodi's event server, UDP port 9777: keys, notices and commands from whoever sends them (Kodi wiki, EventServer). It asks nobody who they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from collector.decode.wire import clean
from model.wirefacts import PushKind, ScreenPushed

if TYPE_CHECKING:
    from collector.decode.packet import Packet

PORT = 9777
CLAUSES = ("udp dst port 9777",)

# Signature and major version; then minor version, type, place among the packets of one message (from 1), ...
_START = b"XBMC\x02"
_HEADER = 32
_BUTTON, _MOUSE, _NOTIFICATION, _ACTION = 3, 4, 7, 10
_CALL = re.compile(r"([\w.]{1,64})(?:\((.*)\)?)?", re.DOTALL)
# What gives it something to show; the rest steers it.
_CONTENT = {"playmedia", "slideshow", "recursiveslideshow", "showpicture", "notification", "runaddon", "runplugin", "runscript"}
_STOP = {"playercontrol(stop)", "stop"}


def decode(packet: Packet) -> tuple[ScreenPushed, ...]:
    """What the sender has the player do; nothing for greetings, signs of life and further parts of a message."""
    told = packet.data[packet.start : packet.end]
    if packet.peer_port != PORT or not told.startswith(_START) or len(told) < _HEADER or int.from_bytes(told[8:12]) != 1:
        return ()
    kind = int.from_bytes(told[6:8])
    if kind == _NOTIFICATION:
        return (_fact(packet, "content", "NOTIFICATION"),)
    if kind in (_BUTTON, _MOUSE):
        # Which key may be a letter of a password: that one was pressed is enough.
        return (_fact(packet, "command", "BUTTON" if kind == _BUTTON else "MOUSE"),)
    return _action(packet, told[_HEADER:]) if kind == _ACTION else ()


def _action(packet: Packet, told: bytes) -> tuple[ScreenPushed, ...]:
    """A built-in function with its arguments (`PlayMedia(address)`), or an action's name; the type before it is nothing to go by: kodi-send says 2 for both."""
    said = clean(told[1:].partition(b"\0")[0])
    call = _CALL.match(said)
    if call is None or not call[1]:
        return ()
    if call[1].lower() in _CONTENT:
        return (_fact(packet, "content", call[1], _address(call[2] or "")),)
    return (_fact(packet, "stop" if said.lower() in _STOP else "command", call[1]),)


def _address(arguments: str) -> str:
    """The first argument where it is an address."""
    first = arguments.removesuffix(")").split(",")[0].strip().strip('"')
    return first if "://" in first else ""


def _fact(packet: Packet, kind: PushKind, action: str, url: str = "") -> ScreenPushed:
    return ScreenPushed(
        at=packet.at,
        mac=packet.mac,
        ip=packet.ip,
        vlan=packet.vlan,
        family="kodi",
        kind=kind,
        screen_mac=packet.peer_mac,
        screen_ip=packet.peer_ip,
        port=packet.peer_port,
        action=action,
        url=url,
    )
