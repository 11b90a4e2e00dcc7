"""A short turn of every fuzz target; `make fuzz` takes the long one (tests/fuzz/run.py)."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from collector.decode.table import TABLE
from tests.fuzz import run

# Readers of pages and scripts remember what they read, so that the same input takes long once; how long is tests/decode/web's and run.py's to bound.
RELAXED = frozenset(name for name in run.NAMES if name.startswith("web_"))
# Readers of what devices answer to us, which come from no frame.
ANSWERS = frozenset({"osquery", "posture", "screens"})
TARGETS = {name: run.Target(name, ()) for name in run.NAMES}


def test_every_decoder_has_a_target():
    assert {row.name for row in TABLE} | {"frame"} == set(run.NAMES) - RELAXED - ANSWERS


@pytest.mark.parametrize("name", run.NAMES)
def test_seeds_hold(name):
    seeds = TARGETS[name].seeds
    assert seeds
    assert [trouble for seed in seeds if (trouble := TARGETS[name].trouble(seed))] == []


@pytest.mark.parametrize("name", run.NAMES)
def test_arbitrary_bytes(name):
    @settings(deadline=None if name in RELAXED else 200)
    @given(st.binary(max_size=400))
    @example(b"")
    @example(b"\xff" * 1500)
    @example(b"\xc0\x0c" * 4000)
    def attempt(data):
        assert TARGETS[name].trouble(data) == ""

    attempt()


@pytest.mark.parametrize("name", run.NAMES)
def test_mutated_seeds(name):
    @settings(deadline=None if name in RELAXED else 200)
    @given(st.integers(0, 2**32))
    def attempt(number):
        dice = random.Random(number)
        target = TARGETS[name]
        assert target.trouble(run.mutate(dice, dice.choice(target.seeds), dice.choice(target.seeds))) == ""

    attempt()
