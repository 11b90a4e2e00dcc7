"""Which decoder gets what. Adding one = a module with `CLAUSES` and `decode`, and one row here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import msgspec

from collector.decode import (
    arp,
    browser,
    cameras,
    cdp,
    dhcp4,
    dhcp6,
    dns,
    frame,
    icmp6,
    igmp,
    kodi,
    lldp,
    llmnr,
    mdns,
    mld,
    natpmp,
    nbns,
    nonce,
    onlink,
    pjlink,
    ssdp,
    stp,
    tcp,
    wsd,
)
from collector.decode.flows.clauses import clauses as flow_clauses
from collector.decode.flows.head import FlowDecoder
from collector.decode.flows.stage import alone
from collector.decode.flows.table import FLOWS
from collector.decode.packet import Decode
from collector.decode.remote import datagrams, lookups, quic


class Decoder(msgspec.Struct, frozen=True, kw_only=True):
    """One decoder and what it asks for; every key that fits hands it the frame, and no two that run together may ask for the same key.

    `clauses` are pcap-filter expressions for an untagged frame (put each in parentheses before joining): together they let through
    whatever the other fields ask for. `kinds` are those of `frame`; `ip_protocols` numbers other than TCP, UDP and ICMPv6; `icmp6_types`
    message types; `udp_ports` either end's port, the receiver's first; of a datagram on any other port `udp_starts` the first four bytes, `udp_marks`
    bytes 11 and 12; `tcp_answers` the sender's port of an answer to a SYN, `tcp.ANY` for one from any that
    refuses or lets another network in (the packet starts at the TCP header);
    `groups` the IP packets of `onlink.is_group4` and `is_group6`, and every one that another decoder takes, before it; `flows` TCP segments with a
    payload that these want, followed by the stage of each pipeline. `by_name`: runs only where it is named. `made`: makes the reader of one pipeline,
    where it has something to remember; `decode` then reads a frame with nothing before it.
    """

    name: str
    decode: Decode
    clauses: tuple[str, ...]
    kinds: tuple[int, ...] = ()
    ip_protocols: tuple[int, ...] = ()
    icmp6_types: tuple[int, ...] = ()
    udp_ports: tuple[int, ...] = ()
    udp_starts: tuple[bytes, ...] = ()
    udp_marks: tuple[bytes, ...] = ()
    tcp_answers: tuple[int, ...] = ()
    groups: bool = False
    flows: tuple[FlowDecoder, ...] = ()
    by_name: bool = False
    made: Callable[[], Decode] | None = None


TABLE = (
    Decoder(name="arp", decode=arp.decode, clauses=arp.CLAUSES, kinds=(frame.ARP,)),
    Decoder(name="icmp6", decode=icmp6.decode, clauses=icmp6.CLAUSES, icmp6_types=icmp6.TYPES),
    Decoder(name="onlink", decode=onlink.decode, clauses=onlink.CLAUSES, groups=True),
    Decoder(name="dhcp4", decode=dhcp4.decode, clauses=dhcp4.CLAUSES, udp_ports=dhcp4.PORTS),
    Decoder(name="mdns", decode=mdns.decode, clauses=mdns.CLAUSES, udp_ports=(mdns.PORT,)),
    Decoder(name="ssdp", decode=ssdp.decode, clauses=ssdp.CLAUSES, udp_ports=(ssdp.PORT,), udp_starts=(ssdp.ANSWER_START,)),
    Decoder(name="pjlink", decode=pjlink.decode, clauses=pjlink.CLAUSES, udp_ports=(pjlink.PORT,)),
    Decoder(name="dhcp6", decode=dhcp6.decode, clauses=dhcp6.CLAUSES, udp_ports=dhcp6.PORTS),
    Decoder(name="igmp", decode=igmp.decode, clauses=igmp.CLAUSES, ip_protocols=(igmp.PROTOCOL,)),
    Decoder(name="mld", decode=mld.decode, clauses=mld.CLAUSES, icmp6_types=mld.TYPES),
    Decoder(name="llmnr", decode=llmnr.decode, clauses=llmnr.CLAUSES, udp_ports=(llmnr.PORT,)),
    Decoder(name="nbns", decode=nbns.decode, clauses=nbns.CLAUSES, udp_ports=(nbns.PORT,)),
    Decoder(name="browser", decode=browser.decode, clauses=browser.CLAUSES, udp_ports=(browser.PORT,)),
    Decoder(name="wsd", decode=wsd.decode, clauses=wsd.CLAUSES, udp_ports=(wsd.PORT,)),
    Decoder(name="cameras", decode=cameras.decode, clauses=cameras.CLAUSES, udp_ports=cameras.PORTS),
    Decoder(name="kodi", decode=kodi.decode, clauses=kodi.CLAUSES, udp_ports=(kodi.PORT,)),
    Decoder(name="natpmp", decode=natpmp.decode, clauses=natpmp.CLAUSES, udp_ports=(natpmp.PORT,)),
    Decoder(name="lldp", decode=lldp.decode, clauses=lldp.CLAUSES, kinds=(lldp.KIND,)),
    Decoder(name="cdp", decode=cdp.decode, clauses=cdp.CLAUSES, kinds=(cdp.KIND,)),
    Decoder(name="stp", decode=stp.decode, clauses=stp.CLAUSES, kinds=stp.KINDS),
    Decoder(name="nonce", decode=nonce.decode, clauses=nonce.CLAUSES, kinds=(nonce.KIND,), udp_ports=(nonce.PORT,)),
    # What people look up is theirs: nobody's answers are told unless a purpose names this decoder, in place of `lookups`.
    Decoder(name="dns", decode=dns.decode, clauses=dns.CLAUSES, udp_ports=(dns.PORT,), by_name=True),
    Decoder(name="lookups", decode=lookups.decode, clauses=lookups.CLAUSES, udp_ports=(lookups.PORT,)),
    Decoder(name="quic", decode=quic.alone, clauses=quic.CLAUSES, udp_ports=(quic.PORT,), made=lambda: quic.Reader().decode),
    Decoder(name="datagrams", decode=datagrams.decode, clauses=datagrams.CLAUSES, udp_ports=datagrams.PORTS, udp_marks=datagrams.MARKS),
    Decoder(name="tcp", decode=tcp.decode, clauses=tcp.CLAUSES, tcp_answers=(*tcp.SCREEN_PORTS, tcp.ANY)),
    Decoder(name="flows", decode=partial(alone, FLOWS), clauses=flow_clauses(FLOWS), flows=FLOWS),
)


class UnknownDecoder(ValueError):
    """No decoder of this name; `known` lists those there are."""

    def __init__(self, name: str) -> None:
        self.known = tuple(row.name for row in TABLE)
        super().__init__(f"no decoder {name!r}; there are {', '.join(self.known)}")
        self.name = name


def enabled(names: Iterable[str] | None = None) -> tuple[Decoder, ...]:
    """The rows of these decoders in the table's order, for None all but those `by_name`; raises `UnknownDecoder`."""
    if names is None:
        return tuple(row for row in TABLE if not row.by_name)
    wanted = set(names)
    for name in sorted(wanted - {row.name for row in TABLE}):
        raise UnknownDecoder(name)
    return tuple(row for row in TABLE if row.name in wanted)


def clauses(names: Iterable[str] | None = None) -> tuple[str, ...]:
    """What the kernel should let through for these decoders (as `enabled` reads them): clauses to be joined with `or`."""
    return tuple(dict.fromkeys(clause for row in enabled(names) for clause in row.clauses))
