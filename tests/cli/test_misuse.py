"""What typer and the operating system say in English is told in Vietnamese, in one sentence, with the status that it had."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from collector.cli.app import program
from collector.cli.misuse import refusal
from collector.cli.reasons import in_vietnamese
from collector.cli.say import speak, table
from tests.system.program import PATIENCE, Box, ran

PROGRAM = Path(sys.executable).parent / "vonggac"

MISUSES = {
    "confg": "không có lệnh “confg”, gần nhất là 'config'; xem vonggac --help",
    "config xyzzy": "không có lệnh “xyzzy”; xem vonggac config --help",
    "doctor --bogus": "không có tùy chọn --bogus; xem vonggac doctor --help",
    "report --forma csv": "không có tùy chọn --forma, gần nhất là --format; xem vonggac report --help",
    "report --site": "tùy chọn --site cần một giá trị",
    "report --format xml": "--format phải là một trong 'html', 'json', 'csv', nhận được “xml”; xem vonggac report --help",
    "users add": "thiếu NAME; xem vonggac users add --help",
    "users add lan": "thiếu tùy chọn --role; xem vonggac users add --help",
    "doctor now please": "thừa trên dòng lệnh: now please; xem vonggac doctor --help",
    "init --english=yes": "tùy chọn --english không nhận giá trị",
    "audit list --log /khong/co": "--log: không mở được /khong/co: No such file or directory; xem vonggac audit list --help",
    "inspect --minutes long": "--minutes phải là số, nhận được “long”; xem vonggac inspect --help",
    "inspect --minutes 0": "--minutes phải trong khoảng 0.1<=x<=1440, nhận được 0.0; xem vonggac inspect --help",
    "declared sign a --key b --out c --days x": "--days phải là số nguyên, nhận được “x”; xem vonggac declared sign --help",
    "webhook verify a --headers b --secret-file c --at x": "--at phải là số nguyên, nhận được “x”; xem vonggac webhook verify --help",
}


@pytest.mark.parametrize("line", MISUSES)
def test_a_misuse_is_one_vietnamese_sentence_and_tells_where_to_read(line: str) -> None:
    words = line.split()
    with pytest.raises(typer.TyperException) as raised:
        program(words[0])(words, prog_name="vonggac", standalone_mode=False)
    told = refusal(raised.value)
    assert (told.text.vi, told.status) == (MISUSES[line], 2)
    assert told.text.en != told.text.vi


def test_what_is_typed_cannot_write_to_the_terminal() -> None:
    done = ran("config", "\x1b[2Jshow")
    assert (done.returncode, done.stderr.count("\n"), "\x1b" in done.stderr) == (2, 1, False)


@pytest.mark.parametrize("command", [["config", "show"], ["config", "check"], ["doctor"], ["report", "--help"]], ids=" ".join)
def test_an_output_that_is_full_is_one_sentence(box: Box, command: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        options = [] if "--help" in command else ["--config", str(box.config)]
        done = subprocess.run([PROGRAM, *command, *options], stdout=full, stderr=subprocess.PIPE, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 1
    assert done.stderr == "vonggac: hệ điều hành không cho làm tiếp: đĩa đầy\n"


def test_a_terminal_without_vietnamese_letters_is_still_answered(box: Box) -> None:
    command, surroundings = [PROGRAM, "config", "check", "--config", str(box.config)], {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(command, env=surroundings, capture_output=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"C?u h" in done.stdout


STOPPED_AT_THE_DOOR = """
import sys
class Stop:
    def find_spec(self, name, *rest):
        if name == "typer":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Stop())
from collector.cli import main
main()
"""


def test_ctrl_c_before_a_command_has_begun_is_quiet() -> None:
    done = subprocess.run([sys.executable, "-c", STOPPED_AT_THE_DOOR, "doctor"], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_the_reasons_of_the_operating_system_are_translated_where_they_stand_as_such() -> None:
    assert in_vietnamese(f"không ghi được a: {os.strerror(errno.ENOSPC)}.") == "không ghi được a: đĩa đầy."
    assert in_vietnamese("tệp “No such file or directory.txt” có hai dòng") == "tệp “No such file or directory.txt” có hai dòng"


REASONS = {
    "Không nghe được: error while attempting to bind on address ('127.0.0.1', 8473): address already in use.": (
        "Không nghe được: cổng này đang có chương trình khác dùng."
    ),
    "không gọi được tỉnh: Cannot connect to host 127.0.0.1:9 ssl:default [Connect call failed ('127.0.0.1', 9)]": (
        "không gọi được tỉnh: không nối được tới 127.0.0.1:9"
    ),
    "không đúng ([SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1006)): sai tệp": (
        "không đúng (chứng thư tự ký): sai tệp"
    ),
    "không đúng ([SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'a.vn'. (_ssl.c:9))": (
        "không đúng (chứng thư không phải của a.vn)"
    ),
}


@pytest.mark.parametrize("said", REASONS)
def test_what_python_and_openssl_say_of_a_connection_is_translated(said: str) -> None:
    assert in_vietnamese(said) == REASONS[said]


@pytest.mark.parametrize("terminal", [False, True])
def test_a_hostile_name_in_a_title_is_one_harmless_line(terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    speak("vi")
    monkeypatch.delenv("COLUMNS", raising=False)
    if terminal:
        monkeypatch.setenv("COLUMNS", "120")
    table("TV\x1b[2J\n[red]sảnh[/red]\u202e", ("Tên",), [("một thiết bị ở sảnh tầng một",)])
    said = capsys.readouterr().out
    assert "TV [2J [red]sảnh[/red]" in said.splitlines()[0]
    assert not {"\x1b", "\u202e"} & set(said)
