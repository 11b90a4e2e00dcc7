"""Hundreds of answers that come at once are read one after another, so that the line is served in between."""

import asyncio
from collections import Counter

from collector.sensors.portals import trip as trips
from collector.sensors.portals.personas import PERSONAS
from tests.portals.visitor.places import portal


async def test_of_many_answers_one_is_read_each_time_the_line_is_served(world):
    visitor = await world.visitor()
    served, read = 0, Counter()

    async def serve():
        nonlocal served
        while True:
            served += 1
            await asyncio.sleep(0)

    async def look(number):
        origin = f"http://xa-{number}.test"
        trip = visitor.trip(portal(origin), PERSONAS["desktop"])
        # No such name: all of them are answered before the line is served once.
        await visitor.ask(trip, trips.first(PERSONAS["desktop"], f"{origin}/"))
        read[served] += 1

    serving = asyncio.create_task(serve())
    await asyncio.gather(*(look(number) for number in range(100)))
    serving.cancel()
    assert sum(read.values()) == 100
    assert max(read.values()) <= 2
