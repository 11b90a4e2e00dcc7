"""The units: how much each service could do if it were taken over; units, users, sockets and maintainer scripts speak of the same services."""

from __future__ import annotations

import configparser
import inspect
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from collector.cli.app import MODULES
from collector.cli.box_province_commands import serve
from collector.config import load
from collector.sensors.endpoints.inbox import revoke
from collector.sockets.services import NEEDS, PREFIX

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "deploy" / "systemd"
DEB = ROOT / "deploy" / "deb"
# Issue 9 point 1. The browser is a child of the portals' service (docs/decisions/009), and its sandbox stays on.
BARS = {"core": 1.1, "collect": 1.8, "probe": 1.8, "screens": 1.5, "portals": 2.5, "endpoints": 1.5, "export": 1.1, "web": 1.5, "province": 1.5}
# The province's door for boxes is no box's service and reads no configuration.
BARS["enrolment"] = 1.5
# What units of ours name and Debian's systemd has.
THEIRS = ("sysinit", "basic", "shutdown", "network-online", "multi-user")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A file system with our units and nothing else."""
    folder = tmp_path / "usr/lib/systemd/system"
    shutil.copytree(UNITS, folder)
    for name in THEIRS:
        (folder / f"{name}.target").write_text(f"[Unit]\nDescription={name}\n")
    program = tmp_path / "opt/vonggac/bin/vonggac"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    # What reloads a service; kill(1) is no part of a bare system, its shell is.
    (tmp_path / "bin").mkdir()
    shutil.copy("/bin/sh", tmp_path / "bin" / "sh")
    return tmp_path


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


def exposure(root: Path, name: str) -> float:
    said = analyze("security", "--offline=true", f"--root={root}", f"vonggac-{name}.service").stdout
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert found, said
    return float(found[1])


def units() -> dict[str, configparser.RawConfigParser]:
    found = {}
    for path in UNITS.glob("vonggac-*.service"):
        parser = configparser.RawConfigParser(strict=False, comment_prefixes=("#",))
        parser.optionxform = str
        parser.read_string(path.read_text())
        found[path.stem.removeprefix(PREFIX)] = parser
    return found


def test_no_service_could_do_more_than_its_bar_allows(root: Path) -> None:
    found = {name: exposure(root, name) for name in units()}
    assert {name: at for name, at in found.items() if at > BARS[name]} == {}


def test_a_wall_that_falls_is_seen(root: Path) -> None:
    walls = root / "usr/lib/systemd/system/vonggac-.service.d/50-walls.conf"
    walls.write_text(walls.read_text().replace("ProtectSystem=strict", "").replace("PrivateDevices=yes", "").replace("NoNewPrivileges=yes", ""))
    assert {name for name in units() if exposure(root, name) > BARS[name]} >= {"collect", "probe", "export"}


def test_systemd_has_no_word_to_say_against_them(root: Path) -> None:
    folder = root / "usr/lib/systemd/system"
    done = analyze("verify", "--man=no", f"--root={root}", *sorted(folder.glob("vonggac*.service")), folder / "vonggac.target")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_they_start_the_program_knows() -> None:
    for name, unit in units().items():
        command = unit["Service"]["ExecStart"].split()
        assert command[0] == "/opt/vonggac/bin/vonggac"
        assert command[1] in MODULES, name
        if name == "enrolment":
            continue
        assert command[-2:] == ["--config", "/etc/vonggac/province.toml" if name == "province" else "/etc/vonggac/config.toml"]


def test_the_door_for_boxes_is_started_with_options_it_has_and_the_keys_it_is_given() -> None:
    service = units()["enrolment"]["Service"]
    words = service["ExecStart"].split()
    assert words[1:3] == ["box", "serve"]
    given = dict(zip(words[3:-1:2], words[4:-1:2], strict=True))
    assert {f"--{name}" for name in inspect.signature(serve).parameters} >= set(given)
    assert {given["--cert"], given["--key"]} == {"%d/certificate", "%d/key"}
    assert given["--dir"] == f"/var/lib/{service['StateDirectory']}"
    example = load(DEB / "province.toml")
    # The province reads where the door writes.
    assert given["--declared"] == service["ReadWritePaths"] == str(example.province.declared)


def test_the_provinces_example_keeps_to_what_its_unit_may_write() -> None:
    service, example = units()["province"]["Service"], load(DEB / "province.toml")
    assert {str(path).split("/")[3] for path in (example.state_dir, example.web.users_file, example.report.dir)} == {service["StateDirectory"]}
    assert str(example.sockets.dir) == f"/run/{service['RuntimeDirectory']}"
    assert example.province.credential.startswith("province_")


@pytest.mark.root
def test_folders_are_theirs_who_work_in_them(tmp_path: Path) -> None:
    for name in ("sysusers", "tmpfiles"):
        (tmp_path / f"usr/lib/{name}.d").mkdir(parents=True)
        shutil.copy(DEB / f"{name}.conf", tmp_path / f"usr/lib/{name}.d/vonggac.conf")
    for name in ("etc/vonggac/declared", "var/lib/vonggac-fleet", "var/lib/vonggac-enrolment/hop/hop-a", "run"):
        (tmp_path / name).mkdir(parents=True)
    # As an administrator writes them.
    for name in ("var/lib/vonggac-fleet/boxes.csv", "var/lib/vonggac-enrolment/hop/hop-a/webhook"):
        (tmp_path / name).write_text("x")
        (tmp_path / name).chmod(0o600)
    subprocess.run(["systemd-sysusers", f"--root={tmp_path}", "vonggac.conf"], check=True, timeout=30)
    subprocess.run(["systemd-tmpfiles", f"--root={tmp_path}", "--create", "vonggac.conf"], check=True, timeout=30)
    users, groups = ({"0": "root", **{line.split(":")[2]: line.split(":")[0] for line in (tmp_path / "etc" / name).read_text().splitlines()}}
                     for name in ("passwd", "group"))  # fmt: skip

    def of(name: str) -> tuple[str, str, int]:
        told = (tmp_path / name).stat()
        return users[str(told.st_uid)], groups[str(told.st_gid)], stat.S_IMODE(told.st_mode)

    assert of("var/lib/vonggac-evidence") == ("vonggac-portals", "vonggac-evidence", 0o2750)
    assert of("var/lib/vonggac-fleet") == ("vonggac-enrolment", "vonggac", 0o750)
    assert of("var/lib/vonggac-fleet/boxes.csv") == ("vonggac-enrolment", "vonggac", 0o640)
    assert of("var/lib/vonggac-enrolment/hop/hop-a/webhook") == ("vonggac-enrolment", "vonggac", 0o600)
    assert of("etc/vonggac/secrets/enrolment") == ("root", "root", 0o700)
    # What root withdraws, where a command finds the state, is on the list of the server that runs as another, and stays that one's file.
    assert (tmp_path / "var/lib/vonggac/endpoints").readlink() == Path("/var/lib/vonggac-endpoints/endpoints")
    revoke(tmp_path / "var/lib/vonggac-endpoints/endpoints/inbox.sqlite", pc="may-01", serial="", at=1, by="Lan", why="mất máy")
    assert of("var/lib/vonggac-endpoints/endpoints/inbox.sqlite") == ("vonggac-endpoints", "vonggac", 0o600)


def test_the_page_alone_reads_what_the_portals_service_keeps() -> None:
    assert {name for name, unit in units().items() if "SupplementaryGroups" in unit["Service"]} == {"web"}
    assert units()["web"]["Service"]["SupplementaryGroups"] == "vonggac-evidence"
    assert "/var/lib/vonggac-evidence" in units()["portals"]["Service"]["ReadWritePaths"]


def test_each_runs_as_a_user_of_its_own_that_the_package_makes_and_core_knows() -> None:
    made = set(re.findall(r"^u (vonggac-\S+) -:vonggac ", (DEB / "sysusers.conf").read_text(), re.MULTILINE))
    assert {name: unit["Service"]["User"] for name, unit in units().items()} == {name: PREFIX + name for name in BARS}
    assert made == {PREFIX + name for name in BARS}
    assert {service for services in NEEDS.values() for service in services} == set(BARS) - {"core", "province", "enrolment"}


def test_only_who_listens_to_or_sends_frames_has_a_right_and_only_one() -> None:
    rights = {name: unit["Service"]["CapabilityBoundingSet"] for name, unit in units().items()}
    assert rights == {name: "CAP_NET_RAW" if name in {"collect", "probe"} else "" for name in BARS}


def test_secrets_reach_their_one_service_as_credentials() -> None:
    given = {name: re.findall(r"^LoadCredential=([^:]+):", (UNITS / f"vonggac-{name}.service").read_text(), re.MULTILINE) for name in BARS}
    assert {name: keys for name, keys in given.items() if keys} == {
        "collect": ["mark.key"], "endpoints": ["certificate", "key", "ca", "catalogue", "mark.key"], "export": ["sinks"],
        "province": ["province"], "enrolment": ["certificate", "key"],
    }  # fmt: skip


@pytest.mark.parametrize("script", ["postinst", "prerm", "postrm"])
def test_the_maintainer_scripts_leave_none_out(script: str) -> None:
    text = (DEB / script).read_text()
    named = set(re.findall(r"vonggac-([a-z]+)\.service", text))
    assert named == set(BARS)
    assert subprocess.run(["sh", "-n", DEB / script], check=False).returncode == 0
    if script == "postrm":
        assert re.search(r"for name in ([a-z ]+);", text)[1].split() == list(BARS)
