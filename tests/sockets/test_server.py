"""Core's sockets let in whom they should, end what is malformed and nothing else, and outlive restarts on either side."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collector.factqueue import FactQueue
from collector.journal import Batch
from collector.sockets import Allowed, CoreServer, SocketActs, SocketError, SocketFactSink, SocketOpenError, SocketOutbox, SocketReader, path_of, wire
from collector.sockets.calls import LONGEST_WAIT
from model.acts import Act
from model.facts import AddressSeen
from tests.journal.made import SITE, THEN, change

ROOT = Path(__file__).parents[2]
NOBODY = 65534


def heard(n: int, sensor: str = "s", ip: str = "10.0.0.1") -> AddressSeen:
    return AddressSeen(at=THEN + n, sensor=sensor, sequence=n, leg="eth0", mac="02:00:00:00:00:01", ip=ip)


@contextlib.asynccontextmanager
async def serving(core, **options):
    server = core.server(**options)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@contextlib.asynccontextmanager
async def speaking(core, role: str, *, session: str = "", version: int = wire.VERSION):
    """A connection of our own making, past the hello: what core said to it, and its two ends."""
    reader, writer = await asyncio.open_unix_connection(path_of(core.folder, role))  # type: ignore[arg-type]
    try:
        writer.write(wire.frame(wire.Hello(version, role, session)))
        yield wire.decode(wire.welcome_decoder, await wire.read_frame(reader, 4096)), reader, writer
    finally:
        writer.close()


def as_facts(first: int, *facts: object) -> bytes:
    return wire.frame(wire.Facts(first, [msgspec.Raw(wire.encode(fact)) for fact in facts]))


async def taken(reader) -> wire.Taken:
    return wire.decode(wire.taken_decoder, await wire.read_frame(reader, 4096))


async def until(condition) -> None:
    while not condition():
        await asyncio.sleep(0.001)


async def test_sockets_are_private_to_the_owner_unless_others_are_let_in(core):
    async with serving(core, allowed={"facts": Allowed(frozenset({NOBODY}))}):
        modes = {role: stat.S_IMODE(os.stat(path_of(core.folder, role)).st_mode) for role in wire.ROLES}
    assert modes == {"facts": 0o666, "outbox": 0o600, "read": 0o600, "acts": 0o600}
    assert not any(path_of(core.folder, role).exists() for role in wire.ROLES)


async def test_who_may_not_is_refused_in_one_sentence_and_counted(core):
    async with serving(core, allowed={"read": Allowed(frozenset({NOBODY}))}) as server:
        reader = SocketReader(path_of(core.folder, "read"))
        with pytest.raises(SocketError, match=rf"người dùng số {os.geteuid()} \(tiến trình {os.getpid()}\) không được phép dùng ổ cắm read"):
            await reader.findings()
        assert server.refused == {"read": 1}


# The interpreter may lie where only its owner can go: all is imported before the process becomes somebody else.
_KNOCK = """
import asyncio, os, sys
from pathlib import Path
from collector.sockets import SocketReader, SocketError
async def main(path, user, group, *others):
    os.setgroups([int(other) for other in others])
    os.setgid(int(group))
    os.setuid(int(user))
    try:
        print(await SocketReader(Path(path)).findings())
    except SocketError as error:
        print(error.text.en)
