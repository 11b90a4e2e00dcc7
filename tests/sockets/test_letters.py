"""Dead letters over core's socket for people: the page needs no more for them than it needs for acts."""

from __future__ import annotations

import pytest

from collector.journal import Batch
from collector.sockets import Allowed, SocketActs, SocketError, SocketOutbox, path_of, wire
from model.ports import Receipt
from tests.journal.made import SITE, THEN, change
from tests.sockets.test_server import NOBODY, serving, speaking


async def test_what_people_do_with_dead_letters_takes_no_right_to_what_is_sent_out(core):
    core.journal.table.register("es", ["finding"])
    core.journal.commit(Batch(site=SITE, now=THEN, changes=[change(1), change(2)]))
    rows = core.journal.table.lease("es", 10).rows
    core.journal.table.acknowledge("es", [Receipt(row.seq, "rejected", "400") for row in rows])
    async with serving(core, allowed={"outbox": Allowed(frozenset({NOBODY}))}) as server:
        acts, outbox = SocketActs(path_of(core.folder, "acts")), SocketOutbox(path_of(core.folder, "outbox"))
        assert await acts.replay("es", [rows[0].id]) == 1
        assert (await acts.purge("es", [rows[1].id, "none"]), await acts.purge("es")) == (1, 0)
        with pytest.raises(SocketError, match="không được phép dùng ổ cắm outbox"):
            await outbox.purge("es")
        # Nor is anything else of the outbox answered there.
        async with speaking(core, "acts") as (_, reader, writer):
            writer.write(wire.frame(wire.Request(1, wire.Lease("es", 10, 0))))
            assert await reader.read() == b""
        assert (server.refused, server.malformed) == ({"outbox": 1}, {"acts": 1})
        await acts.close()
        await outbox.close()
