"""SSDP: adverts, answers from any port, searches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Ether
from scapy.packet import Raw

from collector.decode import ssdp
from collector.decode.error import DecodeError
from model.facts import UpnpAdvertised, UpnpAsked
from tests.decode.frames import PC, PC_IP, TV, TV_IP, decode, only, packet

RENDERER = "urn:schemas-upnp-org:device:MediaRenderer:1"
VALUES = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x1EF9, exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp", "Zs"]), min_size=1, max_size=80
)
GROUP = "239.255.255.250"


def text(line: str, **headers: str) -> bytes:
    return "\r\n".join([line, *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()), "", ""]).encode()


@given(target=VALUES, usn=VALUES, server=VALUES, location=VALUES, age=st.integers(0, 10**9 - 1), state=st.sampled_from(["alive", "update", "byebye"]))
def test_notify_round_trip(target, usn, server, location, age, state):
    message = text(
        "NOTIFY * HTTP/1.1", HOST=f"{GROUP}:1900", NT=target, NTS=f"ssdp:{state}", USN=usn, SERVER=server, LOCATION=location, CACHE_CONTROL=f"max-age={age}"
    )
    frame = Ether(src=TV, dst="01:00:5e:7f:ff:fa") / IP(src=TV_IP, dst=GROUP, ttl=4) / UDP(sport=50123, dport=1900) / Raw(message)
    seen = only(decode(frame), UpnpAdvertised)
    assert (seen.mac, seen.ip, seen.target, seen.usn, seen.server) == (TV, TV_IP, target, usn, server)
    assert (seen.location, seen.max_age, seen.alive) == (location, age, state != "byebye")


@given(target=VALUES, usn=VALUES, ports=st.tuples(st.integers(1024, 65535), st.integers(1024, 65535)), six=st.booleans())
def test_an_answer_comes_from_any_port_to_any_port(target, usn, ports, six):
    taken = {1900, 4352, 5353}
    if taken & set(ports):
        return
    ip = IPv6(src="fe80::31", dst="fe80::21") if six else IP(src=TV_IP, dst=PC_IP)
    frame = Ether(src=TV, dst=PC) / ip / UDP(sport=ports[0], dport=ports[1]) / Raw(text("HTTP/1.1 200 OK", ST=target, USN=usn, EXT=""))
    seen = only(decode(frame), UpnpAdvertised)
    assert (seen.target, seen.usn, seen.alive, seen.max_age, seen.ip) == (target, usn, True, 1800, "fe80::31" if six else TV_IP)


@given(target=VALUES, agent=VALUES)
def test_search_round_trip(target, agent):
    message = text("M-SEARCH * HTTP/1.1", HOST=f"{GROUP}:1900", MAN='"ssdp:discover"', MX="1", ST=target, USER_AGENT=agent)
    frame = Ether(src=PC, dst="01:00:5e:7f:ff:fa") / IP(src=PC_IP, dst=GROUP) / UDP(sport=50000, dport=1900) / Raw(message)
    facts = decode(frame)
    assert only(facts, UpnpAsked).target == target
    assert only(facts, UpnpAsked).user_agent == agent
    assert not [fact for fact in facts if isinstance(fact, UpnpAdvertised)]


def test_telling_headers_are_kept_and_others_dropped():
    message = text(
        "HTTP/1.1 200 OK", ST=RENDERER, USN="uuid:1", EXT="", DATE="x", WAKEUP="MAC=a8:61:0a:00:00:30;Timeout=10", **{"DLNADeviceName.lge.com": "%5bLG%5d"}
    )
    [seen] = ssdp.decode(packet(message))
    assert seen.headers == (("wakeup", "MAC=a8:61:0a:00:00:30;Timeout=10"), ("dlnadevicename.lge.com", "%5bLG%5d"))


@pytest.mark.parametrize(
    ("message", "age"),
    [
        (b"CACHE-CONTROL: max-age = 60", 60),
        (b"Cache-Control:no-cache, MAX-AGE=7", 7),
        (b"CACHE-CONTROL: max-age=abc", 1800),
        (b"CACHE-CONTROL: max-age=99999999999999999999", 999999999),
        (b"X: y", 1800),
    ],
)
def test_max_age(message, age):
    [seen] = ssdp.decode(packet(b"NOTIFY * HTTP/1.1\nNT: a\nNTS: ssdp:alive\nUSN: b\n" + message + b"\n\n"))
    assert seen.max_age == age


def test_the_first_header_of_a_name_counts_and_the_body_does_not():
    [seen] = ssdp.decode(packet(b"HTTP/1.1 200 OK\r\nST: a\r\nst: b\r\nUSN: c\r\n\r\nSERVER: body"))
    assert (seen.target, seen.server) == ("a", "")


def test_direction_and_control_characters_are_shown():
    [seen] = ssdp.decode(packet("HTTP/1.1 200 OK\r\nST: a\r\nUSN: c\r\nSERVER: x\u202eb\x07c\r\n\r\n".encode()))
    assert seen.server == "x\ufffdb\ufffdc"


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"HTTP",
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 200 OK\r\nST: a\r\n\r\n",  # no USN: some other protocol over UDP
        b"HTTP/1.1 404 Not Found\r\nST: a\r\nUSN: b\r\n\r\n",
        b"NOTIFY * HTTP/1.1\r\nNT: a\r\nNTS: upnp:propchange\r\nUSN: b\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x00" * 100,
    ],
)
def test_not_ssdp(message):
    assert ssdp.decode(packet(message)) == ()


@pytest.mark.parametrize("message", [b"NOTIFY * HTTP/1.1\r\nNTS: ssdp:alive\r\n\r\n", b"NOTIFY * HTTP/1.1", b"M-SEARCH * HTTP/1.1\r\nMX: 1\r\n\r\n"])
def test_malformed(message):
    with pytest.raises(DecodeError):
        ssdp.decode(packet(message))


def test_headers_are_bounded():
    message = b"HTTP/1.1 200 OK\r\n" + b"".join(b"X%d: y\r\n" % number for number in range(100)) + b"ST: a\r\nUSN: b\r\n\r\n"
    assert ssdp.decode(packet(message)) == ()
