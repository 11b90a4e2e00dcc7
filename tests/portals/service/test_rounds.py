"""Rounds, their memory and their times, with a clock that the tests set and eyes that see what the tests say."""

import asyncio
import itertools

import msgspec
import pytest

from collector.sensors.portals.memory import MOST_PAGES, Memories, Memory
from collector.sensors.portals.plan import QUERIES, Errand, Habits, Remembered, plan, sample
from collector.sensors.portals.rounds import MOST_RENDERED, Looked, Manner, Round, day_of
from collector.sensors.portals.schedule import GRACE, Due, jittered
from collector.sensors.portals.watcher import Job, Watcher
from model.portals.declared import Portal
from model.portals.rechecks import Recheck, rechecks
from model.times import DAY, HOUR, MINUTE, SECOND
from model.webfacts import Hop, LookFailed, PageLooked, PortalsHeard, Sign

START = 1_760_000_000 * SECOND
PERSONAS = ("desktop", "mobile", "search_google", "returning")
XA = Portal(id="xa-a", url="https://xa-a.tinh.test/", pages=("/gioi-thieu", "/lien-he", "/thu-tuc", "/tin", "/van-ban", "/lich"))


HOME = Hop(how="asked", url=XA.url, host="xa-a.tinh.test", status=200, address="192.0.2.1")
AWAY = Hop(how="http", url="https://zzwin88.vip/", host="zzwin88.vip", status=200, address="192.0.2.9")


class SetClock:
    def __init__(self, at=START):
        self.at = at

    def now(self):
        return self.at

    def monotonic(self):
        return self.at / SECOND


class Kept:
    """Where facts go."""

    def __init__(self):
        self.facts = []

    def put(self, facts):
        self.facts.extend(facts)
        return len(facts)

    def of(self, kind):
        return [fact for fact in self.facts if isinstance(fact, kind)]


class Eyes:
    """Sees a clean page at each address, but for the personas that are led away; keeps what it was asked."""

    def __init__(self, clock):
        self.clock, self.asked, self.dirty, self.pages = clock, [], set(), ()

    async def look(self, portal, errand, round_id, attempt):
        self.asked.append((errand, attempt, self.clock.now()))
        dirty = errand.persona in self.dirty and errand.part == "home"
        fact = PageLooked(
            at=self.clock.now(),
            portal=portal.id,
            round=round_id,
            persona=errand.persona,
            part=errand.part,
            url=errand.url,
            attempt=attempt,
            hops=(HOME, AWAY) if dirty else (HOME,),
            signs=(Sign(kind="brand_host", value=AWAY.host, page=AWAY.host, gambling=True),) if dirty else (),
            pages=self.pages,
        )
        return Looked(fact, own_scripts=("https://xa-a.tinh.test/jquery.js",), render=dirty)


async def no_files(portal, memory):
    return (), 1


def made(eyes, sink, clock, manner=None, browser=None):
    numbers = itertools.count()
    return Round(
        eyes,
        sink,
        clock,
        manner or Manner(),
        files=no_files,
        personas=lambda _: PERSONAS,
        token=lambda: f"t{next(numbers)}",
        browser=browser,
    )


def planned(remembered=None, *, daily=True, portal=XA):
    numbers = itertools.count()
    return plan(portal, PERSONAS, remembered or Remembered(), Habits(), lambda: f"t{next(numbers)}", daily=daily)


def test_every_round_shows_the_home_page_to_every_persona_first():
    assert planned(daily=False)[: len(PERSONAS)] == tuple(Errand("home", XA.url, persona) for persona in PERSONAS)


def test_declared_pages_take_turns_over_the_rounds():
    seen = [{errand.url for errand in planned(Remembered(rounds=n), daily=False) if errand.part == "declared"} for n in range(2)]
    assert set.union(*seen) == {"https://xa-a.tinh.test" + page for page in XA.pages}
    assert seen[0] != seen[1]


def test_the_first_round_of_a_day_asks_for_paths_that_cannot_exist_and_for_the_queries_of_kits():
    errands = planned(Remembered(day=3))
    missing = {errand.url for errand in errands if errand.part == "missing"}
    assert len(missing) == 2
    assert all("t0" in url or "t1" in url for url in missing)
    queries = [errand for errand in errands if errand.part == "query"]
    assert len(queries) == 2
    assert {errand.persona for errand in queries} == {"search_google"}
    assert all(any(errand.url.endswith(query) for query in QUERIES) for errand in queries)


def test_other_rounds_leave_that_alone():
    assert {errand.part for errand in planned(daily=False)} == {"home", "declared"}


