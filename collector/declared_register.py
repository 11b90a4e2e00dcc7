"""The register of devices as offices keep it: a line a device, with as many addresses as it has network cards, and columns of their own beside ours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from collector import cells
from collector.csvtable import Row
from collector.refusal import refused
from model.declared import RegisteredAsset
from model.text import Text

FILE = "register.csv"
COLUMNS: dict[str, Sequence[str]] = {
    "mac": ("địa chỉ mac", "mac address", "địa chỉ vật lý", "physical address", "mac lan", "địa chỉ mac lan"),
    "mac_2": ("mac wifi", "mac wi-fi", "địa chỉ mac wifi", "địa chỉ mac wi-fi", "địa chỉ mac 2"),
    "name": ("tên", "tên thiết bị", "tên máy", "thiết bị"),
    "role": ("nhóm sử dụng",),
    "device_class": ("loại", "loại thiết bị"),
    "owner": ("người dùng", "người sử dụng", "người phụ trách"),
    "place": ("nơi đặt", "vị trí", "phòng"),
    # What offices and our own draft keep beside that: taken without a word, and read by nobody.
    "number": ("stt", "tt", "số thứ tự", "no"),
    "vendor": ("hãng", "hãng sản xuất", "nhà sản xuất"),
    "model": ("model", "kiểu máy", "dòng máy"),
    "serial": ("số seri", "số serial", "serial", "serial number"),
    "ip": ("địa chỉ ip",),
    "segment": ("phân đoạn mạng",),
    "first_seen": ("thấy lần đầu",),
    "last_seen": ("thấy lần cuối",),
    "note": ("ghi chú",),
}
NEEDED = ("mac", "name")
# How people mark which card an address is of.
_CARDS = re.compile(r"(?i)\b(?:lan|wi-?fi|wlan|eth|ethernet|mạng dây|không dây|có dây)\d?\b(?:\s*\d?\s*[:=])?")
# Addresses named in one sentence at most.
_TOLD = 20
_BETWEEN = re.compile(r"[,;/|\n&+()]+|\bvà\b|\band\b")


def register(rows: Sequence[Row] | None) -> tuple[RegisteredAsset, ...] | None:
    """The devices, one for each address of a line; None where no register is declared. Raises ConfigError."""
    if rows is None:
        return None
    addresses = [(row, _addresses(row)) for row in rows]
    _differ(addresses)
    return tuple(_asset(row, address) for row, several in addresses for address in several)


def _asset(row: Row, address: str) -> RegisteredAsset:
    return RegisteredAsset(
        mac=address,
        name=cells.filled(row, "name"),
        role=cells.role(row),
        device_class=row.text("device_class"),
        owner=row.text("owner"),
        place=row.text("place"),
    )


def _addresses(row: Row) -> tuple[str, ...]:
    """All addresses of a line, each once; one must be there."""
    first = _of_cell(row, "mac")
    second = _of_cell(row, "mac_2") if row.text("mac_2") else ()
    return tuple(dict.fromkeys((*first, *second)))


def _of_cell(row: Row, column: str) -> tuple[str, ...]:
    pieces = [piece.strip() for piece in _BETWEEN.split(_CARDS.sub(";", row.cells.get(column, ""))) if piece.strip()]
    # A blank stands between addresses, or between the pairs of one.
    found = [cells.normal_mac(word) for piece in pieces for word in ([piece] if cells.normal_mac(piece) else piece.split())]
    if not found or not all(found):
        raise row.wrong(column, cells.A_MAC)
    return tuple(found)


def _differ(addresses: Sequence[tuple[Row, Sequence[str]]]) -> None:
    """No address stands in two lines; all that do are told at once, for a register is mended in one go."""
    lines: dict[str, list[int]] = {}
    for row, several in addresses:
        for address in several:
            lines.setdefault(address, []).append(row.line)
    twice = {address: where for address, where in lines.items() if len(where) > 1}
    if twice:
        vi = "; ".join(f"địa chỉ {address} có ở cả {' và '.join(f'dòng {line}' for line in where)}" for address, where in list(twice.items())[:_TOLD])
        en = "; ".join(f"the address {address} is in {' and in '.join(f'line {line}' for line in where)}" for address, where in list(twice.items())[:_TOLD])
        raise refused(FILE, Text(vi, en))
