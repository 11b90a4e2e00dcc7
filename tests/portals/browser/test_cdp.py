"""The protocol client alone, over pipes with nothing but bytes at the other end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from collector.sensors.portals.browser import cdp
from collector.sensors.portals.browser.cdp import BrowserGone, CallRefused, Connection, Params, at, number, text


class Peer:
    """The browser's end of the pipes."""

    def __init__(self) -> None:
        self.reads, commands = os.pipe()
        answers, self.writes = os.pipe()
        self.events: list[tuple[str, str, Params]] = []
        self.connection = Connection(lambda session, method, params: self.events.append((session, method, params)))
        self.ends = commands, answers

    def say(self, *messages: bytes) -> None:
        for message in messages:
            os.write(self.writes, message + b"\0")

    def heard(self) -> list[dict[str, object]]:
        return [msgspec.json.decode(line) for line in os.read(self.reads, 65_536).split(b"\0") if line]

    def hang_up(self) -> None:
        if self.writes >= 0:
            os.close(self.writes)
            self.writes = -1


@pytest_asyncio.fixture
async def peer() -> AsyncIterator[Peer]:
    made = Peer()
    await made.connection.open(*made.ends)
    yield made
    await made.connection.close()
    made.hang_up()
    os.close(made.reads)


async def test_answers_find_their_calls_in_any_order(peer: Peer) -> None:
    first = asyncio.create_task(peer.connection.call("A.a", {"x": 1}, "s"))
    second = asyncio.create_task(peer.connection.call("B.b"))
    await asyncio.sleep(0.01)
    assert peer.heard() == [{"id": 1, "method": "A.a", "params": {"x": 1}, "sessionId": "s"}, {"id": 2, "method": "B.b", "params": {}}]
    peer.say(b'{"id":2,"result":{"y":2}}', b'{"method":"E.e","sessionId":"s","params":{"z":3}}', b'{"id":1,"error":{"message":"no"}}')
    assert await second == {"y": 2}
    with pytest.raises(CallRefused, match="no"):
        await first
    assert peer.events == [("s", "E.e", {"z": 3})]


async def test_no_answer_in_time_is_a_refusal(peer: Peer) -> None:
    with pytest.raises(CallRefused, match="no answer"):
        await peer.connection.call("A.a", seconds=0.05)


async def test_whoever_waits_when_the_browser_goes_is_told(peer: Peer) -> None:
    waiting = asyncio.create_task(peer.connection.call("A.a"))
    await asyncio.sleep(0.01)
    peer.hang_up()
    with pytest.raises(BrowserGone):
        await waiting
    with pytest.raises(BrowserGone):
        peer.connection.post("B.b")
    assert peer.connection.closed.is_set()


@pytest.mark.parametrize("nonsense", [b"{", b"\xff\xfe", b'{"id":1,"result":', b"nul"])
async def test_nonsense_ends_the_connection(peer: Peer, nonsense: bytes) -> None:
    peer.say(nonsense)
    await asyncio.wait_for(peer.connection.closed.wait(), 30)
    with pytest.raises(BrowserGone):
        await peer.connection.call("A.a")


@pytest.mark.parametrize("odd", [b"[]", b"1", b'"x"', b"null", b'{"id":"1"}', b'{"id":7,"result":1}', b'{"id":true}', b'{"method":5,"params":[]}'])
async def test_odd_messages_are_let_by(peer: Peer, odd: bytes) -> None:
    waiting = asyncio.create_task(peer.connection.call("A.a"))
    await asyncio.sleep(0.01)
    peer.say(odd, b'{"id":1,"result":{"ok":1}}')
    assert await waiting == {"ok": 1}


async def test_a_message_without_end_is_not_kept(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Peer()
    monkeypatch.setattr(cdp, "MAX_MESSAGE_BYTES", 1000)
    await other.connection.open(*other.ends)
    os.write(other.writes, b"x" * 5000)
    await asyncio.wait_for(other.connection.closed.wait(), 30)
    with pytest.raises(BrowserGone):
        await other.connection.call("A.a")
    assert other.events == []
    await other.connection.close()
    other.hang_up()
    os.close(other.reads)


trees = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5), lambda inner: st.dictionaries(st.sampled_from("ab"), inner))


@given(trees, st.lists(st.sampled_from("ab"), max_size=4))
def test_whatever_was_said_is_read(tree: object, path: list[str]) -> None:
    params = {"a": tree}
    assert isinstance(text(params, *path), str)
    found = number(params, *path)
    assert found == int(found) or abs(found) < 1e15
    assert at(params) is params
