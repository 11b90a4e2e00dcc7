"""`vonggac endpoints usb`: which line decides and why, a draft that nobody but a person completes, and rules that USBGuard itself reads."""

from __future__ import annotations

import csv
import io
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from collector.cli.app import program
from collector.cli.say import Refusal
from collector.config import load
from collector.declared import load as load_declared
from collector.declared_pcs import ENROLLED, USB
from collector.journal import Batch, Journal
from collector.marks import mark_of
from collector.refusal import ConfigError
from model.posture.plugged import Plugged, PluggedRow
from model.posture.rows import Answer, PcRow, Plug, Topic
from model.posture.told import Peripheral, PeripheralHistory
from model.posture.usb import same
from model.rows import Held, Sighting, Stamp
from model.times import DAY, SECOND

AT = 1_752_541_200 * SECOND
NUMBER = "60A44C413FAEF4"
HEAD = "usb,name,owner,until,serial,interfaces,pc\n"
STICK = Peripheral(usb="0951:1666", name="=DataTraveler", kind="storage", interfaces=("08:06:50",), serial="aa11aa11aa11aa11")
PHONE = Peripheral(usb="04e8:6860", name="Điện thoại", kind="phone", interfaces=("06:01:01",))
TETHER = Peripheral(usb="04e8:6863", kind="modem", interfaces=("e0:01:03",))
TOKEN = Peripheral(usb="096e:0807", kind="token", interfaces=("0b:00:00",))
MOUSE = Peripheral(usb="046d:c077", interfaces=("03:01:02",))
KEYBOARD = Peripheral(usb="046d:c31c", kind="keyboard", interfaces=("03:01:01",))
OLD = Peripheral(usb="0781:5581", kind="storage", serial="bb22bb22bb22bb22")


