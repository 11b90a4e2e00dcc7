"""Each sink is given each document once, a finding's changes in their order, whatever it answers and whenever core restarts."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.clock import SystemClock
from collector.journal import Batch, Journal, JournalError
from collector.journal.bell import Bell
from collector.journal.outbox import MAX_DEAD_ROWS
from collector.journal.space import UNWANTED_ROWS
from model.ports import CoreStatus, Receipt, SinkStatus, Told
from model.times import SECOND
from tests.journal.made import SITE, THEN, change, changes, health, posture


class HandClock(SystemClock):
    """A clock that moves by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def monotonic(self) -> float:
        return self.seconds


def status() -> CoreStatus:
    raise AssertionError


def put(journal: Journal, *numbers: int, sequence: int = 1) -> None:
    journal.commit(Batch(site=SITE, now=THEN, changes=changes(numbers, sequence)))


def seqs(journal: Journal, sink: str = "es", limit: int = 100) -> list[int]:
    return [row.seq for row in journal.table.lease(sink, limit).rows]


def answer(journal: Journal, sink: str = "es", **answers: str) -> None:
    journal.table.acknowledge(sink, [Receipt(int(seq[1:]), outcome, "lý do") for seq, outcome in answers.items()])  # type: ignore[arg-type]


async def state(journal: Journal) -> dict[str, SinkStatus]:
    reader = journal.reader(status)
    return {sink.sink: sink for sink in await reader.sinks()}


def test_rows_come_again_until_answered_and_then_leave(journal):
    journal.table.register("es", ["finding"])
    put(journal, 1, 2, 3)
    assert seqs(journal) == seqs(journal) == [1, 2, 3]
    assert seqs(journal, limit=2) == [1, 2]
    answer(journal, s1="accepted", s2="accepted")
    assert seqs(journal) == [3]
    assert journal.queued().rows == 1
    answer(journal, s3="accepted")
    assert seqs(journal) == []
    assert journal.queued().rows == 0


def test_a_row_holds_the_document_as_it_was_told(journal):
    journal.table.register("es", ["finding"])
    put(journal, 1)
    (row,) = journal.table.lease("es", 9).rows
    assert row.document == Told(change=change(1))
    assert (row.stream, row.at, row.attempts) == ("finding", change(1).at, 0)


def test_later_rows_are_accepted_past_one_that_must_be_tried_again(journal):
    journal.table.register("es", ["finding"])
    put(journal, 1, 2, 3, 4)
    answer(journal, s1="accepted", s2="retry", s3="accepted", s4="accepted")
    (row,) = journal.table.lease("es", 9).rows
    assert (row.seq, row.attempts) == (2, 1)
    assert journal.queued().rows == 1
    answer(journal, s2="accepted")
    put(journal, 5)
    assert seqs(journal) == [5]


def test_a_findings_changes_wait_for_one_another(journal):
    journal.table.register("es", ["finding"])
    put(journal, 1, 2)
    put(journal, 1, 2, sequence=2)
    assert seqs(journal) == [1, 2]
    answer(journal, s1="retry", s2="accepted")
    assert seqs(journal) == [1, 4]


def test_a_row_set_back_is_not_leased_before_its_time_nor_is_what_follows_it(opener):
    clock = HandClock()
    journal = opener(clock=clock)
    journal.table.register("es", ["finding"])
    put(journal, 1, 2)
    put(journal, 1, sequence=2)
    journal.table.acknowledge("es", [Receipt(1, "retry", "429", after=30 * SECOND), Receipt(2, "accepted")])
    leased = journal.table.lease("es", 9)
    assert (leased.rows, leased.due) == ((), 30.0)
    clock.seconds += 31
    assert seqs(journal) == [1]


async def test_what_a_sink_wants_later_is_no_failed_attempt_and_not_late(opener):
    clock = HandClock()
    journal = opener(clock=clock)
    journal.table.register("es", ["finding"])
    put(journal, 1, 2)
    put(journal, 1, sequence=2)
    journal.table.acknowledge("es", [Receipt(1, "later", after=900 * SECOND)])
    leased = journal.table.lease("es", 9)
    assert ([row.seq for row in leased.rows], leased.due) == ([2], 900.0)
    # The change behind the one that is held is not late either.
    assert (await state(journal))["es"] == SinkStatus(sink="es", waiting=1, oldest_at=THEN + 1, dead=0, delivered=0, held=2)
    answer(journal, s2="accepted")
    clock.seconds += 901
    (row,) = journal.table.lease("es", 9).rows
    assert (row.seq, row.attempts) == (1, 0)
    answer(journal, s1="accepted", s3="accepted")
    assert (await state(journal))["es"] == SinkStatus(sink="es", waiting=0, oldest_at=0, dead=0, delivered=3)


