"""RFB, the protocol of VNC (RFC 6143 §7): greetings, the security types a server offers, and whether a session came of it.

On the usual ports both sides are read from the start; on any other the two greetings alone, since what follows begins like nothing in particular.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from collector.decode.remote.ends import joined, receiver, sender, used

if TYPE_CHECKING:
    from collector.decode.flows.head import Head
    from model.wirefacts import RemoteSeen

PORTS = tuple(range(5900, 5906))  # displays 0 to 5
START = b"RFB 00"
LIMIT = 2048

_GREETING = re.compile(rb"RFB \d{3}\.\d{3}\n")
_SIZE = 12
# From 3.7 on the server lists what it offers, from 3.8 on it tells what came of it also where nothing guards it.
_LISTS, _TELLS = b"RFB 003.007", b"RFB 003.008"
_NONE, _VNC = b"\1", b"\2"
# RFC 6143 §7.1.2 and the IANA registry of RFB security types; Apple's are Screen Sharing's.
_NAMES = {
    1: "none", 2: "vncauth", 5: "rsa_aes", 6: "rsa_aes", 13: "rsa_aes", 129: "rsa_aes", 16: "tight", 17: "ultra", 18: "tls", 19: "tls", 20: "sasl",
    22: "xvp", 30: "apple", 33: "apple", 35: "apple", 36: "apple",
}  # fmt: skip
_CHALLENGE, _RESULT, _SERVER_INIT = 16, 4, 24
# Where the security type is none that is followed here, so many bytes are no longer a log-in: the longest sends two keys of 128.
_SENT = 600


class Greeted(NamedTuple):
    """What the server said after its greeting: the security types it offers (3.3: the one it chose), and where its next message begins."""

    offered: tuple[int, ...]
    after: int


def decode(head: Head) -> tuple[RemoteSeen, ...] | None:
    """Both ends of a usual port have greeted, with the server's security once it has told it."""
    if not _begins(head.data):
        return ()
    if min(len(head.data), len(head.answer)) < _SIZE:
        return None
    if not (_GREETING.match(head.data) and _GREETING.match(head.answer)):
        return ()
    packet = head.packet
    return joined(packet, sender(packet), receiver(packet), "vnc", "connecting", security=_security(_greeted(head)), at=head.at)


def session(head: Head) -> tuple[RemoteSeen, ...] | None:
    """The server let the viewer in and they went on."""
    if not _begins(head.data):
        return ()
    greeted = _greeted(head)
    if greeted is None or not _went_on(head, greeted):
        return None
    packet = head.packet
    return joined(packet, sender(packet), receiver(packet), "vnc", "session", security=_security(greeted), at=head.at)


def anywhere(head: Head) -> tuple[RemoteSeen, ...] | None:
    """A greeting on any port: a server greets first, and who answers the same way is its viewer. On the usual ports: the viewer's, should he alone be heard."""
    packet = head.packet
    if packet.port in PORTS:
        return ()
    if len(head.data) < _SIZE:
        return None
    if not _GREETING.match(head.data):
        return ()
    if packet.peer_port in PORTS:  # nobody greets a server that has not greeted him
        return joined(packet, sender(packet), receiver(packet), "vnc", "connecting", at=head.at)
    if _GREETING.match(head.answer):
        return joined(packet, receiver(packet), sender(packet), "vnc", "connecting", at=head.at)
    return used(packet, sender(packet), "vnc", "listening", "payload", at=head.at)


def _begins(data: bytes) -> bool:
    return bool(data) and data.startswith(START[: len(data)])


def _version(head: Head) -> bytes:
    """The older of the two greetings, which is what both then speak."""
    return min(head.data[:_SIZE], head.answer[:_SIZE])


def _greeted(head: Head) -> Greeted | None:
    """What the server said after both greetings; None where it did not all come."""
    said = head.answer
    if not _GREETING.match(head.data) or not _GREETING.match(said):
        return None
    if _version(head) < _LISTS:
        return Greeted((int.from_bytes(said[_SIZE : _SIZE + 4]),), _SIZE + 4) if len(said) >= _SIZE + 4 else None
    count = said[_SIZE] if len(said) > _SIZE else 0
    after = _SIZE + 1 + count
    return Greeted(tuple(said[_SIZE + 1 : after]), after) if count and len(said) >= after else None


def _security(greeted: Greeted | None) -> str:
    """What guards the server: the weakest that it would take."""
    names = [_NAMES.get(kind, "other") for kind in greeted.offered if kind] if greeted else []
    return next((weak for weak in ("none", "vncauth") if weak in names), names[0] if names else "")


def _went_on(head: Head, greeted: Greeted) -> bool:
    """The server's ServerInit came, and the viewer sent messages after its ClientInit."""
    said, shown, version = head.data, head.answer, _version(head)
    lists = version >= _LISTS
    chosen = said[_SIZE : _SIZE + 1] if lists else bytes((greeted.offered[0] & 0xFF,))
    asked = _SIZE + lists
    if chosen == _VNC:
        result = greeted.after + _CHALLENGE
        return not any(shown[result : result + _RESULT]) and len(shown) >= result + _RESULT + _SERVER_INIT and len(said) > asked + _CHALLENGE + 1
    if chosen == _NONE:
        result = _RESULT if version >= _TELLS else 0
        return len(shown) >= greeted.after + result + _SERVER_INIT and len(said) > asked + 1
    return len(said) >= _SENT
