"""Feeds every decoder hostile bytes for a while: `python tests/fuzz/run.py --seconds 60 [--target mdns] [--seed 7]`.

Mutates each target's seeds, the laboratory's frames and, where VONGGAC_CORPUS is set, the outside ones. A target fails by any exception
but its own, or by taking longer than a second for one input; the input is then printed in hex, for a test, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import importlib
import random
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests import corpus
from tests.decode.frames import read

SLOW = 1.0
MAX_FRAMES = 20_000
EDGES = (0, 1, 2, 4, 0x0C, 0x3F, 0x40, 0x7F, 0x80, 0xC0, 0xFE, 0xFF)
NAMES = tuple(sorted(path.stem.removeprefix("fuzz_") for path in Path(__file__).parent.glob("fuzz_*.py")))


class Target:
    """One `fuzz_<name>.py`: its function, what to mutate, and how much was tried."""

    def __init__(self, name: str, frames: Sequence[bytes]) -> None:
        module = importlib.import_module(f"tests.fuzz.fuzz_{name}")
        self.name = name
        self.fuzz_one: Callable[[bytes], None] = module.fuzz_one
        self.seeds: list[bytes] = [*module.SEEDS, *(frames if name == "frame" else ())]
        self.tried = 0
        self.slowest = 0.0

    def trouble(self, data: bytes) -> str:
        """The trace of what did not hold; empty where all did."""
        try:
            self.fuzz_one(data)
        except Exception:  # noqa: BLE001 - any exception is the discovery
            return traceback.format_exc()
        return ""

    def attempt(self, data: bytes) -> bool:
        """True where the target held."""
        began = time.perf_counter()
        if trouble := self.trouble(data):
            print(f"{self.name}: {data.hex()}", trouble, sep="\n", file=sys.stderr)
            return False
        took = time.perf_counter() - began
        self.tried, self.slowest = self.tried + 1, max(self.slowest, took)
        if took > SLOW:
            print(f"{self.name}: {took:.1f} s for {len(data)} bytes\n{data.hex()}", file=sys.stderr)
        return took <= SLOW


def mutate(dice: random.Random, data: bytes, other: bytes) -> bytes:
    """A few edits: bits, edge bytes, pieces cut, doubled or taken from another seed, runs, and now and then a very long tail."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(out) + 1)
        size = min(dice.choice((1, 2, 4, 16, 64)), len(out) - at)
        match dice.randrange(8):
            case 0 if out:
                out[at % len(out)] ^= 1 << dice.randrange(8)
            case 1 | 2 if out:
                out[at % len(out)] = dice.choice(EDGES)
            case 3:
                del out[at : at + size]
            case 4:
                out[at:at] = out[at : at + size] * dice.choice((1, 2, 30))
            case 5:
                out[at : at + size] = other[at % (len(other) + 1) :][:64]
            case 6:
                del out[at:]
            case 7 if dice.random() < 0.05:
                out += bytes([dice.choice(EDGES), dice.choice(EDGES)]) * dice.choice((100, 5000, 30000))
    return bytes(out[:262_144])


def frames() -> list[bytes]:
    """Frames to mutate: the laboratory's, and the outside corpus' where there is one."""
    paths = [*corpus.lab_captures(), *(corpus.captures() if corpus.root() else [])]
    found = {data for path in paths for _, _, data in read(path)}
    return sorted(found)[:MAX_FRAMES]


def run(targets: Sequence[Target], seconds: float, seed: int) -> bool:
    """Every seed as it is, then mutations in turns until the time is up; True where all held."""
    dice = random.Random(seed)
    until = time.monotonic() + seconds
    for target in targets:
        if not all(map(target.attempt, target.seeds)):
            return False
    while time.monotonic() < until:
        for target in targets:
            data, other = dice.choice(target.seeds), dice.choice(target.seeds)
            if not target.attempt(mutate(dice, data, other)):
                return False
    return True


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--target", choices=NAMES, action="append")
    options.add_argument("--seed", type=int, default=None, help="repeat an earlier run")
    given = options.parse_args()
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(2**32)
    chosen = given.target or NAMES
    targets = [Target(name, frames() if name == "frame" else ()) for name in chosen]
    print(f"seed {seed}")
    held = run(targets, given.seconds, seed)
    for target in targets:
        print(f"{target.name:8} {target.tried:9} inputs, slowest {target.slowest * 1000:.1f} ms")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
