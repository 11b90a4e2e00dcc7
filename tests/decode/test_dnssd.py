"""Names and TXT records of DNS-SD."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode.dnssd import META, pairs, service_type, split


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("_airplay._tcp.local.", ("_airplay._tcp.local.", "")),
        ("Phòng họp._airplay._tcp.local.", ("_airplay._tcp.local.", "Phòng họp")),
        ("Màn hình 1.2 (tầng 3)._AirPlay._TCP.Local.", ("_airplay._tcp.local.", "Màn hình 1.2 (tầng 3)")),
        ("_x._airplay._tcp.local._raop._tcp.local.", ("_raop._tcp.local.", "_x._airplay._tcp.local")),  # a name made to look like another type
        ("_printer._sub._http._tcp.local.", ("_http._tcp.local.", "")),
        ("_sleep-proxy._udp.local.", ("_sleep-proxy._udp.local.", "")),
        ("tv.local.", None),
        ("tv._tcp.local.", None),
        ("._tcp.local.", None),
        ("_airplay._tcp.example.com.", None),
        ("31.10.168.192.in-addr.arpa.", None),
        (".", None),
        ("", None),
    ],
)
def test_split(name, parts):
    assert split(name) == parts


def test_asking_for_the_list_of_types_is_a_question_of_its_own():
    assert service_type("_Services._DNS-SD._udp.local.") == META
    assert service_type("tv.local.") == ""


def txt(*strings: bytes) -> bytes:
    return b"".join(bytes([len(string)]) + string for string in strings)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"", ()),
        (b"\x00", ()),
        (txt(b"flags=0x4", b"pw=false"), (("flags", "0x4"), ("pw", "false"))),
        (txt(b"pw=false", b"PW=true"), (("pw", "false"),)),  # RFC 6763 §6.4: the first counts, case does not
        (txt(b"serialNumber=A1"), (("serialnumber", "A1"),)),
        (txt(b"a", b"b=", b"c=d=e"), (("a", ""), ("b", ""), ("c", "d=e"))),
        (txt(b"=no key", b"", b"x=1"), (("x", "1"),)),
        (txt("fn=Phòng họp".encode()), (("fn", "Phòng họp"),)),
        (txt(b"x=\xff\xfe"), (("x", "\ufffd\ufffd"),)),
        (b"\xffshort=1", (("short", "1"),)),
    ],
)
def test_pairs(raw, found):
    assert pairs(raw) == found


KEYS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9)


@given(st.dictionaries(KEYS, st.text("0123456789abcdef,x=", max_size=40), max_size=20))
def test_pairs_round_trip(given_pairs):
    assert pairs(txt(*(f"{key}={value}".encode() for key, value in given_pairs.items()))) == tuple(given_pairs.items())
