"""What goes over osquery's remote API: bodies read in two steps, so that who speaks is known before anything else of it is looked at.

Sources: osquery docs/wiki/deployment/remote.md and logging.md, plugins/logger/tls_logger.cpp, distributed.cpp (research/endpoint.md §1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, TypeVar

import msgspec

from collector.decode.posture.envelope import Result
from model.times import DAY, SECOND

T = TypeVar("T")

_EMPTY_LIST, _EMPTY = msgspec.Raw(b"[]"), msgspec.Raw(b"{}")
_DIGEST: Final = 16
# The agent cuts its lines at 256 KiB (flag file); an answer to a question of ours has some kilobytes.
_MOST_LINE, _MOST_ANSWER = 1 << 20, 1 << 20
# A line's own time: a clock may be years off, but its number must fit where times are kept.
_MOST: Final = 4_000 * 365 * DAY


class BodyError(Exception):
    """A body that is not what this path takes."""


class Enrolment(msgspec.Struct):
    """The body of enroll. What the PC says of itself beside platform and version is not read."""

    platform_type: str | int = ""
    host_details: msgspec.Raw = _EMPTY


class Keyed(msgspec.Struct):
    """What every other body begins with."""

    node_key: str = ""


class Logged(msgspec.Struct):
    """The body of log, behind its node key."""

    log_type: str = ""
    data: msgspec.Raw = _EMPTY_LIST


class Written(msgspec.Struct):
    """The body of distributed write, behind its node key."""

    queries: msgspec.Raw = _EMPTY
    statuses: msgspec.Raw = _EMPTY
    messages: msgspec.Raw = _EMPTY


class _Info(msgspec.Struct):
    version: str = ""


class _Details(msgspec.Struct):
    osquery_info: _Info = msgspec.field(default_factory=_Info)


class _Line(msgspec.Struct, rename={"unix_time": "unixTime", "diff": "diffResults"}):
    """A result line in any of its three forms; numbers are texts unless the agent was told otherwise."""

    name: str
    unix_time: int = 0
    epoch: int = 0
    counter: int = 0
    action: str = ""
    columns: dict[str, Any] | None = None
    snapshot: list[dict[str, Any]] | None = None
    diff: dict[str, Any] | None = None


class Line(NamedTuple):
    """A result line: `whole` answers what stands there, a change says only that something did. `at` ns by the PC's clock, 0 where it did not say."""

    topic: str
    kind: Literal["whole", "change"]
    at: int
    rows: Sequence[Mapping[str, Any]]
    digest: bytes


class Answer(NamedTuple):
    """One answer of a distributed write: `id` as it was asked."""

    id: str
    result: Result


_enrolment = msgspec.json.Decoder(Enrolment, strict=False)
_details = msgspec.json.Decoder(_Details)
_keyed = msgspec.json.Decoder(Keyed)
_logged = msgspec.json.Decoder(Logged)
_written = msgspec.json.Decoder(Written)
_line = msgspec.json.Decoder(_Line, strict=False)
_lines = msgspec.json.Decoder(list[msgspec.Raw])
_parts = msgspec.json.Decoder(dict[str, msgspec.Raw])
_rows = msgspec.json.Decoder(list[dict[str, Any]])
_canonical = msgspec.json.Encoder(order="sorted")


def enrolment(body: bytes) -> tuple[str, str]:
    """The platform type and the agent's version. Raises BodyError."""
    read = _read(_enrolment, body)
    try:
        version = _details.decode(read.host_details).osquery_info.version
    except (msgspec.DecodeError, RecursionError):
        version = ""
    return str(read.platform_type), version[:32]


def node_key(body: bytes) -> str:
    """The node key; empty where there is none. Raises BodyError."""
    return _read(_keyed, body).node_key


