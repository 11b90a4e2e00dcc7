"""The declared list of openings to the outside (openings.csv): a server that may be reached, a port that a router may map. All raise ConfigError."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from collector import cells, portalcells
from collector.csvtable import Row
from model.declared import Opening
from model.text import Text

COLUMNS: dict[str, dict[str, Sequence[str]]] = {
    "openings.csv": {
        "mac": ("địa chỉ mac", "mac address"),
        "port": ("cổng", "số cổng"),
        "protocol": ("giao thức",),
        "owner": ("người phụ trách", "người chịu trách nhiệm"),
        "until": ("hết hạn", "đến ngày"),
    }
}
NEEDED = {"openings.csv": ("mac", "port", "owner", "until")}

_PORT = Text("số cổng từ 1 đến 65535", "a port from 1 to 65535")
_PROTOCOL = Text("tcp hoặc udp", "tcp or udp")
_FILLED = Text("ngày hết hạn, không được để trống", "its last day, it must not be empty")
_PROTOCOLS: dict[str, Literal["tcp", "udp"]] = {"tcp": "tcp", "udp": "udp", "": "tcp"}


def openings(rows: list[Row] | None) -> tuple[Opening, ...] | None:
    """Every opening names its device, its port, who answers for it and its last day."""
    return None if rows is None else tuple(map(_opening, rows))


def _opening(row: Row) -> Opening:
    port, protocol = row.text("port"), row.text("protocol").lower()
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise row.wrong("port", _PORT)
    if protocol not in _PROTOCOLS:
        raise row.wrong("protocol", _PROTOCOL)
    until = portalcells.last_day(row, 0)
    if not until:
        raise row.wrong("until", _FILLED)
    return Opening(mac=cells.mac(row), port=int(port), protocol=_PROTOCOLS[protocol], owner=cells.filled(row, "owner"), until=until)
