"""One contract for the four protocols of `model.ports`, kept in one process and over core's sockets alike."""

from __future__ import annotations

import asyncio

import pytest

from collector.journal import Batch, JournalError
from model.acts import Act, ActRefusedError
from model.facts import AddressSeen, DhcpServerSeen, PjlinkSeen, Prefix, RouterAdvertised, SensorHeard, ServiceAdvertised, UpnpAdvertised
from model.portals.rows import PortalRow
from model.ports import Receipt, Told
from model.posture.rows import Answer, PcRow, TakenRow, Topic
from model.posture.told import Agent
from model.rows import Episode, Held, Leg, Segment, Sensor, Sighting, Stamp
from model.times import SECOND
from model.verdict import Outcome
from tests.journal.made import SITE, THEN, asset, change, changes, finding, health, posture, verdict


def heard(n: int, sensor: str = "capture:eth0") -> AddressSeen:
    return AddressSeen(at=THEN + n, sensor=sensor, sequence=n, leg="eth0", mac="02:00:00:00:00:01", ip=f"10.0.0.{n}")


async def test_facts_arrive_whole_in_order_and_once(client, core):
    station = {"at": THEN, "leg": "eth0", "sensor": "s", "mac": "02:00:00:00:00:07", "ip": "fe80::7", "vlan": (10, 20)}
    facts = [
        heard(1),
        ServiceAdvertised(**station, service="_airplay._tcp.local.", instance="Sảnh “1” \u0000", text=(("pw", "true"),), port=7000, owner_ip="10.0.0.9"),
        RouterAdvertised(**station, lifetime=1800, prefixes=(Prefix("fd00::/64", True, True, 1, 2),), dns=("fd00::1",)),
        DhcpServerSeen(**station, message="offer", server_id="10.0.0.1", routers=("10.0.0.1", "10.0.0.2"), lease=2**32 - 1),
        UpnpAdvertised(**station, usn="uuid:1::x", target="x", alive=False, headers=(("CACHE-CONTROL", "max-age=1800"),)),
        PjlinkSeen(**station, form="greeting", protected=False),
        SensorHeard(at=THEN, sensor="s", leg="eth0", vantage="mirror", received=2**40),
        heard(2),
    ]
    assert client.facts.put(facts[:3]) == 3
    assert client.facts.put([]) == 0
    assert client.facts.put(facts[3:]) == 5
    await client.settled()
    assert core.queue.take(100, 0) == facts


async def test_what_does_not_fit_a_sensors_share_is_counted_there_and_harms_no_other(client, core):
    client.facts.put([heard(n) for n in range(1, 71)])
    client.facts.put([heard(1, "endpoints")])
    await client.settled()
    taken = core.queue.take(200, 0)
    assert [fact.sequence for fact in taken if fact.sensor == "capture:eth0"] == list(range(1, 51))
    assert [fact.sequence for fact in taken if fact.sensor == "endpoints"] == [1]
    status = await client.reader.status()
    assert status.refused == {"capture:eth0": 20}
    assert status.facts == {"capture:eth0": 50, "endpoints": 1}


async def test_documents_come_findings_first_and_in_order_until_they_are_answered(client, core):
    await client.outbox.register("es", ["finding", "posture", "health"])
    core.journal.commit(Batch(site=SITE, now=THEN, changes=changes([1, 2]), documents=[posture(3), health(lost={"posture": 4})]))
    rows = await client.outbox.lease("es", 10, 0)
    assert [row.document for row in rows] == [Told(change=change(1)), Told(change=change(2)), health(lost={"posture": 4}), posture(3)]
    assert len({row.id for row in rows}) == 4
    await client.outbox.acknowledge("es", [Receipt(rows[0].seq, "accepted"), Receipt(rows[1].seq, "retry", "503"), Receipt(rows[3].seq, "rejected", "400")])
    assert [(row.seq, row.attempts) for row in await client.outbox.lease("es", 10, 0)] == [(rows[1].seq, 1), (rows[2].seq, 0)]
    (letter,) = await client.reader.dead_letters()
    assert (letter.sink, letter.reason, letter.row.document) == ("es", "400", posture(3))
    told = [await client.reader.deliveries(finding(n).id) for n in (1, 2, 3)]
    assert [(each.outcome, each.occurred, each.reason) for (each,) in told] == [("accepted", THEN + 1, ""), ("waiting", THEN + 1, "400"), ("unknown", 0, "")]
    (sink,) = await client.reader.sinks()
    assert (sink.sink, sink.waiting, sink.dead, sink.delivered, sink.oldest_at) == ("es", 2, 1, 1, THEN)


