"""What is known of lists of names, and portals in figures, reach another process whole."""

from __future__ import annotations

import msgspec

from collector.journal import Batch, Journal
from collector.sockets import CoreServer, SocketReader, path_of
from model.portals.figures import PortalFigures
from model.portals.rows import FeedRow
from model.rows import Leg, Sighting, Stamp
from model.text import Text
from model.webfacts import FeedHeard
from tests.journal.made import SITE, THEN
from tests.sockets.conftest import core_status


async def test_lists_come_among_the_other_rows(client, core):
    listed = FeedRow(name="co-bac", told=Stamp(0, THEN, "portals", 3), entries=9, age=60, refused=1, refusal=Text("hỏng", "broken"), weight=2)
    leg = Leg(name="eth0", seen=Sighting(1, 2))
    core.journal.commit(Batch(site=SITE, now=THEN, rows=[("feed", listed.name, listed), ("leg", leg.name, leg)]))
    assert list(await client.reader.rows()) == [leg, listed]
    core.journal.commit(Batch(site=SITE, now=THEN, gone=[("feed", listed.name)]))
    assert list(await client.reader.rows()) == [leg]


async def test_the_sensors_word_on_a_list_arrives_whole(client, core):
    fact = FeedHeard(at=THEN, sensor="portals", sequence=3, name="co-bac", entries=9, age=-1, refused=1, refusal=Text("hỏng", "broken"), weight=2)
    assert client.facts.put([fact]) == 1
    await client.settled()
    assert core.queue.take(9, 0) == [fact]


async def test_figures_cross_the_socket(tmp_path, core):
    told = PortalFigures(
        declared=2, views={"seen": 2}, looks={"clean": 9}, failed={"dns": 1}, overdue=4, incidents={"VG-WEB-01": {"confirmed": 1}},
        confirmations=[0, 1], confirmation_seconds=70.5, confirmation_last=70.5,
    )  # fmt: skip
    with Journal.open(tmp_path / "other.db", box="hop-02") as journal:
        status = msgspec.structs.replace(core_status(core.queue), portals=told)
        server = CoreServer(tmp_path, facts=core.queue, outbox=journal.outbox(), reader=journal.reader(lambda: status), acts=core.acts)
        await server.start()
        reader = SocketReader(path_of(tmp_path, "read"))
        try:
            assert (await reader.status()).portals == told
        finally:
            await reader.close()
            await server.stop()
