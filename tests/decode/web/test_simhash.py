"""Near texts are near, others far, and the fingerprint is the same on every machine and in every process."""

import random
import statistics
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode.web.simhash import MOST_WORDS, distance, simhash

WORDS = [f"từ{number}" for number in range(3000)]


def text_of(dice, count=500):
    return [dice.choice(WORDS) for _ in range(count)]


def by_hand(text):
    """The same, word by word."""
    from zlib import crc32

    sums = [crc32(word.encode()) for word in text.lower().split()][:MOST_WORDS]
    lanes = [one * 0x1E3779B1 ^ two * 0x25EBCA77 ^ three * 0x32B2AE3D for one, two, three in zip(sums, [*sums[1:], 0], [*sums[2:], 0, 0], strict=False)]
    bits = sum(1 << bit for bit in range(64) if 2 * sum(lane >> bit & 1 for lane in lanes) > len(lanes))
    return bits - (1 << 64) if bits >> 63 else bits


@pytest.mark.parametrize("text", ["một", "Cổng thông tin điện tử", "a b c d e f g h " * 40, "Ủy ban nhân dân xã thông báo lịch tiếp công dân tháng bảy"])
def test_lanes_give_what_single_words_give(text):
    assert simhash(text) == (by_hand(text), len(text.split()))


def test_near_and_far():
    dice = random.Random(5)
    near, far = [], []
    for _ in range(40):
        words = text_of(dice)
        changed = [dice.choice(WORDS) if dice.random() < 0.02 else word for word in words]
        near.append(distance(simhash(" ".join(words))[0], simhash(" ".join(changed))[0]))
        far.append(distance(simhash(" ".join(words))[0], simhash(" ".join(text_of(dice)))[0]))
    assert statistics.mean(near) < 12
    assert max(near) <= 20
    assert statistics.mean(far) > 28
    assert min(far) > 16


def test_case_and_space_do_not_count():
    assert simhash("Một  CỬA\n số") == simhash("một cửa số")


def test_no_words():
    assert simhash("") == simhash(" \n") == (0, 0)


def test_distance_of_signed_numbers():
    assert (distance(-1, 0), distance(-1, -1), distance(1, -1)) == (64, 0, 63)


@given(st.text(max_size=200))
def test_any_text_has_one(text):
    found, words = simhash(text)
    assert -(1 << 63) <= found < 1 << 63
    assert words >= 0


def test_a_long_text_costs_little():
    began = time.process_time()
    simhash("a b " * 500_000)
    assert time.process_time() - began < 1
