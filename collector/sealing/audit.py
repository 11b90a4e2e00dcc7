"""Who opened which sealed file, when and why: a log that only grows."""

from __future__ import annotations

from pathlib import Path

import msgspec

from collector import chain
from collector.sealing.errors import SealError
from model.text import Text, shown

NAME = "evidence-audit.jsonl"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `at` as RFC 3339; `sha256` of the whole file that was opened or tried; `outcome` is `opened`, or why not."""

    at: str
    by: str
    why: str
    file: str
    sha256: str
    outcome: str
    previous: str = ""


def append(path: Path, entry: Entry) -> None:
    """Adds the line; it is on disk when this returns. Raises SealError."""
    try:
        chain.append(path, entry)
    except OSError as error:
        name = shown(str(path), 200)
        raise SealError(
            Text(
                f"Không ghi được nhật ký mở chứng cứ {name} ({error.strerror}): không mở.",
                f"The log of openings {name} cannot be written ({error.strerror}): nothing is opened.",
            )
        ) from None
