"""`probe.sock`: where the program that sends probes takes core's orders. JSON lines, since that program shares no code with us (docs/decisions/011)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path
from typing import TypeVar

import msgspec

from collector.sockets.peers import Allowed, not_admitted, own, peer_of
from collector.sockets.server import SocketOpenError
from model.text import Language, Text
from model.wirefacts import ProbeOutcome

log = logging.getLogger(__name__)
T = TypeVar("T")

NAME = "probe.sock"
# A frame is sent in milliseconds, and watched for less than a second.
_ANSWER = 5.0
_LONGEST = 64 << 10
_GONE = Text("chương trình thăm dò đã ngắt kết nối", "the probe program has gone")
_HERE = Text("chương trình thăm dò đã kết nối với lõi", "the probe program is connected to core")


class Done(msgspec.Struct, frozen=True):
    """What came of one order: `why` in the program's word, `mac` of the interface it left by."""

    outcome: ProbeOutcome
    why: str = ""
    tapped: bool = False
    mac: str = ""
    interface: str = ""


class LegState(msgspec.Struct, frozen=True):
    """A leg's interface as the program finds it; an empty text for what there is not."""

    interface: str = ""
    up: bool = False
    mac: str = ""
    ip: str = ""
    network: str = ""
    gateway: str = ""
    gateway6: str = ""


class _Legs(msgspec.Struct, frozen=True):
    legs: dict[str, LegState]


class NobodyError(ConnectionError):
    """No probe program is connected, or it does not answer."""


_done = msgspec.json.Decoder(Done)
_legs = msgspec.json.Decoder(_Legs)


class OrderServer:
    """The socket, and the one program at its other end. Orders go out one after the other."""

    def __init__(self, folder: Path, allowed: Allowed | None = None, language: Language = "vi", patience: float = 10.0) -> None:
        """`allowed`: whose program may take orders; own user and root unless told. `patience`: how long a round waits for the program, seconds."""
        self._patience = patience
        self._path = folder / NAME
        self._allowed = allowed or own()
        self._language = language
        self._server: asyncio.Server | None = None
        self._program: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._turn = asyncio.Lock()
        self._numbers = 0
        self.arrived = asyncio.Event()

    @property
    def path(self) -> Path:
        """Where the socket is."""
        return self._path

    async def start(self) -> None:
        """Opens the socket. Raises SocketOpenError."""
        try:
            self._path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            self._server = await asyncio.start_unix_server(self._accept, self._path, limit=_LONGEST)
            self._path.chmod(0o600 if self._allowed.private else 0o666)
        except OSError as error:
            text = f"{self._path}: {error.strerror}"
            raise SocketOpenError(Text(f"không mở được ổ cắm {text}", f"cannot open socket {text}")) from error

    async def stop(self) -> None:
        """Closes it; the program ends with its connection."""
        if self._server is not None:
            self._server.close()
            self._part()
            await self._server.wait_closed()
            self._path.unlink(missing_ok=True)

    async def order(self, leg: str, shape: str, **fields: object) -> Done:
        """Has one frame sent. Raises NobodyError."""
        self._numbers += 1
        return await self._ask({"id": self._numbers, "leg": leg, "shape": shape, **fields}, _done)

    async def describe(self) -> dict[str, LegState]:
        """The legs as the program finds them, which may be starting just now. Raises NobodyError."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.arrived.wait(), self._patience)
        return (await self._ask({"describe": True}, _legs)).legs

    async def _ask(self, question: dict[str, object], decoder: msgspec.json.Decoder[T]) -> T:
        async with self._turn:
            if self._program is None:
                raise NobodyError
            reader, writer = self._program
            try:
                writer.write(msgspec.json.encode(question) + b"\n")
                async with asyncio.timeout(_ANSWER):
                    await writer.drain()
                    line = await reader.readline()
                return decoder.decode(line)
            except (OSError, TimeoutError, ValueError, RecursionError) as error:
                # Late, cut or no JSON: what comes next could be the answer to this question.
                self._part()
                raise NobodyError from error

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = peer_of(writer.get_extra_info("socket"))
        if not self._allowed.admits(peer) or self._program is not None:
            if self._program is None:
                log.warning("%s", not_admitted(peer, "probe").to(self._language))
            writer.close()
            return
        with contextlib.suppress(OSError, TimeoutError, ValueError):
            async with asyncio.timeout(_ANSWER):
                hello = await reader.readline()
            if b'"hello":"probe"' in hello and self._program is None:
                log.info("%s", _HERE.to(self._language))
                self._program = reader, writer
                self.arrived.set()
                return
        writer.close()

    def _part(self) -> None:
        if self._program is not None:
            log.warning("%s", _GONE.to(self._language))
            self._program[1].close()
            self._program = None
            self.arrived.clear()
