"""Which end of a conversation is a device of this network, and the facts about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from collector.decode.wire import is_group
from model.wire.proof import is_shared
from model.wirefacts import ActivationSought, RemoteSeen

if TYPE_CHECKING:
    from typing import Literal

    from collector.decode.packet import Packet
    from model.wirefacts import RemoteStage

# RFC 1918, RFC 3927, RFC 6598 (a carrier's customers), RFC 4193, RFC 4291 §2.5.6.
_INSIDE = (
    "10.", "192.168.", "169.254.", *(f"172.{second}." for second in range(16, 32)), *(f"100.{second}." for second in range(64, 128)),
    "fc", "fd", "fe80:", "fe90:", "fea0:", "feb0:",
)  # fmt: skip


class End(NamedTuple):
    """One end: its hardware and IP address, and its port."""

    mac: str
    ip: str
    port: int


def is_inside(ip: str) -> bool:
    """Is it an address that the Internet does not carry, so one of this site."""
    return ip.startswith(_INSIDE)


def sender(packet: Packet) -> End:
    """Who sent the packet."""
    return End(packet.mac, packet.ip, packet.port)


def receiver(packet: Packet) -> End:
    """Whom it is for; without a hardware address where that is a group."""
    return End("" if is_group(packet.peer_mac) else packet.peer_mac, packet.peer_ip, packet.peer_port)


def is_ours(end: End, other: End) -> bool:
    """Is it a device of this network: its address is, or else neither end's is (a network of public addresses, as with IPv6).

    What goes to the address that routers share is for somebody behind them.
    """
    return bool(end.mac or end.ip) and not is_shared(end.mac) and (is_inside(end.ip) or not is_inside(other.ip))


def used(
    packet: Packet, end: End, product: str, stage: RemoteStage, via: Literal["dns", "tls", "quic", "http", "port", "payload", "lan"], *, at: int = 0
) -> tuple[RemoteSeen, ...]:
    """A product at one end that speaks to its maker's service; nothing where that end is none of ours."""
    other = receiver(packet) if end == sender(packet) else sender(packet)
    if not is_ours(end, other):
        return ()
    port = min(end.port, other.port)
    return (RemoteSeen(at=at or packet.at, mac=end.mac, ip=end.ip, vlan=packet.vlan, product=product, stage=stage, via=via, port=port),)


def joined(packet: Packet, viewer: End, served: End, product: str, stage: RemoteStage, *, security: str = "", at: int = 0) -> tuple[RemoteSeen, ...]:
    """Both ends of a protocol that joins two computers: `served` is controlled, by `viewer`. Only ends of this network are told of."""
    told = []
    for end, other, inbound in ((viewer, served, False), (served, viewer, True)):
        if not is_ours(end, other):
            continue
        near = is_inside(other.ip)
        told.append(
            RemoteSeen(
                at=at or packet.at, mac=end.mac, ip=end.ip, vlan=packet.vlan, product=product, stage=stage, via="payload", port=served.port,
                peer_mac=other.mac if near and not is_shared(other.mac) else "", peer_ip=other.ip if near else "", security=security, inbound=inbound,
            )
        )  # fmt: skip
    return tuple(told)


def sought(
    packet: Packet, end: End, via: Literal["srv", "dns", "tls", "rpc"], *, source: str = "", server: End | None = None, at: int = 0
) -> tuple[ActivationSought, ...]:
    """An end of this network looks for, or speaks to, an activation server."""
    other = receiver(packet) if end == sender(packet) else sender(packet)
    if not is_ours(end, other):
        return ()
    ip, mac = (server.ip, server.mac if is_inside(server.ip) else "") if server else ("", "")
    return (
        ActivationSought(
            at=at or packet.at, mac=end.mac, ip=end.ip, vlan=packet.vlan, via=via, source=source, server_ip=ip, server_mac=mac
        ),
    )  # fmt: skip
