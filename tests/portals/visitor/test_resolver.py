"""Names asked of a real server (dnsmasq), of one that lies, and of the machine."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import Callable

import pytest

from collector.sensors.portals.resolver import DnsResolver, Names, SystemResolver, ascii_name
from tests.servers.process import ServerMissing, ServerProcess

MANY = [f"10.1.{n // 200}.{n % 200}" for n in range(400)]


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A DNS server on loopback: its port."""
    program = shutil.which("dnsmasq", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if program is None:
        raise ServerMissing("dnsmasq is not installed: apt-get install dnsmasq-base")
    folder = tmp_path_factory.mktemp("dns")
    port = free_port()
    (folder / "hosts").write_text("".join(f"{address} many.test\n" for address in MANY))
    said = [
        *("--keep-in-foreground", f"--port={port}", "--listen-address=127.0.0.1", "--bind-interfaces", "--no-resolv", "--no-hosts", "--conf-file=/dev/null"),
        *("--user=", "--group=", f"--pid-file={folder}/pid", "--local=/test/", f"--addn-hosts={folder}/hosts"),
        *("--host-record=xa.test,192.0.2.7,2001:db8::7", "--host-record=six.test,2001:db8::8", "--host-record=end.test,192.0.2.9"),
        *("--cname=www.xa.test,alias.test,end.test", "--cname=dangling.test,gone.test", "--txt-record=text.test,words"),
    ]
    process = ServerProcess([program, *said], folder / "log", folder=folder)
    process.start()
    try:
        process.until(lambda: answers(port), 10)
        yield port
    finally:
        process.stop()


def answers(port: int) -> bool:
    async def asked() -> Names:
        return await DnsResolver("127.0.0.1", port, 1.0).names("xa.test")

    return asyncio.run(asked()).state == "resolves"


async def test_a_name_has_its_addresses_version_4_first(server: int) -> None:
    resolver = DnsResolver("127.0.0.1", server)
    assert await resolver.resolve("xa.test") == ("192.0.2.7", "2001:db8::7")
    assert await resolver.resolve("XA.Test.") == ("192.0.2.7", "2001:db8::7")
    assert await resolver.resolve("six.test") == ("2001:db8::8",)


async def test_aliases_are_followed_and_told(server: int) -> None:
    assert await DnsResolver("127.0.0.1", server).names("www.xa.test") == Names(("192.0.2.9",), ("end.test",), "resolves")


@pytest.mark.parametrize(("name", "state"), [("nowhere.test", "missing"), ("text.test", "empty")])
async def test_a_missing_name_is_told_from_one_without_an_address(server: int, name: str, state: str) -> None:
    resolver = DnsResolver("127.0.0.1", server)
    assert (await resolver.names(name)).state == state
    with pytest.raises(socket.gaierror):
        await resolver.resolve(name)


async def test_an_answer_too_long_for_a_datagram_comes_over_tcp(server: int) -> None:
    found = await DnsResolver("127.0.0.1", server).resolve("many.test")
    assert len(found) == 32
    assert set(found) <= set(MANY)


@pytest.mark.parametrize("name", ["", ".", "a..b", "x" * 64 + ".test", "a b.test", "x." * 200 + "test", "\x00.test"])
async def test_what_can_be_no_name_is_not_asked(name: str) -> None:
    resolver = DnsResolver("127.0.0.1", 9)
    assert (await resolver.names(name)).state == "missing"
    with pytest.raises(OSError, match="no address"):
        ascii_name(name)


def test_names_of_other_scripts_go_in_their_wire_form() -> None:
    assert ascii_name("Cổng.example.") == ascii_name("cổng.example") == "xn--cng-qmz.example"


Answer = Callable[[bytes], list[bytes]]


class Liar(asyncio.DatagramProtocol):
    """Answers as a test says, and counts."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.asked = answer, 0

    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr) -> None:
        self.asked += 1
        for reply in self.answer(data):
            self.transport.sendto(reply, addr)


async def told(answer: Answer, deadline: float = 0.4) -> tuple[Names, int]:
    loop = asyncio.get_running_loop()
    transport, liar = await loop.create_datagram_endpoint(lambda: Liar(answer), local_addr=("127.0.0.1", 0))
    try:
        names = await DnsResolver("127.0.0.1", transport.get_extra_info("sockname")[1], deadline).names("xa.test")
    finally:
        transport.close()
    return names, liar.asked


def right(query: bytes, *records: bytes, code: int = 0, flags: int = 0x8180) -> bytes:
    return query[:2] + (flags | code).to_bytes(2, "big") + b"\0\1" + len(records).to_bytes(2, "big") + bytes(4) + query[12:] + b"".join(records)


def address(raw: bytes, kind: int = 1) -> bytes:
    return b"\xc0\x0c" + kind.to_bytes(2, "big") + b"\0\1\0\0\0\1" + len(raw).to_bytes(2, "big") + raw


def alias(target: bytes, owner: bytes = b"\xc0\x0c") -> bytes:
    return owner + b"\0\5\0\1\0\0\0\1" + len(target).to_bytes(2, "big") + target


async def test_an_answer_with_another_number_is_not_ours() -> None:
    def forged(query: bytes) -> list[bytes]:
        wrong = bytes((query[0] ^ 1,)) + query[1:]
        return [right(wrong, address(bytes(4))), right(query, address(bytes((192, 0, 2, 1))))]

    assert (await told(forged))[0].addresses == ("192.0.2.1",)


async def test_an_answer_to_another_question_is_not_ours() -> None:
    def forged(query: bytes) -> list[bytes]:
        return [right(query.replace(b"\2xa", b"\2xb"), address(bytes(4)))]

    assert (await told(forged))[0].state == "failed"


async def test_addresses_of_other_names_in_the_answer_do_not_count() -> None:
    def forged(query: bytes) -> list[bytes]:
        return [right(query, b"\2xb\4test\0" + address(bytes((192, 0, 2, 1)))[2:])]

    assert (await told(forged))[0] == Names((), (), "empty")


async def test_an_alias_whose_target_is_missing_is_told() -> None:
    names, _ = await told(lambda query: [right(query, alias(b"\4gone\7example\0"), code=3)])
    assert names == Names((), ("gone.example",), "missing")


async def test_aliases_in_a_circle_end() -> None:
    def circle(query: bytes) -> list[bytes]:
        return [right(query, alias(b"\1b\4test\0"), alias(b"\2xa\4test\0", b"\1b\4test\0"))]

    assert (await told(circle))[0] == Names((), ("b.test",), "empty")


@pytest.mark.parametrize(
    "answer",
    [
        lambda query: [],
        lambda query: [b""],
        lambda query: [query[:2] + b"\x81\x80"],
        lambda query: [right(query, code=2)],
        lambda query: [right(query, b"\xff" * 40)],
        lambda query: [right(query, address(b"\1\2\3"))],
        lambda query: [right(query, alias(b"\xc0\xff"))],
        lambda query: [right(query, address(bytes(4)), flags=0x8380)],
    ],
)
async def test_no_answer_makes_more_of_it_than_no_address(answer: Answer) -> None:
    names, asked = await told(answer)
    assert names.addresses == ()
    assert names.state in ("failed", "empty")
    assert asked <= 4


async def test_a_server_that_is_not_there_is_a_failure_in_time() -> None:
    resolver = DnsResolver("127.0.0.1", free_port(), 0.4)
    async with asyncio.timeout(30):
        assert (await resolver.names("xa.test")).state == "failed"
    with pytest.raises(TimeoutError):
        await resolver.resolve("xa.test")


async def test_the_machines_own_resolver_knows_the_machine() -> None:
    resolver = SystemResolver()
    try:
        assert "127.0.0.1" in await resolver.resolve("localhost")
        assert (await resolver.names("localhost")).state == "resolves"
        assert (await resolver.names("a..b")).state == "missing"
    finally:
        await resolver.close()


async def test_the_machines_own_resolver_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(*_: object, **__: object) -> list[object]:
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    resolver = SystemResolver(deadline=0.05)
    with pytest.raises(TimeoutError):
        await resolver.resolve("slow.test")
    assert (await resolver.names("slow.test")).state == "failed"
    gate.set()
    await resolver.close()
