"""`vonggac demo` as somebody sees it first: no privilege, findings within seconds, nothing left behind."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import pytest

from tests.lab.lab import Process
from tests.system.program import PATIENCE, VONGGAC, Box, address, ended, fetched, running, spawned, until

CHECKOUT = Path(__file__).parents[2]


def demo(folder: Path, *more: str) -> Process:
    (folder / "tmp").mkdir()
    return spawned([str(VONGGAC), "demo", "--port", "0", *more], folder / "demo.log", rights=False, env={"TMPDIR": str(folder / "tmp")})


def demo_files() -> set[Path]:
    return set((CHECKOUT / "deploy" / "demo").rglob("*"))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_findings_are_on_the_page_and_nothing_is_left_behind(short_path: Path, how: signal.Signals) -> None:
    before = demo_files()
    process = demo(short_path, "--seconds", "2")
    try:
        page = address(process)
        until(lambda: "TV-Sảnh" in fetched(page + "phat-hien"), "the lobby's television on the page", PATIENCE)
        assert ended(process, how) == 0
    finally:
        process.stop()
    assert list((short_path / "tmp").iterdir()) == []
    assert demo_files() == before
    assert "Traceback" not in process.said()
    assert "Task" not in process.said(), "asyncio complains of something left open"


def test_stopped_while_it_starts_it_leaves_nothing_either(short_path: Path) -> None:
    process = demo(short_path)
    try:
        until(lambda: bool(list((short_path / "tmp").iterdir())), "its temporary folder", PATIENCE)
        assert ended(process) == 0
    finally:
        process.stop()
    assert list((short_path / "tmp").iterdir()) == []


def test_both_networks_are_heard_each_on_its_leg(short_path: Path) -> None:
    process = demo(short_path, "--seconds", "2")
    try:
        page = address(process)
        process.wait_for("đã phát hết", PATIENCE)
        until(lambda: "TV khu chờ" in fetched(page + "phat-hien") and "Khu chờ" in fetched(page + "phat-hien"), "the waiting room's screen", PATIENCE)
        metrics = fetched(page + "metrics")
        assert 'leg="can-bo",vantage="mirror"' in metrics
        assert 'leg="nguoi-dan",vantage="plain"' in metrics
        assert not re.search(r"vonggac_findings\{[^}]*VG-COV-01[^}]*\} [1-9]", metrics)
        report = json.loads(fetched(page + "bao-cao/demo.json"))
        assert [row["number"] for row in report["rows"]] == list(range(1, 16))
        assert report["rows"][1]["counts"]["violation"] >= 2, "both screens"
        assert [leg["leg"] for leg in report["response"]["watched"][:2]] == ["can-bo", "nguoi-dan"]
        assert "Khu chờ" in fetched(page + "bao-cao")
    finally:
        process.stop()


def test_english_is_spoken_when_asked_for(short_path: Path) -> None:
    process = demo(short_path, "--lang", "en")
    try:
        page = address(process)
        assert "Page: " in process.said()
        assert "Findings" in fetched(page)
    finally:
        process.stop()


def test_run_without_the_right_to_capture_says_so_once_and_serves_the_rest(box: Box) -> None:
    box.write('[[legs]]\nname = "lan"\ninterface = "lo"\nheartbeat = "1s"\n')
    with running(box, "run", rights=False) as process:
        page = address(process)
        process.wait_for("setcap cap_net_raw", PATIENCE)
        assert fetched(page + "-/healthy")
        until(lambda: 'vonggac_sensor_up{sensor="capture:lan"} 0' in fetched(page + "metrics"), "the sensor in the metrics", PATIENCE)
        assert ended(process) == 0
    assert process.said().count("setcap") == 1
