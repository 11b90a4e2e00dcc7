"""Core and export killed at random, each by itself, while a faulty receiver is told of new screens: nothing is lost, nothing comes under two ids.

Twenty kills here; `make soak` makes a thousand (VONGGAC_KILLS).
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal

import pytest

from tests.lab.lab import Net, Process, Space
from tests.system.program import PATIENCE, Box, running, started
from tests.system.screens import Wire
from tests.system.test_kill import ReceiverInSpace, produced, sinks, spoken, waiting, written

KILLS = int(os.environ.get("VONGGAC_KILLS", "20"))
SCREENS = range(1, 3 * KILLS + 1)
# So that new screens come for as long as there are kills, on a machine that starts a service in a second.
EACH = 0.3
FAULTS = (429, 500, 502, 503, 401, 404)


@pytest.mark.root
async def test_core_and_export_killed_with_a_faulty_receiver_lose_nothing(net: Net, box: Box, webhook_secret: str) -> None:
    segment = net.segment("hall")
    leg, wire = segment.leg(), Wire(segment.leg())
    dice = random.Random(20250630)
    services: dict[str, Process] = {}
    async with ReceiverInSpace(webhook_secret, leg) as receiver:
        sinks(box, receiver, webhook_secret)
        try:
            with running(box, "collect", space=leg.space) as collect:
                await spoken(collect, "đang nghe trên")
                services = {name: started(box, name, space=leg.space) for name in ("core", "export")}
                with wire.growing(SCREENS, each=EACH) as spoke:
                    for _ in range(KILLS):
                        receiver.answer_next(dice.choice(FAULTS), times=dice.randrange(3))
                        await asyncio.sleep(dice.uniform(0.0, 1.2))
                        await again(box, leg.space, services, dice.choice(("core", "export")))
                receiver.well()
                await spoken(services["core"], "lõi đang chạy")
                # Only who was there: hundreds of new devices in one minute are turned away as a flood (model.site.MAX_NEW).
                screens = range(1, len(set(spoke)) + 1)
                wire.send(screens)
                await settled(box, len(screens))
        finally:
            for service in services.values():
                service.stop()
            wire.close()
        expected = await produced(box)
        lines = written(box)
        assert {(line["finding"]["id"], line["sequence"]) for line in lines} == expected
        assert len(lines) == len({line["row"] for line in lines}) == len(expected), "a line was written twice"
        told = {one.id: (one.json()["data"]["id"], one.json()["data"]["sequence"]) for one in receiver.accepted}
        assert sorted(told.values()) == sorted(expected), "lost, or under two ids"
        assert not [one.refused for one in receiver.deliveries if one.refused]
        assert {json.loads(one.body)["data"]["id"] for one in receiver.accepted} == {finding for finding, _ in expected}


async def again(box: Box, space: Space, services: dict[str, Process], name: str) -> None:
    """One life ended by the kernel, and the next begun."""
    process = services[name]
    process.popen.send_signal(signal.SIGKILL)
    await asyncio.to_thread(process.wait)
    assert "Traceback" not in process.said(), process.said()
    services[name] = started(box, name, space=space)


async def settled(box: Box, screens: int) -> None:
    """Every screen has its finding, and every document is where it belongs: back-off of what failed last is waited out."""
    async with asyncio.timeout(PATIENCE * 3):
        while len({finding for finding, _ in await produced(box)}) < screens or await waiting(box):
            await asyncio.sleep(0.2)
