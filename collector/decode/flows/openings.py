"""Connections whose first message is all that can be read: Google Cast's TLS on 8009, and the Android debug bridge on 5555."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from collector.decode.flows.pushing import pushed

if TYPE_CHECKING:
    from collector.decode.flows.head import Head
    from model.wirefacts import ScreenPushed

CAST_PORT = 8009
HANDSHAKE = b"\x16\x03\x01"
_CLIENT_HELLO = 1

# AOSP, adb protocol: six words, little-endian: command, two arguments, length, sum, and the command's complement.
ADB_PORT = 5555
ADB_START = b"CNXN"
ADB_ANSWERS = (b"CNXN", b"AUTH", b"STLS")
_ADB_HEADER = 24
_ADB_MAGIC = bytes(~octet & 0xFF for octet in ADB_START)


def cast(head: Head) -> Sequence[ScreenPushed] | None:
    """A sender connects (TLS client hello); what it does there is encrypted. Phones and browsers also connect to ask how the screen is."""
    if head.packet.peer_port != CAST_PORT:
        return ()
    if len(head.data) < 6:
        return None
    return (pushed(head, "cast", "session", "connect"),) if head.data[5] == _CLIENT_HELLO else ()


def adb(head: Head) -> Sequence[ScreenPushed] | None:
    """A debugger connects: with CNXN the device lets it in, with AUTH or STLS it demands a key first."""
    if len(head.data) < _ADB_HEADER:
        return None
    if head.data[20:_ADB_HEADER] != _ADB_MAGIC:
        return ()
    answer = head.answer[:4]
    guarded = answer != ADB_START if answer in ADB_ANSWERS else None
    return (pushed(head, "adb", "session", "CNXN", guarded=guarded, accepted=True if answer == ADB_START else None),)
