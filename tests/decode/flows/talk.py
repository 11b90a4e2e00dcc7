"""Conversations over TCP: what a client and a server say, cut into segments and laid into frames, through the kernel's filter and a pipeline."""

from __future__ import annotations

from functools import cache

from collector.bpf import compose, program
from collector.decode.pipeline import Pipeline, clauses
from model.wirefacts import ScreenPushed
from tests.decode import frames
from tests.decode.frames import AT, ETHERNET

PHONE, SCREEN, PORT = "6a:5f:2e:10:20:51", "1c:a4:10:10:20:34", 50_000
V4 = ("192.168.10.101", "192.168.10.34")
V6 = ("fe80::101", "fe80::34")
TAGS = {"plain": (), "vlan": ((0x8100, 20),), "qinq": ((0x88A8, 100), (0x8100, 20))}
MILLISECOND = 1_000_000


@cache
def kernel():
    return program(compose(clauses()))


class Talk:
    """One connection of the phone's to the screen's `port`. `number` starts the phone's sequence numbers, `answers` the screen's."""

    def __init__(self, port: int, ends=V4, tags=(), number=1000, answers=9000, source=PORT, hops=64):
        self.port, self.ends, self.tags, self.source, self.hops = port, ends, tags, source, hops
        self.numbers = {True: number, False: answers}

    def client(self, *texts: bytes, number=None) -> list[bytes]:
        """A frame for each text, one behind the other from `number` (where not given: from where the last ended)."""
        return self._frames(True, texts, number)

    def server(self, *texts: bytes, number=None) -> list[bytes]:
        return self._frames(False, texts, number)

    def _frames(self, of_client, texts, number):
        place = self.numbers[of_client] if number is None else number
        made = []
        for text in texts:
            made.append(self.frame(of_client, text, place))
            place = place + len(text) & 0xFFFFFFFF
        if number is None:
            self.numbers[of_client] = place
        return made

    def frame(self, of_client, text, number):
        ports, ends, macs = (self.source, self.port), self.ends, (PHONE, SCREEN)
        if not of_client:
            ports, ends, macs = ports[::-1], ends[::-1], macs[::-1]
        segment = frames.tcp(*ports, 0x18, text, number & 0xFFFFFFFF)
        if ":" in ends[0]:
            kind, packet = 0x86DD, frames.ipv6(segment, 6, *ends, hops=self.hops)
        else:
            kind, packet = 0x0800, frames.ipv4(segment, 6, *ends, ttl=self.hops)
        return frames.ethernet(kind, packet, *self.tags, source=macs[0], target=macs[1])


def heard(said, pipeline=None, step=MILLISECOND, at=AT) -> list:
    """The facts of these frames, `step` ns apart, of those that the kernel lets through."""
    pipeline = pipeline or Pipeline("capture", "lan", ETHERNET)
    facts = []
    for turn, data in enumerate(said):
        if kernel().filter(data):
            facts += pipeline.decode(at + turn * step, data)
    return facts


def pushes(said, pipeline=None, **timing) -> list[ScreenPushed]:
    return [fact for fact in heard(said, pipeline, **timing) if isinstance(fact, ScreenPushed)]


def settled(said, **timing) -> list[ScreenPushed]:
    """The pushes as they stand at the end: what was told of one with its answer in the place of what was told before."""
    last = {(fact.at, fact.action): fact for fact in pushes(said, **timing)}
    return list(last.values())


def http(line: str, *headers: str, body: bytes = b"") -> bytes:
    """A request or an answer; with its length where it has a body."""
    length = (f"Content-Length: {len(body)}",) if body else ()
    return "\r\n".join((line, *headers, *length, "", "")).encode() + body


OK = http("HTTP/1.1 200 OK", "Content-Length: 0")


def soap(action: str, arguments: str = "", service: str = "AVTransport:1", path: str = "/upnp/control/rendertransport1", header: bool = True) -> bytes:
    """A UPnP control request (UPnP Device Architecture 1.0 §3.2.1)."""
    kind = f"urn:schemas-upnp-org:service:{service}"
    envelope = (
        '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
        's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>'
        f'<u:{action} xmlns:u="{kind}"><InstanceID>0</InstanceID>{arguments}</u:{action}></s:Body></s:Envelope>'
    )
    headers = ["HOST: 192.168.10.34:49494", 'CONTENT-TYPE: text/xml; charset="utf-8"', "User-Agent: iQIYI/14.5"]
    headers += [f'SOAPACTION: "{kind}#{action}"'] if header else []
    return http(f"POST {path} HTTP/1.1", *headers, body=envelope.encode())


MEDIA = "http://192.168.10.101:8090/phim.mp4?a=1&b=2"
SET_URI = soap("SetAVTransportURI", f"<CurrentURI>{MEDIA.replace('&', '&amp;')}</CurrentURI><CurrentURIMetaData></CurrentURIMetaData>")