async def test_dead_letters_are_given_again_or_thrown_away(client, core):
    await client.outbox.register("es", ["finding"])
    core.journal.commit(Batch(site=SITE, now=THEN, changes=changes([1, 2, 3])))
    rows = await client.outbox.lease("es", 10, 0)
    await client.outbox.acknowledge("es", [Receipt(row.seq, "rejected", "400") for row in rows])
    lease = asyncio.create_task(client.outbox.lease("es", 10, 60))
    while not core.journal.table.bell._waiting:
        await asyncio.sleep(0.001)
    assert await client.outbox.replay("es", [rows[0].id]) == 1
    assert [row.id for row in await lease] == [rows[0].id]
    assert await client.outbox.purge("es", [rows[1].id, "none"]) == 1
    assert [letter.row.id for letter in await client.reader.dead_letters()] == [rows[2].id]
    assert (await client.outbox.replay("es"), await client.outbox.purge("es")) == (1, 0)
    with pytest.raises(JournalError, match="chưa đăng ký"):
        await client.outbox.replay("nobody")


async def test_a_lease_ends_with_the_commit_it_waits_for(client, core):
    await client.outbox.register("es", ["finding"])
    lease = asyncio.create_task(client.outbox.lease("es", 10, 60))
    while not core.journal.table.bell._waiting:
        await asyncio.sleep(0.001)
    core.journal.commit(Batch(site=SITE, now=THEN, changes=[change(1)]))
    assert [row.document for row in await lease] == [Told(change=change(1))]


async def test_a_lease_with_nothing_to_give_ends_empty(client):
    await client.outbox.register("es", ["finding"])
    assert list(await client.outbox.lease("es", 10, 0.01)) == []


