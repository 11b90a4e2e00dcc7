import asyncio
import contextlib
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.backoff import Backoff
from exporters.runner import key_of, run, run_all, waves
from exporters.sink import DUPLICATE, FILTERED
from exporters.tally import BUCKETS, Tally
from exporters.webhook_answer import Answer
from model.ports import Receipt
from model.verdict import Subject
from tests.exporters.outboxes import FakePace, MemoryOutbox, ScriptedSink
from tests.exporters.samples import health, posture, told

SECOND = 1_000_000_000


@contextlib.asynccontextmanager
async def running(outbox, sink, pace, tally=None):
    stop = asyncio.Event()
    task = asyncio.create_task(run(outbox, sink, stop, pace=pace.pace, tally=tally or Tally(sink=sink.name)))
    try:
        yield stop
    finally:
        stop.set()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def emptied(outbox):
    async with asyncio.timeout(20):
        while outbox.rows:
            await asyncio.sleep(0)


def of(seq, subject):
    return told(seq, subject=Subject("asset", subject), sequence=seq)


async def drained(outbox, sink, pace=None, tally=None):
    async with running(outbox, sink, pace or FakePace(), tally):
        await emptied(outbox)


async def test_rows_go_out_in_batches_and_are_acknowledged():
    outbox, sink = MemoryOutbox([of(n, f"a{n}") for n in range(25)]), ScriptedSink()
    await drained(outbox, sink)
    assert sink.sent == [list(range(10)), list(range(10, 20)), list(range(20, 25))]
    assert outbox.accepted == list(range(25))
    assert outbox.registered == [("scripted", ("finding",))]
    assert sink.closed


async def test_a_refused_row_goes_to_the_dead_letters_and_holds_up_nothing(caplog):
    outbox = MemoryOutbox([of(n, f"a{n}") for n in range(3)])
    sink = ScriptedSink(lambda row, _: Receipt(row.seq, "rejected", "sai cấu trúc") if row.seq == 1 else Receipt(row.seq, "accepted"))
    tally, pace = Tally(sink="scripted"), FakePace()
    await drained(outbox, sink, pace, tally)
    assert (outbox.dead, outbox.accepted) == ({1: "sai cấu trúc"}, [0, 2])
    assert (tally.delivered, tally.rejected, tally.last_error) == (2, 1, "sai cấu trúc")
    assert pace.slept == []
    assert "1 bản tin bị từ chối hẳn" in caplog.text


async def test_an_outage_doubles_the_wait_up_to_five_minutes_and_is_said_once(caplog):
    outbox = MemoryOutbox([of(n, f"a{n}") for n in range(4)])
    sink = ScriptedSink(lambda row, sends: Receipt(row.seq, "retry", "máy chủ không trả lời", trouble="login") if sends <= 12 else Receipt(row.seq, "accepted"))
    pace, tally = FakePace(die=1.0), Tally(sink="scripted")
    with caplog.at_level(logging.INFO):
        await drained(outbox, sink, pace, tally)
    assert pace.slept == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    lines = [record.getMessage() for record in caplog.records if record.name == "exporters.runner"]
    assert len(lines) == 2
    assert "máy chủ không trả lời" in lines[0]
    assert "đã gửi lại được" in lines[1]
    assert tally.delivered == 4
    assert (tally.down, tally.trouble) == (False, "login")


async def test_batches_halve_on_retry_and_grow_again_by_steps():
    rows = [of(n, f"a{n}") for n in range(400)]
    sink = ScriptedSink(lambda row, sends: Receipt(row.seq, "retry") if sends <= 3 else Receipt(row.seq, "accepted"), batch=80)
    outbox = MemoryOutbox(rows)
    await drained(outbox, sink)
    assert [len(chunk) for chunk in sink.sent][:8] == [80, 40, 20, 10, 18, 26, 26, 42]
    assert max(len(chunk) for chunk in sink.sent) <= 80
    assert sorted(outbox.accepted) == list(range(400))


async def test_what_the_sink_wants_later_is_no_outage_and_holds_up_only_its_own_finding():
    outbox = MemoryOutbox([of(1, "a"), of(2, "a"), of(3, "b"), of(4, "c")])
    sink = ScriptedSink(lambda row, sends: Receipt(row.seq, "later", after=SECOND) if row.seq == 1 and sends == 1 else Receipt(row.seq, "accepted"))
    pace, tally = FakePace(), Tally(sink="scripted")
    await drained(outbox, sink, pace, tally)
    assert sink.sent == [[1, 3, 4], [1], [2]]
    assert pace.slept == []
    assert (tally.delivered, tally.retried, tally.rejected, tally.down, tally.last_error) == (4, 0, 0, False, "")


