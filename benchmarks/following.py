"""What following TCP connections costs: first segments in which there is nothing, pushes with their answers, and a flood of connections begun and left."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Sequence

from measure import Figure
from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import Ether
from scapy.packet import Raw

from collector.decode.pipeline import Pipeline
from model.times import SECOND
from model.wirefacts import ScreenPushed

START = 1_752_541_200 * SECOND
HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(506)
BODY = (
    b'<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    b'<u:SetAVTransportURI xmlns:u="urn:schemas-upnp-org:service:AVTransport:1"><InstanceID>0</InstanceID>'
    b"<CurrentURI>http://192.168.20.20/a.mp4</CurrentURI></u:SetAVTransportURI></s:Body></s:Envelope>"
)
PUSH = (
    b"POST /control HTTP/1.1\r\nHost: 192.168.20.9:49494\r\nContent-Type: text/xml\r\n"
    b'SOAPACTION: "urn:schemas-upnp-org:service:AVTransport:1#SetAVTransportURI"\r\nContent-Length: %d\r\n\r\n' % len(BODY)
) + BODY
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def frame(source: tuple[str, int], target: tuple[str, int], payload: bytes) -> bytes:
    """One segment from (address, port) to (address, port)."""
    ends = Ether(src="30:9c:23:10:00:01", dst="30:9c:23:10:00:02") / IP(src=source[0], dst=target[0])
    return bytes(ends / TCP(sport=source[1], dport=target[1], flags="PA", seq=1000) / Raw(payload))


def microseconds(frames: Sequence[bytes], pushes: int) -> float:
    """CPU of a frame through a fresh pipeline, which must find so many pushes."""
    pipeline, found = Pipeline("bench", "lan", 1), 0
    began = time.process_time()
    for turn, data in enumerate(frames):
        found += sum(isinstance(fact, ScreenPushed) for fact in pipeline.decode(START + turn * 1_000_000, data))
    spent = time.process_time() - began
    assert found == pushes, found
    return spent / len(frames) * 1e6


def held(connections: int) -> float:
    """MB that a flood of connections, each begun and left, makes a pipeline hold."""
    template = frame(("192.168.20.20", 50_000), ("192.168.20.9", 80), b"POST /a HTTP/1.1\r\n" + b"X: " + bytes(1000))
    pipeline = Pipeline("bench", "lan", 1)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for turn in range(connections):
        # The last two octets of the sender's address and its port.
        data = template[:28] + turn.to_bytes(4)[:2] + template[30:34] + turn.to_bytes(4)[2:] + template[36:]
        pipeline.decode(START + turn * 1000, data)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert pipeline.flows.counts.flows >= connections  # some ports are read both ways
    return (after - before) / 1e6


def figures(runs: int) -> list[Figure]:
    """Per segment, and in memory."""
    phones = [("192.168.20.20", 30_000 + turn) for turn in range(10_000)]
    hellos = [frame(phone, ("203.0.113.9", 443), HELLO) for phone in phones]
    screen = ("192.168.20.9", 49_494)
    pushes = [data for phone in phones[:2000] for data in (frame(phone, screen, PUSH), frame(screen, phone, ANSWER))]
    return [
        Figure("CPU of a TLS hello, in which no decoder finds anything", [microseconds(hellos, 0) for _ in range(runs)], 25, " µs"),
        Figure("CPU of a segment of pushes and their answers", [microseconds(pushes, 4000) for _ in range(runs)], 100, " µs"),
        Figure("100,000 connections begun and left, memory", [held(100_000)], 16, " MB"),
    ]
