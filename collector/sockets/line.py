"""One client's connection to one of core's sockets: many calls at once, made again when core comes back."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from pathlib import Path

import msgspec

from collector.journal.errors import JournalError, Kind
from collector.sockets import wire
from model.acts import ActRefusedError
from model.text import Text

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0


class _LostError(ConnectionError):
    """The connection ended with a call under way."""


class Connection:
    """A connection past its hello."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._numbers = itertools.count(1)
        self._asked: dict[int, tuple[asyncio.Future[list[msgspec.Raw]], list[msgspec.Raw]]] = {}
        self._listening = asyncio.get_running_loop().create_task(self._listen())

    @classmethod
    async def open(cls, path: Path, role: wire.Role) -> Connection:
        """Connects and says hello. Raises OSError, or SocketError when core does not let us in."""
        reader, writer = await asyncio.open_unix_connection(path)
        try:
            writer.write(wire.frame(wire.Hello(wire.VERSION, role)))
            said = wire.decode(wire.welcome_decoder, await wire.read_frame(reader, wire.MAX_REQUEST))
        except (asyncio.IncompleteReadError, wire.MalformedError) as error:
            writer.close()
            raise _LostError(str(error)) from error
        except BaseException:  # clean-up, raised again: given up on, it takes no place at core
            writer.close()
            raise
        if isinstance(said, wire.Refused):
            writer.close()
            raise wire.SocketError(Text(said.vi, said.en))
        return cls(reader, writer)

    @property
    def alive(self) -> bool:
        """Whether calls can be made."""
        return not self._listening.done()

    async def ask(self, call: wire.Call) -> list[msgspec.Raw]:
        """One call's items. Raises ActRefusedError, JournalError, or ConnectionError when the connection ends before the answer."""
        if not self.alive:
            raise _LostError("core closed the connection")
        number = next(self._numbers)
        answer: asyncio.Future[list[msgspec.Raw]] = asyncio.get_running_loop().create_future()
        self._asked[number] = (answer, [])
        try:
            self._writer.write(wire.frame(wire.Request(number, call)))
            await self._writer.drain()
            return await answer
        except asyncio.CancelledError:
            self._writer.write(wire.frame(wire.Cancel(number)))
            raise
        finally:
            self._asked.pop(number, None)

    async def close(self) -> None:
        """Ends the connection; calls under way raise ConnectionError."""
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)

    async def _listen(self) -> None:
        try:
            while True:
                self._deliver(wire.decode(wire.answer_decoder, await wire.read_frame(self._reader, wire.MAX_ANSWER)))
        except (asyncio.IncompleteReadError, ConnectionError, wire.MalformedError):
            # Told to every call under way below.
            pass
        finally:
            for answer, _ in self._asked.values():
                if not answer.done():
                    answer.set_exception(_LostError("core closed the connection"))
            self._writer.close()
            with contextlib.suppress(ConnectionError):
                await self._writer.wait_closed()

    def _deliver(self, said: wire.Answer | wire.Failed) -> None:
        asked = self._asked.get(said.id)
        if asked is None or asked[0].done():
            # Cancelled meanwhile.
            return
        answer, items = asked
        if isinstance(said, wire.Failed):
            answer.set_exception(_refusal(said))
            return
        items.extend(said.items)
        if said.last:
            answer.set_result(items)


class Line:
    """Calls on one of core's sockets that survive core's restart."""

    def __init__(self, path: Path, role: wire.Role, patience: float) -> None:
        """`patience`: for how long a call tries to reach core, seconds."""
        self._path, self._role, self._patience = path, role, patience
        self._connection: Connection | None = None
        self._connecting = asyncio.Lock()

    async def call(self, call: wire.Call, *, again: bool = True) -> list[msgspec.Raw]:
        """The call's items. `again`: made once more when the connection breaks under way. Raises ActRefusedError, JournalError, SocketError."""
        loop = asyncio.get_running_loop()
        until: float | None = None
        pause = _FIRST_PAUSE
        while True:
            sent = False
            try:
                connection = await self._connected()
                sent = True
                return await connection.ask(call)
            except OSError as error:
                if sent and not again:
                    raise wire.SocketError(_UNKNOWN) from error
                until = loop.time() + self._patience if until is None else until
                if loop.time() + pause > until:
                    raise wire.SocketError(_unreachable(self._path, error)) from error
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _connected(self) -> Connection:
        async with self._connecting:
            if self._connection is None or not self._connection.alive:
                self._connection = await Connection.open(self._path, self._role)
            return self._connection

    async def close(self) -> None:
        """Ends the connection."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None


_UNKNOWN = Text(
    "mất kết nối với core khi đang thực hiện: không rõ đã ghi hay chưa, hãy xem lại phát hiện",
    "the connection to core broke under way: whether it was done is unknown, look at the finding",
)


def _unreachable(path: Path, error: OSError) -> Text:
    why = error.strerror or str(error)
    return Text(f"không kết nối được với core ở {path}: {why}", f"cannot reach core at {path}: {why}")


def _refusal(said: wire.Failed) -> Exception:
    if said.by == "act":
        return ActRefusedError(said.vi, said.en)
    return JournalError(msgspec.convert(said.kind, Kind), Text(said.vi, said.en))