async def test_what_the_server_asks_for_wins_over_the_back_off():
    outbox = MemoryOutbox([of(1, "a")])
    sink = ScriptedSink(lambda row, sends: Receipt(row.seq, "retry", after=90 * SECOND) if sends == 1 else Receipt(row.seq, "accepted"))
    pace = FakePace(die=0.0)
    await drained(outbox, sink, pace)
    assert pace.slept == [90]


async def test_a_year_that_a_server_asks_for_is_an_hour():
    year = 365 * 86_400 * SECOND
    outbox = MemoryOutbox([of(1, "a"), of(2, "b")])
    answers = {1: Receipt(1, "retry", after=year), 2: Receipt(2, "later", after=year)}
    sink = ScriptedSink(lambda row, sends: answers[row.seq] if sends == 1 else Receipt(row.seq, "accepted"))
    pace = FakePace(die=0.0)
    await drained(outbox, sink, pace)
    assert pace.slept == [3600]
    # The journal gives a row back when its receipt says so: nobody else shortens that.
    assert [receipt.after for receipt in outbox.receipts[:2]] == [3600 * SECOND, year]


async def test_a_row_that_always_fails_does_not_stand_in_the_way_of_later_alerts():
    outbox = MemoryOutbox([of(n, f"a{n}") for n in range(30)])
    sink = ScriptedSink(lambda row, _: Receipt(row.seq, "retry") if row.seq == 0 else Receipt(row.seq, "accepted"))
    async with running(outbox, sink, FakePace()), asyncio.timeout(20):
        while len(outbox.accepted) < 29:
            await asyncio.sleep(0)
    assert set(outbox.rows) == {0}


async def test_a_findings_next_change_waits_until_its_last_was_answered_finally():
    outbox = MemoryOutbox([of(1, "a"), of(2, "a"), of(3, "b"), of(4, "a")])
    sink = ScriptedSink(lambda row, sends: Receipt(row.seq, "retry") if row.seq == 1 and sends <= 3 else Receipt(row.seq, "accepted"))
    await drained(outbox, sink)
    flat = [seq for chunk in sink.sent for seq in chunk]
    assert flat.index(2) > max(i for i, seq in enumerate(flat) if seq == 1)
    assert flat.index(4) > flat.index(2)
    assert flat.index(3) < flat.index(2)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=25), st.integers(1, 8))
def test_whatever_fails_each_finding_arrives_in_order_and_all_arrive(plan, batch):
    fails = {seq: times for seq, (_, times) in enumerate(plan)}
    delivered = []

    def answer(row, _):
        if fails[row.seq]:
            fails[row.seq] -= 1
            return Receipt(row.seq, "retry")
        delivered.append(row.seq)
        return Receipt(row.seq, "accepted")

    outbox = MemoryOutbox([of(seq, subject) for seq, (subject, _) in enumerate(plan)])
    asyncio.run(drained(outbox, ScriptedSink(answer, batch)))
    assert sorted(delivered) == list(range(len(plan)))
    for subject in "abc":
        own = [seq for seq in delivered if plan[seq][0] == subject]
        assert own == sorted(own)


async def test_what_a_sink_raises_is_a_retry_counted_and_said_once(caplog):
    def answer(row, sends):
        if sends <= 3:
            raise ZeroDivisionError("hỏng")
        return Receipt(row.seq, "accepted")

    outbox, tally = MemoryOutbox([of(1, "a"), of(2, "b")]), Tally(sink="scripted")
    await drained(outbox, ScriptedSink(answer), FakePace(), tally)
    assert sorted(outbox.accepted) == [1, 2]
    assert (tally.faults, tally.retried >= 3) == (3, True)
    assert [r.outcome for r in outbox.receipts[:2]] == ["retry", "retry"]
    assert "ZeroDivisionError: hỏng" in outbox.receipts[0].reason
    assert caplog.text.count("ZeroDivisionError") == 1


async def test_a_row_a_sink_forgot_to_answer_is_tried_again():
    outbox = MemoryOutbox([of(1, "a"), of(2, "b")])
    sink = ScriptedSink(lambda row, sends: None if row.seq == 2 and sends == 1 else Receipt(row.seq, "accepted"))
    await drained(outbox, sink)
    assert outbox.accepted == [1, 2]


async def test_a_lost_journal_is_waited_for_and_told_again_who_we_are(caplog):
    class Flaky(MemoryOutbox):
        failures = 2

        async def lease(self, sink, limit, wait):
            if self.failures:
                self.failures -= 1
                raise ConnectionResetError("core đã tắt")
            return await super().lease(sink, limit, wait)

    outbox, pace, tally = Flaky([of(1, "a")]), FakePace(), Tally(sink="scripted")
    await drained(outbox, ScriptedSink(), pace, tally)
    assert outbox.accepted == [1]
    assert pace.slept == [1, 2]
    assert len(outbox.registered) == 3
    assert caplog.text.count("không với tới được nhật ký") == 1
    assert not tally.down


