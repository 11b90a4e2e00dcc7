# SPDX-License-Identifier: GPL-2.0-only
"""The interfaces of the legs: what they are, and one frame out of one of them, watched by a tap of our own as it leaves."""

from __future__ import annotations

import fcntl
import ipaddress
import socket
import struct
import time
from pathlib import Path

# linux/sockios.h, linux/if_ether.h, linux/if_packet.h
_SIOCGIFFLAGS, _SIOCGIFADDR, _SIOCGIFNETMASK, _SIOCGIFHWADDR = 0x8913, 0x8915, 0x891B, 0x8927
_UP, _RUNNING = 0x1, 0x40
_EVERY_PROTOCOL = 0x0003
_OUTGOING = 4
_TAP_SECONDS = 0.3
_ROUTES, _NEIGHBOURS, _ROUTES6 = Path("/proc/net/route"), Path("/proc/net/arp"), Path("/proc/net/ipv6_route")
_GATEWAY_FLAG = 0x2
AUTO = "auto"


def interface_of(wanted: str) -> str:
    """The interface of a leg; `auto` is that of the default route, empty when there is none."""
    if wanted != AUTO:
        return wanted
    return next((row[0] for row in _routes() if row[1] == row[7] == "00000000"), "")


def state(interface: str) -> dict[str, object]:
    """What core is told of an interface: its own addresses, and the routers that the kernel knows by way of it. Nothing is sent to find out."""
    ip = address(interface)
    found: dict[str, object] = {"interface": interface, "up": is_up(interface), "mac": mac(interface), "ip": ip, "network": _network(interface, ip)}
    return {**found, "gateway": gateway(interface), "gateway6": _gateway6(interface)}


def is_up(interface: str) -> bool:
    """Up, with something at the other end."""
    answer = _ask(interface, _SIOCGIFFLAGS)
    return answer is not None and struct.unpack_from("=H", answer, 16)[0] & (_UP | _RUNNING) == _UP | _RUNNING


def mac(interface: str) -> str:
    """The hardware address; empty for no interface."""
    answer = _ask(interface, _SIOCGIFHWADDR)
    return answer[18:24].hex(":") if answer else ""


def address(interface: str) -> str:
    """The IPv4 address; empty for none."""
    answer = _ask(interface, _SIOCGIFADDR)
    return socket.inet_ntoa(answer[20:24]) if answer else ""


def gateway(interface: str) -> str:
    """The default router that the kernel has for the interface; empty for none."""
    found = (row[2] for row in _routes() if row[0] == interface and row[1] == "00000000" and int(row[3], 16) & _GATEWAY_FLAG)
    return next((socket.inet_ntoa(struct.pack("=L", int(raw, 16))) for raw in found), "")


def neighbour(interface: str, ip: str) -> str:
    """The hardware address that the kernel knows for an address on the interface; empty for none."""
    rows = (line.split() for line in _lines(_NEIGHBOURS))
    return next((row[3] for row in rows if len(row) > 5 and row[0] == ip and row[5] == interface and row[3] != "00:00:00:00:00:00"), "")


def send(interface: str, frame: bytes) -> bool:
    """Transmits a frame; whether our own tap saw it leave. Raises OSError."""
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_EVERY_PROTOCOL))
    with tap, socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as out:
        tap.bind((interface, _EVERY_PROTOCOL))
        out.bind((interface, 0))
        out.send(frame)
        return _left(tap, frame)


def _left(tap: socket.socket, frame: bytes) -> bool:
    until = time.monotonic() + _TAP_SECONDS
    while (left := until - time.monotonic()) > 0:
        tap.settimeout(left)
        try:
            data, told = tap.recvfrom(len(frame))
        except TimeoutError:
            return False
        if told[2] == _OUTGOING and data == frame:
            return True
    return False


def _network(interface: str, ip: str) -> str:
    answer = _ask(interface, _SIOCGIFNETMASK) if ip else None
    return str(ipaddress.IPv4Interface(f"{ip}/{socket.inet_ntoa(answer[20:24])}").network) if answer else ""


def _gateway6(interface: str) -> str:
    for line in _lines(_ROUTES6, header=False):
        row = line.split()
        if len(row) == 10 and row[9] == interface and row[0] == "0" * 32 and row[1] == "00" and row[4] != "0" * 32:
            return str(ipaddress.IPv6Address(bytes.fromhex(row[4])))
    return ""


def _routes() -> list[list[str]]:
    return sorted((row for line in _lines(_ROUTES) if len(row := line.split()) > 7), key=lambda row: int(row[6]))


def _lines(path: Path, *, header: bool = True) -> list[str]:
    try:
        # An interface may be named with any bytes.
        return path.read_text("utf-8", "replace").splitlines()[header:]
    except OSError:
        return []


def _ask(interface: str, request: int) -> bytes | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        try:
            return fcntl.ioctl(asker, request, struct.pack("256s", interface.encode()[:15]))
        except OSError:
            return None
