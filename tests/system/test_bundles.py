"""Answers carried by hand to a running box: taken in once, found like live ones but older, and anything wrong refused while the rest goes in."""

from __future__ import annotations

import json
import time

import pytest

from collector.catalogue import load, render
from collector.catalogue.shapes import Province
from collector.simosquery.tables import pc
from collector.simosquery.world import World
from tests.bundles.stick import Stick
from tests.system.program import Box, address, ran, running

LEG = '[[legs]]\nname = "lan"\ninterface = "lo"\n'
CANARY = "canary-079123456789"


@pytest.fixture
def keys(short_path):
    assert ran("endpoints", "bundle-keys", "--out", short_path / "khoa").returncode == 0
    made = ran("endpoints", "stick", "--name", "doan-1", "--keys", short_path / "khoa", "--out", short_path / "usb")
    assert made.returncode == 0, made
    return short_path / "khoa"


def results(*faults: str, only: tuple[str, ...] = ()) -> dict:
    """What a PC with these faults answers, in the columns of the catalogue."""
    rendered = render(load(), Province(code="37", government=()))
    world = World(pc(7, int(time.time()), *faults), rendered.tables)
    asked = [query for query in rendered.queries if "windows" in query.platforms and (not only or query.topic in only)]
    return {query.topic: {"status": 0, "rows": world.run(query.sql)} for query in asked}


def test_a_stick_has_all_that_an_inspector_needs(short_path, keys):
    assert {path.name for path in (short_path / "usb").iterdir()} == {"stick.xml", "recipient.xml", "stick.json", "vg-facts.json", "vg-facts.ps1", "chay.cmd"}
    assert "gov.vn" in json.loads((short_path / "usb/vg-facts.json").read_text())["government"]
    assert b"stick" not in (keys / "sticks/doan-1.pem").read_bytes()


def test_what_is_carried_by_hand_is_found_once_and_the_broken_is_refused(box: Box, short_path, keys):
    box.write(LEG)
    stick, now, folder = Stick(short_path / "usb"), int(time.time()), short_path / "goi"
    folder.mkdir()
    good = stick.write(results("blank_password", only=("machine", "interfaces", "accounts", "logon_policy", "auto_logon")), number=1, made=now)
    (folder / "a-goi-1.vgb").write_bytes(good)
    (folder / "b-cut.vgb").write_bytes(good[:500])
    (folder / "c-reused.vgb").write_bytes(stick.write(results(only=("machine",)), number=1, made=now))
    lines = [
        {"name": topic, "action": "snapshot", "snapshot": answer["rows"], "hostIdentifier": "uuid-8", "unixTime": now - 600}
        for topic, answer in results("no_firewall", only=("firewall", "firewall_holes", "machine")).items()
    ]
    (folder / "d-osqueryd.snapshots.log").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (folder / "e-strange.csv").write_text(f"{CANARY},b\n1,2\n")
    with running(box, "run") as service:
        address(service)
        first = ran("endpoints", "import", folder, "--keys", keys, "--by", "Trần B", "--config", box.config)
        said = first.stdout.splitlines()
        assert first.returncode == 1, first
        assert [line.split()[0:2] for line in said] == [["đã", "nhập"], ["TỪ", "CHỐI"], ["TỪ", "CHỐI"], ["đã", "nhập"], ["TỪ", "CHỐI"]]
        assert "cắt cụt" in said[1]
        assert "số thứ tự" in said[2]
        assert CANARY not in first.stdout + first.stderr
        again = ran("endpoints", "import", folder / "a-goi-1.vgb", "--keys", keys, "--config", box.config)
        assert (again.returncode, again.stdout.split()[:2]) == (0, ["đã", "có"])
        (blank,) = box.findings("VG-END-04")
        assert blank["severity"] == "high"
        (wall,) = box.findings("VG-END-10")
        assert wall["subject"]["id"] != blank["subject"]["id"]


def test_an_unsigned_file_needs_somebody_who_answers_for_it(box: Box, short_path):
    box.write(LEG)
    log = short_path / "osqueryd.snapshots.log"
    log.write_text(json.dumps({"name": "agent", "action": "snapshot", "snapshot": [{"version": "5.23.0"}], "hostIdentifier": "u", "unixTime": 1}) + "\n")
    with running(box, "run") as service:
        address(service)
        refused = ran("endpoints", "import", log, "--config", box.config)
        assert refused.returncode == 1
        assert "--by" in refused.stdout
        assert ran("endpoints", "import", log, "--by", "Lan", "--config", box.config).returncode == 0


def test_without_a_running_box_nothing_is_taken_in(box: Box, short_path):
    box.write(LEG)
    (short_path / "a.log").write_text("{}")
    refused = ran("endpoints", "import", short_path / "a.log", "--by", "Lan", "--config", box.config)
    assert refused.returncode == 1
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "Traceback" not in refused.stderr
