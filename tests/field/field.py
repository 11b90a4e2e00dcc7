"""A box's life in a fresh Debian 12, by the package alone: installed, booted, each unit killed, loops hung, rebooted, unplugged, upgraded, replaced, removed.

Run by `make field` (root; some minutes), which rewrites the table in docs/field.md. After each trouble a real screen that was not there before is switched
on, and must become an alert at the SOC's webhook.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import platform
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.field.centre import OPTIONS, Centre
from tests.field.machine import Machine, held
from tests.lab.lab import Host, Net, Segment, until

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
sys.path.append(str(ROOT / "tests/lab"))

import screens  # noqa: E402 - the laboratory's modules are scripts beside each other

UNITS = ("core", "collect", "export", "web", "probe", "screens")
SECRET = "whsec_Zm9yLXRoZS1maWVsZC10ZXN0LW9ubHktMTIzNA=="
# An alert comes within seconds; this only bounds what would otherwise hang.
PATIENCE = 120.0
# A leg's loop is missed after 15 s, core's after 60 s (collector/split.py, service.py); systemd waits 30 s for the next word, and up to 90 s for a core dump.
HUNG = 240.0
CONFIG = """
language = "vi"
[[legs]]
interface = "leg0"
heartbeat = "1s"
probes = ["dhcp"]
[sockets]
dir = "/run/vonggac"
[probes]
first = "3s"
[screens]
ask = ["dlna"]
subscribe = ["dlna"]
[endpoints]
mark_key = "secrets/mark.key"
[[sinks]]
type = "webhook"
url = "https://soc.example.vn:8443/"
credential = "sinks_webhook"
ca_file = "ca.pem"
"""
MARKS = 'mark_key = "secrets/mark.key"\n'
WITH_PCS = CONFIG.replace(MARKS, MARKS + OPTIONS)
# A service that is not fed for WatchdogSec, 30 s, is started again.
WATCHDOG = 40.0


@dataclasses.dataclass
class Field:
    """The machine, its networks, and what was measured."""

    net: Net
    machine: Machine
    hall: Segment
    uplink: Segment
    inbox: Path
    rows: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    screens: int = 0
    province_since: float = 0.0

    def connect(self) -> None:
        """Cables in: a leg on the hall's switch, another towards the SOC. A machine that was switched off has lost its own."""
        for segment, interface, address in ((self.hall, "leg0", "192.168.10.2/24"), (self.uplink, "up0", "10.9.0.2/24")):
            segment.plug(self.machine, interface)  # type: ignore[arg-type] # a space as far as a cable is concerned
            self.machine.shell(f"ip address add {address} dev {interface}; ip link set {interface} up")

    def note(self, what: str, result: str) -> None:
        """A row of the table."""
        self.rows.append((what, result))
        print(f"field: {what}: {result}", flush=True)

    def received(self) -> list[dict[str, Any]]:
        """All that reached the SOC."""
        return [json.loads(line) for line in self.inbox.read_text().splitlines()] if self.inbox.exists() else []

    def switch_on(self) -> Host:
        """A screen that was not there before."""
        self.screens += 1
        host = self.net.host(f"tv{self.screens}", self.hall, f"192.168.10.{30 + self.screens}/24", mac=f"00:e0:4c:10:20:{self.screens:02x}")
        screens.gmediarender(host, f"TV {self.screens}")
        return host

    def alert(self, host: Host | None = None) -> float:
        """Seconds until a screen's alert is at the SOC: a new one's, unless told, from its being up."""
        host = host or self.switch_on()
        began = time.monotonic()
        until(lambda: any(host.mac in json.dumps(told) for told in self.received()), f"the alert about {host.name}", PATIENCE)
        return time.monotonic() - began

    def active(self, unit: str) -> bool:
        """Whether the unit runs and said so."""
        return self.machine.property(f"vonggac-{unit}.service", "ActiveState") == "active"

    def all_active(self, *units: str) -> None:
        """Waits for them."""
        for unit in units:
            until(lambda unit=unit: self.active(unit), f"{unit}", PATIENCE)  # type: ignore[misc] # mypy cannot infer a default's type

    def back(self, unit: str, before: int, patience: float = PATIENCE) -> float:
        """Seconds until the unit runs again, as another process."""
        began = time.monotonic()
        until(lambda: self.machine.main_pid(f"vonggac-{unit}.service") not in {0, before} and self.active(unit), f"{unit} again", patience)
        return time.monotonic() - began


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    folder = tmp_path_factory.mktemp("field")
    authority = trustme.CA()
    leaf = authority.issue_cert("soc.example.vn")
    chain, key, inbox = folder / "soc.pem", folder / "soc.key", folder / "inbox"
    leaf.cert_chain_pems[0].write_to_path(chain)
    leaf.private_key_pem.write_to_path(key)
    with Net() as net:
        machine = Machine(folder)
        try:
            authority.cert_pem.write_to_path(folder / "ca.pem")
            hall, uplink = net.segment("hall", flooding=False), net.segment("uplink", flooding=False)
            soc = net.host("soc", uplink, "10.9.0.1/24")
            soc.popen([sys.executable, HERE / "receiver.py", "10.9.0.1", "8443", chain, key, SECRET, inbox]).wait_for("ready", 30)
            yield Field(net, machine, hall, uplink, inbox)
        finally:
            machine.close()


