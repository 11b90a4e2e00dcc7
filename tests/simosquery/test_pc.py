"""The simulated client is a judge only if it loses data exactly where osquery would: each behaviour against a server that errs, on a made-up clock.

Numbers are those of endpoint.md §1, with osquery's sources beside each in collector/simosquery.
"""

from __future__ import annotations

import json

import pytest

from collector.simosquery.pc import Failed, Flags, KilledError, Pc
from collector.simosquery.replies import Reply, understood

SQL = "SELECT 1 AS n"


def said(document) -> Reply:
    return Reply(200, json.dumps(document).encode())


class Server:
    """Answers by path what it is told to, and keeps what it was asked. Not the thing under test: the client is."""

    def __init__(self, **answers) -> None:
        self.answers = {
            "enroll": said({"node_key": "k1"}),
            "config": said({"schedule": {}}),
            "log": said({}),
            "read": said({"queries": {}}),
            "write": said({}),
        } | answers
        self.asked: list[tuple[str, dict, str, bool]] = []

    async def post(self, path, body, header, compress):
        self.asked.append((path, dict(body), header, compress))
        answer = self.answers[path]
        return answer(body) if callable(answer) else answer

    def count(self, path: str) -> int:
        return sum(each[0] == path for each in self.asked)

    def lines(self) -> list[dict]:
        return [line for path, body, _, _ in self.asked if path == "log" for line in body["data"]]


async def live(pc: Pc, seconds: int, start: int = 1_000_000) -> int:
    """Lets time pass, from one thing to do to the next."""
    pc.start(start)
    now = start
    while now <= start + seconds:
        await pc.turn(now)
        now = max(now + 1, min(pc.next_at, start + seconds + 1))
    return now


def config(interval=60, **more):
    return said({"schedule": {"auto_logon": {"query": SQL, "interval": interval, "snapshot": True, **more}}})


def answers(_sql):
    return [{"n": "1"}]


async def test_1_an_empty_body_of_any_status_deletes_the_batch():
    for reply in (Reply(500, b""), Reply(429, b"{}"), Reply(413, b'{"message":"too large"}')):
        server = Server(config=config(), log=reply)
        pc = Pc("i", server.post, answers)
        await live(pc, 200)
        assert server.count("log")
        assert pc.log["result"].dropped > 0


@pytest.mark.parametrize("reply", [Reply(200, b'{"error":"store"}'), Reply(500, b"no json"), Reply(failed="refused"), Reply(200, b"[]")])
async def test_1_an_error_in_the_body_keeps_the_batch(reply):
    server = Server(config=config(), log=reply)
    pc = Pc("i", server.post, answers)
    await live(pc, 200)
    assert server.count("log")
    assert pc.log["result"].dropped == 0


async def test_2_a_refused_batch_comes_again_unchanged_and_ever_more_slowly():
    server = Server(config=config(interval=3600, startup_priority=1), log=Reply(200, b'{"error":"x"}'))
    pc = Pc("i", server.post, answers, flags=Flags(period=10))
    await live(pc, 700)
    bodies = [body["data"] for path, body, _, _ in server.asked if path == "log"]
    assert len(bodies) in {5, 6}  # 10 s, then 10, 40, 90, 160, 250 s apart
    assert all(body == bodies[0] for body in bodies)


async def test_3_lines_are_cut_into_batches_and_too_long_ones_thrown_away():
    server = Server(config=config(interval=1))
    pc = Pc("i", server.post, answers, flags=Flags(period=30, max_lines=10))
    await live(pc, 120)
    assert max(len(body["data"]) for path, body, _, _ in server.asked if path == "log") == 10
    long = Pc("i", server.post, lambda _sql: [{"n": "x" * 300_000}])
    await live(long, 120)
    assert long.log["result"].oversized > 0


async def test_4_order_inside_a_second_is_that_of_text():
    pc = Pc("i", Server().post, answers)
    for number in range(12):
        pc.log["result"].add({"n": number}, 5)
    keys = pc.log["result"].batch()
    assert [each["n"] for each in pc.log["result"].data(keys)] == [0, 9, 10, 11, 1, 2, 3, 4, 5, 6, 7, 8]


async def test_5_an_empty_snapshot_is_sent_and_an_error_is_a_status_line_only():
    server = Server(config=config())
    await live(Pc("i", server.post, lambda _sql: []), 200)
    assert all(line["snapshot"] == [] and line["action"] == "snapshot" for line in server.lines())
    assert server.lines()

    def broken(_sql):
        raise Failed

    server = Server(config=config())
    await live(Pc("i", server.post, broken), 200)
    kinds = {body["log_type"] for path, body, _, _ in server.asked if path == "log"}
    assert kinds == {"status"}


