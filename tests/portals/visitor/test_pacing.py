"""Turns at hosts, by a clock that only sleeping moves."""

from __future__ import annotations

import asyncio

import pytest

from collector.sensors.portals.pacing import Budget, Pacing
from model.portals.declared import Portal
from model.times import DAY, HOUR, VIETNAM
from tests.portals.visitor.places import START, Clock, World, failed, looked, moved, page, seen


async def test_two_requests_to_a_host_start_two_seconds_apart(clock: Clock) -> None:
    pacing = Pacing(clock, sleep=clock.sleep)
    starts = []
    for _ in range(3):
        async with pacing.turn("xa.test") as turn:
            turn.begin()
            starts.append(clock.monotonic())
    assert starts == [0.0, 2.0, 4.0]


async def test_what_a_request_took_counts_towards_the_gap(clock: Clock) -> None:
    pacing = Pacing(clock, sleep=clock.sleep)
    async with pacing.turn("xa.test") as turn:
        turn.begin()
        clock.seconds += 1.5
    async with pacing.turn("xa.test"):
        assert clock.slept == [0.5]


async def test_other_hosts_do_not_wait(clock: Clock) -> None:
    pacing = Pacing(clock, sleep=clock.sleep)
    for name in ("xa.test", "xb.test", "xc.test"):
        async with pacing.turn(name) as turn:
            turn.begin()
    assert clock.slept == []


async def test_a_turn_without_a_request_costs_nobody_time(clock: Clock) -> None:
    pacing = Pacing(clock, sleep=clock.sleep)
    for _ in range(5):
        async with pacing.turn("xa.test"):
            pass
    assert clock.slept == []


async def test_one_at_a_time_at_a_host_and_so_many_in_all(clock: Clock) -> None:
    pacing = Pacing(clock, sleep=clock.sleep, at_once=3)
    here: dict[str, int] = {}
    most_here, most = 0, 0

    async def visit(name: str) -> None:
        nonlocal most_here, most
        async with pacing.turn(name) as turn:
            turn.begin()
            here[name] = here.get(name, 0) + 1
            most_here, most = max(most_here, here[name]), max(most, sum(here.values()))
            for _ in range(3):
                await asyncio.sleep(0)
            here[name] -= 1

    await asyncio.gather(*(visit(f"x{n % 5}.test") for n in range(40)))
    assert (most_here, most) == (1, 3)


async def test_who_waits_for_a_host_takes_no_place_from_others(clock: Clock) -> None:
    gate = asyncio.Event()

    async def sleep(seconds: float) -> None:
        await gate.wait()
        clock.seconds += seconds

    pacing = Pacing(clock, sleep=sleep, at_once=1)
    async with pacing.turn("slow.test") as turn:
        turn.begin()

    async def wait() -> None:
        async with pacing.turn("slow.test"):
            pass

    waiting = asyncio.create_task(wait())
    await asyncio.sleep(0)
    async with asyncio.timeout(30), pacing.turn("other.test"):
        assert not waiting.done()
    gate.set()
    await waiting


async def test_a_turn_given_up_is_passed_on(clock: Clock) -> None:
    pacing = Pacing(clock, sleep=clock.sleep, at_once=1)

    async def hold() -> None:
        async with pacing.turn("xa.test"):
            await asyncio.Event().wait()

    task = asyncio.create_task(hold())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(30), pacing.turn("xa.test"):
        assert len(pacing) == 1


async def test_hosts_of_long_ago_are_forgotten(clock: Clock) -> None:
    pacing = Pacing(clock, sleep=clock.sleep)
    for n in range(10_000):
        async with pacing.turn(f"x{n}.test") as turn:
            turn.begin()
        clock.seconds += 0.01
    assert len(pacing) <= 2.0 / 0.01 + 1
    clock.seconds += 5
    async with pacing.turn("last.test"):
        assert len(pacing) <= 202
    assert len(pacing) <= 1


def test_a_budget_is_for_a_portal_and_a_day_of_viet_nam(clock: Clock) -> None:
    budget = Budget(clock)
    assert [budget.spend("a", 2) for _ in range(3)] == [True, True, False]
    assert budget.spend("b", 2)
    into = (START + int(VIETNAM.utcoffset(None).total_seconds()) * 1_000_000_000) % DAY
    clock.seconds += (DAY - into - HOUR) / 1e9
    assert not budget.spend("a", 2)
    clock.seconds += HOUR / 1e9
    assert budget.spend("a", 2)
    assert all(budget.spend("c", 0) for _ in range(9))


async def test_a_look_keeps_the_pace_at_every_host_on_its_way(world: World) -> None:
    end = await world.serve("away.test", page("Xa"))
    origin = await world.serve("xa.test", lambda head: moved(end) if head.startswith("GET /two ") else moved("/two"))
    visitor = await world.visitor()
    fact = seen(await looked(visitor, origin))
    assert [hop.status for hop in fact.hops] == [302, 302, 200]
    assert world.clock.slept == [2.0]
    assert all(server.most == 1 for server in world.servers)


async def test_many_looks_at_one_portal_open_one_connection_at_a_time(world: World) -> None:
    origin = await world.serve("xa.test", page("Xã"))
    visitor = await world.visitor()
    await asyncio.gather(*(looked(visitor, origin, persona=persona) for persona in ("desktop", "mobile", "english", "iphone")))
    assert world.servers[0].most == 1
    assert world.clock.seconds == 6.0


async def test_when_the_days_requests_are_spent_the_look_says_so(world: World) -> None:
    def most(portal: Portal) -> int:
        return {"p1": 2}.get(portal.id, 0)

    origin = await world.serve("xa.test", page("Xã"))
    visitor = await world.visitor(budget=most)
    results = [await looked(visitor, origin) for _ in range(3)]
    assert [look.requests for look in results] == [1, 1, 0]
    assert failed(results[2]).reason == "budget"


async def test_a_shared_end_is_asked_once_for_all_who_are_sent_there(world: World) -> None:
    end = await world.serve("national.test", page("Quốc gia"))
    origins = [await world.serve(f"x{n}.test", moved(end)) for n in range(20)]
    visitor = await world.visitor()
    results = await asyncio.gather(*(looked(visitor, origin) for origin in origins))
    assert all(seen(look).hops[-1].status == 200 for look in results)
    assert len(world.servers[0].heads) == 1
    assert sum(made.shared for look in results for _, made in look.exchanges) == 19
    assert world.clock.seconds <= 2.0


async def test_what_was_fetched_long_ago_is_fetched_again_and_sooner_for_a_second_look(world: World) -> None:
    end = await world.serve("national.test", page("Quốc gia"))
    origin = await world.serve("xa.test", moved(end))
    visitor = await world.visitor()
    counts = []
    for wait, attempt, persona in ((0, 0, "desktop"), (60, 0, "desktop"), (60, 1, "desktop"), (400, 0, "desktop"), (10, 0, "mobile")):
        world.clock.seconds += wait
        seen(await looked(visitor, origin, persona=persona, attempt=attempt))
        counts.append(len(world.servers[0].heads))
    assert counts == [1, 1, 2, 3, 4]
