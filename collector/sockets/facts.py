"""`SocketFactSink`: where a sensor outside core's process puts its facts. It never blocks a capture thread."""

from __future__ import annotations

import logging
import secrets
import socket
import threading
from collections import deque
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import msgspec

from collector.sockets import wire
from model.facts import AnyFact
from model.text import Language, Text

log = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 5.0
# Core answers every frame; a core that does not for this long is taken for gone, seconds.
_ANSWER = 30.0
_FRAME_FACTS, _FRAME_BYTES = 1024, wire.MAX_REQUEST // 2
_AWAY = Text(
    "chưa gửi được dữ liệu quan sát cho core ở %s: %s; giữ lại và gửi lại sau", "core cannot be reached at %s: %s; facts are kept and sent again later"
)
MAX_FACT = 128 << 10


class SocketFactSink:
    """Implements `FactSink` over `facts.sock`. Facts keep their order; those core has not confirmed are sent again after a reconnect.

    `refused`: facts that did not fit here while core was away or slow; `turned_away`: facts core had no room for in the sensor's share.
    """

    def __init__(self, path: Path, *, capacity: int = 20_000, max_bytes: int = 16 << 20, language: Language = "vi") -> None:
        """`capacity` and `max_bytes` bound what is kept for core; the writing thread starts at once."""
        self.refused = 0
        self.turned_away = 0
        self._path = path
        self._language = language
        self._capacity, self._max_bytes = capacity, max_bytes
        self._session = secrets.token_hex(8)
        self._kept: deque[bytes] = deque()
        self._bytes = 0
        self._first = 1
        self._changed = threading.Condition()
        self._closing = self._abandoned = False
        self._connection: socket.socket | None = None
        self._thread = threading.Thread(target=self._run, name="facts", daemon=True)
        self._thread.start()

    def put(self, facts: Sequence[AnyFact]) -> int:
        """Keeps what fits, in order; how many that were. The rest is counted."""
        encoded = [body for fact in facts if (body := _encoded(fact)) is not None]
        with self._changed:
            fitted = 0 if self._closing else sum(self._keep(body) for body in encoded)
            self.refused += len(facts) - fitted
            self._changed.notify_all()
        return fitted

    def _keep(self, body: bytes) -> bool:
        if len(self._kept) >= self._capacity or self._bytes + len(body) > self._max_bytes:
            return False
        self._kept.append(body)
        self._bytes += len(body)
        return True

    @property
    def waiting(self) -> int:
        """Facts core has not confirmed yet."""
        return len(self._kept)

    def close(self, timeout: float = 5.0) -> int:
        """Sends what is kept and waits for core to confirm it, at most `timeout` seconds; how many facts stayed unconfirmed."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(timeout)
        with self._changed:
            self._abandoned = True
            self._changed.notify_all()
            if self._connection is not None:
                # Ends a thread that waits for a core that does not answer.
                self._connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(1.0)
        return len(self._kept)

    def _run(self) -> None:
        pause, said = _FIRST_PAUSE, False
        while self._has_work():
            try:
                self._connect_and_send()
                pause, said = _FIRST_PAUSE, False
            except (OSError, wire.SocketError, wire.MalformedError) as error:
                if not said and not self._abandoned:
                    log.warning(_AWAY.to(self._language), self._path, getattr(error, "strerror", None) or error)
                said = True
                self._rest(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    def _has_work(self) -> bool:
        """Waits until there is something to send, or the end; False at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._kept or self._closing or self._abandoned)
            return bool(self._kept) and not self._abandoned

    def _rest(self, seconds: float) -> None:
        with self._changed:
            if self._closing:
                # The last chance is not slept through.
                self._changed.wait_for(lambda: self._abandoned, min(seconds, _FIRST_PAUSE))
            else:
                self._changed.wait_for(lambda: self._abandoned or self._closing, seconds)

    def _connect_and_send(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_ANSWER)
            connection.connect(str(self._path))
            with self._changed:
                self._connection = None if self._abandoned else connection
            try:
                self._send_all(connection)
            finally:
                with self._changed:
                    self._connection = None

    def _send_all(self, connection: socket.socket) -> None:
        connection.sendall(wire.frame(wire.Hello(wire.VERSION, "facts", self._session)))
        welcome = wire.decode(wire.welcome_decoder, wire.receive_frame(connection, 4096))
        if isinstance(welcome, wire.Refused):
            raise wire.SocketError(Text(welcome.vi, welcome.en))
        self._confirm(welcome.taken)
        while self._has_work():
            first, facts = self._next_frame()
            connection.sendall(wire.frame(wire.Facts(first, facts)))
            taken = wire.decode(wire.taken_decoder, wire.receive_frame(connection, 4096))
            self.turned_away += taken.refused
            self._confirm(taken.upto)

    def _next_frame(self) -> tuple[int, list[msgspec.Raw]]:
        with self._changed:
            group, _ = next(wire.pieces(islice(self._kept, _FRAME_FACTS), _FRAME_BYTES))
            return self._first, group

    def _confirm(self, upto: int) -> None:
        with self._changed:
            while self._first <= upto and self._kept:
                self._bytes -= len(self._kept.popleft())
                self._first += 1


def _encoded(fact: AnyFact) -> bytes | None:
    """The fact's bytes; None for one that no message can carry (a lone surrogate, a number past 64 bits, more than `MAX_FACT`)."""
    try:
        body = wire.encode(fact)
    except (UnicodeEncodeError, OverflowError):
        return None
    return body if len(body) <= MAX_FACT else None
