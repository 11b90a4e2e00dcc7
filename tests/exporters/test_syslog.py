import asyncio
import contextlib
import os
import re
import signal
import socket
import time
import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.cef import Teller, record
from exporters.render import Place
from exporters.sink import FILTERED, OptionsError
from exporters.syslog import WINDOW_AGE, Syslog, SyslogOptions
from exporters.syslog_line import BOM, framed, message
from model.ledger import Cause
from model.text import Text
from model.verdict import Evidence, Severity, Subject, Urgency
from tests.exporters.samples import AT, change, posture, told
from tests.servers.fixtures import running
from tests.servers.process import free_port
from tests.servers.syslogs import Rsyslog, SyslogNg

RULES = {"VG-NET-02": Text("Màn hình mở | ai cũng chiếu được", "Open screen")}
TELLER = Teller(box="hop-1", version="0.1.0", place=Place(name="Xã A", rules=RULES))
HOSTILE = "TV|Sảnh=1\\x\r\n<13>1 - - CEF:0|evil src=10.0.0.1 \u202e<script>"


def parsed(line: str) -> tuple[list[str], dict[str, str]]:
    """A CEF record read by its rules: header parts, extension by key."""
    header = re.split(r"(?<!\\)(?:\\\\)*\|", line, maxsplit=7)
    pieces = re.split(r"(?:^| )(\w+)=", header[7])
    undo = {"\\\\": "\\", "\\=": "=", "\\n": "\n"}
    values = {key: re.sub(r"\\\\|\\=|\\n", lambda m: undo[m[0]], value) for key, value in zip(pieces[1::2], pieces[2::2], strict=True)}
    return header[:7], values


