"""What people get wrong, as they meet it: one sentence that names it, the right exit status, never a traceback."""

from __future__ import annotations

import gzip
import json
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests import corpus
from tests.system.program import PATIENCE, Box, address, ended, fetched, ran, running, until

SCREEN = corpus.LAB / "airplay-uxplay" / "capture.pcap"
LANGUAGES = ["vi", "en"]


def sentence(done: subprocess.CompletedProcess[str], status: int = 1) -> str:
    """The one sentence of a command that was refused; what it had to say otherwise does not count."""
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    assert done.returncode == status, said
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    prefix, _, words = lines[0].partition(": ")
    assert prefix == "vonggac"
    assert len(words) > 20
    assert words[-1] != "\n"
    return words


def spoken(box: Box, language: str) -> Box:
    box.language = language
    return box.write()


# --- capture files


def not_a_capture(folder: Path) -> Path:
    (folder / "notes.pcap").write_text("đây là ghi chú, không phải tệp bắt gói\n")
    return folder / "notes.pcap"


def empty(folder: Path) -> Path:
    (folder / "empty.pcap").touch()
    return folder / "empty.pcap"


def directory(folder: Path) -> Path:
    (folder / "captures").mkdir()
    return folder / "captures"


def missing(folder: Path) -> Path:
    return folder / "nowhere.pcap"


def unknown_link(folder: Path) -> Path:
    """Two packets of DLT 147, which is for private use."""
    packet = struct.pack("<IIII", 1_752_537_600, 0, 4, 4) + b"\0" * 4
    (folder / "private.pcap").write_bytes(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 147) + 2 * packet)
    return folder / "private.pcap"


def unreadable(folder: Path) -> Path:
    shutil.copy(SCREEN, folder / "closed.pcap")
    (folder / "closed.pcap").chmod(0)
    return folder / "closed.pcap"


CAPTURES = {
    not_a_capture: ("không phải tệp bắt gói", "is not a pcap"),
    empty: ("rỗng (0 byte)", "is empty (0 bytes)"),
    directory: ("là thư mục", "is a directory"),
    missing: ("Không có tệp bắt gói", "There is no capture file"),
    unknown_link: ("2 gói thuộc kiểu liên kết không đọc được (DLT 147)", "2 packets of a link type that is not read (DLT 147)"),
    unreadable: ("Không có quyền đọc", "No permission to read"),
}


@pytest.mark.parametrize("make", CAPTURES, ids=lambda make: make.__name__)
def test_a_file_that_cannot_be_replayed(tmp_path: Path, make) -> None:
    path = make(tmp_path)
    done = ran("replay", path, "--format", "json", rights=False)
    words = sentence(done)
    assert CAPTURES[make][0] in words
    assert path.name in words
    assert done.stdout == ""


def test_in_english_each_of_several_bad_files_has_its_sentence(box: Box) -> None:
    paths = [make(box.folder) for make in CAPTURES]
    done = ran("replay", *paths, "--config", spoken(box, "en").config, rights=False)
    lines = done.stderr.splitlines()
    assert len(lines) == len(CAPTURES)
    assert all(words in line and path.name in line for line, path, (_, words) in zip(lines, paths, CAPTURES.values(), strict=True)), lines
    assert done.returncode == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("packed", [False, True])