def test_it_is_installed_from_the_offline_bundle(field: Field, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True, capture_output=True)
    subprocess.run([ROOT / "deploy/bundle.sh", "--key", key, "--out", tmp_path / "bundle"], check=True, capture_output=True)
    carried = field.machine.root / "srv"
    subprocess.run(["tar", "-xf", tmp_path / "bundle.tar", "-C", carried], check=True)
    subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out", carried / "tinh.pem"], check=True)
    began = time.monotonic()
    field.machine.alone("bash", "/srv/bundle/install.sh", "/srv/tinh.pem")
    field.note("Cài từ bộ ngoại tuyến, chữ ký kiểm trước, không mạng", f"{time.monotonic() - began:.0f} s")
    etc = field.machine.root / "etc"
    (etc / "vonggac/config.toml").write_text(CONFIG)
    (etc / "vonggac/declared/site.toml").write_text('site = "xa-thu"\nname = "Xã Thử"\n[[zones]]\nleg = "lan"\nrole = "citizen"\n')
    shutil.copy(field.machine.root.parent / "ca.pem", etc / "vonggac/ca.pem")
    (etc / "vonggac/ca.pem").chmod(0o644)
    secret = etc / "vonggac/secrets/sinks/webhook"
    secret.write_text(SECRET + "\n")
    secret.chmod(0o600)
    with (etc / "hosts").open("a") as hosts:
        hosts.write("127.0.0.1 localhost\n10.9.0.1 soc.example.vn\n")
    field.machine.alone("systemctl", "enable", "vonggac-probe", "vonggac-screens")
    assert (etc / "vonggac/secrets/mark.key").stat().st_size == 32


def test_it_boots_and_a_screen_becomes_an_alert(field: Field) -> None:
    began = time.monotonic()
    field.machine.boot()
    field.connect()
    field.all_active(*UNITS)
    field.note("Bật máy tới khi mọi dịch vụ sẵn sàng", f"{time.monotonic() - began:.0f} s")
    until(lambda: re.search(r"(đang nghe|đã nghe lại được) trên leg0", field.machine.said("vonggac-collect")) is not None, "the leg", PATIENCE)
    field.note("Màn hình mới → cảnh báo ở webhook", f"{field.alert():.1f} s")
    users = {unit: field.machine.property(f"vonggac-{unit}.service", "User") for unit in UNITS}
    assert users == {unit: f"vonggac-{unit}" for unit in UNITS}
    assert {unit: "Traceback" in field.machine.said(f"vonggac-{unit}") for unit in UNITS} == dict.fromkeys(UNITS, False)


def test_the_province_starts_without_its_engine_and_says_so(field: Field) -> None:
    root = field.machine.root
    examples = root / "usr/share/doc/vonggac/examples"
    # Nobody listens there. The page of the box has the port that the province's would take.
    text = (examples / "province.toml").read_text().replace("https://es-1.example:9200", "https://10.9.0.1:9200").replace("[web]\n", "[web]\nport = 8480\n")
    (root / "etc/vonggac/province.toml").write_text(text)
    secret = root / "etc/vonggac/secrets/province/api-key"
    secret.write_text("a2V5OmZpZWxk\n")
    secret.chmod(0o600)
    shutil.copytree(examples / "declared/province", root / "var/lib/vonggac-fleet", dirs_exist_ok=True)
    field.machine.run("systemd-tmpfiles", "--create", "vonggac.conf")
    began = time.monotonic()
    field.machine.run("systemctl", "start", "vonggac-province")
    field.province_since = time.monotonic()
    until(lambda: "kho dữ liệu của tỉnh, thử lại" in field.machine.said("vonggac-province"), "its word about the engine", PATIENCE)
    assert "Traceback" not in field.machine.said("vonggac-province")
    field.note("vonggac-province lên khi kho dữ liệu chưa có, và nói rõ", f"{field.province_since - began:.0f} s")


