"""A fresh journal, and makers of what goes into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from collector.journal import Journal

Opener = Callable[..., Journal]


@pytest.fixture
def opener(tmp_path: Path) -> Iterator[Opener]:
    """Opens the test's journal, again and again if wanted; all are closed at the end."""
    opened: list[Journal] = []

    def opens(path: Path | None = None, **options: object) -> Journal:
        journal = Journal.open(path or tmp_path / "journal.db", box="hop-01", **options)  # type: ignore[arg-type]
        opened.append(journal)
        return journal

    yield opens
    for journal in opened:
        journal.close()


@pytest.fixture
def journal(opener: Opener) -> Journal:
    return opener()
