"""The five paths, as stock osquery speaks to them over mutual TLS."""

from __future__ import annotations

import json

import pytest

from collector.refusal import ConfigError
from collector.sensors.endpoints.api import MAX_CONFIG, config_of
from model.endpointfacts import PcAnswered, PcHeard
from model.facts import SensorHeard
from model.posture.told import AutoLogon, Bluetooth
from model.times import DAY, HOUR, MINUTE, SECOND
from tests.endpoints.answering import OFF, ON, TOLD
from tests.endpoints.conftest import catalogue, good, query, snapshot, until


async def facts(box):
    """The answers that wait in the inbox, in order."""
    return [fact for fact in await box.inbox.after(0, 10_000) if isinstance(fact, PcAnswered)]


async def test_a_pc_enrols_and_is_given_its_configuration(box):
    async with box.pc(enrol=False) as pc:
        told = await pc.enrol()
        assert told["node_invalid"] is False
        assert len(told["node_key"]) == 40
        config = await pc.post("config", {"node_key": pc.key})
    assert config["schedule"] == {
        "bluetooth": {"query": "SELECT looked, radios, service FROM vonggac_bluetooth;", "interval": 300, "snapshot": True, "startup_priority": 1}
    }
    assert config["node_invalid"] is False
    assert "error" not in config
    assert box.figures.enrolled == 1


async def test_a_pc_of_a_platform_without_questions_is_asked_nothing(box):
    async with box.pc(enrol=False) as pc:
        await pc.enrol(platform="21")
        assert (await pc.post("config", {"node_key": pc.key})).get("schedule", {}) == {}
        assert await pc.read() == {}


async def test_a_pc_that_checks_in_is_asked_what_is_not_known_and_then_left_alone(box):
    async with box.pc() as pc:
        asked = await pc.read()
        assert {name.partition(":")[0]: sql for name, sql in asked.items()} == {topic: each.sql for topic, each in box.signed.queries.items()}
        assert await pc.write({name: [good(name.partition(":")[0])] for name in asked}, messages={}, stats={}) == {"node_invalid": False}
        assert await pc.read() == {}
    told = {fact.topic: fact for fact in await facts(box)}
    assert {topic: fact.told for topic, fact in told.items()} == TOLD
    assert {(fact.pc, fact.site, fact.sensor, fact.source, fact.catalogue) for fact in told.values()} == {
        ("pc-01", "xa", "endpoints", "osquery", box.signed.version)
    }


async def test_an_old_answer_is_asked_for_anew_when_the_pc_checks_in(box):
    async with box.pc() as pc:
        assert await pc.answer_all() == 3
        box.clock.ahead += 5 * HOUR
        # Freshness four hours, and a new day; the firewall's is a week.
        assert sorted(name.partition(":")[0] for name in await pc.read()) == ["auto_logon", "bluetooth"]
        box.clock.ahead += 7 * DAY
        assert len(await pc.read()) == 3


async def test_only_so_many_topics_at_once(make_box):
    box = await make_box(most=2)
    async with box.pc() as pc:
        assert [await pc.answer_all() for _ in range(3)] == [2, 1, 0]


async def test_a_pc_is_hurried_while_it_has_more_to_tell_and_not_a_moment_longer(make_box):
    box = await make_box(most=2)
    async with box.pc() as pc:
        told = []
        for _ in range(3):
            told.append(await pc.post("distributed/read", {"node_key": pc.key}))
            await pc.write({name: [good(name.partition(":")[0])] for name in told[-1]["queries"]})
    assert [(len(each["queries"]), each.get("accelerate")) for each in told] == [(2, 30), (1, 1), (0, None)]


async def test_a_question_that_fails_is_asked_ever_less_often(box):
    async with box.pc() as pc:
        pauses, waited = [], 0
        while len(pauses) < 5:
            asked = [name for name in await pc.read() if name.startswith("auto_logon")]
            if asked:
                pauses.append(waited)
                waited = 0
                await pc.write({asked[0]: ""}, {asked[0]: 1}, messages={asked[0]: "no such table"})
            box.clock.ahead += 2 * MINUTE
            waited += 2
        assert pauses == sorted(pauses)
        assert pauses[-1] >= 6 * pauses[1] > 0
    assert {fact.trouble for fact in await facts(box) if fact.topic == "auto_logon"} == {"failed"}


