"""What one cell of declared data says: addresses in any spelling, roles and yes or no in both languages. All raise ConfigError."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from typing import get_args

from collector.csvtable import Row
from collector.refusal import refused
from model.declared import Role
from model.text import Text

_ROLES: dict[str, Role] = {
    **{role: role for role in get_args(Role)},
    "người dân": "citizen",
    "cán bộ": "staff",
    "trình chiếu": "display",
    "hạ tầng": "infrastructure",
    "chưa phân loại": "unlabelled",
}
_TRUTHS = {"true": True, "yes": True, "1": True, "có": True, "x": True, "false": False, "no": False, "0": False, "không": False}

A_MAC = Text("địa chỉ MAC của một thiết bị, như 00:1a:2b:3c:4d:5e", "the MAC address of one device, such as 00:1a:2b:3c:4d:5e")
_AN_IP = Text("địa chỉ IP", "an IP address")
_A_ROLE = Text(f"một trong: {', '.join(_ROLES)}", f"one of: {', '.join(_ROLES)}")
_A_TRUTH = Text("có hoặc không", "yes or no")
_SENDERS = Text("các địa chỉ MAC hoặc IP cách nhau bằng dấu cách", "MAC or IP addresses with blanks between them")
_HOURS = Text("khung giờ như 07:00-17:30", "hours such as 07:00-17:30")
_FILLED = Text("một giá trị, không được để trống", "a value, it must not be empty")


def filled(row: Row, column: str) -> str:
    """A text that must be there."""
    text = row.text(column)
    if not text:
        raise row.wrong(column, _FILLED)
    return text


def mac(row: Row, column: str = "mac") -> str:
    """A device's MAC address as facts have it: `00:1a:2b:3c:4d:5e`."""
    address = normal_mac(row.cells.get(column, ""))
    if not address:
        raise row.wrong(column, A_MAC)
    return address


def normal_mac(given: str) -> str:
    """The address in lower case with colons; empty when it is no device's address (groups of two or four, or none; separated by `:`, `-`, `.`)."""
    digits = re.sub(r"[:.\- ]", "", given).lower()
    if not re.fullmatch(r"[0-9a-f]{12}", digits):
        return ""
    # IEEE 802: the lowest bit of the first octet marks groups; all zero is nobody.
    if int(digits[:2], 16) & 1 or not int(digits, 16):
        return ""
    return ":".join(digits[place : place + 2] for place in range(0, 12, 2))


def ip(row: Row, column: str = "ip") -> str:
    """An IP address in its usual form; empty when left out."""
    given = row.cells.get(column, "")
    try:
        return str(ipaddress.ip_address(given)) if given else ""
    except ValueError:
        raise row.wrong(column, _AN_IP) from None


def role(row: Row, column: str = "role", default: Role = "staff") -> Role:
    """Whom a device serves."""
    given = row.text(column).lower()
    if given and given not in _ROLES:
        raise row.wrong(column, _A_ROLE)
    return _ROLES.get(given, default)


def truth(row: Row, column: str, *, default: bool) -> bool:
    """Yes or no."""
    given = row.text(column).lower()
    if given and given not in _TRUTHS:
        raise row.wrong(column, _A_TRUTH)
    return _TRUTHS.get(given, default)


def senders(row: Row, column: str = "approved_senders") -> tuple[str, ...]:
    """Who may send to a screen: MAC and IP addresses."""
    return tuple(_sender(row, column, word) for word in re.split(r"[\s;,|]+", row.cells.get(column, "")) if word)


def _sender(row: Row, column: str, word: str) -> str:
    address = normal_mac(word)
    if address:
        return address
    try:
        return str(ipaddress.ip_address(word))
    except ValueError:
        raise row.wrong(column, _SENDERS) from None


def hours(row: Row, column: str = "hours") -> str:
    """From when to when a screen may play, `07:00-17:30`; several parted by blanks; empty = at any time."""
    spans = row.cells.get(column, "").replace(";", " ").split()
    if not all(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d", span) for span in spans):
        raise row.wrong(column, _HOURS)
    return " ".join(spans)


def differ(rows: Sequence[Row]) -> None:
    """No MAC address stands in two lines; nobody could say which of them holds."""
    lines: dict[str, int] = {}
    for row in rows:
        address = mac(row)
        if address in lines:
            raise refused(
                row.file,
                Text(
                    f"địa chỉ {address} có ở cả dòng {lines[address]} và dòng {row.line}",
                    f"the address {address} is in line {lines[address]} and in line {row.line}",
                ),
            )
        lines[address] = row.line
