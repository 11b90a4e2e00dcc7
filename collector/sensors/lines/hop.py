"""The first router on the way out of an interface: a datagram that may make one hop, and who sends it back. Needs no privilege (IP_RECVERR)."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from pathlib import Path

# linux/in.h, linux/errqueue.h; Python names none of these
_IP_RECVERR = 11
_FROM_ICMP = 2
_EXTENDED = struct.Struct("=IBBBBII")
# The port that traceroute made usual; nobody listens there.
_PORT = 33434
_WAIT = 1.0
NEIGHBOURS = Path("/proc/net/arp")


def bound(interface: str, kind: int) -> socket.socket:
    """An IPv4 socket that speaks by way of this interface alone; the kernel gives it the interface's address. Raises OSError."""
    made = socket.socket(socket.AF_INET, kind | socket.SOCK_NONBLOCK)
    try:
        # Since Linux 5.7 without a privilege, where nothing was bound before.
        made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
    except OSError:
        made.close()
        raise
    return made


async def first_hop(interface: str, towards: str) -> str:
    """The address of the first router; empty when none answers in a second. Raises OSError where there is no way out."""
    loop = asyncio.get_running_loop()
    with bound(interface, socket.SOCK_DGRAM) as asker:
        asker.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
        asker.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 1)
        asker.connect((towards, _PORT))
        arrived = asyncio.Event()
        # An error makes the socket readable.
        loop.add_reader(asker.fileno(), arrived.set)
        try:
            asker.send(b"vonggac")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(arrived.wait(), _WAIT)
        finally:
            loop.remove_reader(asker.fileno())
        return _offender(asker)


def _offender(asker: socket.socket) -> str:
    try:
        _, told, _, _ = asker.recvmsg(0, 512, socket.MSG_ERRQUEUE)
    except OSError:
        return ""
    for level, kind, data in told:
        if (level, kind) == (socket.IPPROTO_IP, _IP_RECVERR) and len(data) >= _EXTENDED.size + 8 and data[4] == _FROM_ICMP:
            return socket.inet_ntoa(data[_EXTENDED.size + 4 : _EXTENDED.size + 8])
    return ""


def hardware_of(ip: str, interface: str, table: Path = NEIGHBOURS) -> str:
    """The hardware address that the kernel knows for a neighbour; empty for none."""
    try:
        rows = [line.split() for line in table.read_text("ascii").splitlines()[1:]]
    except OSError:
        return ""
    return next((row[3] for row in rows if len(row) > 5 and row[0] == ip and row[5] == interface and row[3].strip("0:")), "")