async def test_a_question_that_never_comes_back_is_a_failing_one(box):
    async with box.pc() as pc:
        times = 0
        for _ in range(360):
            times += any(name.startswith("auto_logon") for name in await pc.read())
            box.clock.ahead += 2 * MINUTE
    assert 4 <= times <= 8


async def test_what_the_agent_denylisted_is_left_alone_for_a_day(box):
    async with box.pc() as pc:
        (name,) = [name for name in await pc.read() if name.startswith("bluetooth")]
        await pc.write({name: ""}, {name: 1}, messages={name: "distributed query is denylisted"})
        assert [fact.trouble for fact in await facts(box)] == ["denied"]
        box.clock.ahead += 23 * HOUR
        assert not any(name.startswith("bluetooth") for name in await pc.read())
        box.clock.ahead += 2 * HOUR
        assert any(name.startswith("bluetooth") for name in await pc.read())


@pytest.mark.parametrize("packed", [False, True])
async def test_a_snapshot_is_an_answer_of_its_own_time(box, packed):
    async with box.pc() as pc:
        now = box.clock.now() // SECOND
        assert await pc.log(snapshot("bluetooth", [OFF], now - 90), packed=packed) == {"node_invalid": False}
    (fact,) = await facts(box)
    assert (fact.told, fact.answered) == (Bluetooth(on=False), (now - 90) * SECOND)


async def test_numbers_may_be_numbers_or_texts_and_differences_may_come_in_one_line(box):
    async with box.pc() as pc:
        batched = {"name": "bluetooth", "unixTime": "1763800000", "epoch": "0", "counter": "0", "diffResults": {"added": [{**ON, "radios": 1}], "removed": ""}}
        await pc.log(snapshot("auto_logon", [{"looked": 1, "automatic": "1", "stored": 0}], unixTime=1_763_800_000.0, counter="7", numerics=True), batched)
    assert [fact.told for fact in await facts(box)] == [AutoLogon(on=True, stored=False), Bluetooth(on=True)]


async def test_a_line_of_differences_has_the_topic_asked_for(box):
    async with box.pc() as pc:
        await pc.answer_all()
        assert await pc.read() == {}
        event = {"name": "bluetooth", "unixTime": 1_763_800_000, "epoch": 0, "counter": 3, "columns": ON, "action": "added"}
        assert await pc.log(event, {**event, "action": "removed"}) == {"node_invalid": False}
        assert [name.partition(":")[0] for name in await pc.read()] == ["bluetooth"]
    assert len(await facts(box)) == 3
    assert box.figures.changes == 2


async def test_status_lines_are_counted_and_kept_nowhere(box):
    line = {"hostIdentifier": "h", "severity": "2", "filename": "x.cpp", "line": "1", "message": "MAT-KHAU-BI-MAT", "version": "5.23.0"}
    async with box.pc() as pc:
        assert await pc.log(line, line, kind="status") == {"node_invalid": False}
    assert box.figures.status == 2
    assert await facts(box) == []
    assert b"MAT-KHAU" not in b"".join(path.read_bytes() for path in box.folder.iterdir())


async def test_what_comes_twice_is_taken_once(box):
    async with box.pc() as pc:
        for _ in range(3):
            await pc.log(snapshot("bluetooth", [ON]), snapshot("bluetooth", [ON], 1_763_800_300))
        asked = await pc.read()
        for _ in range(2):
            await pc.write({name: [good(name.partition(":")[0])] for name in asked})
    async with box.pc("pc-02") as other:
        await other.log(snapshot("bluetooth", [ON]))
    assert len(await facts(box)) == 2 + len(asked) + 1
    assert box.figures.repeated == 4 + len(asked)


