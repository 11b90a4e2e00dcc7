"""Hostile datagrams to the ports of remote-control products; their connections: fuzz_flows."""

from collector.decode.remote import datagrams
from tests.decode.remote import shapes
from tests.fuzz.checks import packet, probe

SEEDS = (
    shapes.RUSTDESK_PING,
    shapes.RUSTDESK_PONG,
    shapes.rendezvous(6, b"\x0a\x09123456789\x10\1"),
    shapes.rdp_udp(),
    shapes.rdp_udp(5, 1132, b"\0\0\0\1"),
    shapes.teamviewer_datagram(71),
    shapes.teamviewer_datagram(0x6F, 1),
)


def fuzz_one(data: bytes) -> None:
    for port in (*datagrams.PORTS, 40000):
        probe(datagrams.decode, packet(data, port=50010, peer_port=port, peer_ip="239.255.102.18" if port == 50001 else "192.168.10.21"))
        probe(datagrams.decode, packet(data, port=port, peer_port=50010, peer_ip="192.168.10.21", peer_mac="00:06:5b:10:20:21"))
