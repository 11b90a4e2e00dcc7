"""The inbox: durable before it answers, numbered for ever, bounded, and of no use to who reads its file but for what PCs may tell."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from collector.clock import SystemClock
from collector.sensors.endpoints import inbox as inboxes
from collector.sensors.endpoints import store
from collector.sensors.endpoints.inbox import Asked, Entry, Inbox, InboxError, coded
from collector.sensors.endpoints.store import MAX_KEYS, Node
from model.endpointfacts import PcAnswered, PcHeard
from model.posture.told import Bluetooth, Programs
from model.times import DAY

AT = 1_763_800_000_000_000_000


def answer(number: int, pc: str = "pc-01", site: str = "xa", told=None) -> PcAnswered:
    return PcAnswered(at=AT + number, sensor="endpoints", pc=pc, site=site, topic="bluetooth", answered=AT + number, told=told or Bluetooth(on=number % 2 == 0))


def entry(number: int, digest: bytes = b"", **more) -> Entry:
    return Entry(digest, [coded(answer(number, **more))])


@pytest.fixture
def opener(tmp_path):
    opened: list[Inbox] = []

    def opens(**options) -> Inbox:
        opened.append(Inbox(tmp_path / "inbox.sqlite", options.pop("clock", SystemClock()), **options))
        return opened[-1]

    yield opens
    for each in opened:
        each.close()


async def numbers(inbox: Inbox, after: int = 0) -> list[int]:
    return [fact.sequence for fact in await inbox.after(after, 10_000)]


async def test_facts_come_back_as_they_were_numbered_from_one(opener):
    inbox = opener()
    facts = [answer(1), PcHeard(at=AT, sensor="endpoints", pc="pc-02", site="xa", skew=-5, version="5.23.0"), answer(2, site="xa-b")]
    assert await inbox.keep([Entry(b"", [coded(fact) for fact in facts])]) == 0
    assert [(fact.sequence, fact.pc, fact.site) for fact in await inbox.after(0, 9)] == [(1, "pc-01", "xa"), (2, "pc-02", "xa"), (3, "pc-01", "xa-b")]
    assert [fact.told for fact in await inbox.after(2, 9) if isinstance(fact, PcAnswered)] == [Bluetooth(on=True)]
    assert [fact.skew for fact in await inbox.after(1, 1)] == [-5]


async def test_numbers_never_come_twice_whatever_was_let_go(opener):
    inbox = opener()
    await inbox.keep([entry(1), entry(2), entry(3)])
    assert await inbox.acknowledged({"xa": 3}, 3) == 0
    inbox.close()
    inbox = opener()
    await inbox.keep([entry(4)])
    assert await numbers(inbox) == [4]


async def test_only_what_its_site_wrote_down_is_let_go(opener):
    inbox = opener()
    await inbox.keep([entry(1), entry(2, site="xa-b"), entry(3), entry(4, site="xa-b")])
    assert await inbox.acknowledged({"xa": 4, "xa-b": 2}, 4) == 1
    assert await numbers(inbox) == [4]


async def test_what_was_seen_is_known_also_after_a_restart(opener):
    inbox = opener()
    assert await inbox.keep([entry(1, b"a"), entry(1, b"a"), entry(2, b"b")]) == 1
    await inbox.acknowledged({"xa": 99}, 0)
    inbox.close()
    inbox = opener()
    assert await inbox.keep([entry(1, b"a"), entry(3, b"c")]) == 1
    assert await numbers(inbox) == [3]


async def test_what_was_seen_long_ago_is_forgotten(opener, monkeypatch):
    class Later(SystemClock):
        ahead = 0

        def now(self) -> int:
            return super().now() + self.ahead

    clock = Later()
    inbox = opener(clock=clock)
    await inbox.keep([entry(1, b"a")])
    clock.ahead = 13 * DAY
    assert await inbox.keep([entry(1, b"a")]) == 1
    clock.ahead = 15 * DAY
    await inbox.keep([])
    assert await inbox.keep([entry(1, b"a")]) == 0
    monkeypatch.setattr(store, "MAX_SEEN", 3)
    clock.ahead = 16 * DAY
    await inbox.keep([entry(n, bytes([n])) for n in range(10)])
    clock.ahead = 17 * DAY
    await inbox.keep([])
    with sqlite3.connect(inbox_path(inbox)) as plain:
        assert plain.execute("SELECT count(*) FROM seen").fetchone() == (3,)
    plain.close()


def inbox_path(inbox: Inbox) -> str:
    return inbox._connection.execute("PRAGMA database_list").fetchone()[2]


async def test_node_keys_and_questions_outlive_a_restart(opener):
    inbox = opener()
    nodes = [Node(bytes([n]), "pc-01", "xa", "windows", "5.23.0", AT + n) for n in range(MAX_KEYS + 2)]
    for node in nodes:
        await inbox.enrol(node)
    await inbox.keep([], [Asked("pc-01", "bluetooth", AT, 0), Asked("pc-01", "firewall", AT, 2)])
    await inbox.keep([], [Asked("pc-01", "bluetooth", AT + 1, 1)])
    inbox.close()
    held = opener().held()
    assert held.nodes == nodes[2:]
    assert sorted(held.asked) == [Asked("pc-01", "bluetooth", AT + 1, 1), Asked("pc-01", "firewall", AT, 2)]


async def test_a_full_inbox_gives_up_what_was_overtaken_first_and_counts_it(opener):
    inbox = opener(max_bytes=100 * 1024)
    programs = Programs(installed=40, names=tuple(f"Chương trình {n}" for n in range(40)))
    await inbox.keep([entry(n, pc=f"quiet-{n}") for n in range(50)])
    for n in range(300):
        await inbox.keep([entry(n, told=programs)])
    depth = await inbox.depth()
    assert depth.bytes <= 100 * 1024
    assert depth.lost > 100
    assert depth.facts + depth.lost == 350
    kept = {fact.pc for fact in await inbox.after(0, 999)}
    assert kept == {f"quiet-{n}" for n in range(50)} | {"pc-01"}
    assert (await numbers(inbox))[-1] == 350
    inbox.close()
    assert (await opener(max_bytes=100 * 1024).depth()) == depth


async def test_where_nothing_was_overtaken_the_oldest_go(opener):
    inbox = opener(max_bytes=10 * 1024)
    for n in range(200):
        await inbox.keep([entry(n, pc=f"pc-{n}")])
    kept = await numbers(inbox)
    assert kept == list(range(kept[0], 201))
    assert kept[0] > 100


async def test_core_does_not_take_a_new_inbox_for_the_lost_one(opener):
    inbox = opener()
    await inbox.keep([entry(1), entry(2), entry(3)])
    await inbox.meet(5_000)
    assert await numbers(inbox) == [5_001, 5_002, 5_003]
    await inbox.keep([entry(4)])
    assert await numbers(inbox, 5_002) == [5_003, 5_004]
    await inbox.meet(9_000)
    assert await numbers(inbox) == [5_001, 5_002, 5_003, 5_004]


async def test_an_inbox_that_core_knows_nothing_of_keeps_its_numbers(opener):
    inbox = opener()
    await inbox.keep([entry(1), entry(2)])
    await inbox.meet(0)
    await inbox.keep([entry(3)])
    assert await numbers(inbox) == [1, 2, 3]


async def test_whoever_waits_together_shares_a_commit(opener):
    inbox = opener()
    commits = []
    inbox._connection.set_trace_callback(lambda statement: commits.append(statement) if statement == "COMMIT" else None)
    await asyncio.gather(*(inbox.keep([entry(n)]) for n in range(200)))
    assert sorted(await numbers(inbox)) == list(range(1, 201))
    assert len(commits) < 60


async def test_work_that_fails_costs_the_others_nothing(opener):
    inbox = opener()

    def broken(c: sqlite3.Connection) -> None:
        c.execute("INSERT INTO fact(site, pc, topic, at, doc) VALUES ('xa', 'pc-66', '', 0, x'00')")
        c.execute("INSERT INTO fact(seq) VALUES (1)")

    # The first job occupies the writing thread while the others gather behind it.
    jobs = [inbox.keep([entry(n)]) for n in range(5)] + [inbox._do(broken)] + [inbox.keep([entry(n)]) for n in range(5, 9)]
    told = await asyncio.gather(*jobs, return_exceptions=True)
    assert [isinstance(each, InboxError) for each in told] == 5 * [False] + [True] + 4 * [False]
    assert {fact.pc for fact in await inbox.after(0, 99)} == {"pc-01"}
    assert len(await numbers(inbox)) == 9


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_fault_of_ours_ends_it_and_leaves_nobody_waiting(opener):
    inbox = opener()
    told = await asyncio.gather(inbox.keep([entry(1)]), inbox._do(lambda c: 1 / 0), inbox.keep([entry(2)]), return_exceptions=True)
    assert isinstance(told[1], InboxError)
    await asyncio.to_thread(inbox._thread.join)
    with pytest.raises(InboxError, match="đã đóng"):
        await inbox.keep([entry(3)])
    acknowledged = sum(each == 0 for each in told)
    inbox.close()
    assert len(await numbers(opener())) == acknowledged


async def test_a_disk_that_is_full_is_told_and_heals(opener):
    inbox = opener()
    await inbox.keep([entry(1)])
    pages = inbox._connection.execute("PRAGMA page_count").fetchone()[0]
    inbox._connection.execute(f"PRAGMA max_page_count = {pages}")
    big = Programs(names=tuple("x" * 500 for _ in range(40)))
    entries = [entry(n, bytes([n]), told=big) for n in range(50)]
    with pytest.raises(InboxError, match="không ghi được"):
        await inbox.keep(entries)
    inbox._connection.execute("PRAGMA max_page_count = 1073741823")
    assert len(await numbers(inbox)) == 1
    assert await inbox.keep(entries) == 0
    assert len(await numbers(inbox)) == 51


@pytest.mark.parametrize("spoil", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5_000])
async def test_a_damaged_file_is_set_aside_and_told(opener, tmp_path, spoil):
    (tmp_path / "inbox.sqlite").write_bytes(spoil)
    inbox = opener()
    assert inbox.notice is not None
    assert "bị hỏng" in inbox.notice.vi
    assert (tmp_path / "inbox.sqlite.damaged").read_bytes() == spoil
    await inbox.keep([entry(1)])
    assert await numbers(inbox) == [1]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InboxError, match="không mở được"):
        Inbox(tmp_path / "file" / "inbox.sqlite", SystemClock())


async def test_what_no_message_can_carry_is_not_kept(opener):
    assert coded(answer(1, told=Programs(names=("\ud800",)))) is None
    assert coded(answer(1, told=Programs(installed=2**70))) is None
    assert coded(answer(1, told=Programs(names=("x" * inboxes.MAX_FACT,)))) is None
    assert coded(answer(1)) is not None


async def test_what_an_older_version_wrote_and_this_one_cannot_read_blocks_nothing(opener):
    inbox = opener()
    await inbox.keep([entry(1), Entry(b"", [coded(answer(2))._replace(doc=b"\xc1")]), entry(3)])
    assert await numbers(inbox) == [1, 3]
    assert (await inbox.depth())[::3] == (2, 1)


async def test_a_closed_inbox_wrote_what_it_was_given(opener):
    inbox = opener()
    kept = asyncio.create_task(inbox.keep([entry(1)]))
    await asyncio.sleep(0)
    inbox.close()
    assert await kept == 0
    assert await numbers(opener()) == [1]


async def test_revocations_are_seen_at_once_and_for_ever(opener, tmp_path):
    inbox = opener()
    assert not inbox.revoked("pc-01", "1f", AT)
    for written in ("001F", "1f"):
        inboxes.revoke(tmp_path / "inbox.sqlite", pc="pc-01", serial=written, at=AT, by="Lan", why="mất máy")
    assert inbox.revoked("pc-01", "1f", AT)
    assert not inbox.revoked("pc-01", "1e", AT)
    inboxes.revoke(tmp_path / "inbox.sqlite", pc="pc-02", serial="", at=AT, by="Lan", why="mất máy")
    assert inbox.revoked("pc-02", "2a", AT - 1)
    assert not inbox.revoked("pc-02", "2b", AT + 1)
    inbox.close()
    assert opener().revoked("pc-01", "1f", AT)
