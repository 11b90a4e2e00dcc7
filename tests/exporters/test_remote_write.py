"""Figures pushed to Debian's Prometheus, and to receivers that are away, behind a log-in page or in another hour."""

import asyncio
import time
from contextlib import asynccontextmanager

import cramjam
import pytest
from aiohttp import ClientSession, web

from exporters.prometheus import Metrics
from exporters.remote_write import NAME, RemoteWrite, RemoteWriteOptions
from exporters.remote_write_wire import Sample, write_request
from exporters.sink import OptionsError
from exporters.tally import Tally
from model.times import HOUR, SECOND
from tests.exporters.readers import Reader, status
from tests.exporters.samples import AT, change
from tests.servers.fixtures import running
from tests.servers.process import free_port
from tests.servers.prometheus import Prometheus

pytestmark = pytest.mark.servers


class Clock:
    """The box's clock: the machine's, and what somebody set it off by."""

    off = 0

    def now(self):
        return time.time_ns() + self.off


def pusher(url, clock, tally, site="xa-a", **options):
    page = Metrics(Reader(changes=[change()], core=status(assets=7)), now=clock.now, version="0.1.0", tallies=[tally])
    return RemoteWrite(RemoteWriteOptions(url=url, labels={"site": site}, **options), page, now=clock.now, tally=tally)


async def pushed(one, tally, *, times=1):
    """Runs the pusher until it was answered finally so often."""
    stop = asyncio.Event()

    class Counting(Tally):
        def count(self, receipt, seconds, now):
            super().count(receipt, seconds, now)
            if self.delivered + self.rejected >= times:
                stop.set()

    one._tally = Counting(sink=tally.sink)
    async with asyncio.timeout(30):
        await one.run(stop)
    return one._tally


@pytest.fixture(scope="module")
def receiver():
    with running(lambda: Prometheus([], late="6h")) as server:
        yield server


async def test_samples_arrive_with_their_labels_and_times(receiver):
    tally, clock = Tally(sink=NAME), Clock()
    told = await pushed(pusher(f"{receiver.url}/api/v1/write", clock, tally, interval=SECOND // 20), tally, times=3)
    assert (told.delivered, told.rejected, told.down) == (3, 0, False)
    ((labels, value),) = await receiver.until('vonggac_assets{site="xa-a"}')
    assert (labels["site"], value) == ("xa-a", 7.0)
    ((_, count),) = await receiver.until('count_over_time(vonggac_assets{site="xa-a"}[1h])')
    assert count == 3.0


async def test_what_was_held_through_an_outage_arrives_at_its_own_time(receiver):
    answers = [503, 200, 401]
    async with between(receiver, answers) as url:
        tally, clock = Tally(sink=NAME), Clock()
        one = pusher(url, clock, tally, "xa-b", interval=SECOND // 20)
        clock.off = -2 * HOUR
        await one.take()
        clock.off = 0
        told = await pushed(one, tally, times=2)
    # Failing, a log-in page that says 200, and a refused login: each is an outage, none a delivery and none a loss.
    assert (answers, told.retried, told.rejected) == ([], 3, 0)
    assert told.delivered >= 2
    ((_, old),) = await receiver.until('count_over_time(vonggac_assets{site="xa-b"}[30m] offset 110m)')
    assert old == 1.0


async def test_what_the_receiver_takes_no_more_is_dropped_and_counted_not_repeated(receiver):
    tally, clock = Tally(sink=NAME), Clock()
    url = f"{receiver.url}/api/v1/write"
    await pushed(pusher(url, clock, tally, "xa-c"), tally)
    one = pusher(url, clock, tally, "xa-c", keep=48 * HOUR, interval=SECOND // 20)
    clock.off = -30 * HOUR
    await one.take()
    clock.off = 0
    told = await pushed(one, tally, times=2)
    assert (told.rejected, told.delivered, told.down) == (1, 1, False)


async def test_a_clock_that_runs_ahead_sends_nothing(receiver):
    tally, clock = Tally(sink=NAME), Clock()
    clock.off = HOUR
    one = pusher(f"{receiver.url}/api/v1/write", clock, tally, "xa-d", interval=SECOND // 20)
    await one.take()
    async with ClientSession(headers=one._headers) as client:
        assert await one._flush(client) > 0
    assert (tally.delivered, tally.down) == (0, True)
    assert "3599" in tally.last_error or "3600" in tally.last_error
    # Set right: what was taken in the wrong hour goes, and what is right arrives.
    clock.off = 0
    told = await pushed(one, tally, times=2)
    assert (told.delivered, told.rejected) == (1, 1)


async def test_what_waits_is_bounded_by_age():
    tally, clock = Tally(sink=NAME), Clock()
    one = pusher("http://127.0.0.1:9/", clock, tally, keep=HOUR + 60 * SECOND)
    for minutes in range(0, 180, 10):
        clock.off = (minutes - 180) * 60 * SECOND
        await one.take()
    assert len(one._waiting) == 7
    assert tally.rejected == 11


def test_the_wire_format_is_the_specification_s():
    body = bytes(cramjam.snappy.decompress_raw(write_request([Sample("up", {"b": "2", "a": "1"}, 1.5)], AT)))
    # By hand, from the specification: labels sorted by name with __name__ first of all, then one sample.
    labels = b"".join(
        b"\x0a" + bytes([len(name) + len(value) + 4]) + b"\x0a" + bytes([len(name)]) + name + b"\x12" + bytes([len(value)]) + value
        for name, value in ((b"__name__", b"up"), (b"a", b"1"), (b"b", b"2"))
    )
    sample = b"\x12\x10\x09" + bytes.fromhex("000000000000f83f") + b"\x10" + bytes.fromhex("f89be8c48033")
    assert body[0] == 0x0A
    assert body[2 : 2 + len(labels)] == labels
    assert body[2 + len(labels) :][:11] == sample[:11]
    number = shift = 0
    for byte in body[2 + len(labels) + 12 :]:
        number |= (byte & 0x7F) << shift
        shift += 7
    assert number == AT // 1_000_000


def test_a_secret_that_anybody_may_read_is_refused(tmp_path):
    secret = tmp_path / "token"
    secret.write_text("abc\n")
    secret.chmod(0o644)
    with pytest.raises(OptionsError, match="chmod 600"):
        pusher("http://127.0.0.1:9/", Clock(), Tally(sink=NAME), token_file=secret)


@asynccontextmanager
async def between(receiver, answers):
    """A proxy before the real receiver that first gives these answers: a 200 is a page of somebody else's."""

    async def handle(request):
        body = await request.read()
        if answers:
            return web.Response(status=answers.pop(0), text="<html>Đăng nhập</html>")
        async with ClientSession() as client, client.post(f"{receiver.url}/api/v1/write", data=body, headers=dict(request.headers)) as reply:
            return web.Response(status=reply.status, body=await reply.read())

    application = web.Application()
    application.router.add_post("/write", handle)
    runner, port = web.AppRunner(application), free_port()
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{port}/write"
    finally:
        await runner.cleanup()