def test_a_sample_takes_each_known_page_in_its_turn_and_none_of_another_host():
    pool = (*(f"https://xa-a.tinh.test/p{n}" for n in range(50)), "https://elsewhere.test/x")
    days = [{errand.url for errand in sample(XA, PERSONAS, Remembered(day=day, pool=pool), Habits())} for day in range(3)]
    assert all(len(day) == 20 for day in days)
    assert set.union(*days) == set(pool[:50])


def test_pages_that_came_up_since_are_sampled_before_all_others():
    pool = tuple(f"https://xa-a.tinh.test/p{n}" for n in range(500))
    chosen = [errand.url for errand in sample(XA, PERSONAS, Remembered(day=7, pool=pool, fresh=pool[-3:]), Habits())]
    assert chosen[:6:2] == list(pool[-3:])
    assert len(set(chosen)) == 20


def test_days_change_at_midnight_in_viet_nam():
    midnight = (day_of(START) + 1) * DAY - 7 * HOUR
    assert (day_of(midnight - 1), day_of(midnight)) == (day_of(START), day_of(START) + 1)


async def test_a_round_puts_each_look_and_its_own_heartbeat():
    clock, sink = SetClock(), Kept()
    eyes, memory = Eyes(clock), Memory(portal=XA.id)
    eyes.pages = ("https://xa-a.tinh.test/n1",)
    await made(eyes, sink, clock).make(XA, memory)
    heard = sink.of(PortalsHeard)[0]
    assert memory.row is None
    assert (heard.due, heard.made, heard.overdue) == (len(eyes.asked), len(eyes.asked), 0)
    assert heard.period == 6 * HOUR
    assert len(sink.of(PageLooked)) == len(eyes.asked)
    assert [fact.sequence for fact in sink.facts] == list(range(1, len(sink.facts) + 1))
    assert memory.pool == ["https://xa-a.tinh.test/n1"]
    assert memory.scripts == ["https://xa-a.tinh.test/jquery.js"]


@pytest.mark.parametrize(
    ("portal", "period"), [(XA, 2 * HOUR), (msgspec.structs.replace(XA, level="province"), HOUR), (msgspec.structs.replace(XA, period=DAY), DAY)]
)
async def test_each_round_tells_the_period_in_force(portal, period):
    clock, sink = SetClock(), Kept()
    await made(Eyes(clock), sink, clock, Manner(period_province=HOUR, period_commune=2 * HOUR)).make(portal, Memory(portal=XA.id))
    assert [heard.period for heard in sink.of(PortalsHeard)] == [period]


async def test_the_first_round_of_a_day_samples_what_it_has_just_been_told_of():
    clock, sink = SetClock(), Kept()
    eyes, memory = Eyes(clock), Memory(portal=XA.id)
    eyes.pages = ("https://xa-a.tinh.test/n1",)
    await made(eyes, sink, clock).make(XA, memory)
    assert {fact.url for fact in sink.of(PageLooked) if fact.part == "sample"} == {"https://xa-a.tinh.test/n1"}
    assert memory.fresh == []


async def test_what_comes_up_later_waits_for_the_next_sample():
    clock, sink = SetClock(), Kept()
    eyes, memory = Eyes(clock), Memory(portal=XA.id)
    rounds = made(eyes, sink, clock)
    await rounds.make(XA, memory)
    eyes.pages = ("https://xa-a.tinh.test/n1",)
    await rounds.make(XA, memory)
    assert memory.fresh == ["https://xa-a.tinh.test/n1"]
    clock.at += DAY
    await rounds.make(XA, memory)
    assert memory.fresh == []


async def test_where_nobody_is_at_home_no_door_is_tried_after_the_first():
    clock, sink = SetClock(), Kept()
    eyes, memory = Eyes(clock), Memory(portal=XA.id)

    async def nobody(portal, errand, round_id, attempt):
        eyes.asked.append((errand, attempt, clock.now()))
        whose = {"at": clock.now(), "portal": portal.id, "round": round_id, "persona": errand.persona}
        return Looked(LookFailed(**whose, part=errand.part, url=errand.url, reason="dns"))

    eyes.look = nobody
    await made(eyes, sink, clock).make(XA, memory)
    assert [errand.part for errand, _, _ in eyes.asked] == ["home"] * len(PERSONAS)
    assert (sink.of(PortalsHeard)[0].due, sink.of(PortalsHeard)[0].overdue) == (len(PERSONAS), 0)
    assert memory.daily != day_of(clock.now())


