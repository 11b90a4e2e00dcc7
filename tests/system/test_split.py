"""The services apart: each may end and come back, the others go on, and nothing is lost."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import time
from pathlib import Path

import pytest

from collector.clock import SystemClock
from collector.journal import Batch, Journal
from collector.sensors.portals.evidence import Recorded, Store, Story
from model.ports import Receipt
from tests.console.people import NAMES, Person, user, write_users
from tests.journal.made import THEN, change
from tests.lab.lab import Net
from tests.system.program import PATIENCE, Box, address, ended, fetched, ran, running, started, until
from tests.system.screens import Wire, mac

LEG = '[[legs]]\nname = "lan"\ninterface = "leg0"\nheartbeat = "1s"\n'
LINES = '[[sinks]]\ntype = "jsonlines"\npath = "lines.jsonl"\nstreams = ["finding"]\n'


def delivered(box: Box) -> list[str]:
    """The MAC addresses of the screens whose opening was written, in order."""
    file = box.folder / "lines.jsonl"
    lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    return [line["finding"]["subject"]["macs"][0] for line in lines if line["step"] == "opened" and line["finding"]["detector"] == "VG-NET-02"]


def macs(numbers: range) -> set[str]:
    return {mac(number) for number in numbers}


@pytest.mark.root
def test_core_may_end_and_come_back_while_the_others_go_on(net: Net, box: Box) -> None:
    segment = net.segment("hall")
    leg, wire = segment.leg(), Wire(segment.leg())
    box.write(LEG, LINES)
    core = started(box, "core")
    try:
        with running(box, "collect", space=leg.space) as collect, running(box, "export") as export:
            collect.wait_for("đang nghe trên leg0", PATIENCE)
            page = address(export)
            wire.send(range(1, 11))
            until(lambda: set(delivered(box)) == macs(range(1, 11)), "the first screens", PATIENCE)
            core.popen.send_signal(signal.SIGKILL)
            core.wait()
            # Heard while nobody judges: kept by the sensor.
            wire.send(range(11, 21))
            until(lambda: "giữ lại" in collect.said(), "the sensor's word that core is away", PATIENCE)
            assert collect.popen.poll() is None
            assert export.popen.poll() is None
            core = started(box, "core")
            until(lambda: set(delivered(box)) == macs(range(1, 21)), "the screens heard meanwhile", PATIENCE)
            until(lambda: 'vonggac_sink_up{sink="jsonlines"} 1' in fetched(page + "metrics"), "the metrics over the new core", PATIENCE)
        assert len(delivered(box)) == 20, "a screen was told twice"
        assert collect.said().count("giữ lại") == 1, "an outage is said once"
        assert ended(core) == 0
        assert "Traceback" not in core.said()
    finally:
        core.stop()
        wire.close()


@pytest.mark.root
def test_a_sensor_that_is_killed_is_missed_after_two_heartbeats_and_forgiven_when_back(net: Net, box: Box) -> None:
    leg = net.segment("hall").leg()
    box.write(LEG)

    def coverage() -> list[str]:
        return [line["state"] for line in box.findings("VG-COV-01")]

    with running(box, "core") as core:
        core.wait_for("lõi đang chạy", PATIENCE)
        collect = started(box, "collect", space=leg.space)
        collect.wait_for("đang nghe trên leg0", PATIENCE)
        until(lambda: "đang nghe" in ran("explain", "VG-COV-01", "capture:lan", "--config", box.config).stdout, "the sensor's first heartbeat", PATIENCE)
        before = time.monotonic()
        collect.stop(signal.SIGKILL)
        until(lambda: coverage() == ["open"], "the silent sensor's finding", PATIENCE)
        assert time.monotonic() - before > 1, "one heartbeat alone is not silence"
        with running(box, "collect", space=leg.space):
            until(lambda: coverage() == ["resolved"], "its end", PATIENCE)


@pytest.mark.root
def test_what_was_heard_just_before_a_service_is_told_to_stop_is_not_lost(net: Net, box: Box) -> None:
    segment = net.segment("hall")
    leg, wire = segment.leg(), Wire(segment.leg())
    box.write(LEG, LINES)
    with running(box, "run", space=leg.space) as process:
        process.wait_for("đang nghe trên leg0", PATIENCE)
        wire.send(range(1, 101))
        before = time.monotonic()
        assert ended(process) == 0
        assert time.monotonic() - before < 20
    wire.close()
    assert {line["subject"]["macs"][0] for line in box.findings()} == macs(range(1, 101))
    with running(box, "run", space=leg.space):
        until(lambda: set(delivered(box)) == macs(range(1, 101)), "what the first run had no time to deliver", PATIENCE)
    assert len(delivered(box)) == 100


def test_a_receiver_that_never_answers_holds_up_no_stop(box: Box, webhook_secret: str) -> None:
    secret = box.folder / "secret"
    secret.write_text(webhook_secret)
    secret.chmod(0o600)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        # An interface that is not there is a finding, which is what the receiver is told.
        box.write(
            '[[legs]]\nname = "lan"\ninterface = "eth77"\nheartbeat = "1s"\n',
            f'[[sinks]]\ntype = "webhook"\nurl = "http://127.0.0.1:{silent.getsockname()[1]}/"\nsecret_file = "secret"\n',
        )
        with running(box, "run") as process:
            address(process)
            silent.settimeout(PATIENCE)
            connection, _ = silent.accept()
            assert connection.recv(5) == b"POST "
            before = time.monotonic()
            assert ended(process) == 0
            assert time.monotonic() - before < 20
        connection.close()


def test_the_page_and_the_metrics_wait_for_core(box: Box) -> None:
    box.write(LEG)
    with running(box, "web") as web:
        page = address(web)
        assert fetched(page + "-/healthy")
        assert not ready(page)
        with running(box, "core"):
            until(lambda: ready(page), "readiness over core", PATIENCE)
    assert web.popen.returncode == 0


def ready(page: str) -> bool:
    try:
        fetched(page + "-/ready")
    except OSError:
        return False
    return True


def test_the_page_apart_does_with_dead_letters_and_screenshots_what_the_page_of_one_process_does(box: Box) -> None:
    (box.folder / "state").mkdir()
    write_users(box.folder / "state/users.json", *(user(role) for role in NAMES))
    box.write(LEG, LINES)
    (box.folder / "declared/portals.csv").write_text("id,url,level\nxa-a,https://xa-a.test/,xã\n")
    rows, capture = refused_rows(box), pictured(box)
    with running(box, "core") as core, running(box, "web", rights=False) as web:
        core.wait_for("lõi đang chạy", PATIENCE)
        # The page's own user is let in to read and to act; what is sent out is another's.
        (box.folder / "state/sockets/outbox.sock").unlink()
        asyncio.run(seen_to(address(web).rstrip("/"), rows, capture, box.folder / "state/evidence"))
        lines = [line for line in box.lines("audit", "list") if line["deed"].startswith("letters_")]
    assert [(line["by"], line["deed"], line["about"], line["why"]) for line in lines] == [
        ("minh", "letters_replay", f"jsonlines 1/1: {rows[0]}", ""), ("minh", "letters_purge", f"jsonlines 1/1: {rows[1]}", "trùng"),
    ]  # fmt: skip
    (left,) = box.lines("dead-letters", "list")
    assert left["document"]["row"] == rows[2]


async def seen_to(page: str, rows: list[str], capture: str, evidence: Path) -> None:
    """An administrator sends one letter again and throws one away; an analyst may do neither; both see the picture while it can be read."""
    async with Person(page) as minh, Person(page) as lan:
        await minh.log_in("administrator")
        await lan.log_in("analyst")
        assert (await lan.submit("/gui-di/tin", what="replay", letter=f"jsonlines/{rows[0]}")).status == 403
        listed = (await minh.get("/gui-di")).text
        assert all(f'value="jsonlines/{row}"' in listed for row in rows)
        assert (await minh.submit("/gui-di/tin", what="replay", letter=f"jsonlines/{rows[0]}")).status == 303
        assert (await minh.submit("/gui-di/tin", what="purge", letter=f"jsonlines/{rows[1]}", why="trùng")).status == 303
        picture = await lan.client.get(f"{page}/cong/xa-a/anh/{capture}")
        assert (picture.status, picture.content_type) == (200, "image/png")
        assert "Chưa có ảnh chụp nào" in (await lan.get("/cong/xa-a")).text
        evidence.chmod(0)
        assert "Chưa đọc được kho chứng cứ" in (await lan.get(f"/cong/xa-a/anh/{capture}")).text


def refused_rows(box: Box) -> list[str]:
    """Three rows that the sink refused for good, in the journal that core will find."""
    with Journal.open(box.folder / "state/journal.sqlite", box="hop-01") as journal:
        journal.table.register("jsonlines", ["finding"])
        journal.commit(Batch(site="diem-1", now=THEN, changes=[change(n) for n in (1, 2, 3)]))
        rows = journal.table.lease("jsonlines", 10).rows
        journal.table.acknowledge("jsonlines", [Receipt(row.seq, "rejected", "400") for row in rows])
        return [row.id for row in rows]


def pictured(box: Box) -> str:
    """A look at the portal that was kept with its screenshot."""
    store = Store(box.folder / "state/evidence", 1 << 24, SystemClock())
    sent = Recorded(url="https://xa-a.test/", started=THEN, status=200, body=b"<p>x", address="192.0.2.1")
    return store.keep("look-1", "xa-a", [sent], b"\x89PNG\r\n\x1a\n" + b"picture" * 9, Story(at=THEN, url="https://xa-a.test/", persona="mobile"))
