"""Feeds every reader hostile bytes for a while, guided by what they reach: `python tests/fuzz/run.py --seconds 60 [mdns web_page ...]`.

Each target runs in a process of its own under atheris (libFuzzer), which starts from the target's seeds, from what broke it before, from the laboratory's
frames and, where VONGGAC_CORPUS is set, from the outside ones, and goes on from what earlier runs reached (build/fuzz/reached). A target fails by an
exception that is not its own, by an input that takes longer than 5 s of the processor, and by more than 1.5 GiB of memory; the input then lies in
build/fuzz/found, and the exit status is 1. Each run is a line of build/fuzz/runs.jsonl; `--table` writes the sums of all of them into docs/fuzzing.md.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.fuzz import targets

ROOT = Path(__file__).parents[2]
WORK = ROOT / "build/fuzz"
RUNS = WORK / "runs.jsonl"
PAGE = ROOT / "docs/fuzzing.md"
# Starting a process with all its modules made ready for measuring.
_START_SECONDS = 120
_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_:.-]{2,30}")
_MOST_WORDS = 500
_TABLE = re.compile(r"(?<=<!-- table -->\n).*?(?=<!-- end -->)", re.DOTALL)


class Run(msgspec.Struct, frozen=True):
    """One turn of a target: the day it was begun (UTC), whole seconds, inputs tried, reached edges of the code, the process' memory, whether it held."""

    target: str
    day: str
    seconds: int
    inputs: int
    edges: int
    mib: int
    held: bool


def turn(name: str, seconds: int) -> Run:
    """Runs one target for so long, in a process of its own."""
    target, reached, begin, found = targets.target(name), WORK / "reached" / name, WORK / "begin" / name, WORK / "found"
    shutil.rmtree(begin, ignore_errors=True)
    for folder in (reached, begin, found):
        folder.mkdir(parents=True, exist_ok=True)
    lay(begin, [*target.seeds, *targets.recorded(name), *(path.read_bytes() for path in targets.regressions(name))])
    words = WORK / f"{name}.dict"
    words.write_text(dictionary(target.seeds), encoding="ascii")
    limits = (f"-max_total_time={seconds}", f"-timeout={targets.HUNG_SECONDS}", f"-rss_limit_mb={targets.MOST_MIB}", f"-max_len={targets.MOST_BYTES}")
    ways = (f"-dict={words}", "-len_control=0", "-print_final_stats=1", f"-artifact_prefix={found}/{name}-", str(reached), str(begin))
    day = time.strftime("%Y-%m-%d", time.gmtime())
    command = [sys.executable, str(Path(__file__).with_name("one.py")), name, *limits, *ways]
    done = subprocess.run(command, cwd=WORK, capture_output=True, check=False, timeout=seconds + _START_SECONDS)
    told = done.stderr.decode("utf-8", "replace") + done.stdout.decode("utf-8", "replace")
    if done.returncode:
        print(told[-6000:], file=sys.stderr)
    inputs, mib = (int(number[-1]) if (number := re.findall(rf"stat::{stat}:\s+(\d+)", told)) else 0 for stat in ("number_of_executed_units", "peak_rss_mb"))
    edges = re.findall(r" cov: (\d+) ", told)
    return Run(name, day, seconds, inputs, int(edges[-1]) if edges else 0, mib, done.returncode == 0)


def dictionary(seeds: Iterable[bytes]) -> str:
    """The seeds' own words, which mutations put in and together: keys, tags, headers."""
    # Never none at all: libFuzzer refuses an empty file.
    words = sorted({b"vonggac", *(word for seed in seeds for word in _WORD.findall(seed))})
    return "".join(f'"{word.decode("ascii")}"\n' for word in words[:: 1 + len(words) // _MOST_WORDS])


def lay(folder: Path, inputs: Iterable[bytes]) -> None:
    """Writes each input into a file named by its hash."""
    for data in inputs:
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data[: targets.MOST_BYTES])


def runs() -> list[Run]:
    """Every turn of this checkout so far."""
    return [msgspec.json.decode(line, type=Run) for line in RUNS.read_bytes().splitlines()] if RUNS.exists() else []


def table(done: Sequence[Run]) -> str:
    """A line a target, and their sum."""
    lines = ["| target | inputs | a second | edges reached | MiB at most | last run |", "|---|---:|---:|---:|---:|---|"]
    for name in sorted({run.target for run in done}):
        own = [run for run in done if run.target == name]
        inputs, seconds = sum(run.inputs for run in own), sum(run.seconds for run in own)
        most = max(run.mib for run in own)
        lines.append(f"| {name} | {inputs:,} | {inputs // max(1, seconds):,} | {max(run.edges for run in own):,} | {most:,} | {own[-1].day} |")
    inputs, seconds = sum(run.inputs for run in done), sum(run.seconds for run in done)
    return "\n".join([*lines, f"| **all** | **{inputs:,}** | {inputs // max(1, seconds):,} | | | {seconds / 3600:.1f} hours in all |", ""])


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=int, default=60, help="for each target")
    options.add_argument("--table", action="store_true", help="write the sums of all runs into docs/fuzzing.md")
    options.add_argument("targets", nargs="*", metavar="TARGET", help=f"of: {' '.join(targets.NAMES)}; all of them when none is named")
    given = options.parse_args()
    if unknown := set(given.targets) - set(targets.NAMES):
        options.error(f"no such target: {' '.join(sorted(unknown))}")
    held = True
    for name in given.targets or targets.NAMES:
        run = turn(name, given.seconds)
        with RUNS.open("ab") as file:
            file.write(msgspec.json.encode(run) + b"\n")
        print(
            f"{name:16} {run.inputs:10,} inputs, {run.edges:6,} edges, {run.mib:5} MiB{'' if run.held else '   BROKEN: see ' + str(WORK / 'found')}", flush=True
        )
        held = held and run.held
    if given.table:
        PAGE.write_text(_TABLE.sub(lambda _: table(runs()), PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
