r"""NetBIOS datagrams (RFC 1002 §4.4) and the announcements in them: SMB transactions to \MAILSLOT\BROWSE ([MS-BRWS] §2.2, [MS-MAIL])."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from collector.decode.dnsmessage import name as read_name
from collector.decode.error import DecodeError
from collector.decode.nbns import claim
from collector.decode.netbios import decoded
from collector.decode.wire import clean, ipv4_text
from model.facts import BrowserAnnounced

if TYPE_CHECKING:
    from collector.decode.packet import Packet
    from model.fact import StationFact

PORT = 138
CLAUSES = ("udp port 138",)

_HEADER = 14
_DIRECT = frozenset({0x10, 0x11, 0x12})  # to a unique name, a group, everybody
_FIRST = 0x02  # set in the first fragment and in whole datagrams (RFC 1002 §4.4.1)
_SMB_TRANSACTION = b"\xffSMB\x25"
_MAILSLOT = b"\\MAILSLOT\\BROWSE\0"
_FORMS: dict[int, Literal["host", "domain", "local_master"]] = {1: "host", 12: "domain", 15: "local_master"}
_ANNOUNCEMENT = 32


def decode(packet: Packet) -> tuple[StationFact, ...]:
    """The name the sender signs with, and its announcement; nothing for errors, queries to datagram servers and later fragments."""
    data, start, end = packet.data, packet.start, packet.end
    if start + _HEADER > end:
        raise DecodeError("NetBIOS datagram header is cut")
    if data[start] not in _DIRECT or not data[start + 1] & _FIRST:
        return ()
    source, offset = read_name(data, start + _HEADER, start, end)
    target, offset = read_name(data, offset, start, end)
    signed = source and decoded(source[0])
    facts: tuple[StationFact, ...] = ()
    # §4.4.1: the address in the header is the origin's; a datagram server sends on what others wrote.
    own = ipv4_text(data, start + 4) == packet.ip
    if own and signed and signed[0]:
        facts = tuple(claim(packet, *signed, group=False))
    group = decoded(target[0]) if target else None
    said = _announced(packet, offset, group[0] if group else "") if own else None
    return facts if said is None else (*facts, said)


def _announced(packet: Packet, offset: int, group: str) -> BrowserAnnounced | None:
    """An announcement of three kinds: elections, requests and lists of backups say nothing that these do not."""
    data, end = packet.data, packet.end
    body = _mailslot(data, offset, end)
    form = _FORMS.get(data[body]) if 0 < body < end else None
    if form is None:
        return None
    if body + _ANNOUNCEMENT > end:
        raise DecodeError("browser announcement is cut")
    name = clean(data[body + 6 : body + 22].partition(b"\0")[0])
    comment = clean(data[body + _ANNOUNCEMENT : end].partition(b"\0")[0])
    # §2.2.3: a domain's announcement names the domain where the others name the machine, its master where they hold a comment, and has
    # the version of the browser where they have the system's.
    whole = form == "domain"
    return BrowserAnnounced(
        at=packet.at,
        mac=packet.mac,
        ip=packet.ip,
        vlan=packet.vlan,
        form=form,
        name=comment if whole else name,
        domain=name if whole else group,
        version="" if whole else f"{data[body + 22]}.{data[body + 23]}",
        server_type=int.from_bytes(data[body + 24 : body + 28], "little"),
        comment="" if whole else comment,
    )


def _mailslot(data: bytes, offset: int, end: int) -> int:
    """Where the data written to the browser's mailslot start; 0 where the datagram writes to none ([MS-CIFS] §2.2.4.33.1, [MS-MAIL] §2.2.1)."""
    if data[offset : offset + 5] != _SMB_TRANSACTION or offset + 33 > end:
        return 0
    words = data[offset + 32]
    after = offset + 33 + 2 * words
    # Fourteen words and three of set-up; the name stands after the byte count, in one byte characters.
    if words != 17 or after + 2 + len(_MAILSLOT) > end or data[after + 2 : after + 2 + len(_MAILSLOT)].upper() != _MAILSLOT:
        return 0
    at = offset + 33 + 2 * 12  # DataOffset, from the start of the SMB header
    return offset + (data[at] | data[at + 1] << 8)
