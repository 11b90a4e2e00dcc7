"""Which addresses are let through: every range, every spelling, every way to hide one address in another."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.sensors.portals.addresses import NotAnAddress, literal, refusal
from collector.sensors.portals.guard import Guard, RefusedAddress


class Names:
    """A resolver over a table."""

    def __init__(self, table: dict[str, Sequence[str]] | None = None) -> None:
        self.table = table or {}
        self.asked: list[str] = []

    async def resolve(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        if host not in self.table:
            raise socket.gaierror(socket.EAI_NONAME, host)
        return self.table[host]


REFUSED = {
    "0.0.0.0": "unspecified",
    "0.1.2.3": "unspecified",
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "10.0.0.1": "private",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.168.1.1": "private",
    "100.64.0.1": "carrier",
    "100.127.255.255": "carrier",
    "169.254.1.1": "link_local",
    "169.254.169.254": "metadata",
    "100.100.100.200": "metadata",
    "192.0.0.1": "reserved",
    "192.0.2.1": "documentation",
    "198.51.100.7": "documentation",
    "203.0.113.7": "documentation",
    "198.18.0.1": "benchmarking",
    "198.19.255.255": "benchmarking",
    "224.0.0.1": "multicast",
    "239.255.255.250": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "broadcast",
    "[::]": "unspecified",
    "[::1]": "loopback",
    "[fe80::1]": "link_local",
    "[fe80::1%25eth0]": "link_local",
    "[fec0::1]": "site_local",
    "[fc00::1]": "private",
    "[fd12:3456::1]": "private",
    "[fd00:ec2::254]": "metadata",
    "[ff02::1]": "multicast",
    "[2001:db8::1]": "documentation",
    "[3fff::1]": "documentation",
    "[2001:2::1]": "benchmarking",
    "[100::1]": "reserved",
    "[4000::1]": "reserved",
    "[::ffff:10.0.0.1]": "private",
    "[::ffff:a00:1]": "private",
    "[::ffff:169.254.169.254]": "metadata",
    "[::ffff:0:127.0.0.1]": "loopback",
    "[::127.0.0.1]": "loopback",
    "[64:ff9b::10.0.0.1]": "private",
    "[64:ff9b::7f00:1]": "loopback",
    "[64:ff9b:1::8.8.8.8]": "private",
    "[2002:7f00:1::1]": "loopback",
    "[2002:a9fe:a9fe::]": "metadata",
    "[2001:0:5ef5:79fd:0:0:f5ff:fffe]": "private",
    "[2001:0:a00:1::]": "private",
    "[2001:0:808:808:0:0:f7f7:f7f7]": "reserved",
    "[::8.8.8.8]": "reserved",
    "[2001:1::1]": "reserved",
    "[2400:cb00::5efe:10.0.0.1]": "private",
    "[2400:cb00::200:5efe:c0a8:101]": "private",
}


@pytest.mark.parametrize("host", REFUSED)
async def test_no_address_from_inside_is_let_through(host: str) -> None:
    guard = Guard(Names())
    with pytest.raises(RefusedAddress) as refused:
        await guard.addresses(host)
    assert refused.value.why == REFUSED[host]
    assert guard.refused == {REFUSED[host]: 1}


PUBLIC = ("8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "203.162.4.1", "[2400:cb00::1]", "[2001:ee0::1]", "[::ffff:8.8.8.8]", "[64:ff9b::8.8.8.8]")


@pytest.mark.parametrize("host", PUBLIC)
async def test_public_addresses_are_let_through_as_they_are(host: str) -> None:
    guard = Guard(Names())
    assert [literal(found) for found in await guard.addresses(host)] == [literal(host)]
    assert not guard.refused


SPELLINGS = {
    "2130706433": "127.0.0.1",
    "0x7f000001": "127.0.0.1",
    "0X7F.1": "127.0.0.1",
    "0177.0.0.1": "127.0.0.1",
    "0177.0.0.01": "127.0.0.1",
    "127.1": "127.0.0.1",
    "127.0.1": "127.0.0.1",
    "127.0.0.1.": "127.0.0.1",
    "017700000001": "127.0.0.1",
    "0xa.0.0.0x1": "10.0.0.1",
    "10.1": "10.0.0.1",
    "0xA9FEA9FE": "169.254.169.254",
    "0251.0376.0251.0376": "169.254.169.254",
    "%31%32%37.0.0.1": "127.0.0.1",
    "１２７.０.０.１": "127.0.0.1",
    "127。0。0。1": "127.0.0.1",
    "①②⑦.0.0.1": "127.0.0.1",
    "0": "0.0.0.0",
    "0x": "0.0.0.0",
    "1.1": "1.0.0.1",
}


@pytest.mark.parametrize("host", SPELLINGS)
async def test_every_spelling_of_an_address_is_read_as_browsers_do(host: str) -> None:
    assert str(literal(host)) == SPELLINGS[host]


@pytest.mark.parametrize("host", [host for host, address in SPELLINGS.items() if address != "1.0.0.1"])
async def test_no_spelling_gets_past_and_none_is_asked_of_a_server(host: str) -> None:
    names = Names({host: ["8.8.8.8"]})
    with pytest.raises(RefusedAddress):
        await Guard(names).addresses(host)
    assert names.asked == []


@pytest.mark.parametrize("host", ["256.1.1.1", "1.2.3.4.5", "0x100000000", "08.0.0.1", "1..2", "a.1.0x7f", "[zz]", "9" * 5000, "1.2.3.0x" + "f" * 99])
async def test_what_browsers_refuse_as_an_address_is_no_name_either(host: str) -> None:
    names = Names({host: ["8.8.8.8"]})
    with pytest.raises(socket.gaierror):
        await Guard(names).addresses(host)
    assert names.asked == []


@pytest.mark.parametrize("host", ["xa-phuong.example", "1a.test", "88bet.test", "abc.def1", "0xg", "cổng.example", ""])
async def test_a_name_is_a_name(host: str) -> None:
    assert literal(host) is None


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "a.localhost", "localhost.localdomain"])
async def test_this_machines_own_name_is_refused_whatever_a_server_says(host: str) -> None:
    names = Names({host: ["8.8.8.8"]})
    with pytest.raises(RefusedAddress, match="loopback"):
        await Guard(names).addresses(host)
    assert names.asked == []


async def test_one_bad_address_among_good_ones_refuses_the_name() -> None:
    guard = Guard(Names({"two.test": ["8.8.8.8", "10.0.0.1"]}))
    with pytest.raises(RefusedAddress, match=r"two.test: 10.0.0.1 is private"):
        await guard.addresses("two.test")


async def test_a_prefix_lets_exactly_itself_through() -> None:
    guard = Guard(Names({"in.test": ["10.9.0.1"], "out.test": ["10.10.0.1"], "mapped.test": ["::ffff:10.9.0.1"]}), allow=("10.9.0.0/16",))
    assert await guard.addresses("in.test") == ("10.9.0.1",)
    for name in ("out.test", "mapped.test"):
        with pytest.raises(RefusedAddress):
            await guard.addresses(name)


async def test_a_portals_own_prefix_is_not_anothers() -> None:
    guard = Guard(Names({"in.test": ["10.9.0.1"]}))
    own = guard.allowing(("10.9.0.0/16",))
    assert await own.addresses("in.test") == ("10.9.0.1",)
    with pytest.raises(RefusedAddress):
        await guard.addresses("in.test")
    with pytest.raises(RefusedAddress):
        await own.addresses("127.0.0.1")
    assert guard.refused == own.refused == {"private": 1, "loopback": 1}
    assert guard.allowing(()) is guard


async def test_a_name_is_asked_once_for_each_connection() -> None:
    names = Names({"a.test": ["8.8.8.8"]})
    guard = Guard(names)
    assert await guard.addresses("a.test") == await guard.addresses("a.test") == ("8.8.8.8",)
    assert names.asked == ["a.test", "a.test"]


@pytest.mark.parametrize("port", [22, 25, 53, 110, 143, 6667, 10080, 0, 70000])
def test_ports_of_other_protocols_are_refused(port: int) -> None:
    guard = Guard(Names())
    with pytest.raises(RefusedAddress, match="port"):
        guard.port("a.test", port)
    assert guard.refused == {"port": 1}


def test_ports_of_the_web_are_not() -> None:
    guard = Guard(Names())
    for port in (80, 443, 8080, 8443, 3000):
        guard.port("a.test", port)
    assert not guard.refused


def test_what_is_no_prefix_is_said_at_once() -> None:
    with pytest.raises(ValueError, match="ten"):
        Guard(Names(), allow=("ten",))


@given(st.ip_addresses(v=6))
def test_an_address_is_refused_whenever_pythons_own_table_says_it_is_not_global(address: object) -> None:
    # Python knows no ISATAP and looks into no address, so only this direction can be compared.
    if not address.is_global and address.ipv4_mapped is None:
        assert refusal(address)


@given(st.ip_addresses(v=4))
def test_version_4_likewise(address: object) -> None:
    if not address.is_global:
        assert refusal(address)


@given(st.text(max_size=40))
def test_reading_a_host_gives_an_address_a_name_or_its_one_error(host: str) -> None:
    with contextlib.suppress(NotAnAddress):
        literal(host)
    try:
        asyncio.run(Guard(Names()).addresses(host))
    except (OSError, RefusedAddress):
        pass
    else:
        assert not refusal(literal(host))
