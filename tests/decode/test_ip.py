"""IPv4, IPv6, UDP and TCP headers: where payloads are, and how headers lie."""

import struct

import pytest

from collector.decode import ipv4, ipv6, tcp, udp
from collector.decode.error import DecodeError
from collector.decode.pipeline import Pipeline
from model.facts import PjlinkSeen, UpnpAdvertised
from tests.decode import frames
from tests.decode.frames import AT, decode, ethernet

NOTICE = frames.udp(b"%2POWR=1\r", 4352, 4352)
V4, V6 = 0x0800, 0x86DD


def extension(following: int, size=8, number=0) -> bytes:
    return bytes([following, size // 8 - 1]) + struct.pack(">H", number) + bytes(size - 4)


def fragment(following: int, offset=0, more=1) -> bytes:
    return struct.pack(">BBHI", following, 0, offset << 3 | more, 7)


def authentication(following: int) -> bytes:
    return bytes([following, 4]) + bytes(22)


@pytest.mark.parametrize(
    "data",
    [
        frames.ipv4(NOTICE),
        frames.ipv4(NOTICE, options=bytes([148, 4, 0, 0])),  # router alert
        frames.ipv4(NOTICE, options=bytes(40)),
        frames.ipv4(NOTICE) + bytes(20),  # Ethernet padding
        frames.ipv4(NOTICE, total=0),  # as a sender's own card sees it
        frames.ipv4(NOTICE, flags=0x2000),  # the first fragment
    ],
)
def test_ipv4_payload(data):
    [fact] = decode(ethernet(V4, data), decoders=["pjlink"])
    assert fact.line == "%2POWR=1"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        frames.ipv4(NOTICE)[:19],
        b"\x65" + frames.ipv4(NOTICE)[1:],
        b"\x44" + frames.ipv4(NOTICE)[1:],
        b"\x4f" + frames.ipv4(b"")[1:],
        frames.ipv4(NOTICE, total=19),
    ],
)
def test_ipv4_malformed(data):
    with pytest.raises(DecodeError):
        ipv4.read(data, 0, len(data))


@pytest.mark.parametrize(
    ("chain", "first"),
    [
        (b"", 17),
        (extension(17), 0),
        (extension(60, 16) + extension(17, 24), 43),
        (extension(17), 135),
        (authentication(17), 51),
        (fragment(17), 44),
        (extension(44) + fragment(17), 0),
    ],
)
def test_ipv6_extension_headers(chain, first):
    [fact] = decode(ethernet(V6, frames.ipv6(chain + NOTICE, first)), decoders=["pjlink"])
    assert (fact.line, fact.ip) == ("%2POWR=1", "fe80::31")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (frames.ipv6(NOTICE)[:39], "cut"),
        (b"\x40" + frames.ipv6(NOTICE)[1:], "version"),
        (frames.ipv6(b"\x11\x00", 0), "extension header cut"),
        (frames.ipv6(b"\x11\xff" + bytes(14), 0), "extension header longer than the packet"),
        (frames.ipv6(b"\x11\xff" + bytes(14), 51), "authentication header longer than the packet"),
        (frames.ipv6(extension(0) * 8 + extension(17) + NOTICE, 0), "a ninth header"),
    ],
)
def test_ipv6_malformed(data, why):
    with pytest.raises(DecodeError):
        assert ipv6.read(data, 0, len(data)) is None, why


def test_eight_extension_headers_are_the_most():
    chain = extension(60) * 6 + extension(17)
    assert ipv6.read(frames.ipv6(chain + NOTICE, 0), 0, 40 + len(chain) + len(NOTICE))[:2] == (17, 40 + len(chain))


@pytest.mark.parametrize(
    "data",
    [
        ethernet(V4, frames.ipv4(NOTICE, flags=0x2001)),
        ethernet(V4, frames.ipv4(NOTICE, flags=0x0001)),
        ethernet(V6, frames.ipv6(fragment(17, offset=1) + NOTICE, 44)),
    ],
)
def test_later_fragments_are_counted_and_not_read(data):
    pipeline = Pipeline("capture", "lab", 1, ["pjlink"])
    assert not pipeline.decode(AT, data)
    assert (pipeline.fragments, pipeline.undecodable) == (1, 0)


def test_a_first_fragment_keeps_what_it_holds():
    whole = b"NOTIFY * HTTP/1.1\r\nNT: upnp:rootdevice\r\nNTS: ssdp:alive\r\nUSN: uuid:1\r\nSERVER: x\r\n\r\n"
    cut = frames.udp(whole[:-12], 1900, 1900, length=8 + len(whole))
    pipeline = Pipeline("capture", "lab", 1, ["ssdp"])
    [fact] = pipeline.decode(AT, ethernet(V4, frames.ipv4(cut, flags=0x2000)))
    assert isinstance(fact, UpnpAdvertised)
    assert pipeline.fragments == 1


@pytest.mark.parametrize("data", [b"", NOTICE[:7], frames.udp(b"x", 1, 2, length=7)])
def test_udp_malformed(data):
    with pytest.raises(DecodeError):
        udp.read(data, 0, len(data))


def test_udp_length_leaves_trailing_bytes_out():
    [fact] = decode(ethernet(V4, frames.ipv4(frames.udp(b"%2POWR=1 and more", 4352, 4352, length=16))), decoders=["pjlink"])
    assert isinstance(fact, PjlinkSeen)
    assert fact.line == "%2POWR=1"


@pytest.mark.parametrize("data", [b"", frames.tcp(1, 2, 0)[:19], frames.tcp(1, 2, 0, offset=4)])
def test_tcp_malformed(data):
    with pytest.raises(DecodeError):
        tcp.read(data, 0, len(data))
