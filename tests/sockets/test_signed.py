"""What core signed holds for the process that sends it on: over the socket nothing of a row is changed."""

from __future__ import annotations

from collector.factqueue import FactQueue
from collector.journal import Journal
from collector.sockets import CoreServer, SocketOutbox, path_of
from tests.journal.test_signing import SIGNING, filled, holds
from tests.sockets.conftest import JournalActs, core_status


async def test_a_signature_holds_for_what_came_over_the_socket(tmp_path):
    queue = FactQueue()
    with Journal.open(tmp_path / "journal.db", box="hop-01", signing=SIGNING) as journal:
        reader = journal.reader(lambda: core_status(queue))
        server = CoreServer(tmp_path, facts=queue, outbox=journal.outbox(), reader=reader, acts=JournalActs(journal))
        await server.start()
        outbox = SocketOutbox(path_of(tmp_path, "outbox"))
        try:
            await outbox.register("province", ["finding", "posture", "health"])
            await outbox.register("webhook", ["finding"])
            filled(journal)
            rows = await outbox.lease("province", 100, 0)
            others = await outbox.lease("webhook", 100, 0)
        finally:
            await outbox.close()
            await server.stop()
    assert [row.signed and holds(row.id, row.signed) for row in rows] == [True] * 4
    assert [row.signed for row in others] == [None] * 2