async def test_a_row_set_back_comes_when_it_is_due(client, core):
    await client.outbox.register("es", ["finding"])
    core.journal.commit(Batch(site=SITE, now=THEN, changes=[change(1)]))
    await client.outbox.acknowledge("es", [Receipt(1, "retry", "429", after=SECOND // 20)])
    assert list(await client.outbox.lease("es", 10, 0)) == []
    assert [row.seq for row in await client.outbox.lease("es", 10, 60)] == [1]


async def test_a_row_that_the_sink_put_off_comes_then_and_counts_as_held_until_it_does(client, core):
    await client.outbox.register("es", ["finding"])
    core.journal.commit(Batch(site=SITE, now=THEN, changes=[change(1), change(2)]))
    await client.outbox.acknowledge("es", [Receipt(1, "later", after=SECOND // 20), Receipt(2, "accepted")])
    (sink,) = await client.reader.sinks()
    assert (sink.waiting, sink.held, sink.delivered, sink.last_error) == (0, 1, 1, "")
    (row,) = await client.outbox.lease("es", 10, 60)
    assert (row.seq, row.attempts) == (1, 0)


async def test_a_sink_nobody_registered_is_told_so(client):
    with pytest.raises(JournalError, match="chưa đăng ký") as refused:
        await client.outbox.lease("nobody", 1, 0)
    assert refused.value.kind == "unknown_sink"
    assert refused.value.text.en == "sink 'nobody' is not registered with the journal"


async def test_many_documents_cross_whole(client, core):
    await client.outbox.register("es", ["finding"])
    core.journal.commit(Batch(site=SITE, now=THEN, changes=[change(n, summary=f"số {n} " + "x" * 2000) for n in range(400)]))
    rows = await client.outbox.lease("es", 1000, 0)
    assert [row.document.change.finding.summary.vi[:8].split()[1] for row in rows] == [str(n) for n in range(400)]


async def test_the_reader_tells_all_it_holds(client, core):
    other = [
        Segment(id="eth0/10", leg="eth0", vlan=(10,), seen=Sighting(1, 2)),
        Leg(name="eth0", seen=Sighting(1, 2), vantage="mirror", blind=[(1, 2)]),
        Sensor(sensor="capture:eth0", leg="eth0", seen=Sighting(1, 2), dropped=7),
        Episode(id="e1", kind="push", asset="a1", who="x", what="y", seen=Sighting(1, 2), ended=Held(True, Stamp(0, 1, "s", 2))),
        TakenRow(id="endpoints", site=SITE, sequence=9, counts=Held({"lines": 3}, Stamp(0, 1, "endpoints", 2))),
    ]
    rows = [("asset", f"a{n}", asset(n)) for n in (1, 2)]
    rows += [("segment", "eth0/10", other[0]), ("leg", "eth0", other[1]), ("sensor", "capture:eth0", other[2])]
    rows += [("episode", "e1", other[3]), ("taken", "endpoints", other[4])]
    portals = [PortalRow(id=name, url=f"https://{name}.test/", first=1, last=2) for name in ("xa-a", "xa-b")]
    rows += [("portal", portal.id, portal) for portal in portals]
    machine = PcRow(id="may-1", asset="a1", seen=Sighting(1, 2), topics={"agent": Topic(Held(Answer(Agent(version="5.23.0"), "osquery"), Stamp(0, 1, "e", 2)))})
    rows.append(("pc", machine.id, machine))
    batch = Batch(site=SITE, now=THEN, rows=rows, changes=[change(1), change(2)], verdicts=[verdict(1), verdict(2, outcome=Outcome.CLEAR)])
    core.journal.commit(batch)
    core.journal.commit(Batch(site=SITE, now=THEN, changes=[change(1, sequence=2)], findings=[finding(3, state="pending")]))
    assert list(await client.reader.assets()) == [asset(1), asset(2)]
    assert list(await client.reader.rows()) == other
    assert list(await client.reader.portals()) == portals
    assert list(await client.reader.pcs()) == [machine]
    assert (list(await client.reader.taken("endpoints")), list(await client.reader.taken("usb"))) == ([other[4]], [])
    assert list(await client.reader.portals(["xa-b", "none"])) == portals[1:]
    assert list(await client.reader.verdicts()) == [verdict(1), verdict(2, outcome=Outcome.CLEAR)]
    assert list(await client.reader.verdicts(SITE)) == [verdict(1), verdict(2, outcome=Outcome.CLEAR)]
    assert list(await client.reader.verdicts("another")) == []
    assert list(await client.reader.findings()) == [change(1, sequence=2), change(2)]
    assert [told.finding for told in await client.reader.findings(["pending"])] == [finding(3, state="pending")]
    assert list(await client.reader.history(finding(1).id)) == [change(1), change(1, sequence=2)]
    assert list(await client.reader.history("không có")) == []
    assert await client.reader.standing(finding(1).id) == change(1, sequence=2)
    assert await client.reader.standing("không có") is None
    assert list(await client.reader.sinks()) == []
    status = await client.reader.status()
    assert (status.assets, status.commits) == (3, 2)


async def test_a_page_that_waits_is_told_of_the_next_version(client, core):
    version = core.journal.commit(Batch(site=SITE, now=THEN))
    assert await client.reader.wait(0, 60) == version
    assert await client.reader.wait(version, 0.01) == version
    wait = asyncio.create_task(client.reader.wait(version, 60))
    others = await client.reader.findings()
    assert list(others) == []
    core.journal.commit(Batch(site=SITE, now=THEN))
    assert await wait == version + 1


async def test_an_act_is_journalled_and_answered(client, core):
    core.journal.commit(Batch(site=SITE, now=THEN, changes=[change(1)]))
    done = await client.acts.act(Act(kind="accept", finding=finding(1).id, by="Lan", why="màn hình công cộng", until=THEN + SECOND))
    assert (done.state, done.owner, done.accepted_until) == ("accepted", "Lan", THEN + SECOND)
    (told,) = await client.reader.findings(["accepted"])
    assert (told.step, told.cause.by, told.finding) == ("accepted", "Lan", done)


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (Act(kind="close", finding="không có", by="Lan", why="x"), "không có phát hiện nào mang mã không có"),
        (Act(kind="close", finding=finding(1).id, by="Lan"), "phải ghi lý do"),
        (Act(kind="acknowledge", finding=finding(1).id, by=" "), "phải ghi tên người thực hiện"),
    ],
)
async def test_an_act_that_does_not_fit_is_refused_in_its_own_words(client, core, act, sentence):
    core.journal.commit(Batch(site=SITE, now=THEN, changes=[change(1)]))
    with pytest.raises(ActRefusedError, match=sentence):
        await client.acts.act(act)
    assert [told.finding for told in await client.reader.findings()] == [finding(1)]
