"""NetBIOS name service over UDP (RFC 1002 §4.2): who claims, gives up, answers to and looks for which name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.dnsmessage import Message, Record, read
from collector.decode.error import DecodeError
from collector.decode.netbios import decoded, split
from collector.decode.wire import ipv4_text
from model.facts import NameAsked, NameSeen, NetbiosNamed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector.decode.dnsmessage import Labels
    from collector.decode.packet import Packet
    from model.fact import StationFact

PORT = 137
CLAUSES = ("udp port 137",)

_NB, _NBSTAT = 0x20, 0x21
_RESPONSE, _CODE = 0x8000, 0x000F
_QUERY, _RELEASE = 0, 6
# Registration, refresh under both its numbers (RFC 1002 §4.2.4 errs once), and registration of a host with several addresses.
_CLAIMS = frozenset({5, 8, 9, 15})
_GROUP = 0x80
_ENTRY = 18
# The suffixes of a machine's own name: workstation and server.
_OF_MACHINE = frozenset({0x00, 0x20})
# The messenger's: registered for the person logged on as well, whose name is nobody's business (architecture rule 11).
_OF_PERSON = 0x03


def decode(packet: Packet) -> tuple[StationFact, ...]:
    """Names the sender claims or gives up, has (its answers, its name table), or looks for; nothing for acknowledgements and refusals.

    A name server answers for others: a record counts only where it holds the sender's own address.
    """
    message = read(packet.data, packet.start, packet.end)
    facts = tuple(_facts(packet, message))
    if message.fault:
        raise DecodeError(message.fault, facts)
    return facts


def _facts(packet: Packet, message: Message) -> Iterator[StationFact]:
    code = message.flags >> 11 & 0x0F
    if message.flags & _RESPONSE:
        if code == _QUERY and not message.flags & _CODE:
            for record in message.answers:
                yield from _table(packet, record) if record.kind == _NBSTAT else _claims(packet, record, alive=True)
    elif code == _QUERY:
        yield from _asked(packet, message)
    elif code in _CLAIMS or code == _RELEASE:
        for record in message.others:
            yield from _claims(packet, record, alive=code != _RELEASE)


def _name(labels: Labels) -> tuple[str, int]:
    """Name and suffix of the first label (a scope may follow); empty for what is no NetBIOS name."""
    return (labels and decoded(labels[0])) or ("", 0)


def _asked(packet: Packet, message: Message) -> Iterator[NameAsked]:
    for question in message.questions:
        name, suffix = _name(question.name)
        # "*" asks whoever hears it for a list of names: it looks for nobody.
        if question.kind == _NB and name not in {"", "*"} and suffix != _OF_PERSON:
            yield NameAsked(at=packet.at, mac=packet.mac, ip=packet.ip, vlan=packet.vlan, name=name, suffix=suffix, via="nbns")


def _claims(packet: Packet, record: Record, *, alive: bool) -> Iterator[StationFact]:
    """RFC 1002 §4.2.13: the data are entries of two bytes of flags and an address."""
    name, suffix = _name(record.name)
    if record.kind != _NB or not name:
        return
    for at in range(record.start, record.end - 5, 6):
        if ipv4_text(packet.data, at + 2) == packet.ip:
            yield from claim(packet, name, suffix, group=bool(packet.data[at] & _GROUP), alive=alive)
            return


def _table(packet: Packet, record: Record) -> Iterator[StationFact]:
    """The names of a node status answer (§4.2.18): a count, then eighteen bytes each."""
    data, start = packet.data, record.start
    count = data[start] if start < record.end else 0
    for at in range(start + 1, min(start + 1 + count * _ENTRY, record.end - _ENTRY + 1), _ENTRY):
        name, suffix = split(data[at : at + 16])
        if name:
            yield from claim(packet, name, suffix, group=bool(data[at + 16] & _GROUP))


def claim(packet: Packet, name: str, suffix: int, *, group: bool, alive: bool = True) -> Iterator[StationFact]:
    """The claim itself, and the machine's name where it is one; nothing for names that may be a person's."""
    if suffix == _OF_PERSON:
        return
    at, mac, ip, vlan = packet.at, packet.mac, packet.ip, packet.vlan
    yield NetbiosNamed(at=at, mac=mac, ip=ip, vlan=vlan, name=name, suffix=suffix, group=group, alive=alive)
    if alive and not group and suffix in _OF_MACHINE:
        yield NameSeen(at=at, mac=mac, ip=ip, vlan=vlan, name=name, via="nbns")
