"""A report over many sites is bound in a process of its own.

Hundreds of thousands of findings put in order, and written as tens of megabytes, hold the interpreter for seconds whatever thread does it: the page would
stand still, and alerts with it. The process that serves them reads site by site, hands each report over and forgets it.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, cast

import msgspec

from exporters.report.binding import FORMS, Ask, Begin, End, Request
from model.inspection.document import Report
from model.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from types import TracebackType

# Octets before each message that say how long it is.
LENGTH: Final = 8
_ROOT: Final = Path(__file__).parents[2]
_ENDED = Text(
    "tiến trình lập báo cáo đã dừng giữa chừng (có thể do thiếu bộ nhớ), hãy thử lại",
    "the process that makes the report ended halfway (perhaps for want of memory), try again",
)
_encode = msgspec.msgpack.Encoder().encode
_previous = msgspec.msgpack.Decoder(Report | None).decode


class Apart:
    """The process, while the report grows; it ends with the context. Every method raises OSError when it is gone."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._ended = _ENDED.to(begin.language)
        self._process: Process
        self._asked: asyncio.StreamWriter
        self._answers: asyncio.StreamReader

    async def __aenter__(self) -> Self:
        # Nothing of this process goes along but what is handed over: no secret, no socket.
        self._process = await asyncio.create_subprocess_exec(sys.executable, "-m", "exporters.report", stdin=PIPE, stdout=PIPE, cwd=_ROOT, env={})
        self._asked, self._answers = cast("asyncio.StreamWriter", self._process.stdin), cast("asyncio.StreamReader", self._process.stdout)
        try:
            await self.give(self._begin)
        except BaseException:  # clean-up, raised again: the process is nobody's
            await self._end()
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._end()

    async def previous(self, site: str) -> Report | None:
        """The previous report as the site's own has need of it; None for a series that begins."""
        await self.give(Ask(site=site))
        known: Report | None = _previous(await self._answer())
        return known

    async def give(self, request: Request) -> None:
        """Hands over what needs no answer."""
        said = _encode(request)
        try:
            self._asked.write(len(said).to_bytes(LENGTH, "big") + said)
            await self._asked.drain()
        except OSError as error:
            raise OSError(self._ended) from error

    async def forms(self, made: datetime) -> Mapping[str, bytes]:
        """The bound report in all its forms, by the names of `FORMS`."""
        await self.give(End(made=made))
        return {form: await self._answer() for form in FORMS}

    async def _answer(self) -> bytes:
        try:
            return await self._answers.readexactly(int.from_bytes(await self._answers.readexactly(LENGTH), "big"))
        except (EOFError, OSError) as error:
            raise OSError(self._ended) from error

    async def _end(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        self._asked.close()
        await self._process.communicate()