@pytest.mark.parametrize(("value", "enrolments"), [(True, 2), ("true", 1), (1, 1)])
async def test_6_only_a_real_boolean_throws_the_key_away(value, enrolments):
    replies = [said({"node_invalid": value})]
    server = Server(config=lambda _body: replies.pop() if replies else said({"schedule": {}}))
    pc = Pc("i", server.post, answers)
    await live(pc, 1_000)
    assert server.count("enroll") == enrolments


async def test_7_enrolment_waits_i_squared_and_gives_up_after_twelve():
    server = Server(enroll=said({"error": "no"}))
    pc = Pc("i", server.post, answers, flags=Flags(enroll_attempts=12))
    await live(pc, 5_000)
    assert (server.count("enroll"), pc.gave_up) == (12, True)
    patient = Pc("i", server.post, answers)
    before = server.count("enroll")
    await live(patient, 20_000)
    assert server.count("enroll") - before > 30
    assert not patient.gave_up


async def test_8_configuration_and_answers_are_tried_three_times():
    server = Server(config=Reply(failed="refused"), read=said({"queries": {"a": SQL}}), write=Reply(200, b'{"error":"x"}'))
    pc = Pc("i", server.post, answers)
    await live(pc, 10)
    assert (server.count("config"), server.count("write")) == (3, 3)
    assert pc.answered == 0


async def test_9_configuration_is_refreshed_and_the_old_one_goes_on_when_it_fails():
    replies = [config(), *[Reply(500, b"no")] * 3]
    server = Server(config=lambda _body: replies.pop(0) if replies else Reply(500, b"no"))
    pc = Pc("i", server.post, answers)
    await live(pc, 2_000)
    assert server.count("config") > 3
    assert len(server.lines()) > 20
    once = Server(config=config())
    await live(Pc("i", once.post, answers, flags=Flags(config_refresh=0)), 10_000)
    assert once.count("config") == 1


async def test_11_the_key_goes_in_the_header_too_and_13_only_logs_are_packed():
    server = Server(config=config())
    await live(Pc("i", server.post, answers), 200)
    assert {header for path, _, header, _ in server.asked if path != "enroll"} == {"k1"}
    assert {path for path, _, _, packed in server.asked if packed} == {"log"}


async def test_14_a_query_that_killed_the_worker_is_denied_for_a_day():
    killed = []

    def run(sql):
        if not killed:
            killed.append(sql)
            raise KilledError
        return [{"n": "1"}]

    server = Server(read=said({"queries": {"a": SQL}}))
    pc = Pc("i", server.post, run)
    now = await live(pc, 3_000)
    statuses = [body["statuses"]["a"] for path, body, _, _ in server.asked if path == "write"]
    assert set(statuses) == {1}
    messages = [body["messages"]["a"] for path, body, _, _ in server.asked if path == "write"]
    assert "denylisted" in messages[-1]
    server.asked.clear()
    await live(pc, 600, now + 86_400)
    assert {body["statuses"]["a"] for path, body, _, _ in server.asked if path == "write"} == {0}


async def test_15_discovery_that_fails_ends_the_whole_read():
    def run(sql):
        if "nowhere" in sql:
            raise Failed
        return [{"n": "1"}]

    server = Server(read=said({"queries": {"a": SQL}, "discovery": {"a": "SELECT * FROM nowhere"}}))
    await live(Pc("i", server.post, run), 500)
    assert server.count("read") > 1
    assert server.count("write") == 0


async def test_16_a_priority_at_start_runs_at_once():
    server = Server(config=config(interval=86_400, startup_priority=1))
    await live(Pc("i", server.post, answers), 60)
    assert len(server.lines()) == 1
    server = Server(config=config(interval=86_400))
    await live(Pc("i", server.post, answers), 60, start=1_000_001)
    assert not server.lines()


async def test_18_a_pc_that_is_off_when_the_second_comes_misses_the_query():
    server = Server(config=config(interval=86_400))
    pc = Pc("i", server.post, answers, splayed=lambda interval: interval - 3_000)
    for day in range(20):
        await live(pc, 4 * 3600, start=86_400 * (20_000 + day) + 3_600)
    assert len(server.lines()) < 10


def test_what_is_understood_of_an_answer_does_not_depend_on_its_status():
    for status in (200, 404, 503):
        assert understood(Reply(status, b'{"a":1}')).ok
        assert not understood(Reply(status, b'{"error":""}')).ok
