"""Names into addresses: by this machine's own resolver, or by one named DNS server. Nothing is remembered from one question to the next."""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Literal, NamedTuple, Protocol

from collector.decode import dnsmessage
from collector.decode.dnsmessage import AAAA, A, Labels, Message, Record
from collector.decode.error import DecodeError

# Names wait for servers that do not answer, each in a thread of its own; more would not be asked any sooner.
_THREADS: Final = 32
_CNAME: Final = 5
_NAME_ERROR: Final = 3
_REPLY, _CUT, _CODE = 0x8000, 0x0200, 0x000F
_LARGEST: Final = 65_535
# More addresses or aliases than this are not worth a second look.
_MOST: Final = 32
_TRIES: Final = 2

State = Literal["resolves", "missing", "empty", "failed"]


class Names(NamedTuple):
    """What a name stands for. `aliases` in the order followed (CNAME), the last one holds the addresses.

    `missing`: the name, or the alias it ends at, does not exist; `empty`: it exists without an address; `failed`: nobody could say.
    """

    addresses: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    state: State = "failed"


class NameServer(Protocol):
    """A resolver that also says why there is no address, and what a name is an alias of."""

    async def resolve(self, host: str) -> Sequence[str]:
        """All addresses of `host`, IPv4 first. Raises OSError when there are none."""

    async def names(self, host: str) -> Names:
        """What `host` stands for. Never raises."""

    async def close(self) -> None:
        """Lets go of threads and sockets."""


def ascii_name(host: str) -> str:
    """`host` as it goes on the wire. Raises OSError (gaierror) for what can be no name."""
    try:
        plain = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise _none(host) from error
    plain = plain.rstrip(".")
    if not plain or len(plain) > 253 or any(not 0 < len(label) < 64 for label in plain.split(".")) or not plain.isprintable() or " " in plain:
        raise _none(host)
    return plain


def _none(host: str) -> socket.gaierror:
    return socket.gaierror(socket.EAI_NONAME, f"{host}: no address")


def _sorted(found: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(found), key=lambda address: ":" in address))[:_MOST]


class SystemResolver:
    """This machine's own resolver (its hosts file, its servers). `deadline` in seconds for one name."""

    def __init__(self, deadline: float = 8.0) -> None:
        self._deadline = deadline
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="names")

    async def resolve(self, host: str) -> Sequence[str]:
        """All addresses of `host`, IPv4 first. Raises OSError when there are none, TimeoutError (one of them) when nobody answers."""
        return _sorted([address for address, _ in await self._asked(ascii_name(host), 0)])

    async def names(self, host: str) -> Names:
        """What `host` stands for; the C library tells a missing name from an empty one only where it feels like it, so `missing` may be `empty`."""
        try:
            found = await self._asked(ascii_name(host), socket.AI_CANONNAME)
        except socket.gaierror as error:
            state: State = "missing" if error.errno == socket.EAI_NONAME else "empty" if error.errno == socket.EAI_NODATA else "failed"
            return Names(state=state)
        except OSError:
            return Names()
        named = found[0][1].rstrip(".").lower() if found else ""
        aliases = (named,) if named and named != host.rstrip(".").lower() else ()
        return Names(_sorted([address for address, _ in found]), aliases, "resolves")

    async def close(self) -> None:
        """Lets go of the threads; one that still waits for a server ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _asked(self, host: str, flags: int) -> list[tuple[str, str]]:
        """Addresses, each with the name it stands under."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(self._deadline):
            found = await loop.run_in_executor(self._threads, lambda: socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=flags))
        return [(str(address[0]), name) for _, _, _, name, address in found]


