"""Bodies from anywhere: read, or refused as a whole, and never anything else."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector.sensors.endpoints import messages
from collector.sensors.endpoints.messages import Answer, BodyError, Line
from model.endpointfacts import PcAnswered
from tests.endpoints.answering import ON
from tests.endpoints.conftest import snapshot

_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["", "0", "1763800000", "bluetooth", "denylisted"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_LINE_KEYS = ["name", "unixTime", "epoch", "counter", "action", "columns", "snapshot", "diffResults", "numerics", "decorations"]
_LINES = st.lists(st.dictionaries(st.sampled_from(_LINE_KEYS), _VALUES) | _VALUES, max_size=5)


def read(body: bytes) -> list[object]:
    told: list[object] = []
    for one in (messages.enrolment, messages.node_key, lambda body: messages.lines(body, "pc-01"), messages.answers):
        try:
            found = one(body)
            told += list(found[1] if isinstance(found, tuple) and not isinstance(found[1], str) else [found] if isinstance(found, str | tuple) else found)
        except BodyError:
            told.append("refused")
    return told


@given(st.binary(max_size=300))
@example(b"\xef\xbb\xbf{}")
@example(b'{"data":' + b"[" * 100_000)
@example(b'{"data":[' + b'{"a":' * 100_000)
@example(b'{"node_key":"\\ud800"}')
@example(b'{"queries":{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}}")
def test_bytes_of_any_kind_end_in_words_of_ours(body):
    assert all(isinstance(each, str | Line | Answer | tuple) or each is None for each in read(body))


@given(_LINES)
def test_lines_of_any_kind_are_read_or_left(lines):
    body = json.dumps({"node_key": "k", "log_type": "result", "data": lines}).encode()
    _, found = messages.lines(body, "pc-01")
    told = list(found)
    assert len(told) == len(lines)
    for line in told:
        assert line is None or (line.kind in {"whole", "change"} and line.at >= 0 and all(isinstance(row, dict) for row in line.rows))


@given(queries=_VALUES, statuses=_VALUES, texts=_VALUES)
def test_answers_of_any_kind_are_read_or_left(queries, statuses, texts):
    body = json.dumps({"node_key": "k", "queries": queries, "statuses": statuses, "messages": texts}).encode()
    for answer in messages.answers(body):
        assert answer is None or (isinstance(answer.result.status, int) and all(isinstance(row, dict) for row in answer.result.rows))


@pytest.mark.parametrize(
    "other",
    [
        {"name": "firewall"}, {"unixTime": 1}, {"epoch": 1}, {"counter": 1}, {"snapshot": [{**ON, "radios": "2"}]}, {"snapshot": []},
    ],
)  # fmt: skip
def test_a_line_is_known_by_what_it_says(other):
    line = snapshot("bluetooth", [ON])

    def digest(pc: str, **changed: object) -> bytes:
        (read_line,) = messages.lines(json.dumps({"data": [{**line, **changed}]}).encode(), pc)[1]
        assert read_line is not None
        return read_line.digest

    assert digest("pc-01") == digest("pc-01", decorations={"x": "y"}, calendarTime="later", unixTime=str(line["unixTime"]))
    assert digest("pc-01", **other) != digest("pc-01") != digest("pc-02")


async def test_nothing_that_names_anybody_is_on_disk_or_in_a_log(box, caplog):
    """Seeded wherever an agent may put it: the identity number, the name and the password of nobody."""
    canary = ["012345678901", "NGUYEN-VAN-MAU", "MatKhau!2025", "mau@xa.example", "MAY-CUA-MAU"]
    said = {"host": canary[4], "user": canary[1], "text": " ".join(canary)}
    async with box.pc(enrol=False) as pc:
        details = {"system_info": {"computer_name": canary[4], "hostname": canary[4]}, "osquery_info": {"version": "5.23.0"}, "extra": said}
        enrolment = {"enroll_secret": canary[2], "host_identifier": canary[4], "platform_type": "2", "host_details": details}
        pc.key = (await pc.post("enroll", enrolment))["node_key"]
        asked = await pc.read()
        rows = {name: [{**ON, "automatic": canary[2], "domain": canary[1], **dict.fromkeys(("username", "path", "x"), " ".join(canary))}] for name in asked}
        await pc.write(rows, messages=dict.fromkeys(asked, " ".join(canary)))
        await pc.write(dict.fromkeys(asked, ""), dict.fromkeys(asked, 1), messages=dict.fromkeys(asked, " ".join(canary)))
        line = snapshot("bluetooth", [{**ON, **said}], hostIdentifier=canary[4], decorations=said)
        await pc.log(line, {"bad": canary}, {**line, "name": canary[1]}, {**line, "action": canary[1], "snapshot": None, "columns": said})
        await pc.log({"message": " ".join(canary), "severity": "2"}, kind="status")
        await pc.post("log", None, raw=" ".join(canary).encode())
    kept = [fact for fact in await box.inbox.after(0, 99) if isinstance(fact, PcAnswered)]
    assert len(kept) >= len(asked) + 1
    said_of_it = caplog.text + repr(box.figures) + repr(box.core.facts)
    everything = b"".join(path.read_bytes() for path in box.folder.glob("inbox.sqlite*")) + said_of_it.encode()
    assert [word for word in canary if word.encode() in everything] == []
