"""The declared lists about programs: remote-control products that may be used, and lawful activation servers. All raise ConfigError."""

from __future__ import annotations

from collections.abc import Sequence

from collector import cells, portalcells
from collector.csvtable import Row
from collector.refusal import nearest
from model.declared import KmsServer, Tool
from model.remote.products import ROWS
from model.text import Text, shown

_MAC = ("địa chỉ mac", "mac address")
COLUMNS: dict[str, dict[str, Sequence[str]]] = {
    "tools.csv": {
        "product": ("phần mềm", "tên phần mềm"),
        "mac": _MAC,
        "owner": ("người phụ trách", "người chịu trách nhiệm"),
        "until": ("hết hạn", "đến ngày"),
        "hours": ("khung giờ", "giờ được dùng"),
    },
    "kms_servers.csv": {"ip": ("địa chỉ ip",), "mac": _MAC, "name": ("tên máy chủ", "tên miền")},
}
NEEDED = {"tools.csv": ("product", "owner", "until"), "kms_servers.csv": ("ip",)}

_PRODUCTS = {spelling.lower(): row.id for row in ROWS for spelling in (row.id, row.name)}
_FILLED = Text("ngày hết hạn, không được để trống", "its last day, it must not be empty")
_AN_IP = Text("địa chỉ IP, không được để trống", "an IP address, it must not be empty")


def tools(rows: list[Row] | None) -> tuple[Tool, ...] | None:
    """Every approval names a product of the table, who answers for it and its last day."""
    if rows is None:
        return None
    return tuple(
        Tool(
            product=_product(row),
            owner=cells.filled(row, "owner"),
            until=portalcells.last_day(row, 0) or _missing(row),
            mac=cells.mac(row) if row.text("mac") else "",
            hours=cells.hours(row),
        )
        for row in rows
    )


def kms_servers(rows: list[Row] | None) -> tuple[KmsServer, ...] | None:
    """Lawful activation servers."""
    if rows is None:
        return None
    servers = []
    for row in rows:
        if not row.text("ip"):
            raise row.wrong("ip", _AN_IP)
        servers.append(KmsServer(ip=cells.ip(row), mac=cells.mac(row) if row.text("mac") else "", name=row.text("name").lower()))
    return tuple(servers)


def _missing(row: Row) -> int:
    raise row.wrong("until", _FILLED)


def _product(row: Row) -> str:
    given = " ".join(row.text("product").lower().split())
    found = _PRODUCTS.get(given)
    if found is None:
        meant = shown(nearest(given, _PRODUCTS) or ", ".join(sorted(each.id for each in ROWS)), 300)
        raise row.wrong("product", Text(f"một phần mềm trong danh sách, gần nhất: {meant}", f"a product of the list, the nearest: {meant}"))
    return found
