"""The register's reading of a device, what is lawful without a word, and what a PC remembers of its sockets."""

from __future__ import annotations

import itertools

import msgspec
import pytest

from model.declared import Declared, UsbRule
from model.endpointfacts import PcAnswered
from model.posture.peripherals import MAX_PLUGS, came_since, is_new, matter, ruling
from model.posture.rows import PcRow
from model.posture.told import Peripheral, PeripheralHistory, Peripherals
from model.site import SiteView, fold
from model.times import DAY, HOUR

AT = 1_750_000_000_000_000_000
STICK = Peripheral(usb="0951:1666", name="DataTraveler", kind="storage", interfaces=("08:06:50",), serial="aa11")
LINE = UsbRule(usb="0951:1666", name="USB văn thư", owner="Lan", until=AT + DAY)
ME = frozenset({"pc-01"})
_numbers = itertools.count(1)


def fit(rule, device=STICK, pcs=ME, at=AT):
    return ruling(Declared(site="xa", usb=(rule,)), pcs, device, at).fit


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, "listed"),
        ({"usb": "0951:*"}, "listed"),
        ({"usb": "0951:1667"}, "unlisted"),
        ({"serial": "aa11"}, "listed"),
        ({"serial": "bb22"}, "other_serial"),
        ({"interfaces": ("08:06:50",)}, "listed"),
        ({"interfaces": ("08:*:*",)}, "listed"),
        ({"interfaces": ("08:06:62",)}, "more_interfaces"),
        ({"pc": "PC-01"}, "listed"),
        ({"pc": "pc-02"}, "other_pc"),
        ({"until": AT}, "expired"),
    ],
)
def test_a_line_fits_wholly_or_says_where_it_does_not(changed, says):
    assert fit(msgspec.structs.replace(LINE, **changed)) == says


def test_a_stick_that_is_a_keyboard_too_is_more_than_was_allowed():
    rule = msgspec.structs.replace(LINE, interfaces=("08:06:50",))
    bad = msgspec.structs.replace(STICK, interfaces=("03:01:01", "08:06:50"))
    assert fit(rule, bad) == "more_interfaces"


def test_the_nearest_of_several_lines_speaks():
    rules = (msgspec.structs.replace(LINE, pc="pc-02"), msgspec.structs.replace(LINE, until=AT), msgspec.structs.replace(LINE, serial="bb22"))
    assert ruling(Declared(site="xa", usb=rules), ME, STICK, AT) == ("expired", rules[1])
    assert ruling(Declared(site="xa"), ME, STICK, AT) == ("unlisted", None)


@pytest.mark.parametrize(
    ("usb", "kind", "interfaces", "what"),
    [
        ("096e:0807", "token", ("0b:00:00",), "lawful"),
        ("096e:0807", "token", ("08:06:50", "0b:00:00"), "lawful"),
        ("0529:0620", "other", ("ff:00:00",), "lawful"),
        ("096e:0309", "other", ("03:00:00",), "lawful"),
        ("1234:0001", "token", ("0b:00:00",), "lawful"),
        ("1234:0001", "token", (), "lawful"),
        ("1234:0001", "token", ("08:06:50", "0b:00:00"), "storage"),
        ("1234:0001", "token", ("03:01:01", "0b:00:00"), "keyboard"),
        ("096e:0807", "token", ("03:01:01", "0b:00:00"), "keyboard"),
        ("096e:0001", "storage", ("08:06:50",), "storage"),
        ("0951:1666", "storage", ("08:06:50",), "storage"),
        ("0951:1666", "keyboard", ("03:01:01", "08:06:50"), "storage"),
        ("04e8:6860", "phone", ("06:01:01",), "phone"),
        ("04e8:6863", "phone", ("06:01:01", "e0:01:03"), "way_out"),
        ("12d1:14dc", "modem", ("02:0e:00",), "way_out"),
        ("0bda:8153", "network", ("02:06:00",), "network"),
        ("046d:c31c", "keyboard", ("03:01:01",), "keyboard"),
        ("046d:c077", "other", ("03:01:02",), "ordinary"),
        ("03f0:112a", "printer", ("07:01:02",), "printer"),
        ("046d:0825", "camera", ("0e:01:00",), "camera"),
        ("0d8c:0014", "audio", ("01:01:00",), "ordinary"),
    ],
)
def test_what_a_device_is_to_the_rule(usb, kind, interfaces, what):
    assert matter(Peripheral(usb=usb, kind=kind, interfaces=interfaces)) == what


def told(view, *devices, at=AT, kind=Peripherals):
    answer = kind(devices=devices)
    topic = kind.__struct_config__.tag
    return fold(view, PcAnswered(at=at, sensor="endpoints", sequence=next(_numbers), pc="pc-01", topic=topic, answered=at, told=answer))


def row_after(*answers):
    view = SiteView(Declared(site="xa"), key=b"k" * 32, now=AT)
    for devices, at, kind in answers:
        told(view, *devices, at=at, kind=kind)
    return view.posture.pc["pc-01"]


KEYBOARD = Peripheral(usb="046d:c31c", kind="keyboard", interfaces=("03:01:01",))


def test_what_was_there_at_the_first_look_is_not_new():
    answers = [((KEYBOARD,), AT, Peripherals), ((KEYBOARD, STICK), AT + HOUR, Peripherals), ((KEYBOARD,), AT + 2 * HOUR, Peripherals)]
    for order in (answers, answers[::-1]):
        row = row_after(*order)
        assert {plug.device.value.usb: is_new(row, plug) for plug in row.plugs.values()} == {KEYBOARD.usb: False, STICK.usb: True}
        assert {plug.device.value.usb: plug.seen.last for plug in row.plugs.values()}[STICK.usb] == AT + HOUR


def test_the_registrys_memory_is_news_only_where_it_grew():
    later = PeripheralHistory(devices=(KEYBOARD, STICK))
    answers = [((KEYBOARD,), AT, PeripheralHistory), ((KEYBOARD, STICK), AT + DAY, PeripheralHistory)]
    for order in (answers, answers[::-1]):
        assert came_since(row_after(*order), later) == [(STICK, AT + DAY)]
    assert came_since(row_after(answers[1]), later) == []


def test_a_gadget_that_renames_itself_fills_no_memory():
    gadgets = tuple(msgspec.structs.replace(STICK, serial=f"{number:04x}") for number in range(MAX_PLUGS + 20))
    assert len(row_after((gadgets, AT, Peripherals)).plugs) == MAX_PLUGS


def test_a_stick_that_comes_touches_the_pc_though_it_was_asked_a_minute_ago():
    view = SiteView(Declared(site="xa"), key=b"k" * 32, now=AT)
    told(view, KEYBOARD)
    assert told(view, KEYBOARD, STICK, at=AT + HOUR // 60)


def test_it_comes_back_whole():
    row = row_after(((KEYBOARD, STICK), AT, Peripherals), ((STICK,), AT, PeripheralHistory))
    assert msgspec.json.decode(msgspec.json.encode(row), type=PcRow) == row