asyncio.run(main(*sys.argv[1:]))
"""


async def knock(path: Path, *who: int) -> str:
    command = [sys.executable, "-c", _KNOCK, str(path), *map(str, who)]
    run = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, text=True, check=True)
    return run.stdout.strip()


@pytest.mark.skipif(os.geteuid() != 0 and not os.environ.get("CI"), reason="becoming another user needs root")
@pytest.mark.parametrize(
    ("who", "allowed", "let_in"),
    [
        ((NOBODY, NOBODY), Allowed(frozenset({0})), False),
        ((NOBODY, NOBODY), Allowed(frozenset({NOBODY})), True),
        ((NOBODY, 4242), Allowed(frozenset(), frozenset({4242})), True),
        ((NOBODY, NOBODY, 4242), Allowed(frozenset(), frozenset({4242})), True),
        ((NOBODY, NOBODY, 4243), Allowed(frozenset(), frozenset({4242})), False),
    ],
)
async def test_another_user_is_known_by_the_kernels_word(core, who, allowed, let_in):
    with tempfile.TemporaryDirectory() as folder:
        core.folder = Path(folder)
        # So that only what core itself does can keep them out.
        core.folder.chmod(0o755)
        async with serving(core, allowed={"read": allowed}):
            path_of(core.folder, "read").chmod(0o666)
            answer = await knock(path_of(core.folder, "read"), *who)
    if let_in:
        assert answer == "[]"
    else:
        assert answer.startswith(f"user {NOBODY} (process ")
        assert answer.endswith("may not use core's read socket")


async def test_another_version_is_refused_in_one_sentence(core, served):
    async with speaking(core, "read", version=99) as (said, _, _):
        assert said == wire.Refused(
            "ổ cắm của core là read v1, không phải read v99: hãy cập nhật cùng một phiên bản", "core's socket is read v1, not read v99: install one version"
        )


async def test_connections_are_bounded_and_free_again(core):
    async with serving(core, max_connections=2) as server:
        async with speaking(core, "read") as (first, _, _), speaking(core, "read") as (second, _, _), speaking(core, "read") as (third, _, _):
            assert isinstance(first, wire.Welcome)
            assert isinstance(second, wire.Welcome)
            assert isinstance(third, wire.Refused)
            assert third.en == "core's read socket has its 2 connections"
        await until(lambda: not server._open["read"])
        async with speaking(core, "read") as (again, _, _):
            assert isinstance(again, wire.Welcome)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(role=st.sampled_from(wire.ROLES), body=st.binary(max_size=200), hello=st.booleans())
@example(role="read", body=struct.pack(">I", 2**32 - 1), hello=True)
@example(role="read", body=b"\x00\x00\x00\x01\xc1", hello=False)
@example(role="facts", body=struct.pack(">I", 500_000) + b"\x91" * 500_000, hello=True)
@example(role="read", body=struct.pack(">I", 500_000 + 16) + b"\x82\xa4type\xa7request\xa1z" + b"\x91" * 500_000, hello=True)
@example(role="outbox", body=wire.frame(wire.Request(1, wire.Read("findings"))), hello=True)
@example(role="outbox", body=wire.frame(wire.Request(1, wire.Lease("x", 1, 60))) * 2, hello=True)
def test_hostile_bytes_end_their_own_connection_only(role, body, hello):
    # What stood before is not looked through for garbage again and again: all the tests there are, that is.
    gc.freeze()
    try:
        assert asyncio.run(_faults(role, body, hello=hello)) == []
    finally:
        gc.unfreeze()


async def _faults(role: wire.Role, body: bytes, *, hello: bool) -> list[object]:
    """What the server's loop tells of after such a connection; the connection beside it is served on."""

    class Nobody:
        async def lease(self, *_):
            await asyncio.sleep(3600)

        async def findings(self, *_):
            return []

    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        nobody = Nobody()
        server = CoreServer(folder, facts=FactQueue(), outbox=nobody, reader=nobody, acts=nobody)  # type: ignore[arg-type]
        await server.start()
        faults: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
        quiet = SocketReader(path_of(folder, "read"))
        assert await quiet.findings() == []
        reader, writer = await asyncio.open_unix_connection(path_of(folder, role))
        writer.write((wire.frame(wire.Hello(wire.VERSION, role)) if hello else b"") + body)
        writer.write_eof()
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()
        assert await quiet.findings() == []
        await quiet.close()
        await server.stop()
        # A connection's task that failed otherwise is told of when it is collected.
        gc.collect()
        return faults


async def test_malformed_frames_are_counted(core, served):
    async with speaking(core, "acts") as (_, reader, writer):
        writer.write(b"\x00\x00\x00\x01\xc1")
        assert await reader.read() == b""
    assert served.malformed == {"acts": 1}


async def test_a_bad_fact_is_counted_and_spoils_no_other(core, served):
    async with speaking(core, "facts", session="a") as (_, reader, writer):
        writer.write(as_facts(1, heard(1), {"fact": "address", "via": "gossip"}, heard(3)))
        assert await taken(reader) == wire.Taken(3, 1)
    assert core.queue.take(10, 0) == [heard(1), heard(3)]
    assert served.malformed == {"facts": 1}


async def test_facts_sent_again_after_a_lost_answer_are_taken_once(core, served):
    async with speaking(core, "facts", session="a") as (said, reader, writer):
        assert said == wire.Welcome(wire.VERSION, 0)
        writer.write(as_facts(1, heard(1), heard(2)))
        await until(lambda: len(core.queue) == 2)
    async with speaking(core, "facts", session="a") as (said, reader, writer):
        assert said == wire.Welcome(wire.VERSION, 2)
        writer.write(as_facts(1, heard(1), heard(2), heard(3)))
        assert await taken(reader) == wire.Taken(3, 0)
    async with speaking(core, "facts", session="another life") as (said, reader, writer):
        assert said == wire.Welcome(wire.VERSION, 0)
        writer.write(as_facts(1, heard(1)))
        assert await taken(reader) == wire.Taken(1, 0)
    assert [fact.sequence for fact in core.queue.take(10, 0)] == [1, 2, 3, 1]


async def test_facts_reach_a_core_that_comes_and_goes_in_order_and_once(core):
    core.queue._share = 100_000
    server = core.server()
    sink = SocketFactSink(path_of(core.folder, "facts"))
    total = 0
    for _ in range(6):
        await server.start()
        for _ in range(20):
            total += 25
            assert sink.put([heard(n) for n in range(total - 24, total + 1)]) == 25
            await asyncio.sleep(0)
        await until(lambda: len(core.queue) > 0)
        await server.stop()
        total += 1
        assert sink.put([heard(total)]) == 1
    await server.start()
    assert await asyncio.to_thread(sink.close, 30) == 0
    await server.stop()
    assert [fact.sequence for fact in core.queue.take(100_000, 0)] == list(range(1, total + 1))