async def test_a_stop_ends_even_a_long_wait_and_closes_the_sink():
    outbox, stop, waiting = MemoryOutbox([of(1, "a")]), asyncio.Event(), asyncio.Event()
    sink = ScriptedSink(lambda row, _: Receipt(row.seq, "retry"))

    async def for_ever(seconds):
        waiting.set()
        await asyncio.Event().wait()

    fake = FakePace()
    pace = type(fake.pace)(now=fake.pace.now, sleep=for_ever, random=fake.pace.random)
    task = asyncio.create_task(run(outbox, sink, stop, pace=pace))
    async with asyncio.timeout(20):
        await waiting.wait()
        stop.set()
        await task
    assert sink.closed
    assert set(outbox.rows) == {1}


async def test_one_sink_that_is_down_holds_up_no_other():
    class Two(MemoryOutbox):
        def __init__(self, rows):
            super().__init__()
            self.of = {"down": MemoryOutbox(rows), "up": MemoryOutbox(rows)}

        async def lease(self, sink, limit, wait):
            return await self.of[sink].lease(sink, limit, wait)

        async def acknowledge(self, sink, receipts):
            await self.of[sink].acknowledge(sink, receipts)

    down, up = ScriptedSink(lambda row, _: Receipt(row.seq, "retry")), ScriptedSink()
    down.name, up.name = "down", "up"
    outbox, stop, tallies = Two([of(n, f"a{n}") for n in range(50)]), asyncio.Event(), [Tally(sink="down"), Tally(sink="up")]
    task = asyncio.create_task(run_all(outbox, [down, up], stop, pace=FakePace().pace, tallies=tallies))
    await emptied(outbox.of["up"])
    assert len(outbox.of["down"].rows) == 50
    assert tallies[0].down
    assert not tallies[1].down
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_the_tally_tells_deliveries_from_duplicates_and_from_what_is_filtered():
    answers = {1: "", 2: DUPLICATE, 3: FILTERED}
    outbox, tally, pace = MemoryOutbox([of(n, f"a{n}") for n in answers]), Tally(sink="scripted"), FakePace()
    pace.ns += 3 * SECOND
    await drained(outbox, ScriptedSink(lambda row, _: Receipt(row.seq, "accepted", answers[row.seq])), pace, tally)
    assert (tally.delivered, tally.duplicates, tally.filtered) == (1, 1, 1)
    assert (sum(tally.buckets), tally.seconds) == (1, 3.0)
    assert tally.buckets[BUCKETS.index(5.0)] == 1


@given(st.floats(0, 0.999999), st.integers(0, 40), st.floats(0, 1e9))
def test_a_wait_is_bounded_and_never_earlier_than_asked(die, failures, asked):
    backoff = Backoff(lambda: die)
    for _ in range(failures):
        backoff.next()
    seconds = backoff.next(asked)
    assert 0 <= seconds <= (300 if asked == 0 else 3600 + 300)
    assert seconds >= min(asked, 3600)


def test_waves_keep_each_findings_order_and_hold_it_once_each():
    rows = [of(1, "a"), of(2, "b"), of(3, "a"), posture(4), posture(5), health(6), health(7)]
    assert [[row.seq for row in wave] for wave in waves(rows)] == [[1, 2, 4, 6, 7], [3, 5]]
    assert key_of(rows[0]) == key_of(rows[2]) != key_of(rows[1])


@pytest.mark.parametrize("bound", BUCKETS)
def test_a_delivery_exactly_at_a_bound_counts_within_it(bound):
    tally = Tally(sink="s")
    tally.count(Receipt(1, "accepted"), bound, 0)
    assert tally.buckets[BUCKETS.index(bound)] == 1


class ForgetfulSink(ScriptedSink):
    """Its server forgets; `answers` are those of its reminders, then nothing is due."""

    def __init__(self, *answers):
        super().__init__()
        self.answers = list(answers)

    async def remind(self):
        return self.answers.pop(0) if self.answers else None


class IdleOutbox(MemoryOutbox):
    """Nothing waits, and it says so at once."""

    async def lease(self, sink, limit, wait):
        await asyncio.sleep(0)
        return []


@pytest.mark.parametrize(("last", "down"), [(Answer("accepted"), False), (Answer("retry", "mất mạng", trouble="login"), True)])
async def test_a_sink_whose_server_forgets_is_asked_to_remind_it_though_nothing_waits(last, down, caplog):
    sink, tally = ForgetfulSink(None, Answer("retry", "mất mạng"), Answer("accepted"), last), Tally(sink="scripted")
    async with running(IdleOutbox(), sink, FakePace(), tally), asyncio.timeout(20):
        while sink.answers:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert tally.down is down
    assert tally.trouble == ("login" if down else "")
    assert caplog.text.count("tạm ngưng") == 1 + down
    assert caplog.text.count("đã gửi lại được") == 1