@pytest.mark.parametrize("unit", UNITS)
def test_a_killed_unit_comes_back_and_nothing_is_missed(field: Field, unit: str) -> None:
    before = field.machine.main_pid(f"vonggac-{unit}.service")
    assert before
    began = time.monotonic()
    os.kill(before, signal.SIGKILL)
    # Switched on while it is dead. What is said on the wire while nobody listens is lost, and screens say it again in many minutes only.
    host = field.switch_on() if unit != "collect" else None
    field.back(unit, before)
    took = time.monotonic() - began
    when = "màn hình bật trong lúc đó" if host else "màn hình bật sau đó"
    field.note(f"kill -9 {unit}", f"chạy lại sau {took:.0f} s; {when} → cảnh báo {field.alert(host):.1f} s")


@pytest.mark.parametrize(("unit", "loop"), [("collect", "capture:lan"), ("core", "core")])
def test_a_loop_that_hangs_beside_one_that_moves_is_noticed(field: Field, unit: str, loop: str) -> None:
    before = field.machine.main_pid(f"vonggac-{unit}.service")
    with held(before):
        took = field.back(unit, before, HUNG)
    said = field.machine.said(f"vonggac-{unit}")
    assert f"vòng chạy bị treo: {loop}" in said
    assert "Watchdog timeout" in field.machine.run("journalctl", "--no-pager", "-o", "cat", "_PID=1") or "watchdog" in said.lower()
    field.note(
        f"Vòng chạy {loop} bị treo (các luồng khác vẫn chạy)",
        f"watchdog khởi động lại {unit} sau {took:.0f} s, rồi màn hình mới → cảnh báo {field.alert():.1f} s",
    )


def test_a_service_that_stands_still_as_a_whole_is_noticed(field: Field) -> None:
    before = field.machine.main_pid("vonggac-export.service")
    os.kill(before, signal.SIGSTOP)
    took = field.back("export", before, HUNG)
    assert field.active("export")
    field.note("export đứng hẳn (SIGSTOP)", f"watchdog khởi động lại sau {took:.0f} s, rồi màn hình mới → cảnh báo {field.alert():.1f} s")


def test_the_province_is_the_same_process_until_it_is_told_to_read_its_configuration_anew(field: Field) -> None:
    until(lambda: time.monotonic() - field.province_since > WATCHDOG, "more than the watchdog's patience", WATCHDOG)
    assert (field.machine.property("vonggac-province", "NRestarts"), field.active("province")) == ("0", True)
    before = field.machine.main_pid("vonggac-province.service")
    field.machine.run("systemctl", "reload", "vonggac-province")
    field.note("vonggac-province được nuôi watchdog; reload là dừng gọn rồi chạy lại", f"chạy lại sau {field.back('province', before):.0f} s")
    field.machine.run("systemctl", "stop", "vonggac-province")


def test_a_reboot(field: Field) -> None:
    field.machine.reboot()
    field.connect()
    assert {unit: field.active(unit) for unit in UNITS} == dict.fromkeys(UNITS, True)
    field.note("Khởi động lại máy", f"màn hình mới → cảnh báo {field.alert():.1f} s")


def findings(field: Field) -> dict[str, str]:
    """Findings on screens as the box has them: their state by id."""
    lines = field.machine.run("vonggac", "findings", "list", "--format", "json").splitlines()
    return {line["id"]: line["state"] for line in map(json.loads, lines) if line["detector"] == "VG-NET-02"}


def test_a_power_cut(field: Field) -> None:
    before = findings(field)
    host = field.switch_on()
    field.machine.cut_power()
    field.machine.boot()
    field.connect()
    until(lambda: any(host.mac in json.dumps(told) for told in field.received()), "the alert about what was on at the cut", PATIENCE)
    assert set(before) <= set(findings(field))
    field.note("Rút điện giữa chừng", f"{len(before)} phát hiện cũ còn nguyên; màn hình mới → cảnh báo {field.alert():.1f} s")


