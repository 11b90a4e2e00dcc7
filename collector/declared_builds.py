"""What is published of Windows' updates and of ends of support: tables that come with the product, each replaced by a file of that name in the declared folder.

Both raise ConfigError. A box has no way to fetch them: whoever brings the signed bundle of declared data brings newer ones (docs/catalogue.md).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final, get_args

from collector import csvtable
from collector.csvtable import Row
from model.posture.builds import Builds, EditionClass, OfficeEnd, Release, SupportEnd
from model.text import Text

RELEASES, ENDS = "windows_builds.csv", "support_ends.csv"
COLUMNS: Final[dict[str, dict[str, Sequence[str]]]] = {
    RELEASES: {"build": ("bản dựng",), "revision": ("bản sửa", "ubr"), "released": ("ngày phát hành",), "kb": (), "source": ("nguồn",)},
    ENDS: {
        "cycle": ("mã",),
        "label": ("tên", "phiên bản"),
        "build": ("bản dựng",),
        "edition": ("loại",),
        "support_ends": ("hết hỗ trợ",),
        "paid_ends": ("hết hỗ trợ trả phí",),
        "source": ("nguồn",),
    },
}
NEEDED: Final = {RELEASES: ("build", "revision", "released"), ENDS: ("cycle", "label", "support_ends")}
_EDITIONS: Final[tuple[EditionClass, ...]] = get_args(EditionClass)
_A_NUMBER = Text("một số nguyên từ 1 đến 99999", "a whole number from 1 to 99999")
_A_DAY = Text("một ngày dạng năm-tháng-ngày, ví dụ 2026-10-13", "a day as year-month-day, for example 2026-10-13")
_AN_EDITION = Text('"home", "enterprise", "long_term" hoặc để trống', '"home", "enterprise", "long_term" or empty')


def builds(folder: Path) -> Builds:
    """The dated table, of the folder's own files, else of those that come with the product."""
    return _read(folder) if any((folder / name).exists() for name in COLUMNS) else _shipped()


# A province reads one folder a site; each table has a thousand lines.
@functools.cache
def _shipped() -> Builds:
    return _read(Path(__file__).parent)


def _read(folder: Path) -> Builds:
    releases, ends = _rows(folder, RELEASES), _rows(folder, ENDS)
    known = tuple(sorted({Release(_number(row, "build"), _number(row, "revision"), _day(row, "released")) for row in releases}))
    windows = [row for row in ends if row.text("build")]
    return Builds(
        as_of=max((row.day for row in known), default=0),
        source=next((row.text("source") for row in releases if row.text("source")), "" if not releases else releases[0].file),
        releases=known,
        ends=tuple(_end(row) for row in windows),
        office=tuple(OfficeEnd(version=row.text("cycle"), label=row.text("label"), ends=_day(row, "support_ends")) for row in ends if not row.text("build")),
    )


def _end(row: Row) -> SupportEnd:
    edition = next((known for known in _EDITIONS if known == row.text("edition")), None)
    if edition is None:
        raise row.wrong("edition", _AN_EDITION)
    paid = _day(row, "paid_ends") if row.text("paid_ends") else None
    return SupportEnd(build=_number(row, "build"), label=row.text("label"), ends=_day(row, "support_ends"), edition=edition, paid=paid)


def _rows(folder: Path, name: str) -> list[Row]:
    own = folder / name
    return csvtable.read(own if own.exists() else Path(__file__).with_name(name), COLUMNS[name], NEEDED[name]) or []


def _number(row: Row, column: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,4}", row.text(column)):
        raise row.wrong(column, _A_NUMBER)
    return int(row.text(column))


def _day(row: Row, column: str) -> int:
    try:
        found = date.fromisoformat(row.text(column))
    except ValueError:
        raise row.wrong(column, _A_DAY) from None
    return (found - date(1970, 1, 1)).days
