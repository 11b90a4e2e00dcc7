"""`dead-letters`, `notify test`, `webhook verify` as people run them: against a core's sockets, a journal file, a receiver."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from collector.access import JOURNAL
from collector.factqueue import FactQueue
from collector.journal import Batch, Journal
from collector.sockets import CoreServer
from model.ports import CoreStatus, Receipt
from tests.journal.made import SITE, THEN, changes, finding
from tests.servers.webhook_receiver import WebhookReceiver
from tests.system.program import VONGGAC, Box

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = '{"test": 2432232314}'
HEADERS = "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek\nwebhook-timestamp: 1614265330\nwebhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\n"


async def asked(*arguments: str | Path, status: int = 0, said: bytes = b"") -> str:
    """A command to its end, while this process serves it; what it printed (on the error output, where it is to fail)."""
    environment = {**os.environ, "COLUMNS": "400"}
    child = await asyncio.create_subprocess_exec(
        VONGGAC, *map(str, arguments), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=environment
    )
    out, complaint = await asyncio.wait_for(child.communicate(said), 60)
    assert child.returncode == status, (out.decode(), complaint.decode())
    return out.decode() + complaint.decode()


@contextlib.contextmanager
def refused(box: Box) -> Any:
    """A journal in which `soc` refused three findings and `es` took them."""
    box.write(f'[sockets]\ndir = "{box.folder}/s"\n')
    (box.folder / "state").mkdir()
    with Journal.open(box.folder / "state" / JOURNAL, box="hop-01") as journal:
        for sink in ("soc", "es"):
            journal.table.register(sink, ["finding"])
        journal.commit(Batch(site=SITE, now=THEN, changes=changes([1, 2, 3])))
        for sink, outcome in (("soc", "rejected"), ("es", "accepted")):
            rows = journal.table.lease(sink, 10).rows
            journal.table.acknowledge(sink, [Receipt(row.seq, outcome, "sai cấu trúc (422)") for row in rows])  # type: ignore[arg-type]
        yield journal


@contextlib.asynccontextmanager
async def core(box: Box, journal: Journal) -> AsyncIterator[None]:
    """Core's sockets over the journal."""

    def status() -> CoreStatus:
        none: dict[str, int] = {}
        return CoreStatus(
            now=THEN, started=THEN, facts=none, refused=none, assets=0, evicted=0, overflowed=0, queue=0, commits=0, commit_seconds=0.0,
            journal_bytes=0, lost=none,
        )  # fmt: skip

    acts: Any = None
    server = CoreServer(box.folder / "s", facts=FactQueue(), outbox=journal.outbox(), reader=journal.reader(status), acts=acts)
    await server.start()
    try:
        yield
    finally:
        await server.stop()


async def listed(box: Box, *more: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (await asked("dead-letters", "list", "--format", "json", "--config", box.config, *more)).splitlines()]


def trail(box: Box) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (box.folder / "state" / "page-audit.jsonl").read_text().splitlines()]


async def test_letters_are_listed_shown_sent_again_and_thrown_away(box: Box) -> None:
    with refused(box) as journal:
        async with core(box, journal):
            letters = await listed(box)
            assert [(one["sink"], one["reason"], one["document"]["finding"]["id"]) for one in letters] == [
                ("soc", "sai cấu trúc (422)", finding(n).id) for n in (3, 2, 1)
            ]
            assert await listed(box, "--sink", "es") == []
            table = await asked("dead-letters", "list", "--config", box.config)
            assert "3 bản tin bị từ chối" in table
            assert "Màn hình mở" in table
            third, second, first = (one["document"]["row"] for one in letters)
            assert json.loads(await asked("dead-letters", "show", second, "--config", box.config)) == letters[1]
            again = await asked("dead-letters", "replay", first, "--sink", "soc", "--config", box.config)
            assert "Đã đưa 1 bản tin trở lại hàng chờ của “soc”" in again
            assert [row.id for row in journal.table.lease("soc", 10).rows] == [first]
            assert journal.table.lease("es", 10).rows == ()
            purged = await asked("dead-letters", "purge", third, "none", "--sink", "soc", "--config", box.config, status=1)
            assert "Đã bỏ 1 bản tin" in purged
            assert "có 1 mã không phải" in purged
            assert "Đã bỏ 1 bản tin" in await asked("dead-letters", "purge", "--all", "--sink", "soc", "--why", "trùng", "--config", box.config)
            assert await listed(box) == []
            assert [(line["deed"], line["about"], line["why"], line["outcome"]) for line in trail(box)] == [
                (*deed, outcome)
                for deed in (
                    ("letters_replay", f"soc 1/1: {first}", ""),
                    ("letters_purge", f"soc 1/1: {third}", ""),
                    ("letters_purge", f"soc 1/1: {second}", "trùng"),
                )
                for outcome in ("begun", "done")
            ]
            assert all(line["by"].startswith("os:") for line in trail(box))


