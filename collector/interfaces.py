"""This machine's network interfaces, as the calling thread's network namespace has them."""

from __future__ import annotations

import fcntl
import select
import socket
import struct
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path
from types import TracebackType
from typing import Self

# linux/sockios.h, linux/if.h, linux/rtnetlink.h
_SIOCGIFFLAGS = 0x8913
_SIOCGIFADDR = 0x8915
_SIOCGIFNETMASK = 0x891B
_SIOCGIFHWADDR = 0x8927
_IFF_RUNNING = 0x40
_ARPHRD_ETHER = 1
_RTMGRP_LINK = 0x1
_RTMGRP_IPV4_ROUTE = 0x40

# The entry of the thread itself stays visible where the rest of /proc is hidden (ProcSubset=pid).
ROUTES = Path("/proc/thread-self/net/route")
SYS = Path("/sys/class/net")


def list_interfaces() -> list[str]:
    """Names of all interfaces, in the kernel's order."""
    return [name for _index, name in socket.if_nameindex()]


def default_route_interface(routes: Path = ROUTES) -> str | None:
    """The interface of the IPv4 default route with the lowest metric."""
    try:
        lines = routes.read_text("utf-8", "replace").splitlines()[1:]
    except OSError:
        return None
    found: list[tuple[int, str]] = []
    for line in lines:
        name, target, _gateway, flags, _references, _use, metric, mask, *_rest = line.split()
        if target == mask == "00000000" and int(flags, 16) & 1:
            found.append((int(metric), name))
    return min(found, default=(0, None))[1]


def index_of(interface: str) -> int | None:
    """The kernel's number of an interface; another one after it was removed and made again."""
    try:
        return socket.if_nametoindex(interface)
    except OSError:
        return None


def has_carrier(interface: str) -> bool:
    """Up, and something is plugged in at the other end."""
    answer = _ask(interface, _SIOCGIFFLAGS)
    return answer is not None and bool(struct.unpack_from("=H", answer, 16)[0] & _IFF_RUNNING)


def own_addresses() -> frozenset[bytes]:
    """The Ethernet addresses of this machine, six bytes each."""
    answers = (_ask(name, _SIOCGIFHWADDR) for name in list_interfaces())
    return frozenset(answer[18:24] for answer in answers if answer and struct.unpack_from("=H", answer, 16)[0] == _ARPHRD_ETHER)


def address_of(interface: str) -> IPv4Interface | None:
    """The interface's first IPv4 address and its network; None where it has none."""
    address, mask = _ask(interface, _SIOCGIFADDR), _ask(interface, _SIOCGIFNETMASK)
    if address is None or mask is None:
        return None
    # A sockaddr_in behind the name: family, port, address.
    return IPv4Interface((IPv4Address(address[20:24]), str(IPv4Address(mask[20:24]))))


def is_bridge_port(interface: str, sys: Path = SYS) -> bool:
    """One of the ports of a bridge of our own: traffic runs through this machine."""
    return (sys / interface / "brport").exists()


def _ask(interface: str, request: int) -> bytes | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        try:
            return fcntl.ioctl(asker, request, struct.pack("256s", interface.encode()[:15]))
        except OSError:
            return None


class LinkEvents:
    """Wakes a poll when some interface or route of the namespace changes. Where netlink is not allowed it never does, and timers remain."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        try:
            listener = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.NETLINK_ROUTE)
        except OSError:
            return
        listener.bind((0, _RTMGRP_LINK | _RTMGRP_IPV4_ROUTE))
        self._socket = listener

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._socket is not None:
            self._socket.close()

    def register(self, poll: select.poll) -> None:
        """Adds itself to a poll."""
        if self._socket is not None:
            poll.register(self._socket, select.POLLIN)

    def happened(self) -> bool:
        """Whether anything changed since the last time."""
        seen = False
        while self._socket is not None:
            try:
                self._socket.recv(65_536)
            except BlockingIOError:
                break
            except OSError:  # ENOBUFS: so many changes that some were lost
                seen = True
                continue
            seen = True
        return seen