async def test_each_sink_has_a_cursor_of_its_own(journal):
    journal.table.register("es", ["finding", "health"])
    journal.table.register("soc", ["finding"])
    journal.commit(Batch(site=SITE, now=THEN, changes=changes([1, 2]), documents=[health()]))
    answer(journal, "es", s1="accepted", s2="accepted", s3="accepted")
    assert seqs(journal, "es") == []
    assert seqs(journal, "soc") == [1, 2]
    assert journal.queued().rows == 2
    answer(journal, "soc", s1="retry", s2="rejected")
    told = await state(journal)
    assert told["es"] == SinkStatus(sink="es", waiting=0, oldest_at=0, dead=0, delivered=3)
    assert told["soc"] == SinkStatus(sink="soc", waiting=1, oldest_at=THEN + 1, dead=1, delivered=0, last_error="lý do")
    assert journal.queued().rows == 1


def test_nothing_is_remembered_of_rows_the_cursor_has_passed(journal):
    journal.table.register("es", ["finding"])
    journal.table.register("away", ["finding"])
    put(journal, *range(20))
    journal.table.acknowledge("es", [Receipt(seq, "retry") for seq in range(1, 21)])
    journal.table.acknowledge("es", [Receipt(seq, "accepted") for seq in range(20, 0, -1)])
    with sqlite3.connect(journal.path) as plain:
        assert plain.execute("SELECT count(*) FROM done").fetchone() == (0,)
        assert plain.execute("SELECT cursor FROM sink WHERE name = 'es'").fetchone() == (20,)
    journal.retire("away")
    with sqlite3.connect(journal.path) as plain:
        assert plain.execute("SELECT count(*) FROM trial").fetchone() == (0,)
    plain.close()


async def test_a_ring_between_looking_and_waiting_is_heard():
    bell = Bell()
    heard = bell.rings
    bell.ring()
    waiting = asyncio.ensure_future(bell.wait(heard, 3600))
    await asyncio.wait([waiting], timeout=60)
    assert waiting.done()


def test_a_sink_that_comes_late_gets_what_is_still_here_and_a_known_one_keeps_its_place(journal):
    put(journal, 1, 2)
    journal.table.register("es", ["finding"])
    answer(journal, s1="accepted")
    journal.table.register("es", ["finding"])
    assert seqs(journal) == [2]


def test_a_stream_no_longer_wanted_is_not_kept_for_the_sink(journal):
    journal.table.register("es", ["finding", "posture"])
    journal.table.register("soc", ["posture"])
    journal.commit(Batch(site=SITE, now=THEN, changes=changes([1]), documents=[posture(1)]))
    answer(journal, "soc", s2="accepted")
    journal.table.register("es", ["finding"])
    assert seqs(journal) == [1]
    assert journal.queued().rows == 1


def test_a_retired_sink_keeps_nothing(journal):
    journal.table.register("es", ["finding"])
    journal.table.register("old", ["finding"])
    put(journal, 1)
    answer(journal, "es", s1="accepted")
    assert journal.queued().rows == 1
    journal.retire("old")
    assert journal.queued().rows == 0
    with pytest.raises(JournalError, match="'old' chưa đăng ký"):
        journal.table.lease("old", 1)


def test_with_no_sink_at_all_a_few_rows_are_kept_and_none_is_called_lost(journal):
    for n in range(UNWANTED_ROWS + 50):
        journal.commit(Batch(site=SITE, now=THEN, documents=[posture(n, at=THEN + n)]))
    assert journal.queued().rows == UNWANTED_ROWS
    assert journal.queued().lost == {}


def test_answers_out_of_place_change_nothing(journal):
    journal.table.register("es", ["finding"])
    put(journal, 1, 2)
    answer(journal, s1="accepted", s99="accepted")
    answer(journal, s1="rejected")
    assert seqs(journal) == [2]
    assert asyncio.run(state(journal))["es"].delivered == 1


async def test_dead_letters_are_newest_first_capped_and_counted(journal):
    journal.table.register("es", ["finding"])
    total = MAX_DEAD_ROWS + 20
    put(journal, *range(total))
    journal.table.acknowledge("es", [Receipt(seq, "rejected", f"400 số {seq}") for seq in range(1, total + 1)])
    letters = await journal.reader(status).dead_letters("es")
    assert [letter.row.seq for letter in letters] == list(range(total, 20, -1))
    assert letters[0].reason == f"400 số {total}"
    assert letters[0].at == THEN
    assert letters[0].row.document == Told(change=change(total - 1))
    assert (await state(journal))["es"].dead == total
    assert await journal.reader(status).dead_letters("soc") == []


async def test_a_waiting_lease_ends_with_the_commit(journal):
    outbox = journal.outbox()
    await outbox.register("es", ["finding"])
    waiting = asyncio.create_task(outbox.lease("es", 10, 60))
    while not journal.table.bell._waiting:
        await asyncio.sleep(0)
    put(journal, 1)
    assert [row.seq for row in await waiting] == [1]


