"""The planner: what it orders on which leg, how it signs, and that every run is told, also one that could not be made."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from collector.clock import SystemClock
from collector.decode.pipeline import Pipeline
from collector.probe import frames, orders
from collector.probing.planner import Pace, PlannedLeg, Planner, planned
from collector.sockets.orders import Done, LegState, NobodyError
from model import nonce
from model.wirefacts import NonceHeard

KEY = b"k" * 32
ROUTERS = {"192.168.10.1": "a4:f4:c2:10:20:01"}
BOTH = frozenset({"nonce", "routed", "dhcp", "gateway"})
LEGS = {
    "can-bo": LegState("eth0", up=True, mac="02:00:00:00:00:01", ip="192.168.10.2", gateway="192.168.10.1"),
    "nguoi-dan": LegState("eth1", ip="192.168.20.2"),
}
QUICK = Pace(gap=0, jitter=0)


class Program:
    """Stands where the socket does: takes orders by the program's own rules, and answers with what it is told to."""

    def __init__(self, done=None, legs=LEGS):
        self.done = done or Done("sent", tapped=True, mac="02:00:00:00:00:01")
        self.legs = legs
        self.taken = []

    async def describe(self):
        return self.legs

    async def order(self, leg, shape, **fields):
        self.taken.append(orders.read(msgspec.json.encode({"id": 1, "leg": leg, "shape": shape, **fields}), frozenset(self.legs)))
        return self.done


class Nobody(Program):
    async def describe(self):
        raise NobodyError


class Sink:
    def __init__(self):
        self.facts = []

    def put(self, facts):
        self.facts += facts
        return len(facts)


def plan(program, probes=BOTH, pace=QUICK, known=(), **fields):
    fields = {"name": "can-bo", "targets": ("nguoi-dan",), **fields}
    sink = Sink()

    class Heard:
        async def routers(self, _leg):
            return known

        async def hardware(self, _leg, ip):
            return ROUTERS.get(ip, "")

    leg = PlannedLeg(probes=probes, **fields)
    made = Planner(box="hop-01", key=KEY, legs=[leg], orders=program, sink=sink, clock=SystemClock(), pace=pace, heard=Heard())
    return made, leg, sink


async def once(program, **fields):
    planner, leg, sink = plan(program, **fields)
    reached = await planner.round(leg, asyncio.Event())
    assert reached == (not isinstance(program, Nobody))
    return sink.facts


def shapes(program):
    return [order.shape for order in program.taken]


async def test_a_round_orders_what_the_leg_names_and_tells_each_run():
    program = Program()
    facts = await once(program)
    assert shapes(program) == ["nonce_raw"] * 3 + ["nonce_udp"] * 3 + ["nonce_routed"] * 3 + ["dhcp_discover", "arp_who_has", "router_solicit"]
    assert [(fact.probe, fact.outcome, fact.target) for fact in facts] == [
        ("nonce_raw", "sent", "nguoi-dan"), ("nonce_udp", "sent", "nguoi-dan"), ("routed", "sent", "nguoi-dan"), ("dhcp", "sent", ""),
        ("gateway4", "sent", ""), ("gateway6", "sent", ""),
    ]  # fmt: skip
    assert all(fact.tapped and fact.sensor == "probe" for fact in facts)
    assert [fact.sequence for fact in facts] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("name", ["nonce", "routed", "dhcp", "gateway"])
async def test_only_what_is_named_is_sent(name):
    facts = await once(Program(), probes=frozenset({name}))
    assert {fact.probe for fact in facts} == {kind for kind, _ in planned(PlannedLeg(name="can-bo", probes=frozenset({name}), targets=("nguoi-dan",)))}


async def test_the_frames_carry_cores_signature_and_the_runs_their_nonce():
    program = Program()
    told = {fact.nonce: fact for fact in await once(program, probes=frozenset({"nonce"}))}
    at = SystemClock().now()
    for order in program.taken:
        [heard] = Pipeline("capture", "nguoi-dan", 1).decode(at, frames.frame(order, "02:00:00:00:00:01", "", ""))
        assert isinstance(heard, NonceHeard)
        assert nonce.genuine(KEY, heard)
        assert not nonce.genuine(b"another", heard)
        assert (heard.box, heard.origin, heard.target) == ("hop-01", "can-bo", "nguoi-dan")
        assert told[heard.nonce].at == heard.sent


