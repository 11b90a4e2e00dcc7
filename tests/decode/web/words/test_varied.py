"""Single sentences in many styles and languages, a line each: `selling.txt` must be found, `benign.txt` must stay silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.decode.web.words.judge import judge_text, may_hold

HERE = Path(__file__).parent
SELLING = HERE.joinpath("selling.txt").read_text().splitlines()
BENIGN = HERE.joinpath("benign.txt").read_text().splitlines()


def test_there_are_enough_of_both() -> None:
    assert min(len(set(SELLING)), len(set(BENIGN))) >= 100


@pytest.mark.parametrize("text", SELLING)
def test_sells(text: str) -> None:
    assert judge_text(text).sells, judge_text(text)
    assert may_hold(text)


@pytest.mark.parametrize("text", BENIGN)
def test_sells_nothing(text: str) -> None:
    assert not judge_text(text).sells, judge_text(text)
