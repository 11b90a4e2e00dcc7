"""RDP: the connection request and its confirmation ([MS-RDPBCGR] §2.2.1.1, §2.2.1.2), its UDP hello ([MS-RDPEUDP] §2.2.2), and whether a session came of it.

The cookie of the request names a person: it is stepped over and kept nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from collector.decode.remote.ends import joined, receiver, sender

if TYPE_CHECKING:
    from collector.decode.flows.head import Head
    from collector.decode.packet import Packet
    from model.wirefacts import RemoteSeen

PORT = 3389
START = b"\x03\0\0"  # TPKT (RFC 1006 §6) of a message below 256 bytes
LIMIT = 4096
ANSWER_LIMIT = 64

_REQUEST, _CONFIRM = 0xE0, 0xD0
_NEGOTIATE, _AGREED, _FAILED = 1, 2, 3
_COOKIE = b"Cookie: mstshash="
_TLS, _CREDSSP, _AAD = 0x1, 0x2 | 0x8, 0x10
_HYBRID_REQUIRED = {5}  # §2.2.1.2.2: the server wants network level authentication
# More than the client of a log-in that fails says: after it, it describes its capabilities and sends input.
_SENT_PLAIN, _SENT_TLS = 1_200, 3_500

_SYN, _ACKNOWLEDGES = 0x0001, 0x0004
_MTU = range(1132, 1233)
# A SYN is padded to the MTU, which it names in bytes 12 to 15.
# The length is asked first: a load beyond a frame's end makes the kernel refuse the frame.
_UDP = f"udp[4:2] > 1000 and udp[15] & 1 = 1 and udp[20:2] >= {_MTU[0]} and udp[20:2] <= {_MTU[-1]}"
_UDP6 = f"ip6[44:2] > 1000 and ip6[55] & 1 = 1 and ip6[60:2] >= {_MTU[0]} and ip6[60:2] <= {_MTU[-1]}"
CLAUSES = (f"udp port {PORT} and {_UDP}", f"ip6[6] = 17 and (ip6[40:2] = {PORT} or ip6[42:2] = {PORT}) and {_UDP6}")


class Opening(NamedTuple):
    """An X.224 connection message: its kind, whether it has an RDP cookie, and the negotiation's type and value (0 where there is none)."""

    kind: int
    cookie: bool
    negotiation: int
    value: int


def decode(head: Head) -> tuple[RemoteSeen, ...] | None:
    """A client asks a server on the usual port; both ends with the server's security once it has confirmed."""
    return _asked(head) if head.packet.peer_port == PORT else ()


def anywhere(head: Head) -> tuple[RemoteSeen, ...] | None:
    """The same on any other port, where only RDP's own cookie or negotiation tells it from other protocols over X.224."""
    packet = head.packet
    if PORT in (packet.port, packet.peer_port):
        return ()
    request = opening(head.data)
    if request and not (request.cookie or request.negotiation == _NEGOTIATE):
        return ()
    return _asked(head)


def session(head: Head) -> tuple[RemoteSeen, ...] | None:
    """After the confirmation they went on for longer than a log-in takes."""
    if not _may_be(head.data):
        return ()
    request, confirm = opening(head.data), opening(head.answer)
    if request is None or confirm is None or confirm.kind != _CONFIRM:
        return None
    encrypted = confirm.negotiation == _AGREED and confirm.value != 0
    if len(head.data) < (_SENT_TLS if encrypted else _SENT_PLAIN):
        return None
    packet = head.packet
    return joined(packet, sender(packet), receiver(packet), "rdp", "session", security=_security(confirm), at=head.at)


def datagram(packet: Packet) -> tuple[RemoteSeen, ...]:
    """The SYN of RDP over UDP, or the server's answer to one."""
    data = packet.data[packet.start : packet.end]
    flags = int.from_bytes(data[6:8])
    if len(data) < 1000 or not flags & _SYN or int.from_bytes(data[12:14]) not in _MTU or int.from_bytes(data[14:16]) not in _MTU:
        return ()
    viewer, served = (receiver(packet), sender(packet)) if flags & _ACKNOWLEDGES else (sender(packet), receiver(packet))
    return joined(packet, viewer, served, "rdp", "connecting") if served.port == PORT else ()


def opening(data: bytes) -> Opening | None:
    """The X.224 connection request or confirmation that these bytes begin with; None where it did not all come or is none."""
    size = int.from_bytes(data[2:4])
    if len(data) < 11 or not _may_be(data) or len(data) < size:
        return None
    # The fixed part is 7 bytes after the length; cookie or token end with CR LF; the negotiation is the last 8 bytes, little-endian.
    rest = data[11:size]
    cookie = rest.startswith(_COOKIE)
    tail = rest[-8:]
    known = len(tail) == 8 and tail[0] in (_NEGOTIATE, _AGREED, _FAILED) and tail[2:4] == b"\x08\0"
    return Opening(data[5], cookie, tail[0] if known else 0, int.from_bytes(tail[4:], "little") if known else 0)


def _may_be(data: bytes) -> bool:
    """Do these bytes begin a connection request or confirmation, as far as they came."""
    if not data or not data.startswith(START[: len(data)]):
        return False
    if len(data) < 6:
        return True
    return data[5] in (_REQUEST, _CONFIRM) and data[3] >= 11 and data[4] == data[3] - 5


def _asked(head: Head) -> tuple[RemoteSeen, ...] | None:
    if not _may_be(head.data):
        return ()
    packet, request = head.packet, opening(head.data)
    if request is None:
        return None
    if request.kind != _REQUEST:
        return ()
    confirm = opening(head.answer)
    security = _security(confirm) if confirm and confirm.kind == _CONFIRM else ""
    return joined(packet, sender(packet), receiver(packet), "rdp", "connecting", security=security, at=head.at)


def _security(confirm: Opening) -> str:
    """`nla` where the user proves who he is before a screen is shown, `tls` where only the line is, `standard` for RDP's own old encryption."""
    if confirm.negotiation == _FAILED:
        return "nla" if confirm.value in _HYBRID_REQUIRED else ""
    if confirm.negotiation == _AGREED and confirm.value & (_CREDSSP | _AAD):
        return "nla"
    return "tls" if confirm.negotiation == _AGREED and confirm.value & _TLS else "standard"
