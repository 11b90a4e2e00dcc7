"""What is wrong with a certificate is a fact; what a visitor sees who clicks on is looked at all the same."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from collector.sensors.portals import certificate
from tests.portals.visitor.places import World, failed, looked, page, seen

AUTHORITY = trustme.CA(organization_name="Test authority")
STRANGER = trustme.CA(organization_name="Stranger")
NOW = datetime.now(UTC)


def server(leaf: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    return context


LEAVES = {
    "": AUTHORITY.issue_cert("xa.test"),
    "tls:name": AUTHORITY.issue_cert("other.test"),
    "tls:expired": AUTHORITY.issue_cert("xa.test", not_before=NOW - timedelta(days=9), not_after=NOW - timedelta(days=2)),
    "tls:not_yet": AUTHORITY.issue_cert("xa.test", not_before=NOW + timedelta(days=2), not_after=NOW + timedelta(days=9)),
    "tls:untrusted": STRANGER.issue_cert("xa.test"),
}


@pytest.fixture
def authorities(tmp_path) -> str:
    AUTHORITY.cert_pem.write_to_path(tmp_path / "ca.pem")
    return str(tmp_path / "ca.pem")


@pytest.mark.parametrize("fault", LEAVES)
async def test_a_fault_is_a_fact_and_the_page_is_seen(world: World, authorities: str, fault: str) -> None:
    origin = await world.serve("xa.test", page("Xã Ví Dụ"), tls=server(LEAVES[fault]))
    look = await looked(await world.visitor(authorities=authorities), origin)
    hop = seen(look).hops[0]
    assert (hop.status, hop.trouble) == (200, fault)
    assert "O=Stranger" in hop.issuer if fault == "tls:untrusted" else "O=Test authority" in hop.issuer
    made = look.exchanges[0][1]
    assert "Xã Ví Dụ".encode() in made.body
    assert len(world.servers[0].heads) == 1


async def test_the_certificate_is_told_as_it_is(world: World, authorities: str) -> None:
    leaf = LEAVES["tls:expired"]
    origin = await world.serve("xa.test", page("Xã"), tls=server(leaf))
    look = await looked(await world.visitor(authorities=authorities), origin)
    told = look.exchanges[0][1].certificate
    der = ssl.PEM_cert_to_DER_cert(leaf.cert_chain_pems[0].bytes().decode())
    assert told.digest == hashlib.sha256(der).hexdigest()
    assert abs(told.not_after / 1e9 - (NOW - timedelta(days=2)).timestamp()) < 2


async def test_a_server_that_cannot_shake_hands_is_a_failed_look(world: World) -> None:
    async def plain(reader, writer):
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        world.table.put("xa.test", ["127.0.0.1"])
        fact = failed(await looked(await world.visitor(), f"https://xa.test:{server.sockets[0].getsockname()[1]}"))
    assert fact.reason == "tls"
    assert fact.hops[0].trouble == "tls:handshake"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
async def test_an_old_server_is_seen_as_by_who_clicks_on(world: World, authorities: str) -> None:
    context = server(LEAVES[""])
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    origin = await world.serve("xa.test", page("Xã"), tls=context)
    hop = seen(await looked(await world.visitor(authorities=authorities), origin)).hops[0]
    assert (hop.status, hop.trouble) == (200, "tls:handshake")


async def test_the_name_goes_into_the_handshake(world: World, authorities: str) -> None:
    asked: list[str] = []
    context = server(LEAVES[""])
    context.sni_callback = lambda _, name, __: asked.append(name)
    await looked(await world.visitor(authorities=authorities), await world.serve("xa.test", page("Xã"), tls=context))
    assert asked == ["xa.test"]


async def test_an_address_is_verified_as_an_address(world: World, authorities: str) -> None:
    origin = await world.serve("127.0.0.1", page("Xã"), tls=server(AUTHORITY.issue_cert("127.0.0.1")))
    assert seen(await looked(await world.visitor(authorities=authorities), origin)).hops[0].trouble == ""


@given(st.binary(max_size=300))
def test_any_bytes_are_read_as_a_certificate_or_as_none(data: bytes) -> None:
    assert certificate.read(data).digest == hashlib.sha256(data).hexdigest()


@given(st.integers(0, 700), st.integers(0, 255))
def test_a_certificate_with_one_byte_changed_never_raises(place: int, value: int) -> None:
    der = bytearray(ssl.PEM_cert_to_DER_cert(LEAVES[""].cert_chain_pems[0].bytes().decode()))
    der[place % len(der)] = value
    assert certificate.read(bytes(der)).digest
