"""The one queue: a share for each sensor, urgent facts first, nobody waits for another's flood."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.factqueue import FactQueue
from model.facts import AddressSeen, NameSeen, SensorHeard

WAIT = 30.0


def seen(sensor: str, n: int = 0) -> AddressSeen:
    return AddressSeen(at=n, sensor=sensor, sequence=n, mac="02:00:00:00:00:01")


def test_a_flooding_sensor_fills_its_own_share_alone():
    queue = FactQueue(share=100)
    assert queue.put([seen("flood", n) for n in range(1000)]) == 100
    assert queue.put([seen("calm", n) for n in range(50)]) == 50
    assert queue.refused == {"flood": 900}
    assert queue.accepted == {"flood": 100, "calm": 50}
    assert len(queue) == 150
    assert [fact.sensor for fact in queue.take(1000, 0)].count("calm") == 50


def test_what_was_taken_makes_room():
    queue = FactQueue(share=2)
    assert queue.put([seen("a", n) for n in range(3)]) == 2
    queue.take(1, 0)
    assert queue.put([seen("a", 3), seen("a", 4)]) == 1
    assert [fact.at for fact in queue.take(9, 0)] == [1, 3]


def test_a_sensor_that_floods_is_not_silent():
    queue = FactQueue(share=2)
    queue.put([seen("a", n) for n in range(9)])
    assert queue.put([SensorHeard(at=1, sensor="a")]) == 1
    assert queue.put([SensorHeard(at=n, sensor="a") for n in range(100)]) < 100, "heartbeats are bounded too"


def test_urgent_facts_come_first_each_kind_in_its_order():
    queue = FactQueue(urgent=[NameSeen])
    queue.put([seen("a", 1), NameSeen(at=2, sensor="a", name="x"), seen("a", 3), NameSeen(at=4, sensor="a", name="y")])
    assert [fact.at for fact in queue.take(3, 0)] == [2, 4, 1]
    assert [fact.at for fact in queue.take(3, 0)] == [3]


def test_order_is_kept():
    queue = FactQueue()
    queue.put([seen("a", 1)])
    queue.put([seen("b", 2), seen("a", 3)])
    assert [fact.at for fact in queue.take(10, 0)] == [1, 2, 3]


def test_nothing_put_is_nothing_queued():
    queue = FactQueue()
    assert queue.put([]) == 0
    assert queue.take(10, 0) == []


@pytest.mark.parametrize("stir", [lambda queue: queue.put([seen("a")]), lambda queue: queue.wake()], ids=["fact", "wake"])
@pytest.mark.parametrize("early", [True, False])
def test_a_waiting_consumer_is_woken_also_when_it_comes_too_late(stir, early):
    queue, taken, ready = FactQueue(), [], threading.Event()

    def consume():
        ready.set()
        taken.append(queue.take(10, WAIT))

    consumer = threading.Thread(target=consume)
    if early:
        stir(queue)
    consumer.start()
    ready.wait(WAIT)
    if not early:
        stir(queue)
    consumer.join(WAIT)
    assert len(taken) == 1


def test_many_senders_lose_nothing():
    queue = FactQueue(share=10_000)
    senders = [threading.Thread(target=lambda name=name: [queue.put([seen(name, n)]) for n in range(500)]) for name in "abcd"]
    for sender in senders:
        sender.start()
    taken = []
    while len(taken) < 2000:
        taken += queue.take(64, WAIT)
    for sender in senders:
        sender.join()
    for name in "abcd":
        assert [fact.at for fact in taken if fact.sensor == name] == list(range(500))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), max_size=60), st.integers(1, 10), st.integers(1, 7))
def test_accepted_is_taken_plus_waiting_and_no_share_is_passed(steps, share, most):
    queue, taken = FactQueue(share=share), 0
    for sensor, take in steps:
        if take:
            taken += len(queue.take(most, 0)) if len(queue) else 0
        else:
            queue.put([seen(sensor)])
        assert queue.accepted.total() == taken + len(queue)
        assert len(queue) <= 2 * share
