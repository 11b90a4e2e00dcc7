"""Dead letters go back to the sink that refused them and to no other; what stands now is always the last that a sink hears of a finding."""

from __future__ import annotations

import contextlib
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.journal import Batch, Journal, JournalError
from model.ports import CoreStatus, DeadLetter, Receipt, Told
from tests.journal.made import SITE, THEN, change, changes, finding, posture


def status() -> CoreStatus:
    raise AssertionError


def put(journal: Journal, *numbers: int, sequence: int = 1) -> None:
    journal.commit(Batch(site=SITE, now=THEN, changes=changes(numbers, sequence)))


def served(journal: Journal, sink: str, outcome: str = "accepted") -> list[tuple[str, int]]:
    """Leases until nothing is left and answers all alike; what was given, in order."""
    given_rows: list[tuple[str, int]] = []
    while rows := journal.table.lease(sink, 10).rows:
        journal.table.acknowledge(sink, [Receipt(row.seq, outcome, "400") for row in rows])  # type: ignore[arg-type]
        given_rows += [about(row.document) for row in rows]
    return given_rows


def about(document: object) -> tuple[str, int]:
    if isinstance(document, Told):
        return document.change.finding.id, document.change.finding.sequence
    return "posture", document.at  # type: ignore[attr-defined]


async def letters(journal: Journal, sink: str = "") -> list[DeadLetter]:
    return list(await journal.reader(status).dead_letters(sink))


async def dead(journal: Journal, sink: str) -> int:
    (one,) = [each for each in await journal.reader(status).sinks() if each.sink == sink]
    return one.dead


def of(number: int, sequence: int = 1) -> tuple[str, int]:
    return finding(number).id, sequence


async def test_letters_go_back_to_the_sink_that_refused_them_alone(journal):
    for sink in ("es", "soc"):
        journal.table.register(sink, ["finding"])
    put(journal, 1, 2, 3)
    assert served(journal, "es", "rejected") == [of(1), of(2), of(3)]
    assert served(journal, "soc") == [of(1), of(2), of(3)]
    assert journal.queued().rows == 0
    two = next(letter for letter in await letters(journal) if about(letter.row.document) == of(2))
    assert journal.table.replay("es", [two.row.id]) == 1
    assert await dead(journal, "es") == 2
    assert journal.table.lease("soc", 9).rows == ()
    (row,) = journal.table.lease("es", 9).rows
    assert (row.id, row.seq, row.document) == (two.row.id, two.row.seq, two.row.document)
    assert served(journal, "es") == [of(2)]
    assert journal.queued().rows == 0
    assert {about(letter.row.document) for letter in await letters(journal)} == {of(1), of(3)}
    assert journal.table.replay("es", []) == 2
    assert served(journal, "es") == [of(1), of(3)]
    assert (await dead(journal, "es"), await letters(journal)) == (0, [])


def test_a_letter_whose_row_still_waits_for_another_sink_is_not_doubled_there(journal):
    for sink in ("es", "soc"):
        journal.table.register(sink, ["finding", "posture"])
    put(journal, 1, 2, 3)
    served(journal, "es", "rejected")
    journal.commit(Batch(site=SITE, now=THEN, documents=[posture(7)]))
    assert journal.table.replay("es", []) == 3
    assert served(journal, "soc") == [of(1), of(2), of(3), ("posture", THEN)]
    assert served(journal, "es") == [of(1), of(2), of(3), ("posture", THEN)]
    assert journal.queued().rows == 0


def test_what_the_sink_took_since_is_not_given_again_though_another_still_waits_for_it(journal):
    for sink in ("es", "soc"):
        journal.table.register(sink, ["finding"])
    put(journal, 1, 2, 3)
    journal.table.acknowledge("es", [Receipt(1, "rejected", "400"), Receipt(2, "accepted"), Receipt(3, "accepted")])
    assert journal.table.replay("es", []) == 1
    assert served(journal, "es") == [of(1)]
    assert served(journal, "soc") == [of(1), of(2), of(3)]


def test_a_sink_that_took_the_row_past_an_older_one_is_not_given_it_again(journal):
    for sink in ("es", "soc"):
        journal.table.register(sink, ["finding"])
    put(journal, 1, 2)
    journal.table.acknowledge("soc", [Receipt(1, "retry"), Receipt(2, "accepted")])
    journal.table.acknowledge("es", [Receipt(1, "accepted"), Receipt(2, "rejected", "400")])
    assert journal.queued().rows == 1
    assert journal.table.replay("es", []) == 1
    assert served(journal, "soc") == [of(1)]
    assert served(journal, "es") == [of(2)]
    assert journal.queued().rows == 0


