"""Canonical texts."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode import wire


@given(st.binary(min_size=4, max_size=4))
def test_ipv4(raw):
    assert wire.ipv4_text(b"x" + raw, 1) == str(ipaddress.IPv4Address(raw))
    assert not (wire.is_host4(raw) and (ipaddress.IPv4Address(raw).is_loopback or ipaddress.IPv4Address(raw).is_multicast))


@given(st.binary(min_size=16, max_size=16))
def test_ipv6(raw):
    assert wire.ipv6_text(b"x" + raw, 1) == str(ipaddress.IPv6Address(raw))


@pytest.mark.parametrize(("ip", "host"), [("::", False), ("::1", False), ("::2", True), ("ff02::1", False), ("fe80::1", True), ("2001:db8::", True)])
def test_is_host6(ip, host):
    assert wire.is_host6(ipaddress.IPv6Address(ip).packed) == host


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"Ph\xc3\xb2ng h\xe1\xbb\x8dp", "Phòng họp"),
        (b"pc\x00\x00", "pc"),
        (b" pc \r\n", "pc"),
        (b"a\x00b\x1b[31m", "a\ufffdb\ufffd[31m"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        ("gpj.exe \u202e".encode(), "gpj.exe \ufffd"),
        ("👨\u200d👩".encode(), "👨\u200d👩"),
        ("Milan\u00a0Mac".encode(), "Milan\u00a0Mac"),
        (b"x" * 5000, "x" * 1024),
    ],
)
def test_clean(raw, shown):
    assert wire.clean(raw) == shown
    assert wire.clean(shown) == shown


@given(st.text())
def test_clean_leaves_nothing_that_moves_a_cursor(text):
    assert not set(wire.clean(text)) & set(map(chr, [*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