def lines(body: bytes, pc: str) -> tuple[str, Iterator[Line | None]]:
    """The type of log and its result lines; None for a line that cannot be read. Raises BodyError for what is no log at all."""
    read = _read(_logged, body)
    try:
        raw = _lines.decode(read.data)
    except msgspec.DecodeError:
        # Something else than a list: as one line that cannot be read, for a batch that was refused would come again for ever (behaviour 2).
        raw = [read.data]
    return read.log_type, (_line_of(one, pc) for one in raw)


def answers(body: bytes) -> Iterator[Answer | None]:
    """The answers of a distributed write; None for one whose rows cannot be read. Raises BodyError for what is none at all."""
    read = _read(_written, body)
    queries, statuses, messages = (_parts_of(raw) for raw in (read.queries, read.statuses, read.messages))
    if queries is None:
        return iter((None,))
    return (_answer_of(name, queries.get(name, _EMPTY_LIST), statuses or {}, messages or {}) for name in dict.fromkeys((*queries, *(statuses or {}))))


def _read(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(_sound(body))
    except (msgspec.DecodeError, RecursionError) as error:
        raise BodyError from error


def _sound(body: bytes) -> bytes:
    """The body in UTF-8. Names of programs may come in another code page, and the rest of the batch must not wait behind them for ever."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return body.decode("utf-8", "replace").encode()
    return body


def _line_of(raw: msgspec.Raw, pc: str) -> Line | None:
    if len(bytes(raw)) > _MOST_LINE:
        return None
    try:
        line = _line.decode(raw)
        rows, kind = _rows_of(line)
        told = _canonical.encode((pc, line.name, line.unix_time, line.epoch, line.counter, line.action, rows))
    except (msgspec.DecodeError, UnicodeError, RecursionError, OverflowError):
        return None
    at = line.unix_time * SECOND
    return Line(line.name, kind, at if 0 < at < _MOST else 0, rows, hashlib.blake2b(told, digest_size=_DIGEST).digest())


def _rows_of(line: _Line) -> tuple[list[dict[str, Any]], Literal["whole", "change"]]:
    """A snapshot is an answer, also an empty one; so is the first list of differences. Any other difference only says that something changed."""
    if line.snapshot is not None:
        return line.snapshot, "whole"
    if line.diff is not None:
        added = line.diff.get("added")
        rows = [row for row in added if isinstance(row, dict)] if isinstance(added, list) else []
        return rows, "whole" if line.counter == 0 else "change"
    if line.columns is None:
        raise msgspec.DecodeError("a result line without a result")
    # One row of several, and a batch may end between them: what stands there is asked for.
    return [line.columns], "change"


def _parts_of(raw: msgspec.Raw) -> dict[str, msgspec.Raw] | None:
    try:
        return _parts.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return None


def _answer_of(name: str, raw: msgspec.Raw, statuses: Mapping[str, msgspec.Raw], messages: Mapping[str, msgspec.Raw]) -> Answer | None:
    status, message = _number(statuses.get(name)), _text(messages.get(name))
    if len(bytes(raw)) > _MOST_ANSWER:
        return None
    try:
        # A query that failed brings an empty text where its rows would be.
        rows = _rows.decode(raw) if status == 0 or bytes(raw) != b'""' else []
    except (msgspec.DecodeError, RecursionError):
        return None
    return Answer(name, Result(status=status, rows=rows, message=message))


def _number(raw: msgspec.Raw | None) -> int:
    """A status; what is none says that it failed."""
    if raw is None:
        return 0
    try:
        return msgspec.json.decode(raw, type=int, strict=False)
    except (msgspec.DecodeError, RecursionError):
        return 1


def _text(raw: msgspec.Raw | None) -> str:
    try:
        return msgspec.json.decode(raw, type=str)[:200] if raw is not None else ""
    except (msgspec.DecodeError, RecursionError):
        return ""


def digest(pc: str, answer: str) -> bytes:
    """By what an answer of a distributed write is known when it comes again: the PC, and the id under which it was asked."""
    return hashlib.blake2b(_canonical.encode((pc, answer)), digest_size=_DIGEST).digest()
