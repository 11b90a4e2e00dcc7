"""A journal of the first released schema, kept as it was written then: whatever comes later opens it and loses nothing of it."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from collector.access import JOURNAL
from collector.journal import Journal
from model.ports import Receipt
from tests.exporters.readers import status
from tests.journal.made import SITE, THEN
from tests.system.program import Box

KEPT = Path(__file__).with_name("journal-schema-1.sqlite.xz")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The file as a box of then left it."""
    path = tmp_path / JOURNAL
    path.write_bytes(lzma.decompress(KEPT.read_bytes()))
    path.chmod(0o600)
    return path


async def test_all_that_was_in_it_is_still_there(old: Path) -> None:
    with Journal.open(old, box="hop-01") as journal:
        assert journal.notice is None
        held = journal.load(SITE)
        assert (held.now > THEN, sorted(row.id for row in held.rows), held.aliases) == (True, ["a1", "a2"], {"a9": "a1"})
        assert [(finding.id[-1], finding.sequence) for finding in held.findings] == [("1", 2), ("2", 1), ("3", 1)]
        assert sorted(verdict.subject.id for verdict in held.verdicts) == ["a1", "a2"]
        reader = journal.reader(status)
        assert [change.finding.sequence for change in await reader.history(f"{1:012x}")] == [1, 2]
        (letter,) = await reader.dead_letters()
        assert (letter.sink, letter.reason) == ("es", "mapper_parsing_exception")


async def test_what_was_not_delivered_then_is_delivered_now_and_nothing_twice(old: Path) -> None:
    with Journal.open(old, box="hop-01") as journal:
        outbox = journal.outbox()
        given: dict[str, list[str]] = {"es": [], "truc": []}
        for sink, ids in given.items():
            await outbox.register(sink, ("finding", "posture", "health") if sink == "es" else ("finding",))
            while rows := await outbox.lease(sink, 100, 0.0):
                ids += [row.id for row in rows]
                await outbox.acknowledge(sink, [Receipt(row.seq, "accepted") for row in rows])
        # Four changes, a posture and a heartbeat in all; one sink had taken a change and refused another.
        assert [len(ids) for ids in given.values()] == [4, 4]
        assert all(len(ids) == len(set(ids)) for ids in given.values())
        # Who was told then nobody wrote down; who is told now is.
        told = await journal.reader(status).deliveries(f"{1:012x}")
        assert {(each.sink, each.outcome) for each in told} == {("es", "accepted"), ("truc", "accepted")}


def test_the_commands_read_it(old: Path, box: Box) -> None:
    state = box.folder / "state"
    state.mkdir()
    (state / JOURNAL).write_bytes(old.read_bytes())
    listed = box.lines("findings", "list")
    assert sorted(line["id"] for line in listed) == [f"{n:012x}" for n in (1, 2, 3)]