class DnsResolver:
    """One DNS server asked directly (RFC 1035), over UDP and, where an answer is cut, TCP. `deadline` in seconds for one name."""

    def __init__(self, server: str, port: int = 53, deadline: float = 5.0) -> None:
        self._server, self._port, self._deadline = server, port, deadline

    async def resolve(self, host: str) -> Sequence[str]:
        """All addresses of `host`, IPv4 first. Raises OSError when there are none."""
        found = await self.names(host)
        if found.addresses:
            return found.addresses
        if found.state == "failed":
            raise TimeoutError(f"{host}: the DNS server gave no answer")
        raise _none(host)

    async def names(self, host: str) -> Names:
        """What `host` stands for. Never raises."""
        try:
            name = ascii_name(host).lower()
        except OSError:
            return Names(state="missing")
        four, six = await asyncio.gather(self._kind(name, A), self._kind(name, AAAA))
        addresses = _sorted((*four.addresses, *six.addresses))
        if addresses:
            return Names(addresses, four.aliases or six.aliases, "resolves")
        states = {four.state, six.state}
        state: State = "missing" if "missing" in states else "failed" if "failed" in states else "empty"
        return Names((), four.aliases or six.aliases, state)

    async def close(self) -> None:
        """Nothing is held between questions."""

    async def _kind(self, name: str, kind: int) -> Names:
        for _ in range(_TRIES):
            # A port and a number of its own for each question: whoever wants to answer in the server's place has to guess both.
            query = _question(name, kind, secrets.randbelow(1 << 16))
            try:
                async with asyncio.timeout(self._deadline / _TRIES):
                    data = await self._over_udp(query)
                    message = dnsmessage.read(data, 0, len(data))
                    if message.flags & _CUT:
                        data = await self._over_tcp(query)
                        message = dnsmessage.read(data, 0, len(data))
            except (OSError, DecodeError, asyncio.IncompleteReadError):
                continue
            return _told(name, kind, message, data)
        return Names()

    async def _over_udp(self, query: bytes) -> bytes:
        loop = asyncio.get_running_loop()
        transport, waiting = await loop.create_datagram_endpoint(lambda: _Waiting(query, loop.create_future()), remote_addr=(self._server, self._port))
        try:
            transport.sendto(query)
            return await waiting.answer
        finally:
            transport.close()

    async def _over_tcp(self, query: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(self._server, self._port, limit=_LARGEST + 2)
        try:
            writer.write(len(query).to_bytes(2, "big") + query)
            answer = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
        finally:
            writer.close()
        if not _answers(query, answer):
            raise DecodeError("the answer is to another question")
        return answer


class _Waiting(asyncio.DatagramProtocol):
    """Waits for the answer to one question; what answers another is let go by."""

    def __init__(self, query: bytes, answer: asyncio.Future[bytes]) -> None:
        self._query, self.answer = query, answer

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        del addr  # the socket is connected: nobody else's datagrams come here
        if not self.answer.done() and _answers(self._query, data):
            self.answer.set_result(data)

    def error_received(self, exc: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(exc)


def _question(name: str, kind: int, number: int) -> bytes:
    labels = b"".join(bytes((len(label),)) + label for label in name.encode("ascii").split(b"."))
    head = number.to_bytes(2, "big") + b"\x01\x00" + b"\x00\x01" + bytes(6)
    return head + labels + b"\0" + kind.to_bytes(2, "big") + b"\x00\x01"


def _answers(query: bytes, data: bytes) -> bool:
    """Whether `data` answers `query`: same number, a reply, same question word for word."""
    return len(data) >= len(query) and data[:2] == query[:2] and bool(data[2] & 0x80) and data[12 : len(query)].lower() == query[12:].lower()


def _told(name: str, kind: int, message: Message, data: bytes) -> Names:
    """What a message says of `name`: its aliases followed in order, then the addresses of the last."""
    aliases: list[str] = []
    current = name
    while len(aliases) < _MOST and (target := _alias(current, message.answers, data)) and target not in (name, *aliases):
        aliases.append(target)
        current = target
    addresses = [_address(record, data) for record in message.answers if record.kind == kind and _text(record.name) == current]
    code = message.flags & _CODE
    if found := tuple(address for address in addresses if address):
        return Names(found, tuple(aliases), "resolves")
    state: State = "missing" if code == _NAME_ERROR else "empty" if code == 0 and not message.fault else "failed"
    return Names((), tuple(aliases), state)


def _alias(name: str, answers: list[Record], data: bytes) -> str:
    for record in answers:
        if record.kind == _CNAME and _text(record.name) == name:
            try:
                return _text(dnsmessage.name(data, record.start, 0, len(data))[0])
            except DecodeError:
                return ""
    return ""


def _text(labels: Labels) -> str:
    return b".".join(labels).decode("ascii", "replace").lower()


def _address(record: Record, data: bytes) -> str:
    raw = data[record.start : record.end]
    if len(raw) != (4 if record.kind == A else 16):
        return ""
    return str(ipaddress.ip_address(raw))