def test_an_upgrade_keeps_journal_and_configuration(field: Field, tmp_path: Path) -> None:
    before, folder = findings(field), tmp_path / "newer"
    found = next((field.machine.root / "srv/bundle").glob("vonggac_*.deb"))
    subprocess.run(["dpkg-deb", "-R", found, folder], check=True)
    control = folder / "DEBIAN/control"
    control.write_text(re.sub(r"^Version: .*$", "Version: 9.0.0", control.read_text(), flags=re.MULTILINE))
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", folder, field.machine.root / "srv/newer.deb"], check=True, capture_output=True)
    field.machine.run("systemctl", "disable", "--now", "vonggac-web")
    pid = field.machine.main_pid("vonggac-core.service")
    field.machine.run("env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--install", "/srv/newer.deb", timeout=300)
    field.back("core", pid)
    assert (field.machine.root / "etc/vonggac/config.toml").read_text() == CONFIG
    assert set(before) <= set(findings(field))
    assert field.machine.run("sh", "-c", "systemctl is-enabled vonggac-web || true").strip() == "disabled", "what a person switched off stays off"
    field.machine.run("systemctl", "enable", "--now", "vonggac-web")
    field.note("Nâng cấp khi đang chạy", f"nhật ký, cấu hình giữ nguyên; màn hình mới → cảnh báo {field.alert():.1f} s")


def test_pcs_report_to_their_unit_over_mutual_tls(field: Field, tmp_path: Path) -> None:
    etc, centre = field.machine.root / "etc/vonggac", Centre(tmp_path, "xa-thu", "192.168.10.2")
    centre.carry(etc)
    (etc / "config.toml").write_text(WITH_PCS)
    field.machine.run("vonggac", "config", "check")
    field.machine.run("systemctl", "reload", "vonggac-*")
    field.machine.run("systemctl", "enable", "--now", "vonggac-endpoints")
    field.all_active(*UNITS, "endpoints")
    began = time.monotonic()
    pcs = centre.switch_on(field.net.host("pcs", field.hall, "192.168.10.20/24"))
    until(lambda: reported(field) == centre.faults(), f"just {centre.faults()}", PATIENCE)
    field.note("Hai máy tính cán bộ (mô phỏng osquery) báo về vonggac-endpoints qua TLS hai chiều", f"đúng lỗi đã cài sau {time.monotonic() - began:.0f} s")
    pcs.stop()
    assert "Traceback" not in field.machine.said("vonggac-endpoints")


def reported(field: Field) -> set[tuple[str, str]]:
    """PC and rule of each finding on PCs."""
    lines = map(json.loads, field.machine.run("vonggac", "findings", "list", "--format", "json").splitlines())
    return {(line["subject"]["name"], line["detector"]) for line in lines if line["detector"].startswith("VG-END")}


def epoch(field: Field) -> int:
    """Of the journal."""
    with contextlib.closing(sqlite3.connect(f"file:{field.machine.root}/var/lib/vonggac/journal.sqlite?mode=ro", uri=True)) as journal:
        return int(journal.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()[0])


def test_a_new_box_takes_the_place_of_a_dead_one(field: Field, tmp_path: Path) -> None:
    """As docs/vi-cai-dat.md says: the copy was carried away in time, the new machine has the package and nothing else."""
    etc, machine = field.machine.root / "etc/vonggac", field.machine
    (machine.root / "srv/mk").write_text("một câu dài dễ nhớ\n")
    (machine.root / "srv/mk").chmod(0o600)
    machine.run("vonggac", "users", "add", "minh", "--role", "administrator", "--password-file", "/srv/mk")
    before, faults, was, users = findings(field), reported(field), epoch(field), machine.run("vonggac", "users", "list")
    machine.run("vonggac", "backup", "/srv/hop.vgb")
    marks = (etc / "secrets/mark.key").read_bytes()
    # What the SOC gives again.
    shutil.copytree(etc / "secrets", tmp_path / "secrets", ignore=shutil.ignore_patterns("mark.key"))
    machine.run("dpkg", "--purge", "vonggac", timeout=300)
    machine.run("sh", "-c", "DEBIAN_FRONTEND=noninteractive dpkg --install /srv/bundle/vonggac_*.deb", timeout=300)
    machine.run("systemctl", "stop", "vonggac*")
    began = time.monotonic()
    machine.run("vonggac", "restore", "/srv/hop.vgb", "--replace")
    shutil.copytree(tmp_path / "secrets", etc / "secrets", dirs_exist_ok=True)
    machine.run("systemctl", "enable", "vonggac-probe", "vonggac-screens", "vonggac-endpoints")
    machine.run("systemctl", "start", "vonggac.target")
    field.all_active(*UNITS, "endpoints")
    took = time.monotonic() - began
    assert (etc / "config.toml").read_text() == WITH_PCS
    assert (etc / "secrets/mark.key").read_bytes() == marks
    assert set(before) <= set(findings(field))
    assert reported(field) == faults
    assert epoch(field) > was
    assert machine.run("vonggac", "users", "list") == users
    assert {unit: "Traceback" in machine.said(f"vonggac-{unit}") for unit in UNITS} == dict.fromkeys(UNITS, False)
    doctor = map(json.loads, machine.run("sh", "-c", "vonggac doctor --format json || true").splitlines())
    assert [check for check in doctor if check["state"] == "bad"] == []
    told = f"{len(before) + len(faults)} phát hiện cũ còn nguyên, kỳ nhật ký mới, sau {took:.0f} s; màn hình mới → cảnh báo {field.alert():.1f} s"
    field.note("Hộp mới thay hộp hỏng: gỡ sạch, cài lại, vonggac restore", told)


