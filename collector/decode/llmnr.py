"""LLMNR (RFC 4795): which names stations ask the link for, and which they answer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.dnsmessage import AAAA, INTERNET, A, Message, read
from collector.decode.error import DecodeError
from collector.decode.wire import clean, ipv4_text, ipv6_text
from model.facts import NameAsked, NameSeen

if TYPE_CHECKING:
    from collector.decode.dnsmessage import Labels, Record
    from collector.decode.packet import Packet

PORT = 5355
CLAUSES = ("udp port 5355",)

_RESPONSE, _OPCODE, _CONFLICT, _TENTATIVE, _CODE = 0x8000, 0x7800, 0x0400, 0x0100, 0x000F
# A question for an address of a name; reverse look-ups (PTR) name nobody.
_ASKED = frozenset({A, AAAA, 255})


def decode(packet: Packet) -> tuple[NameAsked | NameSeen, ...]:
    """The name a station looks for, or the names that it answers to with its own address; nothing for conflicts and other opcodes."""
    message = read(packet.data, packet.start, packet.end)
    if message.flags & (_OPCODE | _CODE):
        return ()
    facts: tuple[NameAsked | NameSeen, ...]
    if not message.flags & _RESPONSE:
        # The C bit tells others that a name is disputed (RFC 4795 §2.1.1), nobody looks for it.
        facts = () if message.flags & _CONFLICT else _asked(packet, message)
    else:
        # §2.3: a response leaves from the LLMNR port; a tentative one claims a name that is still being verified.
        facts = _answered(packet, message) if packet.port == PORT and not message.flags & _TENTATIVE else ()
    if message.fault:
        raise DecodeError(message.fault, facts)
    return facts


def text(labels: Labels) -> str:
    """A name as people write it, without the trailing dot: LLMNR names are single labels, as DHCP host names are."""
    return clean(b".".join(labels))


def _asked(packet: Packet, message: Message) -> tuple[NameAsked, ...]:
    names = dict.fromkeys(text(question.name).lower() for question in message.questions if question.kind in _ASKED and question.name)
    return tuple(NameAsked(at=packet.at, mac=packet.mac, ip=packet.ip, vlan=packet.vlan, name=name, via="llmnr") for name in names)


def _answered(packet: Packet, message: Message) -> tuple[NameSeen, ...]:
    """A name is the sender's own unless every address of the sender's kind is another's: §2.3 lets nobody answer for others."""
    hosts: dict[str, list[str]] = {}
    for record in message.answers:
        if record.klass == INTERNET and (address := host_address(packet.data, record)):
            hosts.setdefault(text(record.name), []).append(address)
    names = [name for name, addresses in hosts.items() if name and _own(packet.ip, addresses)]
    return tuple(NameSeen(at=packet.at, mac=packet.mac, ip=packet.ip, vlan=packet.vlan, name=name, via="llmnr") for name in names)


def host_address(data: bytes, record: Record) -> str:
    """The address of an A or AAAA record; empty for any other, or one of a wrong length."""
    size = record.end - record.start
    if record.kind == A and size == 4:
        return ipv4_text(data, record.start)
    return ipv6_text(data, record.start) if record.kind == AAAA and size == 16 else ""


def _own(sender: str, addresses: list[str]) -> bool:
    """Compared within what must hold both, IPv4 or IPv6 link-local: a host may well answer from an address of another scope."""
    prefix, mark = ("fe80:", ":") if ":" in sender else ("", ".")
    comparable = [address for address in addresses if mark in address and address.startswith(prefix)]
    return sender in addresses or not comparable or not sender.startswith(prefix)
