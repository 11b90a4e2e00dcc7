"""Rows to facts: what is let through, what is dropped and counted, when an answer was given, and that no content ever raises."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.catalogue import load
from collector.decode.posture.answers import READERS, answers
from collector.decode.posture.cells import MAX_ROWS, personal
from collector.decode.posture.envelope import Context, Envelope, Result
from model.endpointfacts import PcAnswered
from model.posture import told as t
from model.times import DAY, HOUR, SECOND

AT = 1_795_000_000 * SECOND
COLUMNS = {query.topic: query.columns for query in load().queries}
CONTEXT = Context(pc="pc-01", site="xa", at=AT, source="osquery", mark=lambda text: f"{len(text):016x}")


def read(results, context=CONTEXT, columns=COLUMNS, **envelope):
    return answers(Envelope(results=results, **envelope), columns, context)


def one(topic, *rows, **envelope):
    (fact,) = read({topic: Result(rows=rows)}, **envelope).facts
    return fact


LOGON = {"automatic": "1", "stored": "0", "looked": "5"}


def test_a_fact_says_whose_which_when_and_how():
    fact = one("auto_logon", LOGON, catalogue_version="2026.11.22.1", host="MAY-CUA-LAN")
    assert fact == PcAnswered(at=AT, pc="pc-01", site="xa", topic="auto_logon", answered=AT, told=t.AutoLogon(on=True), catalogue="2026.11.22.1")


def test_every_topic_has_its_reader_and_its_own_type():
    assert set(READERS) == set(COLUMNS)


def test_numbers_may_come_as_texts_or_as_numbers():
    assert one("auto_logon", LOGON) == one("auto_logon", {"automatic": "1", "stored": 0, "looked": 5.0})


def test_columns_that_nobody_allowed_are_dropped_and_counted():
    result = read({"auto_logon": Result(rows=({**LOGON, "password": "x", "DefaultPassword": "y"},))})
    assert result.dropped == 2
    assert result.facts[0].told == t.AutoLogon(on=True)


def test_a_topic_that_the_catalogue_does_not_have_is_refused():
    result = read({"shell": Result(rows=({"a": "b"},)), "auto_logon": Result(rows=(LOGON,))}, columns={"auto_logon": COLUMNS["auto_logon"]})
    assert ([fact.topic for fact in result.facts], result.refused) == (["auto_logon"], 1)


def test_rows_of_nothing_that_is_allowed_are_refused():
    assert one("auto_logon", {"user": "lan"}).trouble == "refused"


def test_no_row_is_no_answer():
    assert one("auto_logon").trouble == "failed"
    assert one("licence").trouble == "script"


@pytest.mark.parametrize(("collected", "answered"), [(0, AT), (AT - 5 * HOUR, AT - 5 * HOUR), (AT + 400 * DAY, AT), (-5, AT), (1, 1)])
def test_an_answer_is_never_later_than_it_was_heard(collected, answered):
    assert one("auto_logon", LOGON, collected_at=collected).answered == answered


LICENCE = {"windows": "1", "windows_channel": "Retail", "office": "", "office_channel": "", "server": "", "left": "0"}


@pytest.mark.parametrize(
    ("written", "answered"),
    [
        (AT // SECOND - 3_600, AT - HOUR),
        (AT // SECOND + 3_600, AT),  # a PC whose clock is ahead
        (1, AT),  # and one that was never set
    ],
)
def test_what_the_script_wrote_is_as_old_as_it_says(written, answered):
    assert one("licence", {**LICENCE, "written": str(written)}).answered == answered


def test_more_rows_than_any_question_gives_are_cut_and_counted():
    rows = [{"product": "teamviewer", "stage": "running", "version": "", "portable": "0", "looked": "0"}] * (MAX_ROWS + 7)
    result = read({"remote_tools": Result(rows=rows)})
    assert result.refused == 7


@pytest.mark.parametrize("rows", [[5], ["x"], [None], [[]], [{"automatic": {"deep": 1}}], [{"automatic": ["1"]}], [{"looked": True}], [{5: 6}]])
def test_rows_of_wrong_types_are_put_aside(rows):
    result = read({"auto_logon": Result(rows=rows)})
    assert result.facts[0].told is None
    assert result.dropped + result.refused >= 1


@pytest.mark.parametrize("cell", ["9" * 400, "1e9", "0x", "-0x5", "١", "nan", "inf", float("nan"), float("inf"), 10**400, -(10**20), "1.5", "\x00", "1\n2"])
def test_numbers_that_are_none(cell):
    assert one("firewall_holes", {"open": cell, "public": cell, "looked": "5"}).trouble == "failed"


UNREADABLE = {
    "documents": [{"place": "zalo", "count": "5", "size": "1", "oldest": "hôm qua", "newest": "20000", "looked": "0"}, {"place": "", "looked": "3"}],
    "working": [{"sid": "S-1-5-21-1-2-3-1001", "admin": "", "builtin": "0", "looked": "0"}, {"sid": "", "looked": "1"}],
    "bluetooth": [{"radios": "?", "service": "RUNNING", "looked": "9"}],
    "kaspersky": [{"installed": "", "looked": "9"}],
    "auto_logon": [{"automatic": "0", "stored": "", "looked": "9"}],
}


@pytest.mark.parametrize("topic", UNREADABLE)
def test_what_is_there_and_cannot_be_read_is_never_clean(topic):
    assert one(topic, *UNREADABLE[topic]).trouble == "failed"


def test_a_store_whose_count_cannot_be_read_is_unread():
    row = {"browser": "chrome", "account": "0", "government": "?", "logins": "?", "stores": "1", "files": "1"}
    assert one("saved_passwords", row, {"browser": "", "looked": "2"}).told == t.SavedPasswords(unread=("chrome",))


def test_a_text_of_many_megabytes_is_no_cell():
    result = read({"machine": Result(rows=({"product": "Windows 11", "cpu": "x" * 5_000_000},))})
    assert (result.facts[0].told.cpu, result.dropped) == ("", 1)


@pytest.mark.parametrize(
    "text",
    [
        "079203001234",
        "so 079 203 001 234",
        "024681357",
        "0912345678",
        "0912.345.678",
        "+84 912 345 678",
        "a@b.vn",
        "Nguyen Van A",
        "tran thi b",
        "NguyenVanA",
        "Le Thi Hoa",
        "phamvanc",
        "HOANG MINH D",
    ],
)
def test_what_stands_for_a_person(text):
    assert personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "Microsoft Windows 11 Pro",
        "Intel(R) Core(TM) i7-10700 CPU @2.90GHz".replace("@", ""),
        "AMD Ryzen 5 5600G with Radeon Graphics",
        "10.0.22621.3007",
        "12.6.0.438",
        "Kaspersky Endpoint Security for Windows",
        "UltraViewer 6.6.124",
        "Realtek PCIe GbE Family Controller",
        "OptiPlex 3080",
        "HP ProDesk 400 G6 MT",
        "VMware, Inc.",
        "Microsoft Usbccid Smartcard Reader (WUDF)",
        "Bkav Pro Internet Security",
        "ThinkCentre M720q 10T7",
        "140.0.7339.208",
        "1.1.25080.5-0",
    ],
)
def test_what_names_a_machine(text):
    assert not personal(text)


def test_interfaces_drop_cards_that_are_the_same_on_many_pcs():
    macs = (
        "00:50:56:c0:00:01",
        "00:50:56:c0:00:08",
        "00:15:5d:12:34:56",
        "02:42:ac:11:00:02",
        "0a:00:27:00:00:0b",
        "00:ff:12:34:56:78",
        "00:05:9a:3c:7a:00",
        "00:09:0f:fe:00:01",
        "0c:5b:8f:27:9a:64",
        "00:00:00:00:00:00",
        "ff:ff:ff:ff:ff:ff",
        "01:00:5e:00:00:01",
        "không",
        "",
        "00:50:56:8a:11:22",
        "10-B6-76-10-20-21",
    )
    rows = [{"mac": mac, "looked": "0"} for mac in macs] + [{"mac": "", "looked": "16"}]
    assert one("interfaces", *rows).told.macs == ("00:50:56:8a:11:22", "10:b6:76:10:20:21")  # a virtual PC's own card stays


def test_a_crowd_of_cards_is_cut():
    rows = [{"mac": f"10:b6:76:10:{n:02x}:00", "looked": "200"} for n in range(200)] + [{"mac": "", "looked": "200"}]
    result = read({"interfaces": Result(rows=rows)})
    assert (len(result.facts[0].told.macs), result.dropped) == (16, 184)


def test_a_crowd_of_devices_is_cut():
    rows = [{"vendor": f"{n:04x}", "product": "0001", "serial": "S", "looked": "0"} for n in range(1, 300)] + [{"vendor": "", "looked": "300"}]
    assert len(one("peripherals", *rows).told.devices) == 64


def test_two_alike_devices_with_serials_of_their_own_are_two():
    rows = [{"vendor": "0951", "product": "1666", "serial": serial, "looked": "0"} for serial in ("A1B2", "C3D4E", "6&1&0")] + [{"vendor": "", "looked": "9"}]
    assert len({device.serial for device in one("peripherals", *rows).told.devices}) == 3


def test_a_remote_tool_is_told_once_with_its_worst_stage():
    rows = [
        {"product": product, "stage": stage, "version": version, "portable": portable, "looked": "0"}
        for product, stage, version, portable in (
            ("teamviewer", "installed", "15.1", "0"),
            ("teamviewer", "session", "", "0"),
            ("teamviewer", "automatic", "", "1"),
            ("mine", "session", "", "0"),
            ("anydesk", "odd", "", "0"),
        )
    ] + [{"product": "", "looked": "80"}]
    assert one("remote_tools", *rows).told.tools == (t.ToolFound(product="teamviewer", stage="session", version="15.1"),)


CELLS = st.one_of(
    st.none(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.text(max_size=40),
    st.lists(st.integers(), max_size=2),
    st.sampled_from(
        [
            "",
            "0",
            "1",
            "-1",
            "4",
            "255",
            "20000",
            "S-1-5-21-1-2-3-500",
            "teamviewer",
            "session",
            "USB\\Class_08&SubClass_06&Prot_50",
            "0951",
            "chrome",
            "desktop",
        ]
    ),
)


@st.composite
def hostile(draw):
    topic = draw(st.sampled_from(sorted(COLUMNS)))
    rows = st.dictionaries(st.one_of(st.sampled_from(sorted(COLUMNS[topic])), st.text(max_size=8)), CELLS, max_size=18)
    return topic, draw(st.lists(rows, max_size=6)), draw(st.sampled_from([0, 0, 0, 1, -1, 2**40])), draw(st.text(max_size=30))


@settings(deadline=None, max_examples=150)
@given(hostile())
def test_no_content_raises_and_every_fact_is_whole(given_rows):
    topic, rows, status, message = given_rows
    results = {topic: Result(status=status, rows=rows, message=message)}
    first, second = read(results), read(results)
    assert first == second
    (fact,) = first.facts
    assert (fact.told is None) == (fact.trouble != "")
    assert msgspec.json.decode(msgspec.json.encode(fact), type=PcAnswered) == fact
    assert len(msgspec.json.encode(fact)) < 20_000
    if fact.told is not None:
        assert fact.told.__struct_config__.tag == topic


@settings(deadline=None)
@given(st.permutations(range(5)))
def test_the_order_of_rows_says_nothing(order):
    rows = [
        {"vendor": "0951", "product": "1666", "serial": "A1", "interfaces": "USB\\Class_08&SubClass_06&Prot_50", "looked": "0"},
        {"vendor": "0951", "product": "1666", "serial": "B2", "looked": "0"},
        {"vendor": "046d", "product": "c52b", "serial": "6&1", "part": "00", "interfaces": "USB\\Class_03&SubClass_01&Prot_01", "looked": "0"},
        {"vendor": "046d", "product": "c52b", "serial": "5&1", "part": "", "looked": "0"},
        {"vendor": "", "looked": "40"},
    ]
    assert one("peripherals", *[rows[n] for n in order]).told == one("peripherals", *rows).told