async def test_no_two_runs_have_the_same_nonce_or_address():
    program = Program()
    facts = [fact for _ in range(3) for fact in await once(program)]
    nonces = [fact.nonce for fact in facts if fact.nonce]
    assert len(set(nonces)) == len(nonces) == 9
    clients = [order.client for order in program.taken if order.client]
    assert len(set(clients)) == len(clients)
    assert all(nonce.is_ours(KEY, client) for client in clients)


async def test_gateways_are_those_declared_the_kernels_and_those_that_servers_named():
    program = Program()
    await once(program, probes=frozenset({"gateway"}), routers=("192.168.10.254", "fe80::1"), known=("192.168.10.1", "192.168.10.7"))
    assert [(order.shape, order.address) for order in program.taken] == [
        ("arp_who_has", "192.168.10.254"), ("arp_who_has", "192.168.10.1"), ("arp_who_has", "192.168.10.7"), ("router_solicit", ""), ("nd_solicit", "fe80::1"),
    ]  # fmt: skip


async def test_a_gateway_nobody_knows_is_told():
    facts = await once(Program(legs={"can-bo": LegState("eth0")}), probes=frozenset({"gateway"}))
    assert (facts[0].probe, facts[0].outcome, facts[0].detail) == ("gateway4", "no_address", "chưa biết địa chỉ cổng ra của chân này")


async def test_a_routed_probe_goes_by_the_router_that_core_knows():
    program = Program()
    await once(program, probes=frozenset({"routed"}))
    assert {(order.address, order.gateway) for order in program.taken} == {("192.168.20.2", "a4:f4:c2:10:20:01")}


async def test_a_routed_probe_needs_the_other_legs_address():
    [fact] = await once(Program(legs={"can-bo": LegState("eth0"), "nguoi-dan": LegState("eth1")}), probes=frozenset({"routed"}))
    assert (fact.outcome, fact.target) == ("no_address", "nguoi-dan")


async def test_a_box_with_one_leg_says_so():
    facts = await once(Program(), targets=(), probes=frozenset({"nonce"}))
    assert [(fact.probe, fact.outcome, fact.detail) for fact in facts] == [
        ("nonce_raw", "refused", "hộp chỉ có một chân mạng ở điểm này"), ("nonce_udp", "refused", "hộp chỉ có một chân mạng ở điểm này"),
    ]  # fmt: skip


async def test_without_a_program_every_run_is_told_as_failed():
    facts = await once(Nobody())
    assert [fact.probe for fact in facts] == [kind for kind, _ in planned(PlannedLeg(name="can-bo", probes=BOTH, targets=("nguoi-dan",)))]
    assert {(fact.outcome, fact.detail, fact.tapped) for fact in facts} == {("failed", "chương trình thăm dò không chạy", False)}


@pytest.mark.parametrize(
    ("done", "detail"),
    [
        (Done("failed", why="down", interface="eth0"), "eth0 đang tắt hoặc chưa cắm cáp"),
        (Done("failed", why="missing", interface="eth9"), "không có giao diện eth9"),
        (Done("refused", why="rate"), "đã tới giới hạn số khung được gửi"),
        (Done("failed", why="No buffer space available"), "không gửi được (No buffer space available)"),
    ],
)
async def test_what_fails_is_told_and_not_tried_again(done, detail):
    program = Program(done)
    facts = await once(program, probes=frozenset({"nonce"}))
    assert [fact.detail for fact in facts] == [detail] * 2
    assert len(program.taken) == 2


async def test_rounds_come_by_the_clock_until_told_to_stop():
    program = Program()
    planner, _, sink = plan(program, frozenset({"dhcp"}), Pace(first=0, period=10_000_000, jitter=0, gap=0))
    stop = asyncio.Event()
    task = asyncio.create_task(planner.run(stop))
    while len(sink.facts) < 3:
        await asyncio.sleep(0.005)
    stop.set()
    await asyncio.wait_for(task, 30)
    assert {fact.probe for fact in sink.facts} == {"dhcp"}


async def test_no_leg_no_round():
    planner, _, sink = plan(Program())
    planner._legs = []
    await asyncio.wait_for(planner.run(asyncio.Event()), 30)
    assert sink.facts == []


async def test_a_fault_of_ours_does_not_end_the_probes(caplog):
    class Broken(Program):
        async def describe(self):
            raise RuntimeError("boom")

    planner, _, _ = plan(Broken(), pace=Pace(first=0, period=1_000_000, jitter=0, gap=0))
    stop = asyncio.Event()
    task = asyncio.create_task(planner.run(stop))
    while caplog.text.count("boom") < 2:
        await asyncio.sleep(0.005)
    stop.set()
    await asyncio.wait_for(task, 30)
    assert "lỗi không ngờ khi thăm dò" in caplog.text
