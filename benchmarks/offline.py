"""What needs no network: replaying a capture beside the field's C programs, and what a fact costs at a hundred and at ten thousand assets."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from make_capture import capture
from measure import Figure, in_turn, most_memory, ratios, run

from collector import bpf
from collector.decode.pipeline import clauses
from collector.engine import Engine
from collector.registry import build_all
from model.declared import Declared
from model.facts import AddressSeen, AnyFact, ServiceAdvertised, ServiceAsked
from model.site import SiteView
from model.times import SECOND

VONGGAC = Path(sys.executable).parent / "vonggac"
START = 1_752_541_200 * SECOND
CACHES = "of 10,000 addresses 4,096 are kept with their claims, so that each pushes out another; and so many rows do not stay in the processor's caches"
IN_DEPTH = "eleven rules judge where four did when the goal was set, and the start of Python is half of what it leaves"


def replaying(runs: int) -> list[Figure]:
    """CPU of a replay against tcpdump with the same filter, ndpiReader as people run it, and ndpiReader with the same filter."""
    file, wanted = capture(), bpf.compose(clauses())
    commands: list[list[str | Path]] = [
        [VONGGAC, "replay", "--format", "json", file],
        ["tcpdump", "-r", file, "-w", "/dev/null", wanted],
        ["ndpiReader", "-i", file],
        ["ndpiReader", "-i", file, "-f", wanted],
    ]
    ours, tcpdump, ndpi, filtered = in_turn(commands, runs)
    memory = [most_memory(commands[0]) / 1e6 for _ in range(3)]
    return [
        Figure("replay of 900 MB, CPU / `tcpdump -w /dev/null`, same filter", ratios(ours, tcpdump), 2.0, held=2.62, why=IN_DEPTH),
        Figure("replay, CPU / `ndpiReader -i`", ratios(ours, ndpi), 0.55, held=0.74, why=IN_DEPTH),
        Figure("replay, CPU / `ndpiReader -i -f`, same filter", ratios(ours, filtered), 1.3, held=1.94, why=IN_DEPTH),
        Figure("replay, most memory", memory, 120, " MB"),
        Figure("replay, CPU seconds", [one.cpu for one in ours], 1, " s"),
    ]


def starting(runs: int) -> list[Figure]:
    """What a replay costs before its first frame."""
    short = Path(__file__).parents[1] / "tests" / "cases" / "lab" / "cast-idle" / "capture.pcap"
    return [Figure("replay of a short capture, CPU", [run([VONGGAC, "replay", "--format", "json", short]).cpu for _ in range(runs)], 0.2, " s")]


def facts_of(assets: int, turn: int) -> Iterator[AnyFact]:
    """One turn of a site: every asset's address, what some ask for, and what every twentieth, a screen, announces."""
    for number in range(assets):
        at = START + turn * SECOND * 30 + number * 1000
        told = {
            "at": at,
            "sensor": "bench",
            "sequence": turn * assets + number,
            "leg": "lan",
            "mac": f"30:9c:23:{number >> 16:02x}:{number >> 8 & 255:02x}:{number & 255:02x}",
        }
        ip = f"10.0.{number // 250}.{number % 250 + 1}"
        yield AddressSeen(ip=ip, **told)
        if number % 4 == 0:
            yield ServiceAsked(ip=ip, services=("_ipp._tcp.local.",), **told)
        if number % 20 == 0:
            yield ServiceAdvertised(ip=ip, service="_airplay._tcp.local.", instance=f"TV {number}", ttl=4500, port=7000, text=(("flags", "0x4"),), **told)


def microseconds(assets: int, speaking: int, facts: int) -> float:
    """CPU of one repeated fact at a site that has so many assets, of which so many speak, judged and all; time moves as it does live."""
    engine = Engine(SiteView(Declared(site="bench", legs=("lan",)), now=START), build_all())
    engine.view.max_new = assets  # they are known already when it is measured
    for turn in range(2):
        for fact in facts_of(assets, turn):
            engine.take(fact)
            engine.take(fact)  # who is heard once is on probation, which holds 4,096
        engine.tick(START + turn * 30 * SECOND)
    assert len(engine.view.assets) == assets
    taken, spent, turn = 0, 0.0, 2
    while taken < facts:
        stream = facts_of(speaking, turn)
        # Facts come fresh from the decoders, a few at a time: not from a list that the processor's cache has long forgotten.
        while batch := list(islice(stream, 100)):
            began = time.process_time()
            for fact in batch:
                engine.take(fact)
            spent += time.process_time() - began
            taken += len(batch)
        turn += 1
        engine.tick(START + turn * 30 * SECOND)
        engine.taken_news()
    return spent / taken * 1e6


def scaling(runs: int) -> list[Figure]:
    """Cost of a fact at 10,000 assets against that at 100, in turn."""
    sizes = ((100, 100), (10_000, 100), (10_000, 10_000))
    few, known, many = zip(*[[microseconds(*size, 40_000) for size in sizes] for _ in range(runs)], strict=True)
    return [
        Figure("CPU of a fact at 10,000 assets of which 100 speak / at 100 assets", _over(known, few), 1.2),
        Figure("CPU of a fact at 10,000 assets that all speak in turn / at 100", _over(many, few), 1.2, held=2.9, why=CACHES),
        Figure("CPU of a repeated fact at 100 assets", few, 10, " µs"),
    ]


def _over(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    return [one / other for one, other in zip(ours, theirs, strict=True)]
