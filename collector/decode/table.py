"""Which decoder gets what. Adding one = a module with `CLAUSES` and `decode`, and one row here."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from collector.decode import arp, dhcp4, frame, icmp6, mdns, onlink, pjlink, ssdp, tcp
from collector.decode.packet import Decode


class Decoder(msgspec.Struct, frozen=True, kw_only=True):
    """One decoder and what it asks for; every key that fits hands it the frame, and no two decoders may ask for the same key.

    `clauses` are pcap-filter expressions for an untagged frame (put each in parentheses before joining): together they let through
    whatever the other fields ask for. `kinds` are those of `frame`; `icmp6_types` message types; `udp_ports` either end's port, the
    receiver's first; `udp_starts` the first four bytes of a datagram on any other port; `tcp_answers` the sender's port of an answer to
    a SYN, `tcp.ANY_REFUSED` for a refusal from any (the packet starts at the TCP header); `tcp_greetings` the sender's port and the first four bytes of its segment (the packet
    starts there); `groups` the IP packets of `onlink.is_group4` and `is_group6`, and every one that another decoder takes, before it.
    """

    name: str
    decode: Decode
    clauses: tuple[str, ...]
    kinds: tuple[int, ...] = ()
    icmp6_types: tuple[int, ...] = ()
    udp_ports: tuple[int, ...] = ()
    udp_starts: tuple[bytes, ...] = ()
    tcp_answers: tuple[int, ...] = ()
    tcp_greetings: tuple[tuple[int, bytes], ...] = ()
    groups: bool = False


TABLE = (
    Decoder(name="arp", decode=arp.decode, clauses=arp.CLAUSES, kinds=(frame.ARP,)),
    Decoder(name="icmp6", decode=icmp6.decode, clauses=icmp6.CLAUSES, icmp6_types=icmp6.TYPES),
    Decoder(name="onlink", decode=onlink.decode, clauses=onlink.CLAUSES, groups=True),
    Decoder(name="dhcp4", decode=dhcp4.decode, clauses=dhcp4.CLAUSES, udp_ports=dhcp4.PORTS),
    Decoder(name="mdns", decode=mdns.decode, clauses=mdns.CLAUSES, udp_ports=(mdns.PORT,)),
    Decoder(name="ssdp", decode=ssdp.decode, clauses=ssdp.CLAUSES, udp_ports=(ssdp.PORT,), udp_starts=(ssdp.ANSWER_START,)),
    Decoder(
        name="pjlink",
        decode=pjlink.decode,
        clauses=pjlink.CLAUSES,
        udp_ports=(pjlink.PORT,),
        tcp_greetings=((pjlink.PORT, pjlink.GREETING_START),),
    ),
    Decoder(name="tcp", decode=tcp.decode, clauses=tcp.CLAUSES, tcp_answers=(*tcp.SCREEN_PORTS, tcp.ANY_REFUSED)),
)


class UnknownDecoder(ValueError):
    """No decoder of this name; `known` lists those there are."""

    def __init__(self, name: str) -> None:
        self.known = tuple(row.name for row in TABLE)
        super().__init__(f"no decoder {name!r}; there are {', '.join(self.known)}")
        self.name = name


def enabled(names: Iterable[str] | None = None) -> tuple[Decoder, ...]:
    """The rows of these decoders in the table's order, all of them for None; raises `UnknownDecoder`."""
    if names is None:
        return TABLE
    wanted = set(names)
    for name in sorted(wanted - {row.name for row in TABLE}):
        raise UnknownDecoder(name)
    return tuple(row for row in TABLE if row.name in wanted)


def clauses(names: Iterable[str] | None = None) -> tuple[str, ...]:
    """What the kernel should let through for these decoders, all of them for None: clauses to be joined with `or`."""
    return tuple(dict.fromkeys(clause for row in enabled(names) for clause in row.clauses))
