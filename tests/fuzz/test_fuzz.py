"""A short turn of every fuzz target, and all that once broke one; `make fuzz` takes the long turn (tests/fuzz/run.py, docs/fuzzing.md)."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from collector.decode.table import TABLE
from tests.fuzz import targets
from tests.fuzz.mutate import mutate
from tests.fuzz.run import Run, table

DECODERS = frozenset(row.name for row in TABLE) | {"frame"}
# Readers of pages and scripts remember what they read, so that the same input takes long once, and others write files; run.py bounds all of them.
FAST = 200
# Each input means work on a disk, keys or a whole engine.
FEW = frozenset({"bundle", "capture_file", "config", "copy", "declared", "facts", "flows", "frame", "sealed", "signed_declared"})
REGRESSIONS = [path.relative_to(targets.REGRESSIONS).as_posix() for name in targets.NAMES for path in targets.regressions(name)]


def test_every_decoder_has_a_target():
    assert set(targets.NAMES) >= DECODERS


def test_every_regression_belongs_to_a_target():
    assert {path.parent.name for path in targets.REGRESSIONS.glob("*/*")} <= set(targets.NAMES)


def test_the_table_sums_up_every_run():
    done = [
        Run("arp", "2026-11-22", 10, 100, 5, 60, held=True),
        Run("arp", "2026-11-23", 30, 1_700, 7, 61, held=True),
        Run("stp", "2026-11-22", 0, 0, 0, 0, held=False),
    ]
    assert "| arp | 1,800 | 45 | 7 | 61 | 2026-11-23 |\n| stp | 0 | 0 | 0 | 0 | 2026-11-22 |\n| **all** | **1,800** |" in table(done)


@pytest.mark.parametrize("path", REGRESSIONS)
def test_what_once_broke_it_holds(path):
    assert targets.target(path.partition("/")[0]).trouble((targets.REGRESSIONS / path).read_bytes()) == ""


@pytest.mark.parametrize("name", targets.NAMES)
def test_seeds_hold(name):
    seeds = targets.target(name).seeds
    assert seeds
    assert [trouble for seed in seeds if (trouble := targets.target(name).trouble(seed))] == []


@pytest.mark.parametrize("name", targets.NAMES)
def test_extremes_hold(name):
    assert [trouble for data in targets.EXTREMES if (trouble := targets.target(name).trouble(data))] == []


@pytest.mark.parametrize("name", targets.NAMES)
def test_arbitrary_bytes(name):
    @settings(deadline=FAST if name in DECODERS else None, max_examples=10 if name in FEW else 100)
    @given(st.binary(max_size=400))
    @example(b"")
    def attempt(data):
        assert targets.target(name).trouble(data) == ""

    attempt()


@pytest.mark.parametrize("name", targets.NAMES)
def test_mutated_seeds(name):
    @settings(deadline=FAST if name in DECODERS else None, max_examples=10 if name in FEW else 100)
    @given(st.integers(0, 2**32))
    def attempt(number):
        dice = random.Random(number)
        target = targets.target(name)
        assert target.trouble(mutate(dice, dice.choice(target.seeds), dice.choice(target.seeds))) == ""

    attempt()
