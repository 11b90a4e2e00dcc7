"""`vonggac init` as a technician uses it: by options, at a terminal, and with what it refuses."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.config import load
from collector.firstconfig import Answers, LegAnswer, config_toml, site_toml
from collector.interfaces import list_interfaces
from collector.sites import sites_of
from tests.system.program import PATIENCE, VONGGAC, ran

ROOT = Path(__file__).parents[2]
# Every machine has one; init itself never proposes it.
INTERFACE = next((name for name in list_interfaces() if name != "lo"), "")


@pytest.fixture
def interface() -> str:
    if not INTERFACE:
        assert not os.environ.get("CI"), "this machine has no interface besides lo"
        pytest.skip("no interface besides lo")
    return INTERFACE


def test_what_is_answered_by_options_is_a_configuration_that_passes(tmp_path: Path, interface: str) -> None:
    done = ran(
        "init", "--dir", tmp_path, "--site", "xa-a", "--name", "Xã “A”", "--commune", "26734", "--province", "79",
        "--leg", f"canbo={interface}", "--soc", "https://es.example.vn:9200", "--webhook", "https://truc.example.vn/x",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    config = load(tmp_path / "config.toml")
    (declared,) = sites_of(config).values()
    assert (declared.site, declared.name, declared.commune, declared.province) == ("xa-a", "Xã “A”", "26734", "79")
    assert [(leg.name, leg.interface) for leg in config.legs] == [("canbo", interface)]
    assert [sink.type for sink in config.sinks] == ["elasticsearch", "webhook"]
    # Whom a network serves is proposed as a comment and never decided.
    assert declared.zones == ()
    assert "# [[zones]]" in (tmp_path / "declared" / "site.toml").read_text()
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert ran("config", "check", "--config", tmp_path / "config.toml").returncode == 0
    assert f"{tmp_path}/secrets: es-api-key, webhook; chmod 600" in done.stdout
    assert done.stdout.splitlines()[-1] == f"4. vonggac run --config {tmp_path}/config.toml"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("# mine\n")
    done = ran("init", "--dir", tmp_path, "--site", "xa-a")
    assert done.returncode == 1
    assert "không đè" in done.stderr
    assert (tmp_path / "config.toml").read_text() == "# mine\n"
    assert not (tmp_path / "declared").exists()


def test_the_configuration_of_the_package_is_kept_line_by_line_and_added_to(tmp_path: Path, interface: str) -> None:
    sample = (ROOT / "config.toml").read_text()
    installed = sample.replace('# dir = "state/sockets"', 'dir = "/run/vonggac"')
    (tmp_path / "config.toml").write_text(installed)
    (tmp_path / "declared").mkdir()
    (tmp_path / "declared" / "site.toml").write_text('site = "diem-1"\n')
    more = ["--site", "xa-a", "--leg", f"canbo={interface}", "--soc", "https://es.example.vn", "--webhook", "https://truc.example.vn/x"]
    done = ran("init", "--dir", tmp_path, "--replace", *more)
    assert (done.returncode, done.stderr) == (0, "")
    config = load(tmp_path / "config.toml")
    assert (config.box.id, str(config.sockets.dir), [leg.name for leg in config.legs]) == ("hop-xa-a", "/run/vonggac", ["canbo"])
    assert [sink.credential for sink in config.sinks] == ["sinks_es-api-key", "sinks_webhook"]
    written = (tmp_path / "config.toml").read_text().splitlines()
    assert [line for line in installed.splitlines() if line not in written] == []
    assert (tmp_path / "config.toml.before-init").read_text() == installed
    assert (tmp_path / "declared" / "site.toml.before-init").read_text() == 'site = "diem-1"\n'
    # The services run already, by what came with the package.
    assert f"{tmp_path}/secrets/sinks: es-api-key, webhook; chmod 600" in done.stdout
    assert done.stdout.splitlines()[-2:] == ["3. sudo systemctl restart vonggac.target", f"4. sudo vonggac doctor --config {tmp_path}/config.toml"]


@pytest.mark.parametrize("text", ['[box]\nid = "a"\n', '\n[box]\n[[legs]]\nname = "a"\n', "[box", "x = 1\n"])
def test_what_somebody_wrote_is_not_added_to(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.toml").write_text(text)
    done = ran("init", "--dir", tmp_path, "--site", "xa-a", "--replace")
    assert done.returncode == 1
    assert "sửa tay" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


@pytest.mark.parametrize(
    ("options", "status", "sentence"),
    [
        (["--site", "Xã A"], 2, "--site"),
        (["--site", "xa-a", "--commune", "267"], 2, "--commune phải gồm 5 chữ số"),
        (["--site", "xa-a", "--leg", "eth0"], 2, "tên=giao-diện"),
        (["--site", "xa-a", "--leg", "a=khong-co"], 2, "giao diện có trên máy"),
        (["--site", "xa-a", "--soc", "http://es.example.vn"], 1, "https://"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_leaves_nothing(tmp_path: Path, options: list[str], status: int, sentence: str) -> None:
    folder = tmp_path / "hop"
    done = ran("init", "--dir", folder, *options)
    assert done.returncode == status
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not folder.exists()


def test_at_a_terminal_it_asks_and_shows_the_interfaces(tmp_path: Path, interface: str) -> None:
    replies = ["xa-b", f"lan={interface}", "Xã B", "", "", "", ""]
    said, status = at_a_terminal(["init", "--dir", str(tmp_path)], replies)
    assert status == 0, said
    assert f"  {interface}" in said
    (declared,) = sites_of(load(tmp_path / "config.toml")).values()
    assert (declared.site, declared.name) == ("xa-b", "Xã B")


def at_a_terminal(arguments: list[str], replies: list[str]) -> tuple[str, int]:
    """What a command says at a terminal where each question is answered in turn, and its status."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([VONGGAC, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    said = ""
    try:
        while select.select([ours], [], [], PATIENCE)[0]:
            try:
                piece = os.read(ours, 4096).decode(errors="replace")
            except OSError:
                break
            said += piece
            # typer ends a question with a colon and a blank; what we type comes back as an echo.
            if said.endswith(": ") and replies:
                os.write(ours, replies.pop(0).encode() + b"\n")
        return said, process.wait(PATIENCE)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_name_can_break_the_file(name: str, leg: str) -> None:
    answers = Answers(site="xa-a", name=name, legs=(LegAnswer(name="lan", interface=leg or "eth0", address="10.0.0.0/24"),))
    read = tomllib.loads(config_toml(answers))
    assert set(read) == {"box", "legs"}
    assert set(tomllib.loads(site_toml(answers))) == {"site", "name", "commune", "province"}
