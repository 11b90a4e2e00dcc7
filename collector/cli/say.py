"""How the command line speaks: one sentence for what is wrong, tables for people, JSON lines for programs."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from unicodedata import combining, east_asian_width

from model.text import Language, Text, shown

if TYPE_CHECKING:
    from collector.config import Config

# As config.toml has it, before its first table.
_LANGUAGE = re.compile(rb"""^\s*language\s*=\s*["'](vi|en)["']""", re.MULTILINE)
_HEAD = 64 * 1024

_language: list[Language] = ["vi"]


class Refusal(Exception):
    """The command cannot do what was asked; `text` is one sentence, `status` the exit status."""

    def __init__(self, text: Text, status: int = 1) -> None:
        super().__init__(text.vi)
        self.text = text
        self.status = status


def refusals() -> tuple[type[Exception], ...]:
    """Errors that are somebody's input, not our mistake."""
    from collector.captureerrors import CaptureError  # noqa: PLC0415 - only once something went wrong
    from collector.copies.manifest import CopyError  # noqa: PLC0415 - same
    from collector.journal import JournalError  # noqa: PLC0415 - same
    from collector.refusal import ConfigError  # noqa: PLC0415 - same
    from collector.sealing.errors import SealError  # noqa: PLC0415 - same
    from collector.sensors.portals.evidence.errors import EvidenceError  # noqa: PLC0415 - same
    from collector.sockets.wire import SocketError  # noqa: PLC0415 - same
    from exporters.console.users import UsersError  # noqa: PLC0415 - same
    from exporters.sink import OptionsError  # noqa: PLC0415 - same
    from model.acts import ActRefusedError  # noqa: PLC0415 - same

    return (ConfigError, CaptureError, CopyError, EvidenceError, SealError, JournalError, SocketError, OptionsError, UsersError, ActRefusedError)


def speak(language: Language) -> None:
    """Sets the language of the command's sentences."""
    _language[0] = language


def configured(path: Path) -> Config:
    """The configuration, its language taken on: also of one that is refused, for the same people read why. Raises ConfigError."""
    from collector.config import load  # noqa: PLC0415 - pydantic, only with a configuration

    with contextlib.suppress(OSError), path.open("rb") as file:
        found = _LANGUAGE.search(file.read(_HEAD))
        if found:
            speak("en" if found[1] == b"en" else "vi")
    config = load(path)
    speak(config.language)
    return config


def language() -> Language:
    """The language sentences are in."""
    return _language[0]


def complain(error: Exception) -> None:
    """One line on the error output; one each for an error that holds several."""
    for each in getattr(error, "errors", (error,)):
        text = getattr(each, "text", None)
        print(f"vonggac: {told(text) if isinstance(text, Text) else each}", file=sys.stderr)


def told(text: Text) -> str:
    """The text in the command's language, with what the operating system said in it."""
    from collector.cli.reasons import in_vietnamese  # noqa: PLC0415 - only once something went wrong

    return in_vietnamese(text.vi) if language() == "vi" else text.en


def json_lines(lines: Iterable[bytes]) -> None:
    """One JSON object a line on the output."""
    try:
        for line in lines:
            sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _reader_left()


def _reader_left() -> NoReturn:
    """The reader (head, grep -q) went away: nothing is wrong. What is still buffered goes nowhere, or Python would complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table for people; the title and the cells hold hostile text and are cut to a line."""
    title = shown(title, 200)
    cells = [[shown(cell, 200) for cell in row] for row in rows]
    # Into a file or a pipe nothing says how wide: lines that programs and people search are left whole, and rich is not worth its 50 ms.
    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        _plain(title, columns, cells)
        return
    from rich.console import Console  # noqa: PLC0415 - only tables on a terminal need rich
    from rich.table import Table  # noqa: PLC0415 - same
    from rich.text import Text as Cell  # noqa: PLC0415 - same

    drawn = Table(title=Cell(title) if title else None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for row in cells:
        drawn.add_row(*(Cell(cell) for cell in row))

    class Paper(Console):
        def on_broken_pipe(self) -> None:
            _reader_left()

    Paper().print(drawn)


def _plain(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(_width, column)) for column in zip(columns, *rows, strict=True)]
    lines = [*([title] if title else []), *(_line(row, widths) for row in (columns, *rows))]
    try:
        print("\n".join(lines), flush=True)
    except BrokenPipeError:
        _reader_left()


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()


def _width(text: str) -> int:
    """Columns of a terminal that the text takes: none for a mark over a letter, two for an ideograph."""
    return len(text) if text.isascii() else sum(0 if combining(each) else 2 if east_asian_width(each) in "WF" else 1 for each in text)
