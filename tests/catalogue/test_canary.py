"""Names, identity numbers, passwords and addresses planted in every table of a PC: no question's answer has them, and no fact."""

from __future__ import annotations

import json

import msgspec
import pytest

from collector.decode.posture.envelope import Result
from tests.catalogue import pcs
from tests.catalogue.pcs import Pc, every_text, questions

CANARIES = {
    "identity": "079203001234",
    "old_identity": "024681357",
    "phone": "0912 345 678",
    "mail": "lan.nguyen@example.vn",
    "name": "Nguyễn Thị Lan",
    "plain_name": "Nguyen Thi Lan",
    "joined_name": "NguyenThiLan",
    "password": "Mk!Canary#2026",
    "file": "CCCD Trần Văn Bình.pdf",
}
# The parts by which a canary would be known though its form changed.
TRACES = (
    "079203001234",
    "79203001234",
    "024681357",
    "24681357",
    "0912 345 678",
    "0912345678",
    "912345678",
    "lan.nguyen",
    "example.vn",
    "Nguyễn",
    "Nguyen",
    "NGUYEN",
    "Canary",
    "Bình",
)
# What a PC sends beside counts and fixed words: names of programs, models of devices, and what the box turns into marks at once.
SENT_AS_IT_IS = {
    "arch", "autorun", "build", "center", "class", "cpu", "denied", "deny_all", "deny_disk", "edition", "installation", "interfaces",
    "kind", "model", "name", "office", "office_channel", "platform", "product", "release", "restrict", "revision", "serial", "server",
    "service", "sid", "start", "state", "uuid", "vendor", "version", "windows", "windows_channel", "write_protect",
}  # fmt: skip


def planted(pc, canary):
    """The canary as a row of its own in every table, and in every cell that people fill."""
    tables = {}
    for table, column in every_text(pc):
        tables.setdefault(table, {})[column] = canary
    for table, cells in tables.items():
        pc.put(table, **cells)
    for table, column in (
        ("users", "description"), ("logged_in_users", "user"), ("logged_in_users", "host"), ("system_info", "hostname"), ("system_info", "computer_name"),
        ("shared_resources", "name"), ("shared_resources", "path"), ("drivers", "device_name"), ("windows_firewall_rules", "name"), ("processes", "cmdline"),
        ("scheduled_tasks", "action"), ("groups", "groupname"), ("services", "display_name"), ("interface_details", "friendly_name"),
    ):  # fmt: skip
        pc.db.execute(f'UPDATE "{table}" SET "{column}" = ?', (canary,))
    pc.db.execute("UPDATE file SET path = replace(path, 'motcua2', ?), directory = replace(directory, 'motcua2', ?)", (canary, canary))
    pc.db.execute("UPDATE file SET filename = 'cccd ' || ? || '.jpg' WHERE filename LIKE '%.jpg'", (canary,))
    pc.db.execute("UPDATE users SET username = ?, directory = 'C:\\Users\\' || ?", (canary, canary))
    pc.reg(rf"{pcs.CURRENT}\Winlogon\DefaultPassword", canary)
    pc.reg(rf"{pcs.CURRENT}\Winlogon\DefaultUserName", canary)
    return pc


def found(text):
    return [trace for trace in TRACES if trace.lower() in text.lower()]


@pytest.mark.parametrize("kind", CANARIES)
def test_no_answer_of_a_pc_gives_back_what_people_typed(kind):
    pc = planted(pcs.bad_pc(), CANARIES[kind])
    leaks = {
        (topic, column)
        for topic in questions("windows")
        for row in pc.rows(topic)
        for column, cell in row.items()
        if column not in SENT_AS_IT_IS and found(cell)
    }
    assert leaks == set()


@pytest.mark.parametrize("kind", CANARIES)
@pytest.mark.parametrize("make", [pcs.office_pc, pcs.bad_pc])
def test_no_fact_of_a_planted_pc_has_it(kind, make):
    pc = planted(make(), CANARIES[kind])
    results = {topic: Result(rows=pc.rows(topic)) for topic in questions("windows")}
    facts = pcs.told(results).facts
    assert len(facts) == len(results)
    assert found(msgspec.json.encode(facts).decode()) == []


@pytest.mark.parametrize("kind", CANARIES)
@pytest.mark.parametrize("form", [str, lambda canary: f"x {canary}", lambda canary: f"{canary} (2)", lambda canary: canary.upper()])
def test_the_decoder_lets_none_through_in_any_cell_of_any_topic(kind, form):
    """Every allowed column in turn, beside cells that make the topic readable, and columns that nobody allowed."""
    canary = form(CANARIES[kind])
    pc = pcs.bad_pc()
    for topic, query in questions("windows").items():
        rows = pc.rows(topic) or [dict.fromkeys(query.columns, "1")]
        for column in sorted(query.columns):
            given = [{**row, column: canary, "username": canary, "password": canary} for row in rows]
            answers = pcs.told({topic: Result(rows=given, message=canary)})
            assert found(msgspec.json.encode(answers.facts).decode()) == [], (topic, column)
            assert answers.dropped >= 2 * len(rows)


@pytest.mark.parametrize("kind", CANARIES)
def test_nor_in_what_says_whose_it_is(kind):
    pc, canary = Pc(), CANARIES[kind]
    pc.put("osquery_info", version="5.23.0")
    envelope = {"agent": Result(rows=pc.rows("agent")), canary: Result(rows=({canary: canary},), message=canary)}
    answers = pcs.told(envelope)
    assert (len(answers.facts), answers.refused) == (1, 1)
    assert found(json.dumps(msgspec.to_builtins(answers.facts))) == []


@pytest.mark.parametrize("number", [79_203_001_234, 24_681_357, 912_345_678, 79_203_001_234.0])
def test_identity_numbers_as_numbers_are_none(number):
    """Agents with `numerics` send numbers: an identity number there is no count, no day and no size."""
    pc = pcs.bad_pc()
    for topic, query in questions("windows").items():
        rows = pc.rows(topic) or [dict.fromkeys(query.columns, "1")]
        for column in sorted(query.columns):
            answers = pcs.told({topic: Result(rows=[{**row, column: number} for row in rows])})
            assert str(int(number)) not in msgspec.json.encode(answers.facts).decode(), (topic, column)