async def test_past_the_budget_looks_are_told_as_not_made():
    clock, sink = SetClock(), Kept()
    eyes = Eyes(clock)
    await made(eyes, sink, clock, Manner(budget_commune=3)).make(XA, Memory(portal=XA.id))
    assert len(eyes.asked) == 3
    assert {fact.reason for fact in sink.of(LookFailed)} == {"budget"}
    assert sink.of(PortalsHeard)[0].overdue == len(sink.of(LookFailed))


async def test_a_suspicious_look_asks_for_the_browser_and_for_second_looks():
    clock, sink = SetClock(), Kept()
    eyes, browser, memory = Eyes(clock), Eyes(clock), Memory(portal=XA.id)
    eyes.dirty = {"mobile"}
    await made(eyes, sink, clock, browser=browser).make(XA, memory)
    assert {errand.persona for errand, _, _ in browser.asked} == {"mobile"}
    checks = rechecks(memory.row)
    assert [check.at - START for check in checks] == [MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY]
    assert {check.url for check in checks} == {XA.url}


class Rendering(Eyes):
    """The browser, which sees the same."""

    async def look(self, portal, errand, round_id, attempt):
        looked = await super().look(portal, errand, round_id, attempt)
        return looked._replace(fact=msgspec.structs.replace(looked.fact, rendered=True))


async def test_an_injected_portal_does_not_go_blind_by_being_rendered_all_day():
    clock, sink = SetClock(), Kept()
    eyes, browser, memory = Eyes(clock), Rendering(clock), Memory(portal=XA.id)
    eyes.dirty = browser.dirty = set(PERSONAS)
    rounds = made(eyes, sink, clock, browser=browser)
    for _ in range(12):
        await rounds.make(XA, memory)
        clock.at += HOUR // 2
    assert sorted(errand.persona for errand, _, _ in browser.asked) == sorted(PERSONAS)
    assert sum(at == START for _, _, at in browser.asked) == MOST_RENDERED


async def test_a_second_look_is_rendered_again_however_soon():
    clock, sink = SetClock(), Kept()
    eyes, browser, memory = Eyes(clock), Rendering(clock), Memory(portal=XA.id)
    eyes.dirty = browser.dirty = {"mobile"}
    rounds = made(eyes, sink, clock, browser=browser)
    await rounds.make(XA, memory)
    clock.at += MINUTE
    await rounds.again(XA, memory, rechecks(memory.row)[0])
    assert [(errand.persona, attempt) for errand, attempt, _ in browser.asked] == [("mobile", 0), ("mobile", 1)]


async def test_what_only_the_browser_saw_is_confirmed_by_the_browser_as_who_saw_it():
    clock, sink = SetClock(), Kept()
    eyes, browser, memory = Eyes(clock), Rendering(clock), Memory(portal=XA.id)
    browser.dirty = {"desktop"}
    rounds = made(eyes, sink, clock, Manner(render="daily"), browser)
    await rounds.make(XA, memory)
    clock.at += MINUTE
    looks, check = len(eyes.asked), rechecks(memory.row)[0]
    await rounds.again(XA, memory, check)
    assert (check.rendered, check.confirming, len(eyes.asked)) == (True, True, looks)
    assert [(errand.persona, attempt) for errand, attempt, _ in browser.asked] == [("desktop", 0), ("desktop", 1)]


async def test_a_second_look_is_made_as_every_persona():
    clock, sink = SetClock(), Kept()
    eyes, memory = Eyes(clock), Memory(portal=XA.id)
    await made(eyes, sink, clock).again(XA, memory, Recheck(START, "home", XA.url, confirming=True))
    assert [(errand.persona, attempt) for errand, attempt, _ in eyes.asked] == [(persona, 1) for persona in PERSONAS]


def test_pages_worth_a_sample_are_bounded_and_without_repeats():
    memory = Memory(portal="p")
    memory.take_pages(tuple(f"u{n}" for n in range(MOST_PAGES + 5)))
    memory.take_pages(("u10",))
    assert len(memory.pool) == MOST_PAGES
    assert memory.pool[0] == "u5"


def test_memories_outlive_a_restart_and_a_spoilt_file(tmp_path):
    memories = Memories(tmp_path)
    memories.keep(Memory(portal="xa-a", next_at=42))
    assert Memories(tmp_path).of("xa-a").next_at == 42
    for path in tmp_path.iterdir():
        path.write_bytes(b"\xc1 spoilt")
    assert Memories(tmp_path).of("xa-a") == Memory(portal="xa-a")


def test_a_full_disk_is_told_and_stops_nothing(tmp_path, caplog):
    blocked = tmp_path / "file"
    blocked.write_text("")
    memories = Memories(blocked / "below")
    memories.keep(Memory(portal="xa-a", next_at=42))
    assert memories.of("xa-a").next_at == 42
    assert caplog.messages


