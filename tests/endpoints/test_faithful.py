"""The server and the faithful client (collector/simosquery) over real TLS: whatever fails on the way, what the client lets go of is kept once."""

from __future__ import annotations

import random
import time

import aiohttp
import pytest

from collector.sensors.endpoints.inbox import InboxError
from collector.simosquery.pc import Flags, KilledError, Pc
from collector.simosquery.replies import Reply
from collector.simosquery.wire import Wire
from model.endpointfacts import PcAnswered
from model.text import Text
from tests.endpoints.answering import GOOD
from tests.endpoints.conftest import Core, catalogue, client_context, query, until

HOUR = 3_600


def rows(sql: str) -> list[dict[str, str]]:
    return [dict(GOOD[sql.rpartition("vonggac_")[2].rstrip(";")])]


class Faithful:
    """A simulated PC at a box, its clock moved by hand; `lines` is what it logged."""

    def __init__(self, box, session, pair, run=rows, **flags) -> None:
        host, port = box.server.address
        self.failing = lambda _path: False
        self._wire = Wire(session, f"https://{host}:{port}", client_context(box.authority.path, pair))
        self.pc = Pc("instance-1", self._post, run, flags=Flags(**flags))
        self.logged: list[dict] = []

    async def _post(self, path, body, key, compress):
        if path == "log":
            self.logged += [line for line in body["data"] if line not in self.logged]
        reply = await self._wire.post(path, body, key, compress)
        # What is lost on the way back was kept all the same: the client sends it again.
        return Reply(failed="reset") if self.failing(path) else reply

    async def live(self, since: int, seconds: int) -> None:
        self.pc.start(since)
        now = since
        while now <= since + seconds:
            await self.pc.turn(now)
            now = max(now + 1, min(self.pc.next_at, since + seconds + 1))


@pytest.fixture
async def faithful(box):
    async with aiohttp.ClientSession() as session:
        yield Faithful(box, session, box.authority.pc("pc-01"))


def answered(box, topic: str) -> list[PcAnswered]:
    return [fact for fact in box.core.facts if isinstance(fact, PcAnswered) and fact.topic == topic]


async def test_a_morning_of_a_faithful_client_is_enrolment_configuration_and_every_answer(box, faithful):
    await faithful.live(int(time.time()) - HOUR, HOUR // 2)
    await until(lambda: {fact.topic for fact in box.core.told if isinstance(fact, PcAnswered)} == {"auto_logon", "bluetooth", "firewall"})
    assert (faithful.pc.enrolled, faithful.pc.denied, set(faithful.pc.schedule)) == (1, {}, {"bluetooth"})
    assert not len(faithful.pc.log["result"])


async def test_nothing_is_lost_and_nothing_counts_twice_while_the_store_and_the_line_fail(box, faithful, monkeypatch):
    dice, keep, failed = random.Random(3), box.inbox.keep, []

    async def often_broken(*given):
        if dice.random() < 0.3:
            failed.append(given)
            raise InboxError(Text("đĩa đầy", "disk full"))
        return await keep(*given)

    monkeypatch.setattr(box.inbox, "keep", often_broken)
    faithful.failing = lambda path: path == "log" and dice.random() < 0.3
    box.core.write_down()
    await faithful.live(int(time.time()) - 12 * HOUR, 6 * HOUR)
    faithful.failing = lambda _path: False
    monkeypatch.setattr(box.inbox, "keep", keep)
    # What still waits is sent once all is well.
    await faithful.live(int(time.time()) - 5 * HOUR, 2 * HOUR)
    assert failed
    assert not len(faithful.pc.log["result"])
    snapshots = [line["unixTime"] for line in faithful.logged if line.get("action") == "snapshot"]
    assert len(snapshots) > 50

    def times() -> list[int]:
        box.core.write_down()
        return sorted(fact.answered // 1_000_000_000 for fact in {fact.sequence: fact for fact in answered(box, "bluetooth")}.values())

    await until(lambda: set(times()) >= set(snapshots))
    assert sorted(time for time in times() if time in set(snapshots)) == sorted(snapshots)


async def test_a_query_that_kills_the_worker_is_left_alone_and_the_others_go_on(box):
    def run(sql):
        if "firewall" in sql:
            raise KilledError
        return rows(sql)

    async with aiohttp.ClientSession() as session:
        faithful = Faithful(box, session, box.authority.pc("pc-01"), run)
        await faithful.live(int(time.time()) - HOUR, HOUR // 2)
        await until(lambda: {fact.topic for fact in box.core.told if isinstance(fact, PcAnswered) and fact.told} == {"auto_logon", "bluetooth"})
        assert {fact.trouble for fact in answered(box, "firewall")} <= {"failed", "denied"}
        assert answered(box, "firewall")


async def test_two_pcs_cloned_with_one_identifier_make_no_war(box):
    async with aiohttp.ClientSession() as session:
        twins = [Faithful(box, session, box.authority.pc(name)) for name in ("pc-01", "pc-02")]
        since = int(time.time()) - HOUR
        for twin in twins:
            await twin.live(since, HOUR // 3)
        await twins[0].live(since + HOUR // 2, HOUR // 3)
    assert [twin.pc.enrolled for twin in twins] == [1, 1]
    await until(lambda: {fact.pc for fact in box.core.told} == {"pc-01", "pc-02"})


async def test_a_revoked_pc_loses_its_key_and_does_not_get_another(make_box):
    box = await make_box(Core(), catalogue=catalogue(query("auto_logon")))
    pair = box.authority.pc("pc-01")
    async with aiohttp.ClientSession() as session:
        faithful = Faithful(box, session, pair)
        since = int(time.time()) - HOUR
        await faithful.live(since, 600)
        assert faithful.pc.node_key
        from collector.sensors.endpoints.inbox import revoke

        revoke(box.folder / "inbox.sqlite", pc="pc-01", serial="", at=box.clock.now() + 1, by="Lan", why="mất máy")
        await faithful.live(since + 900, 600)
    assert (faithful.pc.node_key, faithful.pc.enrolled) == ("", 1)


async def test_a_pc_with_much_to_tell_checks_in_often_until_it_has(make_box):
    box = await make_box(Core(), catalogue=catalogue(query("auto_logon"), query("bluetooth"), query("firewall")), most=1)
    async with aiohttp.ClientSession() as session:
        faithful = Faithful(box, session, box.authority.pc("pc-01"), distributed_interval=3_000)
        await faithful.live(int(time.time()) - HOUR, 60)
    assert faithful.pc.answered == 3
    await until(lambda: {fact.topic for fact in box.core.told if isinstance(fact, PcAnswered)} == {"auto_logon", "bluetooth", "firewall"})
