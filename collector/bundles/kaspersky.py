"""Kaspersky Security Center's report on the use of keys, saved as CSV: which PC has which licence until when.

No Kaspersky server was at hand: the headings are those of its documentation, in English and as its Vietnamese users name them, and others are passed over.
The key itself stands in the report too: it is not read.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import Final, NamedTuple

from collector.bundles.errors import BundleError
from collector.csvtable import delimiter_of
from model.posture.told import KasperskyLicence
from model.text import Text, shown

MAX_FILE: Final = 16 << 20
_MANY: Final = 20_000
_EPOCH: Final = date(1970, 1, 1)
_HEADINGS: Final = {
    "device": ("device", "device name", "computer", "thiết bị", "tên thiết bị", "máy tính"),
    "product": ("application", "application name", "ứng dụng", "tên ứng dụng"),
    "version": ("application version", "version", "phiên bản"),
    "ends": ("expiration date", "license expiration date", "license expires on", "ngày hết hạn", "hết hạn giấy phép"),
    "status": ("status", "license status", "key status", "trạng thái"),
    "control": ("device control", "kiểm soát thiết bị"),
}
_NO_REPORT = Text(
    'không phải báo cáo sử dụng khóa của Kaspersky Security Center (CSV có cột "Device" và "License expiration date")',
    'no key usage report of Kaspersky Security Center (CSV with the columns "Device" and "License expiration date")',
)
_ON: Final = frozenset({"enabled", "on", "yes", "bật", "có", "running"})
_NOT_ACTIVE: Final = ("not activated", "no license", "no key", "chưa kích hoạt")


class Line(NamedTuple):
    """One PC of the report. `told` None: its date could not be read. `control`: whether device control is on, None where the report does not say."""

    device: str
    told: KasperskyLicence | None
    control: bool | None


def read(data: bytes, today: int) -> list[Line]:
    """`today` as a number of days. Raises BundleError."""
    if len(data) > MAX_FILE:
        raise BundleError(_NO_REPORT)
    text = _text(data)
    table = csv.reader(io.StringIO(text), delimiter=delimiter_of(text.partition("\n")[0]))
    try:
        rows = [row for number, row in enumerate(table) if number <= _MANY]
    except csv.Error:
        raise BundleError(_NO_REPORT) from None
    places = _places(rows[0] if rows else [])
    if not {"device", "ends"} <= set(places):
        raise BundleError(_NO_REPORT)
    return [_line(row, places, today) for row in rows[1:] if len(row) > places["device"] and row[places["device"]].strip()]


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16") if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig",):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BundleError(_NO_REPORT)


def _places(heading: list[str]) -> dict[str, int]:
    words = [cell.strip().lower() for cell in heading]
    return {name: words.index(word) for name, known in _HEADINGS.items() for word in known if word in words}


def _line(row: list[str], places: dict[str, int], today: int) -> Line:
    cells = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
    control = cells.get("control", "").lower()
    return Line(shown(cells["device"], 64), _licence(cells, today), (control in _ON) if control else None)


def _licence(cells: dict[str, str], today: int) -> KasperskyLicence | None:
    version, ends = shown(cells.get("version", ""), 32), _day(cells["ends"])
    if not cells["ends"] or any(word in cells.get("status", "").lower() for word in _NOT_ACTIVE):
        return KasperskyLicence(installed=True, version=version, kind=0)
    return KasperskyLicence(installed=True, version=version, kind=1, days_left=ends - today) if ends is not None else None


def _day(text: str) -> int | None:
    """Year first, or day first as here; month first, as in America, only where nothing else fits."""
    found = re.match(r"(\d{4})-(\d\d?)-(\d\d?)", text)
    if found is not None:
        year, month, day = (int(part) for part in found.groups())
    elif (found := re.match(r"(\d\d?)[./](\d\d?)[./](\d{4})", text)) is not None:
        day, month, year = (int(part) for part in found.groups())
        day, month = (month, day) if month > 12 >= day else (day, month)
    else:
        return None
    try:
        return (date(year, month, day) - _EPOCH).days
    except ValueError:
        return None