def test_jitter_stays_within_its_share():
    assert [jittered(1_000, 0.1, lambda dice=dice: dice) for dice in (0.0, 0.5, 1.0)] == [900, 1_000, 1_100]


async def test_due_jobs_come_in_the_order_of_their_times():
    clock = SetClock()
    due = Due(clock)
    due.put(START + 2, "later")
    due.put(START, "now")
    assert await due.take() == (START, "now")
    assert due.ready() is None
    clock.at = START + GRACE + 3
    assert due.overdue(clock.now()) == 1
    assert await due.take() == (START + 2, "later")


class Stepping(SetClock):
    """Time that moves to the next due job as soon as everybody waits for it."""


async def watched(tmp_path, clock, eyes, sink, until, portals=(XA,), manner=None):
    manner = manner or Manner(jitter=0.0, budget_commune=100_000)
    watcher = Watcher(portals, made(eyes, sink, clock, manner), Memories(tmp_path), clock, manner, dice=lambda: 0.5, workers=4)
    stop = asyncio.Event()
    task = asyncio.create_task(watcher.run(stop))
    async with asyncio.timeout(60):
        while clock.at < until:
            for _ in range(500):
                await asyncio.sleep(0)
            clock.at += MINUTE
            watcher._due._news.set()
        for _ in range(500):
            await asyncio.sleep(0)
    stop.set()
    await task
    return watcher


@pytest.mark.parametrize("steps", range(6))
async def test_a_stop_that_comes_with_news_ends_every_worker(tmp_path, steps):
    clock, sink = SetClock(), Kept()
    portals = [Portal(id=f"xa-{number}", url=f"https://xa-{number}.test/") for number in range(8)]
    manner = Manner(jitter=0.0)
    watcher = Watcher(portals, made(Eyes(clock), sink, clock, manner), Memories(tmp_path), clock, manner, dice=lambda: 0.5, workers=8)
    stop = asyncio.Event()
    task = asyncio.create_task(watcher.run(stop))
    for _ in range(50):
        await asyncio.sleep(0)
    watcher._due.put(START + DAY, Job("xa-0"))
    for _ in range(steps):
        await asyncio.sleep(0)
    stop.set()
    await asyncio.wait([task], timeout=30.0)
    assert task.done()


async def test_rounds_keep_their_period(tmp_path):
    clock, sink = SetClock(), Kept()
    await watched(tmp_path, clock, Eyes(clock), sink, START + 25 * HOUR)
    assert len(sink.of(PortalsHeard)) == 5


async def test_what_was_suspicious_is_looked_at_again_after_a_minute_and_at_the_re_checks(tmp_path):
    clock, sink = SetClock(), Kept()
    eyes = Eyes(clock)
    eyes.dirty = {"mobile"}
    task = asyncio.create_task(watched(tmp_path, clock, eyes, sink, START + 9 * HOUR))
    while not any(attempt for _, attempt, _ in eyes.asked):
        await asyncio.sleep(0)
    eyes.dirty = set()
    await task
    first = next(at for errand, attempt, at in eyes.asked if errand.persona == "mobile")
    second = next(at for _, attempt, at in eyes.asked if attempt == 1)
    assert MINUTE <= second - first <= 2 * MINUTE
    homes = [at - first for errand, attempt, at in eyes.asked if (errand.part, errand.persona, attempt) == ("home", "desktop", 0)]
    assert any(HOUR <= after < HOUR + 5 * MINUTE for after in homes)


async def test_a_fault_at_one_portal_does_not_end_the_others(tmp_path, caplog):
    clock, sink = SetClock(), Kept()
    eyes = Eyes(clock)
    bad, look = Portal(id="bad", url="https://bad.test/"), eyes.look

    async def faulty(portal, errand, round_id, attempt):
        if portal.id == "bad":
            raise RuntimeError("planted")
        return await look(portal, errand, round_id, attempt)

    eyes.look = faulty
    await watched(tmp_path, clock, eyes, sink, START + 7 * HOUR, portals=(bad, XA))
    assert len([fact for fact in sink.of(PortalsHeard) if fact.portal == XA.id]) == 2
    assert any("bad" in message for message in caplog.messages)


@pytest.mark.parametrize(("level", "hours"), [("province", 0.5), ("commune", 6)])
def test_a_province_is_looked_at_more_often(level, hours):
    assert Manner().period(Portal(id="p", url="https://p.test/", level=level)) == hours * HOUR