def test_a_cut_file_yields_what_was_before_the_cut_and_says_where_it_is(box: Box, language: str, packed: bool) -> None:
    whole = SCREEN.read_bytes()
    path = box.folder / ("cut.pcap.gz" if packed else "cut.pcap")
    path.write_bytes(gzip.compress(whole)[:-20] if packed else whole[:-5])
    done = ran("replay", path, "--config", spoken(box, language).config, "--format", "json")
    words = sentence(done)
    assert ("bị cắt cụt sau gói thứ" if language == "vi" else "is cut off after packet") in words
    if not packed:
        assert " 26," in words, "of 27 packets the last is cut"
    (finding,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert finding["detector"] == "VG-NET-02"


def test_one_bad_file_among_several_keeps_none_of_the_others_from_being_played(tmp_path: Path) -> None:
    done = ran("replay", not_a_capture(tmp_path), SCREEN, "--format", "json")
    assert "notes.pcap" in sentence(done)
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("path", ["/dev/null", "/dev/zero"])
def test_a_device_in_place_of_a_file(path: str) -> None:
    assert path in sentence(ran("replay", path))


# --- configuration and declared data

TABLES = {
    "[web]\nprot = 80\n": ('"[web] prot"', '"port"'),
    "[wev]\nport = 80\n": ('"wev"', '"web"'),
    '[web]\nport = "80"\n': ('"[web] port"', '"80"'),
    "[[legs]]\nname = 7\n": ('"[[legs]] #1 name"', "7"),
    '[[legs]]\nheartbeat = "soon"\n': ('"[[legs]] #1 heartbeat"', '"30s"'),
    "[detectors.open_dispaly]\nfresh_hours = 2\n": ("open_dispaly", "open_display"),
    "[detectors.open_display]\nfresh_hour = 2\n": ("fresh_hour", "fresh_hours"),
    '[detectors.open_display]\nfresh_hours = "2"\n': ("fresh_hours", '"2"'),
    '[[sinks]]\ntype = "webhok"\n': ("webhok", "webhook"),
    '[[sinks]]\ntype = "elasticsearch"\nurls = ["http://soc.example.vn:9200"]\n': ("urls", "https://"),
    '[web]\nhost = "0.0.0.0"\n': ('"[web] host"', "127.0.0.1"),
}


@pytest.mark.parametrize(("language", "table"), [*(("vi", table) for table in TABLES), *(("en", table) for table in list(TABLES)[::3])])
def test_a_configuration_that_is_refused_names_file_key_and_what_was_meant(box: Box, table: str, language: str) -> None:
    spoken(box, language).write(table)
    words = sentence(ran("config", "check", "--config", box.config))
    assert words.startswith("Tệp config.toml: " if language == "vi" else "File config.toml: ")
    assert all(part in words for part in TABLES[table]), words


@pytest.mark.parametrize("command", [["run"], ["core"], ["findings", "list"], ["config", "show"], ["es", "bootstrap"]])
def test_no_configuration_file(tmp_path: Path, command: list[str]) -> None:
    assert "config.toml" in sentence(ran(*command, cwd=tmp_path))


def test_a_configuration_that_cannot_be_read(box: Box) -> None:
    assert "nowhere.toml" in sentence(ran("run", "--config", box.folder / "nowhere.toml"))
    assert "là thư mục" in sentence(ran("run", "--config", box.folder))
    box.config.chmod(0)
    assert "không có quyền đọc" in sentence(ran("run", "--config", box.config, rights=False))
    box.config.unlink()
    box.write("[web]\nprot = 0\n")
    assert '"[web] prot"' in sentence(ran("run", "--config", box.config))


def test_a_configuration_that_is_no_toml_names_the_line(box: Box) -> None:
    box.config.write_text('language = "en"\n\n[web\n')
    assert "line 3" in sentence(ran("config", "check", "--config", box.config))
    box.config.write_bytes(b"\xff\xfe\0\0")
    assert "UTF-8" in sentence(ran("config", "check", "--config", box.config))


@pytest.mark.parametrize("language", LANGUAGES)
def test_declared_data_that_is_missing_or_broken(box: Box, language: str) -> None:
    spoken(box, language)
    register = box.folder / "declared" / "register.csv"
    register.write_text("mac,name,role\n02:00:5e:10:00:01,Máy 1,staff\n02:00:5e:10:00:0G,Máy 2,staff\n")
    words = sentence(ran("config", "check", "--config", box.config))
    assert "register.csv" in words
    assert ("dòng 3" if language == "vi" else "line 3") in words
    assert "02:00:5e:10:00:0G" in words
    register.write_text('mac,name\n"02:00:5e:10:00:01,Máy 1\n')
    assert "register.csv" in sentence(ran("config", "check", "--config", box.config))
    shutil.rmtree(box.folder / "declared")
    for command in (["config", "check"], ["run"], ["replay", SCREEN]):
        assert "site.toml" in sentence(ran(*command, "--config", box.config))
    assert "site.toml" in sentence(ran("declared", "check", box.folder / "declared"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_interface_that_is_not_there(box: Box, language: str) -> None:
    box.language = language
    box.write('[[legs]]\nname = "lan"\ninterface = "eth77"\n')
    words = sentence(ran("config", "check", "--config", box.config))
    present = [name for _, name in socket.if_nameindex()]
    assert "eth77" in words
    assert all(name in words for name in present)
    # A service says it once, goes on and tries again.
    with running(box, "run") as process:
        page = address(process)
        process.wait_for("eth77", PATIENCE)
        until(lambda: 'vonggac_sensor_up{sensor="capture:lan"} 0' in fetched(page + "metrics"), "the sensor in the metrics", PATIENCE)
        assert ended(process) == 0
    assert sum("eth77" in line for line in process.said().splitlines()) == 1, process.said()


# --- what else is in the way


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_port_that_another_program_has(box: Box, language: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        box.language = language
        box.write(f"[web]\nport = {port}\nmetrics_port = {port}\n")
        for command, key in (("run", "port"), ("web", "port"), ("export", "metrics_port")):
            done = ran(command, "--config", box.config)
            said = [line for line in done.stderr.splitlines() if line.startswith("vonggac: ")]
            assert len(said) == 1
            assert str(port) in said[0]
            assert f"[web] {key}" in said[0]
            assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
        done = ran("demo", "--port", str(port), "--lang", language)
        assert str(port) in sentence(done)


def test_a_second_run_in_the_same_folder_leaves_the_first_alone(box: Box) -> None:
    with running(box, "run") as first:
        page = address(first)
        for command in ("run", "core"):
            assert f"journal.sqlite đang được tiến trình {first.popen.pid} dùng" in sentence(ran(command, "--config", box.config))
        assert fetched(page + "-/ready")
        assert ended(first) == 0


def test_a_folder_that_may_not_be_written_to(box: Box) -> None:
    (box.folder / "state").mkdir(mode=0o500)
    assert "state" in sentence(ran("run", "--config", box.config, rights=False))


def test_a_socket_path_that_is_too_long(box: Box) -> None:
    box.write(f'[sockets]\ndir = "{"s" * 120}"\n')
    assert "107" in sentence(ran("run", "--config", box.config))


def test_a_damaged_journal_is_set_aside_by_core_and_told_by_commands(box: Box) -> None:
    (box.folder / "state").mkdir()
    (box.folder / "state" / "journal.sqlite").write_bytes(b"no journal at all" * 500)
    assert "journal.sqlite" in sentence(ran("findings", "list", "--config", box.config))
    with running(box, "run") as process:
        address(process)
        assert ended(process) == 0
    assert sum("journal.sqlite" in line for line in process.said().splitlines()) == 1, process.said()
    assert box.lines("findings", "list") == []


@pytest.mark.parametrize("mode", [0o644, None])
def test_a_secret_that_others_may_read_or_that_is_missing(box: Box, mode: int | None) -> None:
    secret = box.folder / "secret"
    if mode is not None:
        secret.write_text("whsec_bm90LXJlYWxseS1hLXNlY3JldA==")
        secret.chmod(mode)
    box.write('[[sinks]]\ntype = "webhook"\nurl = "http://127.0.0.1:9/"\nsecret_file = "secret"\n')
    words = sentence(ran("run", "--config", box.config))
    assert str(secret) in words
    assert "whsec" not in words


@pytest.mark.parametrize("act", [["ack", "7f3a90c1d2e4", "--by", "Lan"], ["close", "7f3a90c1d2e4", "--by", "Lan", "--why", "đã tắt"]])
def test_acts_without_a_running_core(box: Box, act: list[str]) -> None:
    assert "core" in sentence(ran("findings", *act, "--config", box.config))


@pytest.mark.parametrize("question", [["findings", "list"], ["findings", "show", "7f3a90c1d2e4"], ["assets", "list"], ["explain", "VG-NET-02", "TV"]])
def test_questions_before_the_first_run(box: Box, question: list[str]) -> None:
    assert "vonggac run" in sentence(ran(*question, "--config", box.config))


USAGE = [
    ["relay"], ["replay"], ["replay", "--formt", "json", "x.pcap"], ["replay", "--format", "xml", "x.pcap"], ["replay", "--fail-on", "severe", "x.pcap"],
    ["findings", "ack", "7f3a90c1d2e4"], ["findings", "accept", "7f3a90c1d2e4", "--by", "Lan"], ["demo", "--port", "70000"], ["demo", "--lang", "fr"],
    ["es", "bootstrp"],
]  # fmt: skip


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    done = ran(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr
    assert done.stdout == ""


def test_a_day_that_is_none_and_a_leg_that_is_not_declared_are_wrong_usage(box: Box) -> None:
    accept = ["findings", "accept", "7f3a90c1d2e4", "--by", "Lan", "--why", "chờ mua TV", "--config", box.config]
    assert "2026-13-01" in sentence(ran(*accept, "--until", "2026-13-01"), status=2)
    assert "lan" in sentence(ran("replay", SCREEN, "--config", box.config, "--leg", "wan"), status=2)


def test_a_reader_that_goes_away_is_no_error() -> None:
    program = Path(sys.executable).parent / "vonggac"
    for form in ("json", "table"):
        shell = f"set -o pipefail; {program} replay --assets --format {form} {SCREEN} | true"
        done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert (done.returncode, done.stderr) == (0, "")
