"""Every document as a line of JSON: in a file for other programs to follow, or on a stream for a command."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, ClassVar

import msgspec

from exporters.contract import encode
from exporters.line_file import LineFile
from exporters.row_line import row_line
from exporters.sink import DUPLICATE, OptionsError
from model.ports import OutboxRow, Receipt, Stream
from model.text import Language, Text, shown

ALL_STREAMS: tuple[Stream, ...] = ("finding", "posture", "health")
_BEGINS = b'{"row":'
_FAILED = Text("không ghi được tệp", "the file cannot be written")


class JsonLinesOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Where to write and how much to keep: `keep` files of at most `max_bytes` behind the one being written."""

    name: str = "jsonlines"
    path: Path
    max_bytes: int = 64 * 1024 * 1024
    keep: int = 5
    language: Language = "vi"
    streams: tuple[Stream, ...] = ALL_STREAMS


class _Identified(msgspec.Struct):
    row: str


_identify = msgspec.json.Decoder(_Identified).decode


class JsonLines:
    """Implements `exporters.sink.Sink` on a file. What was written before a crash and never acknowledged is not written again."""

    batch: ClassVar[int] = 500
    # Unacknowledged lines are the last batch at most; twice that leaves room for lines of others in between.
    remembered: ClassVar[int] = 2 * batch

    def __init__(self, options: JsonLinesOptions) -> None:
        """Reads the end of the file. Raises OptionsError."""
        self.name = options.name
        self.streams = options.streams
        self._language = options.language
        try:
            self._file = LineFile(options.path, max_bytes=options.max_bytes, keep=options.keep, begins=_BEGINS)
            self._written = OrderedDict.fromkeys(_ids(reversed(self._file.tail(self.remembered))))
        except OSError as error:
            why = error.strerror
            raise OptionsError(Text(f"Không dùng được tệp {options.path}: {why}.", f"File {options.path} cannot be used: {why}.")) from None

    async def send(self, rows: Sequence[OutboxRow]) -> Sequence[Receipt]:
        """Appends and syncs what is new."""
        return await asyncio.to_thread(self._send, rows)

    async def close(self) -> None:
        """Nothing is held between two sends: the file may be moved away by others."""

    def _send(self, rows: Sequence[OutboxRow]) -> list[Receipt]:
        known = {row.seq: Receipt(row.seq, "accepted", DUPLICATE) for row in rows if row.id in self._written}
        fresh = [row for row in rows if row.seq not in known]
        lines = [encode(row_line(row, self._language)) for row in fresh]
        done, reason = 0, ""
        try:
            while done < len(lines):
                count = self._file.append(lines[done:])
                self._remember(fresh[done : done + count])
                done += count
        except OSError as error:
            reason = f"{_FAILED.to(self._language)}: {shown(error.strerror or type(error).__name__)}"
        answered = {row.seq: Receipt(row.seq, "accepted") for row in fresh[:done]}
        return [known.get(row.seq) or answered.get(row.seq) or Receipt(row.seq, "retry", reason) for row in rows]

    def _remember(self, rows: Iterable[OutboxRow]) -> None:
        for row in rows:
            self._written[row.id] = None
        while len(self._written) > self.remembered:
            self._written.popitem(last=False)


class JsonLinesStream:
    """Implements `exporters.sink.Sink` on an open binary stream: standard output of a command."""

    name: ClassVar[str] = "stdout"
    batch: ClassVar[int] = 100

    def __init__(self, out: BinaryIO, *, streams: tuple[Stream, ...] = ALL_STREAMS, language: Language = "vi") -> None:
        self.streams = streams
        self._out = out
        self._language = language

    async def send(self, rows: Sequence[OutboxRow]) -> Sequence[Receipt]:
        """Writes and flushes. A reader that went away is a retry."""
        try:
            self._out.write(b"".join(encode(row_line(row, self._language)) + b"\n" for row in rows))
            self._out.flush()
        except OSError as error:
            return [Receipt(row.seq, "retry", shown(error.strerror or type(error).__name__)) for row in rows]
        return [Receipt(row.seq, "accepted") for row in rows]

    async def close(self) -> None:
        """The stream belongs to the command."""


def _ids(lines: Iterable[bytes]) -> Iterable[str]:
    for line in lines:
        try:
            yield _identify(line).row
        # Somebody else's line in our file: left as it is.
        except (ValueError, RecursionError):
            continue
