"""What `vonggac doctor` says of a machine, its keys and its services; each ailment made for real."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from collector.clock import SystemClock
from collector.config import load
from collector.doctor import Check, of_keys, of_machine, of_running
from model.listening import LISTENING_GAP
from model.ports import SinkStatus
from model.rows import Sighting
from model.times import DAY, MINUTE, SECOND
from tests.exporters.readers import Reader, sensor, status
from tests.exporters.samples import AT
from tests.system.program import PATIENCE, VONGGAC, Box, ran, running, until


@pytest.fixture
def box() -> Iterator[Box]:
    # Short: a Unix socket's path has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="vonggac-test-") as name:
        yield Box(Path(name)).site().write()


def named(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def test_an_interface_that_is_not_there_is_bad_and_the_others_are_named(box: Box) -> None:
    box.write('[[legs]]\nname = "lan"\ninterface = "khong-co"\n')
    found = named(list(of_machine(load(box.config), SystemClock().now())))
    assert found["leg lan"].state == "bad"
    assert "lo" in found["leg lan"].mend.vi


def test_a_clock_before_the_program_s_own_day_is_bad(box: Box) -> None:
    config = load(box.config)
    assert named(list(of_machine(config, 0)))["clock"].state == "bad"
    assert named(list(of_machine(config, SystemClock().now())))["clock"].state == "ok"


def test_a_journal_larger_than_the_disk_is_bad(box: Box) -> None:
    box.write(f"[journal]\nmax_bytes = {1 << 60}\n")
    found = named(list(of_machine(load(box.config), SystemClock().now())))["disk"]
    assert (found.state, "max_bytes" in found.mend.en) == ("bad", True)


def certificate(path: Path, begins: datetime.datetime, days: int) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "thử")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = builder.not_valid_before(begins).not_valid_after(begins + datetime.timedelta(days=days)).sign(key, hashes.SHA256())
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))


@pytest.mark.parametrize(("begins", "days", "state"), [(-10, 365, "ok"), (-10, 20, "warn"), (-10, 5, "bad"), (5, 365, "bad")])
def test_a_certificate_is_judged_by_what_is_left_of_it(box: Box, begins: int, days: int, state: str) -> None:
    now = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
    certificate(box.folder / "ca.pem", now + datetime.timedelta(days=begins), days)
    (box.folder / "khoa").write_text("whsec_x\n")
    box.write('[[sinks]]\ntype = "webhook"\nurl = "https://a.example"\nsecret_file = "khoa"\nca_file = "ca.pem"\n')
    found = named(list(of_keys(load(box.config), int(now.timestamp()) * SECOND)))
    assert found["sinks[webhook].ca_file"].state == state


@pytest.mark.parametrize(("mode", "state"), [(0o600, "ok"), (0o640, "bad"), (0o604, "bad")])
def test_a_secret_is_its_owner_s_alone(box: Box, mode: int, state: str) -> None:
    secret = box.folder / "khoa"
    secret.write_text("whsec_canary\n")
    secret.chmod(mode)
    box.write('[[sinks]]\ntype = "webhook"\nurl = "https://a.example"\nsecret_file = "khoa"\n')
    found = named(list(of_keys(load(box.config), AT)))["sinks[webhook].secret_file"]
    assert found.state == state
    assert "canary" not in msgspec.json.encode(found).decode()
    assert state == "ok" or f"chmod 600 {secret}" in found.mend.vi


def test_no_certificate_is_said_as_such(box: Box) -> None:
    (box.folder / "ca.pem").write_text("xin chào")
    box.write('[[sinks]]\ntype = "webhook"\nurl = "https://a.example"\nsecret_file = "khoa"\nca_file = "ca.pem"\n')
    found = named(list(of_keys(load(box.config), AT)))
    assert (found["sinks[webhook].ca_file"].state, found["sinks[webhook].secret_file"].state) == ("bad", "bad")


async def seen(**fields: Any) -> dict[str, Check]:
    now, sensors, sinks = (fields.pop(name, default) for name, default in (("now", AT), ("asked_sensors", ()), ("asked_sinks", ())))
    return named(await of_running(Reader(**fields), now, sensors=sensors, sinks=sinks))


async def test_a_core_that_stopped_is_bad_though_its_journal_answers() -> None:
    assert (await seen(core=status(lost={}), now=AT + LISTENING_GAP + 2 * SECOND))["core"].state == "bad"
    assert (await seen(core=status(lost={})))["core"].state == "ok"
    assert (await seen(core=status(lost={"posture": 3})))["core"].state == "warn"


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"dropped": 0}, "ok"),
        ({"dropped": 500}, "warn"),
        ({"state": "waiting", "message": "chưa cắm dây"}, "bad"),
        ({"seen": Sighting(AT - DAY, AT - DAY)}, "bad"),
    ],
)
async def test_a_sensor_is_judged_by_hearing_and_by_what_it_lost(fields: dict[str, Any], state: str) -> None:
    found = (await seen(core=status(), sensors=[sensor(**fields)]))["capture:lan"]
    assert found.state == state
    assert fields.get("message", "") in found.said.vi


@pytest.mark.parametrize(("started", "state"), [(AT - DAY, "bad"), (AT - SECOND, "unknown")])
async def test_what_is_configured_and_never_said_anything_is_told(started: int, state: str) -> None:
    found = await seen(core=status(started=started), sensors=[sensor(dropped=0)], asked_sensors=["capture:lan", "capture:dan"], asked_sinks=["es"])
    assert (found["capture:lan"].state, found["capture:dan"].state, found["sink es"].state) == ("ok", state, state)
    assert found["capture:dan"].mend.vi


async def test_a_leg_that_was_taken_out_of_the_configuration_is_no_trouble_any_more() -> None:
    gone = sensor(state="waiting", message="chưa cắm dây")
    found = await seen(core=status(), sensors=[gone], asked_sensors=["capture:dan"])
    assert ("capture:lan" in found, "capture:dan" in found) == (False, True)


async def test_a_journal_ahead_of_the_clock_says_nothing_of_core_and_its_sensors() -> None:
    found = await seen(core=status(lost={}), sensors=[sensor()], now=AT - DAY)
    assert (found["core"].state, found["capture:lan"].state) == ("bad", "bad")
    assert "đồng hồ" in found["core"].said.vi


def test_a_user_who_may_not_look_is_told_so_and_nothing_is_called_well(box: Box) -> None:
    """Root without its powers, before a folder that is another's."""
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("needs root: a folder is given to another user")
    secret = box.folder / "state" / "khoa"
    secret.parent.mkdir(exist_ok=True)
    secret.write_text("whsec_x\n")
    box.write(f'[[sinks]]\ntype = "webhook"\nurl = "https://a.example"\nsecret_file = "{secret}"\n')
    secret.parent.chmod(0o700)
    os.chown(secret.parent, 54_320, 54_321)
    command = ["setpriv", "--inh-caps=-all", "--bounding-set=-all", VONGGAC, "doctor", "--config", str(box.config), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    lines = {line["name"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert [lines[name]["state"] for name in ("disk", "sinks[webhook].secret_file", "core")] == ["warn", "unknown", "unknown"]
    assert "sudo" in lines["core"]["mend"]
    assert "không có quyền" in lines["core"]["said"]


async def test_a_sink_is_judged_by_the_oldest_that_waits() -> None:
    def sink(name: str, **fields: Any) -> SinkStatus:
        return SinkStatus(**{"sink": name, "waiting": 0, "oldest_at": 0, "dead": 0, "delivered": 4, **fields})

    late = sink("es", waiting=3, oldest_at=AT - 16 * MINUTE, last_error="máy nhận cắt kết nối")
    found = await seen(core=status(), sinks=[late, sink("a", waiting=3, oldest_at=AT - MINUTE), sink("b", dead=1)])
    assert [found[f"sink {name}"].state for name in ("es", "a", "b")] == ["bad", "ok", "warn"]
    assert "notify test --sink es" in found["sink es"].mend.vi
    assert "cắt kết nối" in found["sink es"].said.vi


def test_the_command_says_what_is_missing_and_is_content_with_a_running_box(box: Box) -> None:
    stopped = ran("doctor", "--config", box.config, "--format", "json")
    assert stopped.returncode == 1
    lines = [json.loads(line) for line in stopped.stdout.splitlines()]
    assert [line["name"] for line in lines if line["state"] == "bad" and not line["name"].startswith("leg ")] == ["core"]
    with running(box, "run"):
        until(lambda: core_of(box)["state"] == "ok", "core to answer the doctor")
    table = ran("doctor", "--config", box.config)
    assert "Cách sửa" in table.stdout
    assert "thiết bị" in table.stdout


def core_of(box: Box) -> dict[str, str]:
    lines = [json.loads(line) for line in ran("doctor", "--config", box.config, "--format", "json").stdout.splitlines()]
    return next(line for line in lines if line["name"] == "core")
