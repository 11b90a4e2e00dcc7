"""The way to a screen: out of its leg's own interface, to a station on that very network, and nowhere else."""

from __future__ import annotations

import asyncio
import socket
import ssl
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path
from typing import Any, Final, Protocol

from collector.interfaces import address_of

# The entry of the thread itself stays visible where the rest of /proc is hidden (ProcSubset=pid).
NEIGHBOURS: Final = Path("/proc/thread-self/net/arp")
# A page printed, a mail sent: ports on which a question is a command to a device that is no screen, though it may advertise itself as one.
_NEVER: Final = frozenset({*range(1, 80), *range(81, 443), *range(444, 1024), 3306, 3389, 5432, 6379, *range(9100, 9110)})


class OffLinkError(Exception):
    """The address is not one of another station on the leg's network, or the port is none of a screen's."""


class Way(Protocol):
    """What questions need of a road."""

    def ready(self) -> bool:
        """Whether this machine has an address there at all."""

    def own(self, ip: str) -> str:
        """This machine's address on the network where `ip` is another station's. Raises OffLinkError."""

    def station(self, ip: str) -> str:
        """The hardware address that answers for `ip`; empty when it is not known."""

    def socket(self, info: tuple[Any, ...]) -> socket.socket:
        """An unconnected TCP socket, as aiohttp asks for it."""


class Road:
    """Implements `Way` for one network interface. IPv4 only: screens that speak IPv6 alone were not met."""

    def __init__(self, interface: str) -> None:
        self._interface = interface

    def ready(self) -> bool:
        """Whether the interface has an address."""
        return address_of(self._interface) is not None

    def own(self, ip: str) -> str:
        """The interface's address, if `ip` lies in its network and is neither its own nor everybody's."""
        mine = address_of(self._interface)
        try:
            theirs = IPv4Address(ip)
        except AddressValueError:
            raise OffLinkError(ip) from None
        if mine is None or theirs not in mine.network or theirs in (mine.ip, mine.network.network_address, mine.network.broadcast_address):
            raise OffLinkError(ip)
        return str(mine.ip)

    def station(self, ip: str) -> str:
        """As the kernel learnt it by ARP when it connected."""
        for line in NEIGHBOURS.read_text("utf-8", "replace").splitlines()[1:]:
            address, _, flags, mac, _, interface = line.split()
            if address == ip and interface == self._interface and int(flags, 16) & 2:
                return mac
        return ""

    def socket(self, info: tuple[Any, ...]) -> socket.socket:
        """Bound to the interface and kept from every gateway, so that no routing table can lead a question astray."""
        made = socket.socket(info[0], info[1], info[2])
        made.setblocking(False)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, self._interface.encode())
            made.setsockopt(socket.SOL_SOCKET, socket.SO_DONTROUTE, 1)
        except OSError:
            made.close()
            raise
        return made


def allowed(port: int) -> bool:
    """Whether a screen may be asked there, whatever it advertises."""
    return 0 < port < 65_536 and port not in _NEVER


async def connect(road: Way, ip: str, port: int, tls: ssl.SSLContext | None = None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A TCP connection to the station. Raises OffLinkError, OSError."""
    road.own(ip)
    if not allowed(port):
        raise OffLinkError(f"{ip}:{port}")
    made = road.socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ()))
    try:
        await asyncio.get_running_loop().sock_connect(made, (ip, port))
        return await asyncio.open_connection(sock=made, ssl=tls, server_hostname=ip if tls else None, limit=1 << 16)
    except BaseException:  # clean-up, raised again: the socket is nobody's
        made.close()
        raise
