"""Who was told of a finding, when, and what they answered, is on record for as long as there is room."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from collector.clock import SystemClock
from collector.journal import Batch, Journal
from collector.journal.space import bounds
from model.ports import Delivery, Receipt
from model.times import SECOND
from tests.exporters.readers import status
from tests.journal.made import SITE, THEN, change, changes, finding, posture

ANSWERED = THEN + 60 * SECOND


class Noon(SystemClock):
    """A clock that stands."""

    def now(self) -> int:
        return ANSWERED


@pytest.fixture
def journal(opener) -> Journal:
    return opener(clock=Noon())


def commit(journal: Journal, *numbers: int, sequence: int = 1) -> None:
    journal.commit(Batch(site=SITE, now=THEN, changes=changes(numbers, sequence)))


def answer(journal: Journal, sink: str, outcome: str, reason: str = "", after: int = 0) -> None:
    """The sink's answer for all it is given now."""
    rows = journal.table.lease(sink, 1000).rows
    journal.table.acknowledge(sink, [Receipt(row.seq, outcome, reason, after) for row in rows])  # type: ignore[arg-type] # one of Outcome


async def told(journal: Journal, number: int = 1) -> Sequence[Delivery]:
    return await journal.reader(status).deliveries(finding(number).id)


async def test_each_answer_is_kept_with_the_change_it_is_about_and_its_time(journal):
    for sink in ("truc", "soc"):
        journal.table.register(sink, ["finding"])
    commit(journal, 1)
    answer(journal, "truc", "accepted")
    answer(journal, "soc", "rejected", "400 Bad Request")
    commit(journal, 1, sequence=2)
    answer(journal, "truc", "accepted", "filtered")
    assert list(await told(journal)) == [
        Delivery(sink="soc", outcome="waiting", occurred=THEN + 2),
        Delivery(sink="truc", outcome="accepted", occurred=THEN + 2, at=ANSWERED, reason="filtered"),
        Delivery(sink="soc", outcome="rejected", occurred=THEN + 1, at=ANSWERED, reason="400 Bad Request"),
        Delivery(sink="truc", outcome="accepted", occurred=THEN + 1, at=ANSWERED),
    ]


async def test_what_waits_says_how_often_it_was_tried_and_why_it_failed(journal):
    journal.table.register("truc", ["finding"])
    commit(journal, 1)
    answer(journal, "truc", "retry", "503")
    answer(journal, "truc", "retry", "không tới được", after=60 * SECOND)
    (waiting,) = await told(journal)
    assert (waiting.outcome, waiting.attempts, waiting.reason, waiting.at) == ("waiting", 2, "không tới được", 0)


async def test_what_a_sink_puts_off_is_no_failure(journal):
    journal.table.register("truc", ["finding"])
    commit(journal, 1)
    answer(journal, "truc", "later", after=60 * SECOND)
    assert list(await told(journal)) == [Delivery(sink="truc", outcome="later", occurred=THEN + 1)]


async def test_a_sink_without_a_trace_is_unknown_and_one_that_takes_no_findings_is_not_named(journal):
    journal.table.register("truc", ["finding"])
    journal.table.register("prometheus", ["posture"])
    commit(journal, 1)
    assert [(each.sink, each.outcome) for each in await told(journal, 2)] == [("truc", "unknown")]


async def test_one_finding_is_not_told_as_another(journal):
    journal.table.register("truc", ["finding"])
    commit(journal, 1, 2)
    (row, _) = journal.table.lease("truc", 10).rows
    journal.table.acknowledge("truc", [Receipt(row.seq, "accepted")])
    assert [each.outcome for number in (1, 2) for each in await told(journal, number)] == ["accepted", "waiting"]


async def test_only_findings_leave_receipts(journal):
    journal.table.register("es", ["finding", "posture"])
    journal.commit(Batch(site=SITE, now=THEN, changes=[change(1)], documents=[posture(2)]))
    answer(journal, "es", "accepted")
    assert journal.table.ask(lambda c: c.execute("SELECT count(*) FROM receipt").fetchone()) == (1,)


async def test_a_letter_given_again_has_its_second_answer_too(journal):
    journal.table.register("truc", ["finding"])
    commit(journal, 1)
    answer(journal, "truc", "rejected", "400")
    journal.table.replay("truc", [])
    assert [each.outcome for each in await told(journal)] == ["waiting", "rejected"]
    answer(journal, "truc", "accepted")
    assert [(each.outcome, each.occurred) for each in await told(journal)] == [("accepted", THEN + 1), ("rejected", THEN + 1)]


async def test_receipts_outlive_a_restart_and_the_sink(opener):
    journal = opener()
    journal.table.register("truc", ["finding"])
    commit(journal, 1)
    answer(journal, "truc", "accepted")
    journal.close()
    again = opener()
    again.retire("truc")
    assert [(each.sink, each.outcome) for each in await told(again)] == [("truc", "accepted")]


async def test_a_finding_that_is_no_more_leaves_none(journal):
    journal.table.register("truc", ["finding"])
    commit(journal, 1, 2)
    answer(journal, "truc", "accepted")
    journal.commit(Batch(site=SITE, now=THEN, forgotten=[finding(1).id]))
    assert [[each.outcome for each in await told(journal, number)] for number in (1, 2)] == [["unknown"], ["accepted"]]


async def test_the_oldest_go_when_there_are_too_many(opener):
    journal = opener(max_bytes=1 << 20)
    most = bounds(1 << 20, 100).receipts
    journal.table.register("truc", ["finding"])
    for n in range(most + 1):
        commit(journal, n)
        answer(journal, "truc", "accepted")
    assert [each.outcome for number in (0, 1, most) for each in await told(journal, number)] == ["unknown", "accepted", "accepted"]
    assert journal.table.ask(lambda c: c.execute("SELECT count(*) FROM receipt").fetchone()) == (most,)
