"""What judging a page costs beside the bare parse of the same page, on the html pages of the outside corpus.

    VONGGAC_CORPUS=... .venv/bin/python benchmarks/portals_judge.py [RUNS]

`figures` is for bench.py. The corpus is the folder of tests/corpus.py; without it nothing can be measured, which is said and fails.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from measure import Figure, machine
from selectolax.lexbor import LexborHTMLParser

from collector.decode.web import read
from collector.decode.web.page import ANCHORS, WANTED, Page
from collector.decode.web.simhash import simhash
from collector.decode.web.words.judge import may_hold
from collector.decode.web.words.screen import NEEDLES

VARIABLE = "VONGGAC_CORPUS"
OWN = "https://cong.tinh.gov.vn/"
# Half the speed of the bare parse, nearly: 1 / 0.48.
GOAL = 2.08
ALL, PERSONAS = 10_000, 6
# As many as are measured; the rest takes as long again and again.
PORTALS = 500
LEAST = "what of it runs in C alone costs as much as the goal allows for everything"
WHY = "scripts are folded and boxes weighed in Python, where the parse, the selectors and one pass for words take up the goal by themselves"


def pages() -> list[str]:
    """Every html page of the corpus, sitemaps left out: they are no pages. Raises RuntimeError where there is none."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        raise RuntimeError(f"{VARIABLE} is not set: it names the folder that holds webcorpus/")
    found = []
    for path in sorted((Path(folder) / "webcorpus").glob("*.jsonl")):
        with path.open() as lines:
            found += [record["html"] for record in map(json.loads, lines) if "html" in record and "<urlset" not in record["html"][:2000]]
    if not found:
        raise RuntimeError(f"{folder}/webcorpus holds no html pages")
    return found


def cpu(work: Callable[[str], object], over: Sequence[str]) -> float:
    """CPU seconds of one pass."""
    began = time.process_time()
    for page in over:
        work(page)
    return time.process_time() - began


def in_c(page: str) -> object:
    """What no judgement can do without, as far as libraries do it: the parse, the elements and the links by selector, the text, one pass for its words."""
    tree = LexborHTMLParser(page)
    found = tree.css(WANTED), tree.css(ANCHORS)
    tree.strip_tags(["script", "style"])
    return found, NEEDLES.find_matches_as_indexes(tree.body.text(separator=" ").lower().encode(errors="replace"), overlapping=True) if tree.body else []


def least(page: str) -> object:
    """The same as the page's readers take it, and the text's fingerprint."""
    seen = Page(page, OWN)
    return may_hold(seen.text), simhash(seen.text)


def first_look(over: Sequence[str]) -> float:
    """CPU seconds of judging pages that were never seen; what they share among them is shared."""
    read.forget()
    return cpu(_judge, over)


def next_persona(over: Sequence[str]) -> float:
    """The same for a second persona, to whom each page was served with one word that differs."""
    read.forget()
    spent = 0.0
    for page in over:
        _judge(page)
        spent += cpu(_judge, [page.replace("</body>", "<i>2</i></body>") + "<!-- 2 -->"])
    return spent


def province(over: Sequence[str]) -> float:
    """CPU seconds of a round of PORTALS portals, each with a page of its own on a host of its own; every persona gets it with another token in it."""
    read.forget()
    began = time.process_time()
    for portal in range(PORTALS):
        page = over[portal % len(over)].replace("</title>", f" {portal}</title>", 1)
        for persona in range(PERSONAS):
            read.read_page(page.replace("</body>", f"<!-- {persona} --></body>"), f"https://xa{portal}.tinh.gov.vn/")
    return time.process_time() - began


def figures(runs: int) -> list[Figure]:
    """Against the bare parse, in turn with it, and in pages a second and core."""
    over = pages()
    first_look(over)
    rounds = [province(over) * ALL / PORTALS for _ in range(runs)]
    turns = [[cpu(LexborHTMLParser, over), cpu(in_c, over), cpu(least, over), first_look(over), next_persona(over)] for _ in range(runs)]
    bare, compiled, floor, first, again = zip(*turns, strict=True)
    return [
        Figure("CPU of parse, selectors, text and words of a page in C alone / its bare parse", _over(compiled, bare), GOAL, held=2.3, why=LEAST),
        Figure("CPU of the same as the page's readers take it, with its fingerprint / its bare parse", _over(floor, bare), GOAL, held=4, why=LEAST),
        Figure("CPU of judging a page at first sight / its bare parse", _over(first, bare), GOAL, held=25, why=WHY),
        Figure("CPU of judging it for the next persona / its bare parse", _over(again, bare), GOAL, held=8.5, why=WHY),
        Figure("judging a page at first sight, CPU", [one / len(over) * 1000 for one in first], 1.43, " ms", held=4.6, why=WHY),
        Figure("judging it for the next persona, CPU", [one / len(over) * 1000 for one in again], 1.43, " ms", held=1.6, why=WHY),
        Figure(f"reading {ALL} portals x {PERSONAS} personas, CPU of one process, from {PORTALS} portals", rounds, 300, " s", held=300),
    ]


def _judge(page: str) -> object:
    return read.read_page(page, OWN)


def _over(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    return [one / other for one, other in zip(ours, theirs, strict=True)]


def main(arguments: Sequence[str]) -> int:
    """Prints the figures, and the share of the bare parse's speed. Exit status 2: nothing to measure."""
    try:
        measured = figures(int(arguments[0]) if arguments else 3)
    except RuntimeError as missing:
        print(f"portals_judge: {missing}", file=sys.stderr)
        return 2
    print(machine())
    for figure in measured:
        print("  ".join(figure.cells()))
    for figure in measured[:4]:
        print(f"{figure.name}: {1 / figure.median:.3f} of the speed of the bare parse")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