async def test_what_core_has_no_room_for_is_counted_at_the_sender_too(core, served):
    sink = SocketFactSink(path_of(core.folder, "facts"))
    sink.put([heard(n) for n in range(1, 81)])
    assert await asyncio.to_thread(sink.close) == 0
    assert (sink.refused, sink.turned_away) == (0, 30)


def test_without_core_facts_are_kept_up_to_a_bound_and_counted_beyond(tmp_path):
    sink = SocketFactSink(tmp_path / "facts.sock", capacity=10)
    assert sink.put([heard(n) for n in range(8)]) == 8
    assert sink.put([heard(n) for n in range(8, 20)]) == 2
    assert sink.refused == 10
    assert sink.close(timeout=0.05) == 10
    assert not sink._thread.is_alive()
    assert sink.put([heard(99)]) == 0


def test_bytes_are_bounded_too_and_what_no_message_can_carry_is_refused(tmp_path):
    sink = SocketFactSink(tmp_path / "facts.sock", max_bytes=10_000)
    assert sink.put([heard(1, ip="\udc80")]) == 0
    assert sink.put([heard(1, ip="x" * (1 << 20))]) == 0
    assert sink.put([heard(n, ip="x" * 3000) for n in range(5)]) == 3
    assert sink.refused == 4
    sink.close(timeout=0)


def test_closing_does_not_wait_for_a_core_that_does_not_answer(tmp_path):
    path = tmp_path / "facts.sock"
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(path))
        deaf.listen()
        sink = SocketFactSink(path)
        sink.put([heard(1)])
        accepted, _ = deaf.accept()
        assert sink.close(timeout=0.05) == 1
        sink._thread.join(10)
        assert not sink._thread.is_alive()
        accepted.close()


def test_putting_does_not_wait_for_a_core_that_does_not_read(tmp_path):
    path = tmp_path / "facts.sock"
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(path))
        deaf.listen()
        sink = SocketFactSink(path, capacity=5_000)
        done = threading.Event()

        def puts() -> None:
            for n in range(10_000):
                sink.put([heard(n)])
            done.set()

        threading.Thread(target=puts, daemon=True).start()
        assert done.wait(60)
        assert sink.refused == 5_000
        sink.close(timeout=0)


async def test_a_lease_goes_on_when_core_restarts(core):
    server = core.server()
    await server.start()
    outbox = SocketOutbox(path_of(core.folder, "outbox"), patience=30)
    await outbox.register("es", ["finding"])
    lease = asyncio.create_task(outbox.lease("es", 10, 60))
    await until(lambda: core.journal.table.bell._waiting)
    await server.stop()
    core.journal.commit(Batch(site=SITE, now=THEN, changes=[change(1)]))
    await server.start()
    assert [row.seq for row in await lease] == [1]
    await outbox.close()
    await server.stop()


async def test_a_core_that_is_not_there_is_told_in_one_sentence(tmp_path):
    with pytest.raises(SocketError, match=r"không kết nối được với core ở .*read\.sock: No such file"):
        await SocketReader(tmp_path / "read.sock", patience=0).findings()


async def test_an_act_cut_off_under_way_is_never_sent_again(core):
    begun, let = asyncio.Event(), asyncio.Event()
    calls = []

    class Slow:
        async def act(self, act):
            calls.append(act)
            begun.set()
            await let.wait()

    core.acts = Slow()
    server = core.server()
    await server.start()
    does = SocketActs(path_of(core.folder, "acts"), patience=30)
    doing = asyncio.create_task(does.act(Act(kind="close", finding="f", by="Lan", why="x")))
    await begun.wait()
    await server.stop()
    await server.start()
    with pytest.raises(SocketError, match="không rõ đã ghi hay chưa"):
        await doing
    assert len(calls) == 1
    await does.close()
    await server.stop()


async def test_calls_given_up_by_the_client_are_given_up_by_core(core, served):
    reader = SocketReader(path_of(core.folder, "read"))
    version = core.journal.version
    for _ in range(3):
        waits = [asyncio.create_task(reader.wait(version, LONGEST_WAIT)) for _ in range(wire.MAX_CALLS)]
        await until(lambda: len(core.journal._committed._waiting) == wire.MAX_CALLS)
        for wait in waits:
            wait.cancel()
        await until(lambda: not core.journal._committed._waiting)
    assert list(await reader.findings()) == []
    assert served.malformed == {}
    await reader.close()


async def test_a_dead_cores_socket_is_taken_over_and_a_file_is_not(core):
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path_of(core.folder, "facts")))
    async with serving(core), speaking(core, "facts") as (said, _, _):
        assert isinstance(said, wire.Welcome)
    path_of(core.folder, "acts").write_text("thư của ai đó")
    with pytest.raises(SocketOpenError, match="đã có và không phải ổ cắm"):
        await core.server().start()
    assert path_of(core.folder, "acts").read_text() == "thư của ai đó"
    assert not path_of(core.folder, "facts").exists()


async def test_a_path_too_long_for_a_socket_is_told(core):
    core.folder = core.folder / ("x" * 120)
    with pytest.raises(SocketOpenError, match="dài quá 107 byte"):
        await core.server().start()
