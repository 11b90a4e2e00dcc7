"""Frames heard before: exactly what reading them again would give, in bounded memory."""

import random
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode.memo import LONGEST, MOST_FACTS, Memo
from collector.decode.pipeline import Pipeline
from tests import corpus
from tests.decode import frames
from tests.decode.frames import AT, TV, ethernet

QUESTION = bytes(4) + b"\x00\x01" + bytes(6) + b"\x08_airplay\x04_tcp\x05local\x00\x00\x0c\x00\x01"


def both(link=1):
    return Pipeline("capture", "lan", link), Pipeline("capture", "lan", link, memo=0)


def counters(pipeline):
    return pipeline.decoded, pipeline.undecodable, pipeline.fragments


def sent_again(data: bytes, number: int) -> bytes:
    """The frame with another identification and checksum in its IPv4 header, where it has one."""
    for start, kind in ((14, b"\x08\x00"), (18, b"\x08\x00")):
        if data[start - 2 : start] == kind and (start == 14 or data[12:14] == b"\x81\x00"):
            sealed = (number * 7919 & 0xFFFF).to_bytes(2, "big")
            return data[: start + 4] + number.to_bytes(2, "big") + data[start + 6 : start + 10] + sealed + data[start + 12 :]
    return data


@cache
def recorded() -> tuple[bytes, ...]:
    """Distinct frames of our own captures."""
    return tuple(dict.fromkeys(data for path in corpus.lab_captures() for _, _, data in frames.read(path)))


def assert_same(stream, link=1):
    """Every frame's facts with and without a memo, told apart by nothing."""
    remembering, reading = both(link)
    for number, data in enumerate(stream):
        assert list(remembering.decode(AT + number, data)) == list(reading.decode(AT + number, data)), data.hex()
    assert counters(remembering) == counters(reading)
    return remembering


def test_our_own_captures_said_again_and_again():
    dice = random.Random(1)
    stream = [sent_again(data, dice.randrange(65_536)) for data in dice.choices(recorded(), k=4_000)]
    assert assert_same(stream).repeated > 1_500


@pytest.mark.corpus
@pytest.mark.parametrize("path", corpus.captures(), ids=lambda path: path.name)
def test_outside_captures_twice_over(path):
    heard = [(link, data) for link, _, data in frames.read(path)]
    link = heard[0][0]
    assert_same([data for _ in range(2) for other, data in heard if other == link], link)


@given(st.data())
def test_a_frame_changed_in_any_place_is_another(draw):
    """Whatever a decoder goes by is in the key: a frame with other bytes is never taken for the one before."""
    stream = []
    for _ in range(draw.draw(st.integers(1, 4))):
        data = draw.draw(st.sampled_from(recorded()))
        changed = bytearray(data)
        for place in draw.draw(st.lists(st.integers(0, min(len(data), 120) - 1), max_size=2)):
            changed[place] = draw.draw(st.integers(0, 255))
        stream += [data, bytes(changed), data, bytes(changed)[: draw.draw(st.integers(0, len(data)))], bytes(changed)]
    assert_same(stream)


@given(st.sampled_from(recorded()), st.integers(1, 4094), st.integers(0, 65_535))
def test_a_tagged_repeat_keeps_its_own_network(data, number, identification):
    tagged = data[:12] + b"\x81\x00" + number.to_bytes(2, "big") + data[12:]
    other = data[:12] + b"\x81\x00" + (4095 - number).to_bytes(2, "big") + data[12:]
    assert_same([data, tagged, other, sent_again(tagged, identification), sent_again(data, identification), other])


def test_a_repeat_gets_its_own_time_and_number():
    pipeline = Pipeline("capture", "lan", 1)
    data = ethernet(0x0800, frames.ipv4(frames.udp(QUESTION, 5353, 5353)))
    first, second = pipeline.decode(AT, data), pipeline.decode(AT + 5, sent_again(data, 77))
    assert [(fact.at, fact.sequence) for fact in (*first, *second)] == [(AT, 1), (AT, 2), (AT + 5, 3), (AT + 5, 4)]
    assert pipeline.repeated == 1


def test_what_is_counted_each_time_is_read_each_time():
    broken = ethernet(0x0800, frames.ipv4(frames.udp(QUESTION, 5353, 5353)))[:-3]
    fragment = ethernet(0x0800, frames.ipv4(frames.udp(QUESTION, 5353, 5353), flags=0x2000))
    answer = ethernet(0x0800, frames.ipv4(frames.tcp(7000, 50000, 0x12), 6, target="192.168.10.9"))
    pipeline = assert_same([broken, fragment, answer] * 3)
    assert pipeline.repeated == 0
    assert pipeline.fragments == 3


def test_a_flood_of_distinct_frames_stays_within_bounds():
    pipeline = Pipeline("capture", "lan", 1, memo=64 * 1024)
    known = ethernet(0x0806, frames.arp())
    for number in range(5_000):
        sender = f"10.{number >> 8}.{number & 255}.7"
        pipeline.decode(AT, ethernet(0x0806, frames.arp(sender, hardware=TV)))
        if number % 20 == 0:
            pipeline.decode(AT, known)
    # 42 bytes and one fact each: at most 2 x 64 KiB / 554.
    assert len(pipeline._memo) <= 236
    assert pipeline.repeated == 249, "what repeats within the bounds is known all the same"


def test_what_would_weigh_too_much_is_not_kept():
    memo = Memo(10_000)
    fact = Pipeline("capture", "lan", 1).decode(AT, ethernet(0x0806, frames.arp()))[0]
    memo.put(b"many", [fact] * (MOST_FACTS + 1))
    memo.put(b"k" * 9_999, [fact])
    assert len(memo) == 0
    long = ethernet(0x0806, frames.arp() + bytes(LONGEST))
    assert assert_same([long, long]).repeated == 0
