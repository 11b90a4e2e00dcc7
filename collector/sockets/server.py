"""Core's four Unix sockets, one a privilege: `facts.sock`, `outbox.sock`, `read.sock`, `acts.sock`."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, OrderedDict
from collections.abc import Mapping
from pathlib import Path

import msgspec

from collector.sockets import calls, wire
from collector.sockets.calls import Ports
from collector.sockets.peers import Allowed, not_admitted, own, peer_of
from model.facts import AnyFact
from model.ports import Acts, Declaring, FactSink, JournalReader, Outbox
from model.text import Text

# A client has this long to say hello, seconds.
_HELLO = 5.0
_MOST_TURNED_AWAY = 16
# Sessions of fact senders whose place is remembered for a reconnect.
_SESSIONS = 256
# struct sockaddr_un: sun_path holds 108 bytes, the last of them zero.
_LONGEST_PATH = 107


class CoreServer:
    """Serves the four protocols. Counters (per role): `malformed` connections ended, `refused` for want of rights or room."""

    def __init__(
        self,
        folder: Path,
        *,
        facts: FactSink,
        outbox: Outbox,
        reader: JournalReader,
        acts: Acts,
        declaring: Declaring | None = None,
        allowed: Mapping[wire.Role, Allowed] | None = None,
        max_connections: int = 32,
    ) -> None:
        """`allowed`: who may use a socket, by role; own user and root unless told. `max_connections` per socket."""
        self.malformed: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._folder = folder
        self._facts = facts
        self._ports = Ports(outbox, reader, acts, declaring)
        self._allowed = allowed or {}
        self._most = max_connections
        self._servers: list[asyncio.Server] = []
        self._paths: list[Path] = []
        self._open: dict[wire.Role, set[asyncio.Task[None]]] = {role: set() for role in wire.ROLES}
        self._turned_away: set[asyncio.Task[None]] = set()
        self._taken: OrderedDict[str, int] = OrderedDict()

    async def start(self) -> None:
        """Opens the sockets; a file left by a dead core is taken over. Raises SocketError."""
        self._folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        try:
            for role in wire.ROLES:
                await self._listen(role)
        except BaseException:  # clean-up, raised again: all sockets or none
            await self.stop()
            raise

    async def _listen(self, role: wire.Role) -> None:
        path = path_of(self._folder, role)
        _refuse_bad_path(path)
        try:
            server = await asyncio.start_unix_server(lambda r, w: self._accept(role, r, w), path, limit=wire.ANSWER_PIECE, start_serving=False)
            self._paths.append(path)
            # The mode keeps strangers out where it can; where other users are let in, SO_PEERCRED does, so that no group need own the file.
            path.chmod(0o600 if self._allows(role).private else 0o666)
            await server.start_serving()
        except OSError as error:
            text = f"{path}: {error.strerror}"
            raise SocketOpenError(Text(f"không mở được ổ cắm {text}", f"cannot open socket {text}")) from error
        self._servers.append(server)

    async def stop(self) -> None:
        """Closes the sockets, ends the connections, removes the files."""
        for server in self._servers:
            server.close()
        tasks = [*self._turned_away, *(task for open_tasks in self._open.values() for task in open_tasks)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for server in self._servers:
            await server.wait_closed()
        for path in self._paths:
            path.unlink(missing_ok=True)
        self._servers.clear()
        self._paths.clear()

    def _allows(self, role: wire.Role) -> Allowed:
        return self._allowed.get(role) or own()

    def _accept(self, role: wire.Role, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        refusal = self._refusal(role, writer)
        # Who is turned away hears why, but takes no place of those who are let in.
        tasks = self._open[role] if refusal is None else self._turned_away
        if refusal is not None:
            self.refused[role] += 1
            if len(tasks) >= _MOST_TURNED_AWAY:
                writer.close()
                return
        task = asyncio.get_running_loop().create_task(self._connection(role, reader, writer, refusal))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def _connection(self, role: wire.Role, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, refusal: Text | None) -> None:
        try:
            await self._converse(role, reader, writer, refusal)
        except* (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            # The client left, or never spoke: its right.
            pass
        except* wire.MalformedError:
            self.malformed[role] += 1
        finally:
            with contextlib.suppress(ConnectionError):
                writer.close()
                await writer.wait_closed()

    def _refusal(self, role: wire.Role, writer: asyncio.StreamWriter) -> Text | None:
        peer = peer_of(writer.get_extra_info("socket"))
        if not self._allows(role).admits(peer):
            return not_admitted(peer, role)
        if len(self._open[role]) >= self._most:
            return Text(f"ổ cắm {role} của core đã đủ {self._most} kết nối", f"core's {role} socket has its {self._most} connections")
        return None

    async def _converse(self, role: wire.Role, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, refusal: Text | None) -> None:
        # Read even from those who are refused: a socket closed with unread bytes takes the sentence back.
        async with asyncio.timeout(_HELLO):
            hello = wire.decode(wire.hello_decoder, await wire.read_frame(reader, 1024))
        if refusal is None and (hello.version, hello.role) != (wire.VERSION, role):
            self.refused[role] += 1
            refusal = _other_version(role, hello)
        if refusal is not None:
            writer.write(wire.frame(wire.Refused(refusal.vi, refusal.en)))
            await writer.drain()
            return
        writer.write(wire.frame(wire.Welcome(wire.VERSION, self._taken.get(hello.session, 0))))
        if role == "facts":
            await self._take_facts(hello.session, reader, writer)
        else:
            await calls.serve(role, self._ports, reader, writer)

    async def _take_facts(self, session: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            sent = wire.decode(wire.facts_decoder, await wire.read_frame(reader, wire.MAX_REQUEST))
            writer.write(wire.frame(self._put(session, sent)))
            await writer.drain()

    def _put(self, session: str, sent: wire.Facts) -> wire.Taken:
        # Counted over the session, not read from the facts: a sensor may number several facts of a frame alike, or not at all.
        taken = self._taken.get(session, 0)
        fresh = sent.facts[max(0, taken + 1 - sent.first) :]
        facts = [fact for raw in fresh if (fact := self._fact(raw)) is not None]
        fitted = self._facts.put(facts) if facts else 0
        upto = max(taken, sent.first + len(sent.facts) - 1)
        self._taken[session] = upto
        self._taken.move_to_end(session)
        if len(self._taken) > _SESSIONS:
            self._taken.popitem(last=False)
        return wire.Taken(upto, len(fresh) - fitted)

    def _fact(self, raw: msgspec.Raw) -> AnyFact | None:
        try:
            return wire.decode(wire.fact_decoder, bytes(raw))
        except wire.MalformedError:
            # Closing the connection would only have it sent again, and again.
            self.malformed["facts"] += 1
            return None


def _other_version(role: wire.Role, hello: wire.Hello) -> Text:
    theirs, ours = f"{hello.role} v{hello.version}", f"{role} v{wire.VERSION}"
    return Text(
        f"ổ cắm của core là {ours}, không phải {theirs}: hãy cập nhật cùng một phiên bản", f"core's socket is {ours}, not {theirs}: install one version"
    )


class SocketOpenError(wire.SocketError):
    """Core cannot open its sockets."""


def path_of(folder: Path, role: wire.Role) -> Path:
    """The socket of a role."""
    return folder / f"{role}.sock"


def _refuse_bad_path(path: Path) -> None:
    if len(bytes(path)) > _LONGEST_PATH:
        raise SocketOpenError(Text(f"đường dẫn ổ cắm dài quá {_LONGEST_PATH} byte: {path}", f"socket path longer than {_LONGEST_PATH} bytes: {path}"))
    if path.exists() and not path.is_socket():
        raise SocketOpenError(Text(f"{path} đã có và không phải ổ cắm", f"{path} exists and is no socket"))