def test_a_record_says_what_where_and_how_bad():
    header, said = parsed(record("row-1", change(name="TV-Sảnh", macs=("02:00:00:00:00:01",), ips=("fe80::1", "192.0.2.7")), TELLER))
    assert header == ["CEF:0", "Vong Gac", "vonggac", "0.1.0", "VG-NET-02", "Màn hình mở \\| ai cũng chiếu được", "8"]
    assert said["rt"] == str(AT // 1_000_000)
    assert (said["externalId"], said["deviceExternalId"], said["cat"], said["outcome"]) == ("row-1", "hop-1", "finding.opened", "open")
    assert (said["src"], said["c6a2"], said["smac"], said["shost"]) == ("192.0.2.7", "fe80::1", "02:00:00:00:00:01", "TV-Sảnh")
    assert said["msg"].startswith("CAO · Màn hình đang mở cho mọi người · “TV-Sảnh” · Xã A\n")
    assert said["cs2"] == "xa-a"


def test_a_hostile_name_ends_neither_record_nor_field():
    line = record("row-1", change(name=HOSTILE, ips=("192.0.2.7",), evidence=(Evidence("mdns", HOSTILE, AT),)), TELLER)
    assert "\n" not in line
    assert "\r" not in line
    _, said = parsed(line)
    assert said["src"] == "192.0.2.7"
    assert said["shost"].startswith("TV|Sảnh=1\\x <13>1")
    assert "\u202e" not in line


@pytest.mark.parametrize("name", ["\u0338TV", "\u0301\u0338\u0323TV", "TV=\u0338", "TV\\\u0338=\u0338|"], ids=ascii)
def test_a_mark_that_joins_the_letter_before_it_swallows_no_end_of_a_field(name):
    line = record("row-1", change(name=name, ips=("192.0.2.7",)), TELLER)
    for reader in (line, unicodedata.normalize("NFC", line)):
        _, said = parsed(reader)
        assert (said["src"], said["outcome"]) == ("192.0.2.7", "open")
        assert "TV" in said["shost"]
        # What is escaped is what the format has escapes for.
        assert re.fullmatch(r"(?:[^\\]|\\[\\=n|])*", reader)


def test_id_only_names_nobody():
    line = record("row-1", change(name="TV-Sảnh", macs=("02:00:00:00:00:01",), ips=("192.0.2.7",)), msgspec.structs.replace(TELLER, detail="id_only"))
    for secret in ("TV-Sảnh", "192.0.2.7", "02:00:00:00:00:01", "_airplay"):
        assert secret not in line
    assert parsed(line)[1]["msg"].startswith("CAO · Màn hình mở")


def test_letters_are_composed():
    assert "Sảnh" in record("row-1", change(name="Sa\u0309nh"), TELLER)


@given(st.text(max_size=400), st.text(max_size=400), st.sampled_from(["opened", "resolved", "accepted"]))
def test_whatever_a_name_holds_the_message_is_one_line_of_at_most_8_kib(name, value, step):
    what = change(step, name=name, evidence=(Evidence("mdns", value, AT),) * 8, cause=Cause("act", name, value))
    what = msgspec.structs.replace(what, finding=msgspec.structs.replace(what.finding, summary=Text(value * 9, value), title=Text(name * 9, name)))
    line = message(record("row-1", what, TELLER), facility=16, level=3, at=AT, host=name, kind=step)
    assert len(line) <= 8192
    assert b"\n" not in line
    assert re.fullmatch(rb"<131>1 2025-07-15T02:14:03\.000000Z [!-~]{1,255} vonggac - [a-z]+ - \xef\xbb\xbfCEF:0\|.*", line, re.DOTALL)


def test_frames_count_octets_not_letters():
    assert framed("Sảnh".encode()) == b"6 S\xe1\xba\xa3nh"


@pytest.fixture
def options(tmp_path, certificates):
    return SyslogOptions(host="localhost", port=1, ca_file=certificates.authority, told_file=tmp_path / "told", box="hop-1", version="0.1.0", timeout=5 * 10**9)


@pytest.fixture
async def make(options):
    made = []

    def sink(now=lambda: AT, **fields):
        made.append(Syslog(msgspec.structs.replace(options, **fields), now=now))
        return made[-1]

    yield sink
    for one in made:
        await one.close()


@pytest.fixture(params=[Rsyslog, SyslogNg], ids=["rsyslog", "syslog-ng"])
def server(request, certificates):
    with running(lambda: request.param(certificates.right)) as one:
        yield one


def outcomes(receipts):
    return [receipt.outcome for receipt in receipts]


@pytest.mark.servers
async def test_a_real_server_understands_every_message_whole(server, make):
    rows = [told(1, name=HOSTILE, ips=("192.0.2.7",)), told(2, severity=Severity.CRITICAL, subject=Subject("asset", "a2"), name="Tivi phòng chờ")]
    rows.append(told(3, step="resolved"))
    sink = make(port=server.port)
    assert [outcomes(await sink.send([row])) for row in rows] == [["accepted"]] * 3
    got = await asyncio.to_thread(server.until, 3)
    assert [(one["pri"], one["host"], one["app"], one["msgid"]) for one in got] == [
        ("131", "hop-1", "vonggac", "opened"),
        ("130", "hop-1", "vonggac", "opened"),
        ("134", "hop-1", "vonggac", "resolved"),
    ]
    teller = Teller(box="hop-1", version="0.1.0")
    assert [one["msg"].removeprefix(BOM) for one in got] == [record(row.id, row.document.change, teller) for row in rows]


@pytest.mark.servers
async def test_what_a_killed_server_had_not_read_is_sent_again_by_itself(server, make):
    sink = make(port=server.port)
    assert outcomes(await sink.send([told(1)])) == ["accepted"]
    await asyncio.to_thread(server.until, 1)
    os.kill(server.pid, signal.SIGSTOP)
    # The kernel of a program that hangs takes them all the same: this is as far as syslog's proof goes.
    assert outcomes(await sink.send([told(2, step="updated"), told(3, step="resolved")])) == ["accepted"] * 2
    server.kill()
    answer = await sink.remind()
    assert (answer.outcome, answer.outage) == ("retry", True)
    await asyncio.to_thread(server.start)
    assert (await sink.remind()).outcome == "accepted"
    assert await sink.remind() is None
    await asyncio.to_thread(server.until, 4)
    ids = [parsed(one["msg"].removeprefix(BOM))[1]["externalId"] for one in server.messages()]
    assert ids == ["row-1", "row-1", "row-2", "row-3"]


@pytest.mark.servers
@pytest.mark.parametrize("kind", [Rsyslog, SyslogNg], ids=["rsyslog", "syslog-ng"])
async def test_a_server_that_wants_to_know_us_is_shown_our_certificate(certificates, make, kind):
    with running(lambda: kind(certificates.right, mutual=True)) as server:
        own = make(port=server.port, cert_file=certificates.right.chain, key_file=certificates.right.key)
        assert outcomes(await own.send([told(1)])) == ["accepted"]
        await asyncio.to_thread(server.until, 1)
        (receipt,) = await make(port=server.port, name="nobody").send([told(2)])
        assert receipt.outcome == "retry"
        assert len(server.messages()) == 1


@pytest.mark.servers
@pytest.mark.parametrize("leaf", ["wrong_name", "expired", "stranger"])
async def test_a_wrong_certificate_is_an_outage_and_said_as_one(certificates, make, leaf):
    with running(lambda: Rsyslog(getattr(certificates, leaf))) as server:
        (receipt,) = await make(port=server.port).send([told(1)])
    assert (receipt.outcome, receipt.trouble) == ("retry", "certificate")
    assert "chứng thư" in receipt.reason


class Listener:
    """A plain server that keeps what it reads."""

    def __init__(self):
        self.said = b""
        self.came = asyncio.Event()
        self.writers = []
        self.read = {}

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()
        for writer in self.writers:
            # What was on its way is still read.
            await self.read[writer].wait()
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def connected(self, count):
        async with asyncio.timeout(30):
            while len(self.writers) < count:
                await asyncio.sleep(0)

    async def serve(self, reader, writer):
        self.read[writer] = asyncio.Event()
        self.writers.append(writer)
        while said := await reader.read(65536):
            self.said += said
            self.came.set()
        self.read[writer].set()


async def test_tcp_within_this_machine_is_framed_the_same(make):
    async with Listener() as listener:
        sink = make(host="127.0.0.1", port=listener.port, transport="tcp")
        assert outcomes(await sink.send([told(1)])) == ["accepted"]
        await listener.came.wait()
        length, _, rest = listener.said.partition(b" ")
        assert int(length) == len(rest)
        await sink.close()


async def test_udp_within_this_machine_is_one_datagram_without_a_frame(make):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        assert outcomes(await make(host="127.0.0.1", port=listener.getsockname()[1], transport="udp").send([told(1)])) == ["accepted"]
        assert listener.recv(65536).startswith(b"<131>1 2025-")


async def test_no_server_is_an_outage_for_all_rows_and_nothing_is_told(make, options):
    receipts = await make(host="127.0.0.1", port=free_port(), transport="tcp").send([told(1), told(2)])
    assert outcomes(receipts) == ["retry", "retry"]
    assert not options.told_file.exists()


async def test_a_server_that_never_reads_is_an_outage_after_the_time_allowed(make):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        # A queue of one is full with the first: no further connection is ever answered.
        with contextlib.ExitStack() as others:
            for _ in range(3):
                one = others.enter_context(socket.socket())
                one.setblocking(False)
                one.connect_ex(deaf.getsockname())
            began = time.monotonic()
            (receipt,) = await make(host="127.0.0.1", port=deaf.getsockname()[1], transport="tcp", timeout=10**8).send([told(1)])
    assert receipt.outcome == "retry"
    assert "không trả lời kịp" in receipt.reason
    assert time.monotonic() - began >= 0.1


async def test_what_is_older_than_the_window_is_not_sent_again(make):
    clock = [AT]
    async with Listener() as listener:
        sink = make(now=lambda: clock[0], host="127.0.0.1", port=listener.port, transport="tcp")
        await sink.send([told(1)])
        clock[0] += WINDOW_AGE + 1
        assert await sink.remind() is None
        await sink.send([told(2, step="updated")])
        first = listener.said
        sink._let_go()
        assert (await sink.remind()).outcome == "accepted"
        await listener.connected(2)
        await sink.close()
    assert b"externalId=row-1 " in first
    assert listener.said.count(b"externalId=row-1 ") == 1


async def test_what_waited_out_a_long_outage_is_kept_for_its_minute_behind_it_too(make):
    clock = [AT]
    async with Listener() as listener:
        sink = make(now=lambda: clock[0], host="127.0.0.1", port=listener.port, transport="tcp")
        await sink.send([told(1)])
        await listener.connected(1)
        sink._let_go()
        clock[0] += 100 * WINDOW_AGE
        for count in (2, 3):
            assert (await sink.remind()).outcome == "accepted"
            await listener.connected(count)
            sink._let_go()
    assert listener.said.count(b"externalId=row-1 ") == 3


async def test_the_end_of_what_was_never_told_is_not_told(make):
    async with Listener() as listener:
        sink = make(host="127.0.0.1", port=listener.port, transport="tcp", urgencies=(Urgency.PAGE,))
        receipts = await sink.send([told(1), told(2, step="resolved"), posture(3)])
        assert [receipt.reason for receipt in receipts] == [FILTERED] * 3
        await sink.close()
    assert listener.said == b""


def test_a_certificate_that_cannot_be_used_is_said_at_the_start(make, tmp_path):
    with pytest.raises(OptionsError) as caught:
        make(cert_file=tmp_path / "none.pem", key_file=tmp_path / "none.key")
    assert "none.pem" in caught.value.text.vi