async def test_what_stands_now_comes_after_an_opening_that_is_given_again(journal):
    journal.table.register("es", ["finding"])
    put(journal, 1, 2)
    served(journal, "es", "rejected")
    put(journal, 1, sequence=2)
    put(journal, 1, sequence=3)
    assert served(journal, "es") == [of(1, 2), of(1, 3)]
    row = next(letter.row for letter in await letters(journal) if about(letter.row.document) == of(1))
    assert journal.table.replay("es", [row.id]) == 1
    assert served(journal, "es") == [of(1, 1), of(1, 3)]
    assert [about(letter.row.document) for letter in await letters(journal)] == [of(2)]


def test_a_findings_letters_go_back_together_and_in_order(journal):
    journal.table.register("es", ["finding"])
    put(journal, 1)
    put(journal, 1, sequence=2)
    first = journal.table.lease("es", 1).rows[0]
    served(journal, "es", "rejected")
    assert journal.table.replay("es", [first.id]) == 2
    assert served(journal, "es") == [of(1, 1), of(1, 2)]


async def test_a_letter_refused_again_is_a_letter_again(journal):
    journal.table.register("es", ["finding"])
    put(journal, 1)
    served(journal, "es", "rejected")
    journal.table.replay("es", [])
    assert served(journal, "es", "rejected") == [of(1)]
    assert (len(await letters(journal)), await dead(journal, "es")) == (1, 1)


async def test_letters_of_a_stream_the_sink_no_longer_takes_stay(journal):
    journal.table.register("es", ["finding", "posture"])
    journal.commit(Batch(site=SITE, now=THEN, changes=[change(1)], documents=[posture(1)]))
    served(journal, "es", "rejected")
    journal.table.register("es", ["finding"])
    assert journal.table.replay("es", []) == 1
    assert served(journal, "es") == [of(1)]
    assert [letter.row.stream for letter in await letters(journal)] == ["posture"]


def test_a_retired_sink_is_given_nothing(journal):
    journal.table.register("old", ["finding"])
    put(journal, 1)
    served(journal, "old", "rejected")
    journal.retire("old")
    with pytest.raises(JournalError) as refused:
        journal.table.replay("old", [])
    assert refused.value.kind == "unknown_sink"
    assert journal.table.purge("old", []) == 1


async def test_purged_letters_are_gone_and_no_longer_counted(journal):
    for sink in ("es", "soc"):
        journal.table.register(sink, ["finding"])
    put(journal, 1, 2)
    served(journal, "es", "rejected")
    served(journal, "soc", "rejected")
    one = (await letters(journal, "es"))[0].row.id
    assert journal.table.purge("es", [one, "no such row"]) == 1
    assert await dead(journal, "es") == 1
    assert journal.table.purge("es", []) == 1
    assert journal.table.purge("es", []) == 0
    assert (await dead(journal, "es"), await dead(journal, "soc")) == (0, 2)
    assert {letter.sink for letter in await letters(journal)} == {"soc"}
    assert served(journal, "es") == []


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("commit"), st.lists(st.integers(1, 3), min_size=1, max_size=4)),
        st.tuples(st.sampled_from(["es", "soc"]), st.integers(1, 5)),
        st.tuples(st.just("replay"), st.integers(0, 5)),
        st.tuples(st.just("restart"), st.none()),
    ),
    max_size=40,
)


@settings(max_examples=30, deadline=None)
@given(steps=STEPS, data=st.data())
def test_whatever_is_refused_and_given_again_the_last_word_on_each_finding_is_what_stands(steps, data):
    with TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        path = Path(folder) / "j.db"
        journal = stack.enter_context(Journal.open(path, box="hop-01"))
        for sink in ("es", "soc"):
            journal.table.register(sink, ["finding"])
        sequences: Counter[int] = Counter()
        taken: dict[str, list[tuple[str, int]]] = {"es": [], "soc": []}
        for name, what in steps:
            if name == "commit":
                for n in what:
                    sequences[n] += 1
                    put(journal, n, sequence=sequences[n])
            elif name == "replay":
                refused = [row_id for (row_id,) in journal.table.ask(lambda c: c.execute("SELECT id FROM dead WHERE sink = 'es'").fetchall())]
                journal.table.replay("es", refused[:what])
            elif name == "restart":
                journal.close()
                journal = stack.enter_context(Journal.open(path, box="hop-01"))
            else:
                rows = journal.table.lease(name, what).rows
                outcomes = st.sampled_from(["accepted", "rejected", "retry"] if name == "es" else ["accepted", "retry"])
                receipts = [Receipt(row.seq, data.draw(outcomes)) for row in rows]
                journal.table.acknowledge(name, receipts)
                taken[name] += [about(row.document) for row, receipt in zip(rows, receipts, strict=True) if receipt.outcome == "accepted"]
        journal.table.replay("es", [])
        for sink in taken:
            taken[sink] += served(journal, sink)
        produced = [of(n, sequence) for n, last in sequences.items() for sequence in range(1, last + 1)]
        assert Counter(taken["soc"]) == Counter(produced)
        assert set(taken["es"]) == set(produced)
        for n, last in sequences.items():
            assert [about for about in taken["es"] if about[0] == finding(n).id][-1] == of(n, last)
        assert journal.queued().rows == 0
