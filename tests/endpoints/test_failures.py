"""Whatever goes wrong, osquery must see a failure: it ignores the status, and takes an empty body or an object without `error` for success (behaviour 1)."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import ssl
import warnings
import zlib

import aiohttp
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collector.sensors.endpoints.api import MAX_LOG
from collector.sensors.endpoints.inbox import InboxError
from model.text import Text
from tests.endpoints.answering import ON
from tests.endpoints.conftest import PREFIX, client_context, good, snapshot

PATHS = ["enroll", "config", "log", "distributed/read", "distributed/write"]
_METHODS = ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "POST", "BREW"]


def succeeded(body: bytes) -> bool:
    """What osquery makes of an answer (osquery/remote/utility.h, TLSRequestHelper::go; serializers/json.cpp: an empty body is an empty object)."""
    if not body:
        return True
    try:
        told = json.loads(body)
    except ValueError:
        return False
    return isinstance(told, dict) and "error" not in told and told.get("node_invalid") is not True


async def raw(box, pair, sent: bytes, *, half: bool = False, wait: float = 1.0) -> bytes:
    """The bytes that come back for bytes of our own making."""
    host, port = box.server.address
    reader, writer = await asyncio.open_connection(host, port, ssl=client_context(box.authority.path, pair))
    try:
        writer.write(sent)
        if half:
            await writer.drain()
        answer = b""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                while piece := await reader.read(65536):
                    answer += piece
        return answer
    finally:
        writer.close()


def bodies_of(answer: bytes) -> list[bytes]:
    """The bodies of the responses in a stream."""
    bodies = []
    while answer:
        head, _, rest = answer.partition(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        bodies.append(rest[:length])
        answer = rest[length:]
    return bodies


async def test_every_wrong_path_and_method_is_a_failure(box):
    async with box.pc() as pc:
        for path in ["", "x", "carve/start", "carve_init", "enroll/", "../enroll", "config?x=1", "distributed", "distributed/read/x", "%2e%2e/config"]:
            told = await pc.post(path, {"node_key": "wrong"})
            assert "error" in told, path
        for method in _METHODS:
            for path in PATHS:
                told = await pc.post(path, {"node_key": "wrong" if method == "POST" else pc.key}, method=method)
                assert "error" in told or (method == "POST" and path == "enroll"), (method, path)
    assert box.figures.refused["carve"] == 2
    assert box.figures.refused["method"] == 25
    # What is no word of HTTP at all.
    assert box.figures.refused["malformed"] == 5


async def test_nothing_redirects(box):
    async with box.pc() as pc:
        for path in ["", "enroll/", "//enroll", "CONFIG"]:
            await pc.post(path, {})
            assert not 300 <= pc.status < 400


_PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
_BODIES = st.one_of(
    st.binary(max_size=200),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    ).map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries({"node_key": st.text(max_size=50)}).map(lambda value: json.dumps(value).encode()),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(PATHS[1:]) | st.text("abc/.%", max_size=12),
    method=st.sampled_from(_METHODS),
    body=_BODIES,
    encoding=st.sampled_from(["", "gzip", "br", "x"]),
)
@example(path="log", method="POST", body=b"", encoding="")
@example(path="log", method="POST", body=b"{}", encoding="")
@example(path="log", method="POST", body=b'{"node_key":' + b"[" * 200_000, encoding="")
@example(path="log", method="POST", body=b'{"x":' + b"[" * 200_000 + b"]" * 200_000 + b"}", encoding="")
@example(path="config", method="POST", body=gzip.compress(b"{}")[:-4], encoding="gzip")
def test_no_stranger_gets_an_answer_that_osquery_takes_for_success(shared_box, path, method, body, encoding):
    loop, box, pair = shared_box

    async def send() -> bytes:
        host, port = box.server.address
        headers = {"Content-Encoding": encoding} if encoding else {}
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=client_context(box.authority.path, pair))) as session:
            try:
                async with session.request(method, f"https://{host}:{port}{PREFIX}{path}", data=body, headers=headers, allow_redirects=False) as answer:
                    return await answer.read()
            except aiohttp.ClientError:
                return b"no answer at all"

    assert not succeeded(loop.run_until_complete(send()))


@pytest.fixture
def shared_box(tmp_path):
    """A box in a loop of its own, for tests that hypothesis runs many times."""
    from tests.endpoints.conftest import Box, Core, SetClock

    loop = asyncio.new_event_loop()

    async def begin() -> Box:
        box = Box(tmp_path, SetClock(), Core())
        await box.listening()
        return box

    box = loop.run_until_complete(begin())
    yield loop, box, box.authority.pc("pc-01")
    loop.run_until_complete(box.close())
    loop.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"\r\n\r\n\r\n",
        b"NONSENSE\r\n\r\n",
        b"POST /osquery/log HTTP/9.9\r\n\r\n",
        b"POST /osquery/log HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
        b"POST /osquery/log HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /osquery/log HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nZZ\r\n",
        b"POST /osquery/log HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /osquery/log HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
        b"POST /" + b"y" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /osquery/log HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!",
        b"POST /osquery/config HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n{}",
        b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x00\x01",
    ],
)
async def test_what_no_parser_reads_is_a_failure_too(box, sent):
    answer = await raw(box, box.authority.pc("pc-01"), sent)
    assert not any(succeeded(body) for body in bodies_of(answer))
    async with box.pc("pc-02") as other:
        assert len(await other.read()) == 3


async def test_a_store_that_cannot_write_costs_nothing_but_time(box, monkeypatch):
    async with box.pc() as pc:
        asked = await pc.read()
        keep = box.inbox.keep

        async def broken(*_):
            raise InboxError(Text("đĩa đầy", "disk full"))

        monkeypatch.setattr(box.inbox, "keep", broken)
        rows = {name: [good(name.partition(":")[0])] for name in asked}
        for told in (await pc.write(rows), await pc.log(snapshot("bluetooth", [ON]))):
            assert "error" in told
            assert "node_invalid" not in told
        # Nor is a PC thrown out for it (behaviour 6), nor a question taken for answered.
        assert "error" not in await pc.post("config", {"node_key": pc.key})
        monkeypatch.setattr(box.inbox, "keep", keep)
        assert "error" not in await pc.write(rows)
        assert "error" not in await pc.log(snapshot("bluetooth", [ON]))
    assert box.figures.refused["store"] == 2
    assert box.figures.repeated == 0
    assert len(await box.inbox.after(0, 99)) >= 4


async def test_a_fault_of_ours_is_a_failure_and_is_told_once_a_request(box, monkeypatch, caplog):
    async with box.pc() as pc:
        monkeypatch.setattr(box.asking, "due", lambda *_: 1 / 0)
        told = await pc.post("distributed/read", {"node_key": pc.key})
    assert told == {"error": "not kept, send it again"}
    assert [record.message for record in caplog.records if record.exc_info] == ["endpoints"]


async def test_a_decoder_that_fails_costs_one_answer_and_tells_nothing_of_it(box, caplog, monkeypatch):
    def broken(*_):
        raise ValueError("MAT-KHAU-BI-MAT")

    monkeypatch.setattr("collector.sensors.endpoints.api.answers", broken)
    async with box.pc() as pc:
        assert await pc.log(snapshot("bluetooth", [ON])) == {"node_invalid": False}
    assert box.figures.quarantined == 1
    assert "ValueError" in caplog.text
    assert "MAT-KHAU" not in caplog.text


async def test_a_body_that_never_ends_is_given_up(box, monkeypatch):
    monkeypatch.setattr("collector.sensors.endpoints.web._BODY", 0.2)
    sent = b"POST /osquery/log HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 500\r\n\r\n{"
    answer = await raw(box, box.authority.pc("pc-01"), sent, half=True, wait=9)
    assert not any(succeeded(body) for body in bodies_of(answer))
    assert box.figures.refused["slow"] == 1


@pytest.mark.parametrize("abort", [False, True])
async def test_a_pc_that_is_switched_off_in_the_middle_is_no_fault_of_ours(box, caplog, abort):
    host, port = box.server.address
    for sent in (b"{", b"POST /osquery/log HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{", b"POST /osq"):
        _, writer = await asyncio.open_connection(host, port, ssl=client_context(box.authority.path, box.authority.pc("pc-01")))
        writer.write(sent)
        await writer.drain()
        if abort:
            writer.transport.abort()
        writer.close()
    async with box.pc("pc-02") as other:
        assert len(await other.read()) == 3
    assert box.figures.refused["fault"] == 0
    assert caplog.records == []


async def test_a_bomb_is_turned_away_and_hardly_costs_memory(box):
    packer = zlib.compressobj(9, wbits=31)
    bomb = packer.compress(b'{"node_key":"') + b"".join(packer.compress(b"0" * (1 << 20)) for _ in range((MAX_LOG >> 20) + 16)) + packer.flush()
    assert len(bomb) < 400_000
    async with box.pc() as pc, measured() as grown:
        for path in ("log", "config", "distributed/write", "enroll"):
            told = await pc.post(path, None, raw=bomb, headers={"Content-Encoding": "gzip"})
            assert told == {"error": "the body is too large"}
            assert pc.status == 413
    assert box.figures.refused["size"] == 4
    # The largest body that may come, twice while it is made whole.
    assert grown[0] < 3 * MAX_LOG


async def test_many_tiny_values_are_turned_away_before_they_are_made(box):
    async with box.pc() as pc:
        many = b'{"node_key":"%s","log_type":"result","data":[%s1]}' % (pc.key.encode(), b"1," * 4_000_000)
        assert "error" in await pc.post("log", None, raw=gzip.compress(many, 1), headers={"Content-Encoding": "gzip"})
        many = b'{"node_key":"%s","queries":{"bluetooth:1":[%s{}]}}' % (pc.key.encode(), b"{}," * 400_000)
        assert "error" in await pc.post("distributed/write", None, raw=gzip.compress(many, 1), headers={"Content-Encoding": "gzip"})


async def test_a_long_line_costs_itself_alone(box):
    async with box.pc() as pc:
        long = snapshot("bluetooth", [{"on": "x" * 2_000_000}])
        assert await pc.log(long, snapshot("bluetooth", [ON]), packed=True) == {"node_invalid": False}
    assert (box.figures.lines, box.figures.quarantined) == (2, 1)


async def test_old_tls_is_not_spoken(box):
    host, port = box.server.address
    for version, spoken in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
        context = client_context(box.authority.path, box.authority.pc("pc-01"))
        context.minimum_version = context.maximum_version = version
        reader, writer = await asyncio.open_connection(host, port, ssl=context)
        assert writer.get_extra_info("ssl_object").version() == spoken
        writer.close()
        del reader
    context = client_context(box.authority.path, box.authority.pc("pc-01"))
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore"):
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await asyncio.open_connection(host, port, ssl=context)
    assert box.server.turned_away["protocol"] == 1


@contextlib.asynccontextmanager
async def measured():
    """By how much the process grew meanwhile at most, bytes."""

    def resident() -> int:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmRSS"))

    async def watch() -> None:
        while True:
            grown[0] = max(grown[0], resident() - before)
            await asyncio.sleep(0.002)

    before, grown = resident(), [0]
    task = asyncio.create_task(watch())
    yield grown
    task.cancel()
