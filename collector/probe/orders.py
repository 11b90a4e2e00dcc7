# SPDX-License-Identifier: GPL-2.0-only
"""What may be sent at all. An order that fits none of these shapes to the letter is refused, whoever gives it."""

from __future__ import annotations

import ipaddress
import json
import re
from dataclasses import dataclass
from typing import Any

NONCE_START = b"VGNC\x01"
LONGEST_NONCE = 256
LONGEST_ORDER = 2048
_MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
# Addresses of a local network; nothing is ever sent to the world.
_LOCAL4 = tuple(map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10")))
_LOCAL6 = tuple(map(ipaddress.IPv6Network, ("fe80::/10", "fc00::/7")))


class RefusedError(ValueError):
    """The order is none that this program carries out."""


@dataclass(frozen=True)
class Order:
    """One frame to send on `leg`. Which other fields are filled goes by `shape`; all are checked."""

    id: int
    leg: str
    shape: str
    payload: bytes = b""
    client: str = ""
    address: str = ""
    gateway: str = ""
    transaction: int = 0


def _payload(value: object) -> bytes:
    """A nonce and nothing else: this program must not carry anybody's bytes."""
    try:
        said = bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        raise RefusedError("payload") from None
    if not said.startswith(NONCE_START) or len(said) > LONGEST_NONCE:
        raise RefusedError("payload")
    return said


def _made_up(value: object) -> str:
    """A locally administered address of one station: nobody's own can be borrowed."""
    if not isinstance(value, str) or not _MAC.fullmatch(value) or int(value[:2], 16) & 3 != 2:
        raise RefusedError("client")
    return value


def _station(value: object) -> str:
    """A router's hardware address, empty for the one that the kernel knows."""
    if value == "":
        return ""
    if not isinstance(value, str) or not _MAC.fullmatch(value) or int(value[:2], 16) & 1:
        raise RefusedError("gateway")
    return value


def _local4(value: object) -> str:
    try:
        address = ipaddress.IPv4Address(value if isinstance(value, str) else "")
    except ValueError:
        raise RefusedError("address") from None
    if not any(address in network for network in _LOCAL4):
        raise RefusedError("address")
    return str(address)


def _local6(value: object) -> str:
    try:
        address = ipaddress.IPv6Address(value if isinstance(value, str) else "")
    except ValueError:
        raise RefusedError("address") from None
    if not any(address in network for network in _LOCAL6):
        raise RefusedError("address")
    return str(address)


def _transaction(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 32:
        raise RefusedError("transaction")
    return value


# The whole list of what can be sent: the shape, and how each of its fields is checked.
SHAPES: dict[str, dict[str, Any]] = {
    "nonce_raw": {"payload": _payload},
    "nonce_udp": {"payload": _payload},
    "nonce_routed": {"payload": _payload, "address": _local4, "gateway": _station},
    "dhcp_discover": {"client": _made_up, "transaction": _transaction},
    "arp_who_has": {"client": _made_up, "address": _local4},
    "nd_solicit": {"client": _made_up, "address": _local6},
    "router_solicit": {"client": _made_up},
}


def read(line: bytes, legs: frozenset[str]) -> Order:
    """The order in one line of JSON, for one of the legs this program was started with. Raises RefusedError."""
    if len(line) > LONGEST_ORDER:
        raise RefusedError("length")
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        raise RefusedError("json") from None
    if not isinstance(given, dict):
        raise RefusedError("json")
    shape, leg, number = given.pop("shape", None), given.pop("leg", None), given.pop("id", None)
    checks = SHAPES.get(shape) if isinstance(shape, str) else None
    if checks is None or not isinstance(shape, str):
        raise RefusedError("shape")
    if not isinstance(leg, str) or leg not in legs:
        raise RefusedError("leg")
    if not isinstance(number, int) or given.keys() != checks.keys():
        raise RefusedError("fields")
    return Order(id=number, leg=leg, shape=shape, **{name: check(given[name]) for name, check in checks.items()})


def number_of(line: bytes) -> int:
    """The number an order bears, for the answer to one that is refused; 0 where it has none."""
    try:
        given = json.loads(line[:LONGEST_ORDER])
    except (ValueError, RecursionError):
        return 0
    number = given.get("id") if isinstance(given, dict) else None
    return number if isinstance(number, int) else 0