def test_every_screen_was_told_once_and_by_one_name(field: Field) -> None:
    told: dict[str, set[str]] = {}
    for message in field.received():
        for mac in re.findall(r"00:e0:4c:10:20:[0-9a-f]{2}", json.dumps(message)):
            told.setdefault(mac, set()).add(opened(message))
    assert len(told) == field.screens
    assert {mac: ids for mac, ids in told.items() if len(ids) != 1} == {}
    field.note("Trong cả cuộc thử", f"{field.screens} màn hình, mỗi cái đúng một phát hiện một mã; không cái nào sót")


def opened(message: dict[str, Any]) -> str:
    """The finding that a message is about."""
    return str(re.search(r'"id": "([^"]+)"', json.dumps(message.get("data", message)))[1])


def test_removed_it_runs_no_more_and_purged_it_leaves_nothing(field: Field) -> None:
    field.machine.run("dpkg", "--remove", "vonggac", timeout=300)
    assert field.machine.run("systemctl", "list-units", "--no-legend", "--state=active", "vonggac*").strip() == ""
    assert (field.machine.root / "etc/vonggac/config.toml").exists()
    field.machine.run("dpkg", "--purge", "vonggac", timeout=300)
    left = field.machine.run("find", "/", "-xdev", "-name", "*vonggac*", "-not", "-path", "/proc/*", "-not", "-path", "/srv/*").split()
    assert [path for path in left if not path.startswith(("/var/log/journal", "/var/lib/dpkg", "/var/log/dpkg"))] == []
    assert "vonggac" not in (field.machine.root / "etc/passwd").read_text() + (field.machine.root / "etc/group").read_text()
    field.note("Gỡ (remove, purge)", "không còn tiến trình, tệp, người dùng nào")


def test_built_again_it_is_the_same_and_lintian_has_nothing_against_it(field: Field, tmp_path: Path) -> None:
    one = next((field.machine.root / "srv/bundle").glob("vonggac_*.deb"))
    wheels = os.environ.get("VONGGAC_WHEELS", Path.home() / ".cache/vonggac-wheels")
    subprocess.run([sys.executable, ROOT / "deploy/deb/build.py", "--wheels", wheels, "--out", tmp_path], check=True, capture_output=True)
    assert (tmp_path / one.name).read_bytes() == one.read_bytes()
    field.note("Gói dựng lần hai", f"cùng từng byte, {one.stat().st_size / 2**20:.0f} MiB")
    done = subprocess.run(["lintian", "--fail-on", "error,warning", one], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    field.note("lintian", "không lỗi, không cảnh báo ngoài những điều đã ghi lý do (deploy/deb/lintian-overrides)")


def test_the_table_is_written(field: Field) -> None:
    page = ROOT / "docs/field.md"
    lines = [f"| {what} | {result} |" for what, result in field.rows]
    when = f"{datetime.now(UTC):%d/%m/%Y}, Linux {platform.release().split('-')[0]}, {os.cpu_count()} nhân, `make field`"
    table = "\n".join([f"Lần chạy: {when}.", "", "| việc | kết quả |", "|---|---|", *lines])
    text = page.read_text()
    head, rest = text.split("<!-- table -->\n")[0], text.split("<!-- end -->\n")[1]
    page.write_text(f"{head}<!-- table -->\n{table}\n<!-- end -->\n{rest}")
    assert len(lines) >= 15
