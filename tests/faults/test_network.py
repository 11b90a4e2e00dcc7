"""A bad line, and no names: what is kept meanwhile, what is said, and that it heals by itself."""

from __future__ import annotations

import asyncio
import socket
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiohttp import web

from tests.lab.lab import Leg, Net
from tests.servers.certificates import Leaf
from tests.servers.webhook_receiver import WebhookReceiver
from tests.system.program import ONE_BY_ONE, PATIENCE, Box, running
from tests.system.screens import Wire
from tests.system.test_kill import ReceiverInSpace, produced, sinks, spoken

pytestmark = pytest.mark.root
# Few enough to be told one by one.
SCREENS = range(1, 4)
NAME = "truc.example"
# Three of ten packets are gone in each direction: so is one of two that had to go both ways.
LOSSY = """table inet bad {
  chain line {
    type filter hook input priority 0
    tcp dport PORT numgen random mod 10 < 3 counter drop
    tcp sport PORT numgen random mod 10 < 3 counter drop
  }
}
"""


async def test_three_of_ten_packets_lost_on_the_way_to_a_sink_lose_no_finding(net: Net, box: Box, webhook_secret: str, stack: ExitStack) -> None:
    segment = net.segment("hall")
    leg, wire = segment.leg(), stack.enter_context(closing(Wire(segment.leg())))
    async with ReceiverInSpace(webhook_secret, leg) as receiver:
        rules = box.folder / "bad.nft"
        rules.write_text(LOSSY.replace("PORT", str(receiver.port)))
        leg.space.run(["nft", "-f", rules])
        sinks(box, receiver, webhook_secret)
        with running(box, "run", space=leg.space) as process:
            await spoken(process, "đang nghe trên")
            wire.send(SCREENS)
            async with asyncio.timeout(PATIENCE):
                while len({finding for finding, _ in await produced(box)}) < len(SCREENS):
                    await asyncio.sleep(0.1)
            await receiver.accepted_ids(len(await produced(box)), PATIENCE * 2)
        expected = await produced(box)
        told = {(data["id"], data["sequence"]) for data in (one.json()["data"] for one in receiver.accepted)}
        assert told == expected
        # The line was as bad as was meant.
        assert "packets 0" not in leg.space.run(["nft", "list", "chain", "inet", "bad", "line"])


async def test_dead_names_are_an_outage_that_is_said_once_and_heals(net: Net, box: Box, webhook_secret: str, leaf: Leaf, stack: ExitStack) -> None:
    segment = net.segment("hall")
    leg, wire = segment.leg(), stack.enter_context(closing(Wire(segment.leg())))
    async with TlsReceiverInSpace(webhook_secret, leg, leaf) as receiver:
        configured(box, receiver, webhook_secret, leaf)
        # The only name server is this machine itself, where nobody listens.
        leg.space.resolv.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        with running(box, "run", space=leg.space) as process:
            await spoken(process, "đang nghe trên")
            wire.send(range(1, 4))
            await spoken(process, "không phân giải được tên máy nhận")
            assert not receiver.deliveries
            async with Names(leg) as names:
                await receiver.accepted_ids(3, PATIENCE)
                assert names.asked
            await spoken(process, "đã gửi lại được")
            assert process.said().count("không phân giải được tên máy nhận") == 1


def configured(box: Box, receiver: WebhookReceiver, secret: str, leaf: Leaf) -> None:
    file = box.folder / "webhook-secret"
    file.write_text(secret)
    file.chmod(0o600)
    box.write(
        '[[legs]]\nname = "lan"\ninterface = "leg0"\n',
        f'[[sinks]]\ntype = "webhook"\nurl = "https://{NAME}:{receiver.port}/alerts"\nsecret_file = "{file}"\nca_file = "{leaf.authority}"\n{ONE_BY_ONE}',
    )


class TlsReceiverInSpace(ReceiverInSpace):
    """Known by a name only."""

    def __init__(self, secret: str, leg: Leg, leaf: Leaf) -> None:
        super().__init__(secret, leg)
        self._tls = leaf

    async def listen(self) -> None:
        await web.SockSite(self._runner, self._socket, ssl_context=self._tls.server_context()).start()


class Names(asyncio.DatagramProtocol):
    """A name server in a space, who says of every name that it is this machine (RFC 1035 §4.1)."""

    def __init__(self, leg: Leg) -> None:
        self.asked: list[bytes] = []
        self._socket = leg.space.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 53))

    async def __aenter__(self) -> Names:
        self._transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, sock=self._socket)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._transport.close()

    def connection_made(self, transport: Any) -> None:
        """Kept for answers."""
        self._way = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """One question, one answer; there is no IPv6 here."""
        self.asked.append(data)
        end = data.index(b"\0", 12) + 5
        kind = data[end - 4 : end - 2]
        found = kind == b"\0\x01"
        head = data[:2] + b"\x81\x80\0\x01" + (b"\0\x01" if found else b"\0\0") + b"\0\0\0\0"
        answer = b"\xc0\x0c\0\x01\0\x01\0\0\0\x05\0\x04\x7f\0\0\x01" if found else b""
        self._way.sendto(head + data[12:end] + answer, addr)


@pytest.fixture
def leaf(tmp_path: Path) -> Leaf:
    """A right certificate of `NAME`, and the authority behind it."""
    authority = trustme.CA()
    made = authority.issue_cert(NAME)
    leaf = Leaf(tmp_path / "chain.pem", tmp_path / "key.pem", tmp_path / "authority.pem")
    authority.cert_pem.write_to_path(leaf.authority)
    made.private_key_pem.write_to_path(leaf.key)
    leaf.chain.write_bytes(b"".join(blob.bytes() for blob in made.cert_chain_pems))
    return leaf
