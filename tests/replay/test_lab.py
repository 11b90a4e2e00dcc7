"""Our own recordings from the capture file to the finding: each screen on its own device, nobody else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from collector import capturefile
from model.declared import Declared, Zone
from model.verdict import Severity
from tests import corpus
from tests.replay.played import DISPLAY, asset_of, findings_on, json_of, lamps_of, played

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "deploy" / "demo"
LAMPS = ("present", "enabled", "open", "in_session", "picture")
CASES = {path.parent.name: path for path in corpus.lab_captures()}


def expected(capture: Path) -> dict[str, Any]:
    return json.loads((capture.parent / "expected.json").read_text())


def rows(part: str) -> list[Any]:
    return [pytest.param(path, row, id=f"{name}-{row['family']}") for name, path in CASES.items() for row in expected(path).get(part, [])]


def assert_shown(player, row) -> None:
    lamps = lamps_of(player, row["mac"])[row["family"]]
    told = {lamp: getattr(lamps, lamp) for lamp in LAMPS if lamp in row}
    assert told == {lamp: row[lamp] for lamp in LAMPS if lamp in row}
    [change] = findings_on(player, row["mac"])
    assert change.finding.state == "open"
    assert change.finding.subject.id == asset_of(player, row["mac"]).id
    shows = row["open"] == "yes" and row["picture"] != "no"
    assert change.finding.severity is (Severity.HIGH if shows else Severity.LOW)


def assert_left(player, row) -> None:
    lamps = lamps_of(player, row["mac"])[row["family"]]
    assert (lamps.left, lamps.closed) == (True, row["refused"])
    [change] = findings_on(player, row["mac"])
    assert change.finding.state == ("resolved" if row["refused"] else "open")
    assert bool(change.finding.stale) is not row["refused"], "an open finding that is not heard says so"


def assert_not_accused(player, mac) -> None:
    """Who only asks has no finding; what speaks DLNA and is no screen at most a low one (`present`)."""
    severities = {change.finding.severity for change in findings_on(player, mac)}
    assert severities <= {Severity.LOW}
    assert all(lamps.enabled != "yes" for lamps in lamps_of(player, mac).values())


def test_there_are_cases_of_every_kind():
    assert len(CASES) > 20
    assert rows("displays")
    assert rows("left")


@pytest.mark.parametrize(("capture", "row"), rows("displays"))
def test_a_screen_is_found_with_its_lamps(capture, row):
    assert_shown(played(capture), row)


@pytest.mark.parametrize(("capture", "row"), rows("left"))
def test_one_that_left_is_closed_only_when_its_port_was_shut(capture, row):
    assert_left(played(capture), row)


@pytest.mark.parametrize("name", CASES)
def test_nobody_else_is_a_screen(name):
    player = played(CASES[name])
    told = expected(CASES[name])
    for mac in told["not_displays"]:
        assert_not_accused(player, mac)
    known = {row["mac"] for row in (*told["displays"], *told.get("left", ())) if row} | set(told["not_displays"])
    strangers = [change for change in player.engine.standing() if change.finding.detector == DISPLAY and not known & set(change.macs)]
    assert strangers == []


@pytest.mark.parametrize("name", ["only-questions", "printer-ipp", "dhcp-dnsmasq", "ra-radvd", "ra-radvd-stop"])
def test_a_network_without_screens_has_no_finding_of_any_rule(name):
    assert played(CASES[name]).engine.standing() == []


def test_a_cast_session_is_an_episode_and_in_the_sentence():
    player = played(CASES["cast-busy"])
    [*_, last] = sorted(player.engine.view.episodes.values(), key=lambda row: row.seen.first)
    assert (last.what, last.ended.value, last.who) == ("YouTube", False, "")
    [change] = findings_on(player, "00:f6:20:10:20:33")
    assert "đang có phiên trình chiếu từ 08:00 ngày 15/07 (“YouTube”)" in change.finding.summary.vi
    assert "session" in {piece.kind for piece in change.finding.evidence}


def test_on_its_own_network_a_screen_is_medium():
    known = Declared(site="xa-thu", legs=("file",), zones=(Zone(leg="file", role="display"),))
    player = played(CASES["airplay-uxplay"], known=known)
    assert [change.finding.severity for change in findings_on(player, "00:e0:4c:10:20:31")] == [Severity.MEDIUM]


def test_the_boxs_own_sensors_are_not_missed_in_a_file():
    from model.declared import ExpectedSensor

    sensors = (ExpectedSensor(sensor="capture:lan", leg="lan", heartbeat=1, since=0),)
    player = played(CASES["only-questions"], known=Declared(site="xa-thu", legs=("lan",), sensors=sensors))
    assert player.engine.standing() == []


# The recorded day


@pytest.fixture(scope="module")
def day():
    return played(DEMO / "commune.pcapng.gz")


DAY = json.loads((DEMO / "expected.json").read_text())


@pytest.mark.parametrize("row", DAY["displays"], ids=lambda row: row["family"])
def test_the_recorded_day_shows_its_screens(day, row):
    assert_shown(day, row)


@pytest.mark.parametrize("row", DAY["left"], ids=lambda row: row["family"])
def test_the_recorded_day_shows_what_was_switched_off(day, row):
    assert_left(day, row)


@pytest.mark.parametrize("mac", DAY["not_displays"])
def test_the_recorded_day_accuses_nobody_else(day, mac):
    assert_not_accused(day, mac)


def test_the_recorded_day_knows_each_device_by_its_address(day):
    known = [host for host in DAY["hosts"] if host["mac"] in day.engine.view.by_mac]
    # On the citizens' leg, a plain port, one router is never heard twice.
    assert len(known) >= len(DAY["hosts"]) - 1
    for host in known:
        assert host["ip"] in asset_of(day, host["mac"]).ips


# The same again


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("name", ["airplay-uxplay", "cast-goodbye", "dlna-gmediarender-byebye", "dhcp-dnsmasq"])
def test_any_batch_size_gives_the_same_bytes(monkeypatch, name, size):
    usual = json_of(played(CASES[name]))
    monkeypatch.setattr(capturefile, "BATCH", size)
    assert json_of(played(CASES[name])) == usual
    assert usual


def test_the_day_is_the_same_frame_by_frame(monkeypatch, day):
    monkeypatch.setattr(capturefile, "BATCH", 1)
    assert json_of(played(DEMO / "commune.pcapng.gz")) == json_of(day)


def test_twice_the_command_gives_the_same_bytes_whatever_the_hash_seed():
    captures = [str(CASES[name]) for name in ("airplay-uxplay", "cast-busy", "dlna-rygel", "roku-emulated", "mediaserver-minidlna", "pjlink-search")]
    command = [str(Path(sys.executable).with_name("vonggac")), "replay", "--format", "json", "--assets", *captures]
    runs = [
        subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True, timeout=120).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    lines = [json.loads(line) for line in runs[0].splitlines()]
    assert sum(line.get("detector") == DISPLAY for line in lines) == 6
    assert any("asset" in line for line in lines)


def test_a_file_played_again_years_later_is_the_same_capture_of_its_own_day():
    once, again = played(CASES["airplay-uxplay"]), played(CASES["airplay-uxplay"])
    assert [change.finding.opened for change in once.engine.standing()] == [change.finding.opened for change in again.engine.standing()]
    assert once.engine.view.now // 10**9 // 86400 == 20284  # 15 July 2025


def test_an_older_file_after_a_newer_one_is_a_new_epoch_and_still_judged(tmp_path):
    older = tmp_path / "older.pcap"
    data = bytearray(CASES["cast-idle"].read_bytes())
    place = 24
    while place < len(data):
        seconds = int.from_bytes(data[place : place + 4], "little")
        size = int.from_bytes(data[place + 8 : place + 12], "little")
        data[place : place + 4] = (seconds - 5 * 86400).to_bytes(4, "little")
        place += 16 + size
    older.write_bytes(data)
    player = played(CASES["airplay-uxplay"], older)
    assert player.engine.view.epoch == 1
    assert [change.finding.state for change in findings_on(player, "00:f6:20:10:20:33")] == ["open"]
    assert [change.finding.state for change in findings_on(player, "00:e0:4c:10:20:31")] == ["open"]