async def test_a_bad_line_costs_nobody_elses(box):
    async with box.pc() as pc:
        good_line = snapshot("bluetooth", [ON])
        lines = [17, None, "text", [], {}, {"name": 5}, {"name": "bluetooth"}, {"name": "bluetooth", "snapshot": [1]}, {**good_line, "unixTime": {}}]
        assert await pc.log(*lines, good_line) == {"node_invalid": False}
        assert await pc.log(snapshot("of_another_catalogue", [{"x": "1"}])) == {"node_invalid": False}
        for body in ({"a": "b"}, 5, "x", None):
            assert await pc.post("log", {"node_key": pc.key, "log_type": "result", "data": body}) == {"node_invalid": False}
        for queries in ([], 5, None, "x", {"bluetooth:1": 5}, {"bluetooth:2": [7]}, {"bluetooth:3": {"on": 1}}):
            assert await pc.post("distributed/write", {"node_key": pc.key, "queries": queries, "statuses": {}}) == {"node_invalid": False}
    assert [fact.told for fact in await facts(box)] == [Bluetooth(on=True)]
    assert box.figures.quarantined >= len(lines) + 4 + 6
    assert box.figures.unknown == 1


async def test_letters_that_are_no_utf_8_do_not_block_a_pc(box):
    async with box.pc() as pc:
        body = json.dumps({"node_key": pc.key, "log_type": "result", "data": [snapshot("bluetooth", [{**ON, "name": "@"}])]}).encode()
        assert await pc.post("log", None, raw=body.replace(b'"@"', b'"M\xe1y t\xednh"')) == {"node_invalid": False}
    assert [fact.told for fact in await facts(box)] == [Bluetooth(on=True)]
    assert box.figures.dropped == 1


@pytest.mark.parametrize("years", [-30, 30])
async def test_a_clock_years_off_harms_nothing(box, years):
    async with box.pc() as pc:
        at = box.clock.now() // SECOND + years * 365 * 86_400
        await pc.log(snapshot("bluetooth", [ON], at), snapshot("firewall", [{"public": "1"}], 10**30), snapshot("auto_logon", [ON], -5))
        box.clock.ahead += 2 * MINUTE
        await pc.read()
    told = {fact.topic: fact for fact in await facts(box)}
    assert all(fact.answered <= fact.at for fact in told.values())
    assert (told["bluetooth"].answered == told["bluetooth"].at) == (years > 0)
    await until(lambda: [fact for fact in box.core.told if isinstance(fact, PcHeard) and fact.skew is not None] or years < 0)
    ahead = [fact.skew for fact in box.core.told if isinstance(fact, PcHeard) and fact.skew]
    assert all(skew // DAY in (years * 365 - 1, years * 365) for skew in ahead)


async def test_a_pc_is_heard_at_most_once_a_minute(box):
    async with box.pc() as pc:
        for _ in range(5):
            await pc.read()
        await until(lambda: any(isinstance(fact, PcHeard) for fact in box.core.told))
        box.clock.ahead += 61 * SECOND
        await pc.read()
        await until(lambda: sum(isinstance(fact, PcHeard) for fact in box.core.told) == 2)
        await pc.read()
    heard = [fact for fact in box.core.told if isinstance(fact, PcHeard)]
    assert [(fact.pc, fact.version, fact.sensor) for fact in heard] == 2 * [("pc-01", "5.23.0", "endpoints")]


async def test_the_sensor_says_that_it_is_alive(box):
    await until(lambda: any(isinstance(fact, SensorHeard) for fact in box.core.facts))
    (beat,) = [fact for fact in box.core.facts if isinstance(fact, SensorHeard)]
    # No leg: it listens on none, and nothing is missed there while it runs.
    assert (beat.sensor, beat.leg, beat.state) == ("endpoints", "", "running")


async def test_a_restart_forgets_no_pc_and_no_question(box):
    async with box.pc() as pc:
        await pc.answer_all()
        before = await facts(box)
        await box.close()
        box.open()
        await box.listening()
        assert await pc.read() == {}
        assert (await pc.post("config", {"node_key": pc.key}))["node_invalid"] is False
        assert await facts(box) == before
        assert len(box.admission) == 1


def test_a_configuration_that_old_agents_could_not_read_is_refused():
    large = catalogue(*(query("bluetooth", sql=f"SELECT '{'x' * MAX_CONFIG}' AS on;", schedule=300),))
    with pytest.raises(ConfigError):
        config_of(large, "windows")
    assert len(config_of(catalogue(), "windows")) < 2_000