@contextlib.asynccontextmanager
async def cut_after_the_welcome(core: Path, place: Path) -> AsyncIterator[None]:
    """A way to core's socket on which core's welcome comes back, and no answer after it."""

    async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_unix_connection(core)

        async def upward() -> None:
            while said := await reader.read(1 << 16):
                up_writer.write(said)

        asking = asyncio.create_task(upward())
        writer.write(await up_reader.read(1 << 16))
        await up_reader.read(1 << 16)
        writer.close()
        await asking
        up_writer.close()

    server = await asyncio.start_unix_server(passed, place)
    async with server:
        yield


async def test_what_core_did_without_being_able_to_say_so_is_noted_as_unknown(box: Box) -> None:
    with refused(box) as journal:
        async with core(box, journal):
            sockets = box.folder / "s"
            (sockets / "outbox.sock").rename(sockets / "behind.sock")
            async with cut_after_the_welcome(sockets / "behind.sock", sockets / "outbox.sock"):
                said = await asked("dead-letters", "purge", "--all", "--sink", "soc", "--why", "trùng", "--config", box.config, status=1)
            assert await listed(box) == []
    begun, unknown = trail(box)
    assert (begun["deed"], begun["why"], begun["outcome"]) == ("letters_purge", "trùng", "begun")
    assert unknown["about"] == begun["about"]
    assert unknown["outcome"] in said
    assert "không rõ" in unknown["outcome"]


async def test_without_core_letters_can_be_read_and_nothing_is_done_to_them(box: Box) -> None:
    with refused(box):
        pass
    assert len(await listed(box)) == 3
    assert "không kết nối được với core" in await asked("dead-letters", "replay", "--all", "--sink", "soc", "--config", box.config, status=1)
    # What was not done is not noted as done; that somebody wanted it is.
    begun, failed = trail(box)
    assert (begun["outcome"], "không kết nối được với core" in failed["outcome"]) == ("begun", True)
    assert "không có bản tin bị từ chối nào mang mã xyz" in await asked("dead-letters", "show", "xyz", "--config", box.config, status=1)
    assert len(await listed(box)) == 3


@pytest.mark.parametrize(
    ("arguments", "sentence"), [(("--all",), "hãy ghi --sink"), (("--sink", "soc"), "--all để lấy tất cả"), (("x", "--all", "--sink", "soc"), "--all để")]
)
async def test_what_is_meant_must_be_said(box: Box, arguments: tuple[str, ...], sentence: str) -> None:
    assert sentence in await asked("dead-letters", "purge", *arguments, "--config", box.config, status=2)


async def test_a_test_message_goes_through_each_sink_and_tells_what_the_server_answered(box: Box) -> None:
    (box.folder / "secret").write_text(f"{SECRET}\n")
    (box.folder / "secret").chmod(0o600)
    async with WebhookReceiver(SECRET) as on_call, WebhookReceiver(SECRET) as failing:
        failing.answer_next(503)
        sinks = [
            f'[[sinks]]\ntype = "webhook"\nname = "{name}"\nurl = "{receiver.url}"\nsecret_file = "secret"\n'
            for name, receiver in (("truc-ban", on_call), ("hong", failing))
        ]
        box.write(*sinks, '[[sinks]]\ntype = "jsonlines"\n')
        said = await asked("notify", "test", "--config", box.config, status=1)
        (arrived,) = on_call.accepted
        assert arrived.json()["data"]["detector"] == "VG-TEST-00"
        lines = {line.split()[0]: line for line in said.splitlines() if line.split()}
        assert "đã nhận" in lines["truc-ban"]
        assert "chưa gửi được" in lines["hong"]
        assert "503" in lines["hong"]
        assert "jsonlines" not in said
        await asked("notify", "test", "--sink", "truc-ban", "--config", box.config)
        assert (len(on_call.accepted), len(failing.deliveries)) == (2, 1)
        assert "đang có: truc-ban, hong, jsonlines" in await asked("notify", "test", "--sink", "x", "--config", box.config, status=1)
        assert "ngay trên máy này" in await asked("notify", "test", "--sink", "jsonlines", "--config", box.config, status=1)
    # The running service's memory of whom it told is its own, and nothing but the commands' input lies about.
    assert not list(box.folder.rglob("told-*"))
    assert not list(box.folder.rglob("*.jsonl"))


async def test_a_delivery_is_verified_by_its_bytes_headers_and_the_time_of_receipt(tmp_path: Path) -> None:
    body, headers, secret = tmp_path / "body", tmp_path / "headers", tmp_path / "secret"
    body.write_text(BODY)
    headers.write_text(HEADERS)
    secret.write_text(SECRET)
    secret.chmod(0o600)
    command = ("webhook", "verify", "--headers", headers, "--secret-file", secret)
    assert "Đúng: tin msg_p5jXN8AQM9LWM0D4loKWxJek" in await asked(*command, body, "--at", "1614265330")
    assert "Genuine" in await asked(*command, "-", "--at", "1614265330", "--english", said=BODY.encode())
    assert "phát lại" in await asked(*command, body, status=1)
    assert "không chữ ký v1 nào khớp" in await asked(*command, "-", "--at", "1614265330", said=BODY.encode() + b"\n", status=1)
    assert "không đọc được" in await asked(*command, tmp_path / "none", status=1)
    secret.chmod(0o644)
    assert "chmod 600" in await asked(*command, body, status=1)