async def test_a_lease_returns_empty_after_its_wait(journal):
    outbox = journal.outbox()
    await outbox.register("es", ["finding"])
    assert await outbox.lease("es", 10, 0.01) == ()


async def test_a_waiting_lease_ends_when_a_row_set_back_is_due(journal):
    outbox = journal.outbox()
    await outbox.register("es", ["finding"])
    put(journal, 1)
    await outbox.acknowledge("es", [Receipt(1, "retry", "429", after=SECOND // 20)])
    assert [row.seq for row in await outbox.lease("es", 10, 60)] == [1]


async def test_readers_wait_for_the_next_version(journal):
    reader = journal.reader(status)
    waiting = asyncio.create_task(reader.wait(journal.version, 60))
    await asyncio.sleep(0)
    version = journal.commit(Batch(site=SITE, now=THEN))
    assert await waiting == version
    assert await reader.wait(version - 1, 60) == version
    assert await reader.wait(version, 0.01) == version


async def test_closing_ends_those_who_wait(journal):
    outbox, reader = journal.outbox(), journal.reader(status)
    await outbox.register("es", ["finding"])
    lease, wait = asyncio.create_task(outbox.lease("es", 10, 60)), asyncio.create_task(reader.wait(0, 60))
    while not journal.table.bell._waiting:
        await asyncio.sleep(0)
    journal.close()
    with pytest.raises(JournalError) as refused:
        await lease
    assert refused.value.kind == "closed"
    assert await wait == 0


SINKS = {"es": ("finding", "posture"), "soc": ("finding",), "lake": ("posture",)}
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("commit"), st.lists(st.integers(1, 4), max_size=5), st.integers(0, 2)),
        st.tuples(st.just("serve"), st.sampled_from(sorted(SINKS)), st.integers(1, 6)),
        st.tuples(st.just("restart"), st.none(), st.none()),
    ),
    max_size=40,
)


class Played:
    """Plays steps on a journal and keeps what was produced and what each sink took."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.journal = Journal.open(path, box="hop-01")
        self.produced: dict[str, list[tuple[str, int]]] = {"finding": [], "posture": []}
        self.taken: dict[str, list[tuple[str, int]]] = {sink: [] for sink in SINKS}
        self.sequences: Counter[int] = Counter()
        self._at = THEN
        for sink, streams in SINKS.items():
            self.journal.table.register(sink, streams)  # type: ignore[arg-type]

    def commit(self, numbers: list[int], postures: int) -> None:
        batch = []
        for n in numbers:
            self.sequences[n] += 1
            batch.append(change(n, sequence=self.sequences[n]))
        self._at += 10
        documents = [posture(9, at=self._at + k) for k in range(postures)]
        self.journal.commit(Batch(site=SITE, now=self._at, changes=batch, documents=documents))
        self.produced["finding"] += [(c.finding.id, c.finding.sequence) for c in batch]
        self.produced["posture"] += [("posture", d.at) for d in documents]

    def serve(self, sink: str, limit: int, choose) -> None:
        leased = self.journal.table.lease(sink, limit).rows
        receipts = [Receipt(row.seq, choose(row)) for row in leased]
        self.journal.table.acknowledge(sink, receipts)
        for row, receipt in zip(leased, receipts, strict=True):
            if receipt.outcome in ("accepted", "rejected"):
                self.taken[sink].append(_told(row))

    def restart(self) -> None:
        self.journal.close()
        self.journal = Journal.open(self.path, box="hop-01")

    def close(self) -> None:
        self.journal.close()


def _told(row) -> tuple[str, int]:
    if isinstance(row.document, Told):
        return row.document.change.finding.id, row.document.change.finding.sequence
    return "posture", row.document.at


@settings(max_examples=60, deadline=None)
@given(steps=_STEPS, data=st.data())
def test_every_sink_takes_each_document_once_and_each_findings_changes_in_order(steps, data):
    with TemporaryDirectory() as folder, contextlib.closing(Played(Path(folder) / "j.db")) as played:
        outcomes = st.sampled_from(["accepted", "accepted", "rejected", "retry", "later"])
        for name, first, second in steps:
            if name == "commit":
                played.commit(first, second)
            elif name == "serve":
                played.serve(first, second, lambda row: data.draw(outcomes))
            else:
                played.restart()
        for sink in SINKS:
            while played.journal.table.lease(sink, 1).rows:
                played.serve(sink, 50, lambda row: "accepted")
        for sink, streams in SINKS.items():
            produced = [told for stream in streams for told in played.produced[stream]]
            assert Counter(played.taken[sink]) == Counter(produced)
            for key in {told[0] for told in produced}:
                order = [n for about, n in played.taken[sink] if about == key]
                assert order == sorted(order)
        assert played.journal.queued().rows == 0
