"""A site's report in all its forms at once: what the weekly report keeps."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from exporters.report.delivered import of_tallies
from exporters.report.gather import gather
from exporters.report.page import html
from exporters.report.sheet import csv
from exporters.report.store import BadReportError, read, stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from exporters.tally import Tally
    from model.declared import Declared
    from model.detector import About
    from model.inspection.document import Report
    from model.ports import JournalReader
    from model.text import Language


async def files(
    reader: JournalReader, declared: Declared, abouts: Sequence[About], before: bytes | None, *,
    box: str = "", tallies: Iterable[Tally] = (), language: Language = "vi",
) -> dict[str, bytes]:  # fmt: skip
    """HTML, JSON and CSV by their endings; `before` is the JSON of the previous report. Raises what the reader raises."""
    previous = previous_of(before, declared.site)
    report = await gather(reader, declared, abouts, box=box, previous=previous, delivered=of_tallies(tallies), language=language)
    # Templates take their time: core and the sockets go on meanwhile.
    return await asyncio.to_thread(forms, report, language)


def previous_of(data: bytes | None, site: str) -> Report | None:
    """The previous report, None for none: what somebody damaged or put there begins a new series, and is not lost by it."""
    try:
        return read(data, site) if data else None
    except BadReportError:
        return None


def forms(report: Report, language: Language) -> dict[str, bytes]:
    """A report in all its forms, by their endings."""
    return {"html": html(report, language).encode(), "csv": csv(report, language), "json": stored(report)}
