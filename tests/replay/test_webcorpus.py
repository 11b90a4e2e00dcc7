"""The outside corpus of stored pages (VONGGAC_CORPUS): what was injected is found, what is ordinary stays silent, file by file."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from collector.judgepages import Answer, judged, page_detectors
from collector.registry import build_all
from model.verdict import Outcome, Severity
from tests import corpus

pytestmark = pytest.mark.corpus

NOW = 1_760_000_000_000_000_000
FOUND = 0.99

# Records whose label says otherwise than what stands in them; each was read.
MISLABELLED = {
    "benign_html_js_redirect-f5fbc742": "an ordinary blog that was itself injected: ten links to casinos in a box at top:-9990px",
    "spam_comment_id-a495cabe": "a comment that laughs (`ngakak bet`, laughing a lot) and names nothing",
}


class Told(NamedTuple):
    """A file's records as judged: ids of malicious ones, of those found, of benign ones at medium or higher."""

    malicious: frozenset[str]
    found: frozenset[str]
    false: frozenset[str]
    answers: int


def files() -> list[Path]:
    folder = corpus.root()
    return sorted((folder / "webcorpus").glob("*.jsonl")) if folder else []


@cache
def told(path: Path) -> Told:
    with path.open("rb") as lines:
        labels = {record["id"]: record["label"] for record in map(json.loads, lines)}
    with path.open("rb") as lines:
        answers = [answer for answer in judged(lines, path.name, page_detectors(build_all()), NOW) if isinstance(answer, Answer)]
    hit = {str(answer.id) for answer in answers if answer.outcome is Outcome.VIOLATION and (answer.severity or Severity.LOW).rank >= Severity.MEDIUM.rank}
    malicious = {page for page, label in labels.items() if label == "malicious"} - MISLABELLED.keys()
    benign = {page for page, label in labels.items() if label == "benign"} - MISLABELLED.keys()
    return Told(frozenset(malicious), frozenset(hit & malicious), frozenset(hit & benign), len(answers))


def test_there_is_a_corpus() -> None:
    assert files()


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_no_ordinary_page_is_called_bad_in(path: Path) -> None:
    assert told(path).answers
    assert not told(path).false


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_what_was_injected_is_found_in(path: Path) -> None:
    # One of a small file may be missed here; how many in all is the next test's matter.
    missed = told(path).malicious - told(path).found
    assert len(missed) <= max(1, len(told(path).malicious) * (1 - FOUND)), missed


def test_ninety_nine_of_a_hundred_are_found_in_all() -> None:
    malicious = sum(len(told(path).malicious) for path in files())
    found = sum(len(told(path).found) for path in files())
    assert malicious
    assert found / malicious >= FOUND, f"{found} of {malicious}"
