"""The connection to a syslog server, and the only proof of arrival that syslog has: the other machine's own acknowledgement of every octet.

RFC 5424 knows no answer. "Arrived" means here: the other machine's TCP acknowledged all octets, and its program has not hung up.
Blocking; meant for a thread of its own.
"""

from __future__ import annotations

import fcntl
import select
import socket
import ssl
import struct
import time
from typing import Literal

Transport = Literal["tls", "tcp", "udp"]

# linux/sockios.h: octets that the other side has not acknowledged yet.
_SIOCOUTQ = 0x5411
_LOOK_AGAIN = 0.002
# A server that refuses our certificate says so only after the handshake of TLS 1.3 is over on our side.
_SETTLE = 0.2
_MOST_TICKETS = 8


class Wire:
    """An open connection. Raises OSError (ssl.SSLError and TimeoutError among them)."""

    def __init__(self, host: str, port: int, transport: Transport, tls: ssl.SSLContext | None, timeout: float) -> None:
        """`timeout` in seconds for each step."""
        self._timeout = timeout
        self._socket: socket.socket
        if transport == "udp":
            family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
            self._socket = socket.socket(family, kind, protocol)
            self._socket.connect(address)
            return
        self._socket = socket.create_connection((host, port), timeout)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if tls is not None:
                self._socket = tls.wrap_socket(self._socket, server_hostname=host)
                self._settle()
        except BaseException:  # clean-up, raised again: the line is nobody's
            self._socket.close()
            raise

    def close(self) -> None:
        """Lets go of it."""
        self._socket.close()

    def check(self) -> None:
        """Raises when the other side hung up or refuses us; syslog servers say nothing otherwise."""
        self._socket.setblocking(False)
        try:
            if not self._socket.recv(4096):
                raise ConnectionResetError("hung up")
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        finally:
            self._socket.settimeout(self._timeout)

    def _settle(self) -> None:
        """Reads what a server says right behind the handshake: tickets for another time, or that it does not want us."""
        for _ in range(_MOST_TICKETS):
            if not select.select([self._socket], [], [], _SETTLE)[0]:
                return
            self.check()

    def send(self, what: bytes) -> None:
        """Gives it to the other machine: it has acknowledged all octets, and nobody hung up, when this returns."""
        self._socket.settimeout(self._timeout)
        self._socket.sendall(what)
        if self._socket.type == socket.SOCK_STREAM:
            self._until_acknowledged()
        self.check()

    def _until_acknowledged(self) -> None:
        left = self._timeout
        while self._waiting():
            if left <= 0:
                raise TimeoutError
            time.sleep(_LOOK_AGAIN)
            left -= _LOOK_AGAIN

    def _waiting(self) -> int:
        (count,) = struct.unpack("i", fcntl.ioctl(self._socket.fileno(), _SIOCOUTQ, b"\0" * 4))
        return int(count)
