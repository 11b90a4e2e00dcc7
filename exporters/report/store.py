"""The report as JSON: one object, keys in their order, so that the same report is the same bytes; and how the previous one is read back."""

from __future__ import annotations

import msgspec

from model.inspection.document import FORMAT, Part, Report
from model.inspection.matters import MATTERS
from model.text import Text
from model.verdict import Outcome

# A site's report is some hundred kilobytes, one over a province of 3,321 sites some tens of megabytes; what is larger is something else.
MAX_BYTES = 128 << 20
_PARTS = Text("Tệp báo cáo thiếu phần bắt buộc, hoặc đã bị sửa.", "The report's file lacks parts that it must have, or was changed.")
_decode = msgspec.json.Decoder(Report).decode


class BadReportError(ValueError):
    """What was given as the previous report is none; `text` is one sentence."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.vi)
        self.text = text


def stored(report: Report) -> bytes:
    """The report as JSON with a newline at its end; indented, but for one over so many findings that nobody reads it."""
    data = msgspec.json.encode(report)
    return (data if report.unlisted else msgspec.json.format(data, indent=1)) + b"\n"


def read(data: bytes, site: str) -> Report:
    """The previous report of this site, or of this series over several. Raises BadReportError."""
    report = report_of(data)
    if report.site != site:
        raise BadReportError(
            Text(
                f"Báo cáo kỳ trước là của điểm “{report.site[:64]}”, không phải “{site}”.",
                f"The previous report is of site “{report.site[:64]}”, not of “{site}”.",
            )
        )
    return report


def report_of(data: bytes) -> Report:
    """A report of whatever site. Raises BadReportError."""
    if len(data) > MAX_BYTES:
        raise BadReportError(Text("Tệp báo cáo quá lớn.", "The report's file is too large."))
    try:
        report = _decode(data)
    except (msgspec.MsgspecError, RecursionError):
        raise BadReportError(
            Text("Tệp báo cáo không phải JSON do vonggac report hay inspect ghi.", "The file is no JSON written by vonggac report or inspect.")
        ) from None
    if not _whole(report):
        raise BadReportError(_PARTS)
    if report.format > FORMAT:
        raise BadReportError(
            Text("Báo cáo do phiên bản mới hơn ghi: hãy cập nhật chương trình.", "The report was written by a newer version: update the program.")
        )
    return report


def _whole(report: Report) -> bool:
    """Whether it has what every report of ours has: files from elsewhere are put together and printed."""
    numbers = list(range(1, len(MATTERS) + 1))
    rows = [row.number for row in report.rows] == numbers and all(row.counts is not None for row in report.rows if row.kind == "judged" or row.sites)
    parts = all(len(part.counts) == len(part.outcomes) == len(numbers) and _told(part) for part in report.sites if part.made)
    return rows and parts and bool(report.site)


def _told(part: Part) -> bool:
    return all(counts is not None for counts, outcome in zip(part.counts, part.outcomes, strict=True) if outcome is Outcome.VIOLATION)