@pytest.fixture
def box() -> Iterator[Path]:
    """A box's folder with two PCs enrolled; short, for a Unix socket's path has at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="vonggac-test-") as name:
        folder = Path(name)
        (folder / "declared").mkdir()
        (folder / "declared/site.toml").write_text('site = "xa-a"\n')
        (folder / "declared" / ENROLLED).write_text("id,name\nmay-1,Quầy 1\nmay-2,Quầy 2\n")
        (folder / "config.toml").write_text("")
        yield folder


def listed(box: Path, *lines: str) -> None:
    (box / "declared" / USB).write_text(HEAD + "".join(line + "\n" for line in lines))


def ask(box: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(program("endpoints"), ["endpoints", "usb", *words, "--config", str(box / "config.toml")])
    if isinstance(done.exception, Refusal | ConfigError):
        raise done.exception
    return done.exit_code, done.stdout


def stamp(at: int = AT) -> Stamp:
    return Stamp(0, at, "endpoints", 1)


def pc(name: str, *plugs: tuple[Peripheral, int], history: tuple[Peripheral, ...] = ()) -> PcRow:
    row = PcRow(id=name, asset=f"a-{name}", seen=Sighting(AT, AT), since={"peripherals": AT})
    row.plugs = {same(device): Plug(Held(device, stamp(at)), Sighting(at, at)) for device, at in plugs}
    row.topics["peripheral_history"] = Topic(Held(Answer(PeripheralHistory(devices=history), "osquery"), stamp()))
    row.history = {same(device): AT for device in history}
    return row


def journalled(box: Path, *rows: PcRow, sockets: PluggedRow | None = None) -> None:
    """A box that saw this, and is stopped."""
    (box / "state").mkdir(exist_ok=True)
    with Journal.open(box / "state/journal.sqlite", box="vonggac") as journal:
        kept = [("pc", row.id, row) for row in rows] + ([("plugged", sockets.id, sockets)] if sockets else [])
        journal.commit(Batch(site="xa-a", now=AT, rows=kept))


def drafted(box: Path) -> list[dict[str, str]]:
    status, out = ask(box, "propose")
    assert status == 0
    return list(csv.DictReader(io.StringIO(out)))


def test_the_line_that_allows_a_device_is_told_with_who_answers_for_it(box):
    listed(box, "0951:1666,USB phòng một cửa,Nguyễn Văn Bình,31/12/2090,,,")
    status, said = ask(box, "test", "0951:1666")
    assert status == 0
    assert "ĐƯỢC PHÉP" in said
    assert "“USB phòng một cửa” (0951:1666; Nguyễn Văn Bình): khớp, đến hết 31/12/2090" in said


@pytest.mark.parametrize(
    ("line", "words", "why"),
    [
        ("0951:1667,USB,Bình,31/12/2090,,,", (), "không dòng nào của usb.csv nêu mã này"),
        ("0951:1666,USB,Bình,31/12/2020,,,", (), "đã hết hạn ngày 31/12/2020"),
        ("0951:1666,USB,Bình,31/12/2090,00112233aabbccdd,,", ("--serial", NUMBER), "chỉ cho chiếc có dấu seri khác"),
        ("0951:*,USB,Bình,31/12/2090,,08:*:*,", ("--interfaces", "08:06:50 03:01:01"), "ngoài 08:*:*"),
        ("0951:1666,USB,Bình,31/12/2090,,,may-2", ("--pc", "may-1"), "chỉ cho máy may-2"),
        ("0951:1666,USB,Bình,31/12/2020,,,", ("--interfaces", "e0:01:03"), "mở đường ra Internet khác"),
    ],
)
def test_why_no_line_allows_it(box, line, words, why):
    listed(box, line)
    status, said = ask(box, "test", "0951:1666", *words)
    assert status == 1
    assert "SẼ BỊ BÁO" in said
    assert why in said


def test_the_line_that_decides_comes_before_those_that_almost_do(box):
    listed(box, "0951:1666,Một,Bình,31/12/2020,,,", "0951:1666,Hai,Hoa,31/12/2090,,,may-2", "0951:*,Ba,Lan,31/12/2090,,,")
    _, said = ask(box, "test", "0951:1666")
    assert [line.split("“")[1].split("”")[0] for line in said.splitlines() if "“" in line] == ["Ba", "Một", "Hai"]


def test_a_serial_number_is_turned_into_the_mark_that_the_list_holds(box):
    mark = mark_of(load(box / "config.toml"))(f"0951:1666:{NUMBER}")
    listed(box, f"0951:1666,USB,Bình,31/12/2090,{mark},,")
    status, said = ask(box, "test", "0951:1666", "--serial", NUMBER.lower())
    assert (status, mark in said, NUMBER in said.upper()) == (0, True, False)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("096e:0807", "--interfaces", "0b:00:00"), "khóa ký số"),
        (("046d:c077", "--interfaces", "03:01:02"), "không bị xét"),
        (("VID_0951&PID_1666",), "chưa khai báo usb.csv"),
    ],
)
def test_what_needs_no_line(box, words, why):
    status, said = ask(box, "test", *words)
    assert (status, why in said) == (0, True)


@pytest.mark.parametrize("words", [("USB lạ",), ("0951:1666", "--interfaces", "drive"), ("0951:1666", "--site", "xa-b"), ("0951:16666",)])
def test_what_is_no_device_is_refused_in_one_sentence(box, words):
    with pytest.raises(Refusal) as caught:
        ask(box, "test", *words)
    assert caught.value.status == 2


def test_what_was_seen_and_is_not_listed_is_drafted_once_for_a_person(box):
    listed(box, "0781:5581,USB cũ,Bình,31/12/2090,bb22bb22bb22bb22,,")
    journalled(
        box,
        pc("may-1", (STICK, AT), (MOUSE, AT), (TOKEN, AT), (KEYBOARD, AT), history=(OLD,)),
        pc("may-2", (STICK, AT + 60 * SECOND), (TETHER, AT), (PHONE, AT)),
    )
    stick = {"usb": "0951:1666", "name": "DataTraveler", "owner": "", "until": "", "serial": STICK.serial, "interfaces": "08:06:50", "pc": ""}
    phone = {"usb": "04e8:6860", "name": "Điện thoại", "owner": "", "until": "", "serial": "", "interfaces": "06:01:01", "pc": "may-2"}
    assert [{key: line[key] for key in stick} for line in drafted(box)] == [phone, stick]
    assert drafted(box)[1]["note"] == "ổ nhớ USB; may-1, may-2; 15/07/2025 08:01:00"


def test_a_new_keyboard_and_what_the_registry_remembers_are_drafted_too(box):
    journalled(box, pc("may-1", (KEYBOARD, AT + DAY), history=(OLD,)))
    assert [(line["usb"], line["serial"]) for line in drafted(box)] == [("046d:c31c", ""), ("0781:5581", OLD.serial)]


def test_the_boxs_own_sockets_are_drafted_without_a_pc(box):
    plugged = Plugged(Held(STICK, stamp()), Sighting(AT, AT), Held(True, stamp()), "1-1")
    journalled(box, sockets=PluggedRow(id="peripherals", seen=Sighting(AT, AT), devices={same(STICK): plugged}))
    (line,) = drafted(box)
    assert (line["usb"], line["pc"], "hộp giám sát" in line["note"]) == ("0951:1666", "", True)


def test_the_box_refuses_the_draft_until_a_person_has_signed_each_line(box):
    journalled(box, pc("may-1", (STICK, AT)))
    path = box / "declared" / USB
    status, _ = ask(box, "propose", "--out", str(path))
    assert status == 0
    with pytest.raises(ConfigError) as refused:
        load_declared(box / "declared")
    assert 'cột "owner"' in refused.value.text.vi
    signed = path.read_text("utf-8-sig").replace("DataTraveler,,", "DataTraveler,Bình,31/12/2090")
    path.unlink()
    path.write_text(signed)
    (rule,) = load_declared(box / "declared").usb
    assert (rule.usb, rule.serial, rule.pc, rule.interfaces) == ("0951:1666", STICK.serial, "may-1", ("08:06:50",))


def test_a_draft_never_writes_over_another(box):
    journalled(box, pc("may-1", (STICK, AT)))
    out = box / "nhap.csv"
    out.write_text("đang sửa")
    with pytest.raises(Refusal):
        ask(box, "propose", "--out", str(out))
    assert out.read_text() == "đang sửa"


LISTED = (
    "0951:1666,USB một cửa,Bình,31/12/2090,,08:*:*,",
    "0781:*,USB cũ,Bình,31/12/2020,,,",
    "04a9:190f,Máy quét “Canon”,Hoa,31/12/2090,,,",
    "0bda:8153,Cạc mạng,Lan,31/12/2090,,,may-2",
    "0951:1700,USB riêng,Lan,31/12/2090,00112233aabbccdd,08:06:50,",
)


def test_usbguards_own_parser_reads_every_rule_of_the_policy(box):
    listed(box, *LISTED)
    out = box / "rules.conf"
    assert ask(box, "propose", "--format", "usbguard", "--out", str(out))[0] == 0
    rules = [line for line in out.read_text().splitlines() if not line.startswith("#")]
    for rule in rules:
        done = subprocess.run(["usbguard-rule-parser", rule], capture_output=True, text=True, check=False)
        assert done.returncode == 0, (rule, done.stderr)
    assert subprocess.run(["usbguard-rule-parser", "-f", str(out)], capture_output=True, check=False).returncode == 0
    assert rules[-1] == "block"


def test_the_policy_is_never_wider_than_the_list(box):
    listed(box, *LISTED)
    _, here = ask(box, "propose", "--format", "usbguard")
    _, there = ask(box, "propose", "--format", "usbguard", "--pc", "may-2")
    ids = {line.split()[2] for line in here.splitlines() if line.startswith("allow id")}
    assert {"0951:1666", "04a9:190f"} <= ids
    assert not ids & {"0781:*", "0bda:8153", "0951:1700"}
    assert "allow id 0951:1666 with-interface match-all { 08:*:* }" in here.splitlines()
    assert "allow id 0bda:8153" in there.splitlines()
    assert '# allow id 0951:1700 serial "..." with-interface match-all { 08:06:50 }' in here.splitlines()
