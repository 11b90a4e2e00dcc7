"""The Debian package: what is in it, that the program in it runs, and what it says of itself. Its life on a machine is tests/field."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from collector.cli.app import MODULES
from collector.config import load

ROOT = Path(__file__).parents[2]
SITE = "opt/vonggac/lib/python3.11/site-packages"


@pytest.fixture(scope="module")
def listed(package: Path) -> list[list[str]]:
    """Mode, owner, and name of each file."""
    lines = subprocess.run(["dpkg-deb", "-c", package], capture_output=True, text=True, check=True).stdout.splitlines()
    return [[(parts := line.split(None, 5))[0], parts[1], parts[5].removeprefix("./").split(" -> ")[0]] for line in lines]


def test_everything_is_roots_and_nothing_is_for_others_to_write(listed: list[list[str]]) -> None:
    assert {owner for _, owner, _ in listed} == {"root/root"}
    assert [name for mode, _, name in listed if mode[0] != "l" and (mode[8] == "w" or mode[5] == "w" or "s" in mode.lower())] == []


def test_nothing_lies_where_it_does_not_belong(listed: list[list[str]]) -> None:
    places = ("etc/vonggac/", "opt/vonggac/", "usr/bin/vonggac", "usr/lib/systemd/system/vonggac", "usr/lib/sysusers.d/vonggac.conf",
              "usr/lib/tmpfiles.d/vonggac.conf", "usr/share/")  # fmt: skip
    assert [name for _, _, name in listed if name and not name.endswith("/") and not name.startswith(places)] == []
    assert [name for _, _, name in listed if re.search(rf"^{SITE}/(tests|benchmarks|deploy)/|direct_url|/RECORD$", name)] == []


def test_what_a_person_edits_is_kept_when_the_package_is_upgraded(unpacked: Path) -> None:
    kept = (unpacked / "DEBIAN/conffiles").read_text().split()
    assert kept == ["/etc/vonggac/config.toml", "/etc/vonggac/declared/README.md", "/etc/vonggac/declared/site.toml"]


def test_the_installed_configuration_can_be_used_and_keeps_the_services_apart(unpacked: Path) -> None:
    config = load(unpacked / "etc/vonggac/config.toml")
    assert str(config.sockets.dir) == "/run/vonggac"
    assert str(config.portals.evidence_dir) == "/var/lib/vonggac-evidence"
    assert str(config.web.users_file).startswith("/var/lib/vonggac-web/")
    assert str(config.evidence.dir).startswith("/var/lib/vonggac-collect/")
    # All else that is written goes to the box's own folder, by way of the one link.
    assert (unpacked / "etc/vonggac/state").readlink() == Path("/var/lib/vonggac")
    assert config.state_dir == unpacked / "etc/vonggac/state"


def test_the_program_in_it_runs_by_debians_own_python(unpacked: Path) -> None:
    home = unpacked / "opt/vonggac"
    python = home / "bin/python3"
    assert python.readlink() == Path("/usr/bin/python3.11")
    done = subprocess.run([python, "-I", home / "bin/vonggac", "--help"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "findings" in done.stdout
    asked = "import collector.core, collector.split, model, sys; print(collector.core.__cached__); import collector.probe.frames"
    done = subprocess.run([python, "-I", "-c", asked], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    # Its own files, compiled beforehand, and nothing of this checkout.
    assert Path(done.stdout.strip()) == unpacked / SITE / "collector/__pycache__/core.cpython-311.pyc"
    assert Path(done.stdout.strip()).exists()


def manual(unpacked: Path, place: str) -> str:
    return gzip.decompress((unpacked / "usr/share/man" / place / "vonggac.1.gz").read_bytes()).decode()


def test_the_manual_has_every_command_in_both_languages(unpacked: Path) -> None:
    english = tomllib.loads((ROOT / "deploy/deb/en.toml").read_text())
    for place in ("man1", "vi/man1"):
        shown = manual(unpacked, place).replace("\\-", "-")
        assert [name for name in MODULES if f"vonggac {name}\\fR" not in shown] == []
    assert set(english) <= set(MODULES), "an English sentence for no command"
    assert english["findings"] in manual(unpacked, "man1")
    assert "Nhận xử lý một phát hiện." in manual(unpacked, "vi/man1")


@pytest.mark.parametrize(
    ("words", "offered"),
    [(["find"], {"findings"}), (["findings", ""], {"ack", "list", "close"}), (["findings", "close", "F1", "--"], {"--by", "--why"})],
    ids=["command", "under-it", "options"],
)
def test_bash_completes(unpacked: Path, words: list[str], offered: set[str]) -> None:
    file = unpacked / "usr/share/bash-completion/completions/vonggac"
    script = 'source "$0"; COMP_WORDS=(vonggac "$@"); COMP_CWORD=$#; _vonggac; printf "%s\n" "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "-c", script, file, *words], capture_output=True, text=True, timeout=20, check=True)
    assert offered <= set(done.stdout.split())


def locked() -> dict[str, set[str]]:
    """Every locked library and the hashes it may have."""
    text = "".join((ROOT / "requirements" / name).read_text() for name in ("run.txt", "probe.txt"))
    return {block.split("==")[0]: set(re.findall(r"sha256:([0-9a-f]{64})", block)) for block in re.split(r"\n(?=[a-z0-9])", text) if "==" in block}


def test_the_bill_of_materials_names_what_is_in_it_by_the_locked_hashes(unpacked: Path) -> None:
    bill = json.loads((unpacked / "usr/share/doc/vonggac/sbom.cdx.json").read_text())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    named = {part["name"].lower().replace("_", "-"): part for part in bill["components"]}
    installed = {re.sub(r"-[^-]*\.dist-info$", "", path.name).lower().replace("_", "-") for path in (unpacked / SITE).glob("*.dist-info")}
    assert set(named) == installed
    hashes = locked()
    assert {name for name, part in named.items() if name != "vonggac" and part["hashes"][0]["content"] not in hashes[name]} == set()
    assert [name for name, part in named.items() if "NOASSERTION" in json.dumps(part["licenses"])] == []


def test_the_licences_say_what_the_one_gpl_program_means(unpacked: Path) -> None:
    text = (unpacked / "usr/share/doc/vonggac/copyright").read_text()
    gpl = re.findall(r"^Files: (\S+)\n(?:.*\n)*?License: (\S*\bGPL\S*)", text, re.MULTILINE)
    under = {
        files.split("/*/")[-1]
        for files, licence in re.findall(r"^Files: (\S+)\nCopyright: .*\nLicense: (.+)$", text, re.MULTILINE)
        if "GPL-2" in licence and "LGPL" not in licence
    }
    assert gpl
    assert under == {"collector/probe/*", "scapy*"}
    assert "a process of its own" in text
