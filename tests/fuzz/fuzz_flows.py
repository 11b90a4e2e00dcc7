"""Hostile connections: the bytes cut into segments at their own say, in any order, both ways, through the stage and every flow decoder."""

from collector.decode.error import DecodeError
from collector.decode.flows.head import Head
from collector.decode.flows.stage import Flows
from collector.decode.flows.table import FLOWS
from tests.fuzz.checks import check, packet

SEEDS = (b"\x09\x03PJLINK 0\r", b"\x40\x01PJLINK 1 498e4a67\r")
CLIENT = {"protocol": 6, "mac": "00:e0:4c:10:20:31", "peer_mac": "00:06:5b:10:20:21", "ip": "192.168.10.31", "peer_ip": "192.168.10.21"}
SERVER = {"protocol": 6, "mac": "00:06:5b:10:20:21", "peer_mac": "00:e0:4c:10:20:31", "ip": "192.168.10.21", "peer_ip": "192.168.10.31"}
PORTS = tuple(dict.fromkeys((80, *(port for row in FLOWS for port in row.ports))))


def fuzz_one(data: bytes) -> None:
    for row in FLOWS:
        head = Head(packet(b"", **CLIENT, port=50000, peer_port=(row.ports or (80,))[0]), data[: row.limit], data[len(data) // 2 :][: row.answer_limit], 1)
        for fact in _told(row, head):
            check(fact)
    assert _followed(data) == _followed(data)


def _told(row, head):
    try:
        first, again = row.decode(head), row.decode(head)
    except DecodeError as fault:
        return fault.facts
    assert first == again, "the same bytes gave other facts"
    return first or ()


def _followed(data):
    """The first byte is how long a segment is, the second its order and port; the rest is said."""
    step, way, text = max(1, data[0] if data else 1), data[1] if len(data) > 1 else 0, data[2:4000]
    stage, port, facts = Flows(FLOWS, most_flows=4, most_bytes=10_000), PORTS[way % len(PORTS)], []
    pieces = [(at, text[at : at + step + (way & 3)]) for at in range(0, len(text), step)]
    for at, piece in reversed(pieces) if way & 4 else pieces:
        client = {**CLIENT, "port": 50000, "peer_port": port}
        server = {**SERVER, "port": port, "peer_port": 50000}
        given = packet(piece, **(server if way & 8 and at // step % 2 else client), number=0xFFFFFFF0 + at & 0xFFFFFFFF)
        try:
            facts += stage.decode(given)
        except DecodeError as fault:
            facts += fault.facts
    assert len(stage) <= 4
    for fact in facts:
        check(fact)
    return facts
