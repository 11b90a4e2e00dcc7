"""What goes over core's sockets: frames of four bytes of length (network order) and one MessagePack message; a hello that names the version."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, TypeVar

import msgspec

from model.acts import Act
from model.facts import AnyFact
from model.ports import Receipt, Stream
from model.text import Text

VERSION = 1
Role = Literal["facts", "outbox", "read", "acts"]
ROLES: tuple[Role, ...] = ("facts", "outbox", "read", "acts")

# Requests are small; a frame towards core that is larger is an attack or a mistake.
MAX_REQUEST = 1 << 20
# An answer is cut into frames of about this much; the bound leaves room for one large item.
ANSWER_PIECE = 256 << 10
MAX_ANSWER = 32 << 20
# Calls one connection may have under way.
MAX_CALLS = 64

T = TypeVar("T")


class SocketError(Exception):
    """Core cannot be reached, or does not let this process in. `text` is one sentence."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.vi)
        self.text = text


class MalformedError(Exception):
    """The other side sent what is no message."""


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """A client's first message. `session` names one life of a client that puts facts."""

    version: int
    role: str
    session: str = ""


class Welcome(msgspec.Struct, frozen=True, tag="welcome"):
    """Core lets the client in; `taken`: facts of this session it already has."""

    version: int
    taken: int = 0


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """Core does not; the connection ends."""

    vi: str
    en: str


class Facts(msgspec.Struct, frozen=True, tag="facts"):
    """Facts of a session, numbered one by one from `first`; each is read by itself, so that a bad one spoils no other."""

    first: int
    facts: list[msgspec.Raw]


class Taken(msgspec.Struct, frozen=True, tag="taken"):
    """Core has the session's facts up to this number; `refused` of the last frame did not fit into the sensor's share."""

    upto: int
    refused: int


class Register(msgspec.Struct, frozen=True, tag="register"):
    """Outbox.register."""

    sink: str
    streams: list[Stream]


class Lease(msgspec.Struct, frozen=True, tag="lease"):
    """Outbox.lease."""

    sink: str
    limit: int
    wait: float


class Acknowledge(msgspec.Struct, frozen=True, tag="acknowledge"):
    """Outbox.acknowledge."""

    sink: str
    receipts: list[Receipt]


class Replay(msgspec.Struct, frozen=True, tag="replay"):
    """Outbox.replay."""

    sink: str
    rows: list[str]


class Purge(msgspec.Struct, frozen=True, tag="purge"):
    """Outbox.purge."""

    sink: str
    rows: list[str]


class Declare(msgspec.Struct, frozen=True, tag="declare"):
    """Declaring.declare."""

    bundle: bytes


class Read(msgspec.Struct, frozen=True, tag="read"):
    """A call of JournalReader; `of` is its argument, `states` those of findings, `ids` those of portals."""

    what: Literal["findings", "standing", "history", "deliveries", "verdicts", "assets", "rows", "portals", "pcs", "taken", "sinks", "dead_letters", "status"]
    of: str = ""
    states: list[str] = []
    ids: list[str] = []


class Wait(msgspec.Struct, frozen=True, tag="wait"):
    """JournalReader.wait."""

    version: int
    wait: float


class DoAct(msgspec.Struct, frozen=True, tag="act"):
    """Acts.act."""

    act: Act


Call = Register | Lease | Acknowledge | Replay | Purge | Declare | Read | Wait | DoAct


class Request(msgspec.Struct, frozen=True, tag="request"):
    """A call, numbered by the client."""

    id: int
    call: Call


class Cancel(msgspec.Struct, frozen=True, tag="cancel"):
    """The client no longer waits for that call."""

    id: int


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """Items of a call's result, in order; `last` ends it."""

    id: int
    items: list[msgspec.Raw]
    last: bool


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The call was refused: by the rules of acts, or by the journal (its kind)."""

    id: int
    by: Literal["act", "journal"]
    kind: str
    vi: str
    en: str


# Which calls each socket answers; a call at the wrong socket is malformed there.
CALLS: dict[Role, tuple[type[Any], ...]] = {
    "facts": (),
    "outbox": (Register, Lease, Acknowledge, Replay, Purge, Declare),
    "read": (Read, Wait),
    # What people do: also with dead letters, for which nobody needs the right to lease what is sent out.
    "acts": (DoAct, Replay, Purge),
}

encode = msgspec.msgpack.Encoder().encode
hello_decoder = msgspec.msgpack.Decoder(Hello)
facts_decoder = msgspec.msgpack.Decoder(Facts)
fact_decoder: msgspec.msgpack.Decoder[AnyFact] = msgspec.msgpack.Decoder(AnyFact)
taken_decoder = msgspec.msgpack.Decoder(Taken)
request_decoder: msgspec.msgpack.Decoder[Request | Cancel] = msgspec.msgpack.Decoder(Request | Cancel)
welcome_decoder: msgspec.msgpack.Decoder[Welcome | Refused] = msgspec.msgpack.Decoder(Welcome | Refused)
answer_decoder: msgspec.msgpack.Decoder[Answer | Failed] = msgspec.msgpack.Decoder(Answer | Failed)


def frame(message: object) -> bytes:
    """One message as it goes over the socket."""
    body = encode(message)
    return len(body).to_bytes(4, "big") + body


def decode(decoder: msgspec.msgpack.Decoder[T], body: bytes) -> T:
    """One message. Raises MalformedError for anything else."""
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # Arrays nested by the hundred thousand end as RecursionError.
        raise MalformedError(str(error)) from error


async def read_frame(reader: asyncio.StreamReader, most: int) -> bytes:
    """The next frame's message. Raises MalformedError when it is too long, asyncio.IncompleteReadError at the end."""
    return await reader.readexactly(_length(await reader.readexactly(4), most))


def receive_frame(connection: socket.socket, most: int) -> bytes:
    """The same for a blocking socket. Raises ConnectionError at the end."""
    return _receive(connection, _length(_receive(connection, 4), most))


def _receive(connection: socket.socket, size: int) -> bytes:
    received = bytearray()
    while len(received) < size:
        piece = connection.recv(min(65536, size - len(received)))
        if not piece:
            raise ConnectionResetError("core closed the connection")
        received += piece
    return bytes(received)


def _length(prefix: bytes, most: int) -> int:
    length = int.from_bytes(prefix, "big")
    if length > most:
        raise MalformedError(f"a frame of {length} bytes, at most {most}")
    return length


def pieces(items: Iterable[bytes], most: int = ANSWER_PIECE) -> Iterator[tuple[list[msgspec.Raw], bool]]:
    """Encoded items in groups of about `most` bytes, each with whether it is the last; one empty group for no items."""
    group: list[msgspec.Raw] = []
    size = 0
    for item in items:
        if group and size + len(item) > most:
            yield group, False
            group, size = [], 0
        group.append(msgspec.Raw(item))
        size += len(item)
    yield group, True


def items_of(values: Sequence[object]) -> list[bytes]:
    """Each value encoded."""
    return [encode(value) for value in values]
