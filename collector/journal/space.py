"""How much of the journal the outbox may fill, and what goes first when it is full: observations, posture, health, findings last."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from model.ports import Stream

DROP_ORDER: tuple[Stream, ...] = ("observation", "posture", "health", "finding")

# Of the journal's bytes: the outbox at most half, told changes 15 %, dead letters and receipts 5 % each; the rest is the view, findings and verdicts.
OUTBOX_SHARE = 0.5
HISTORY_SHARE = 0.15
DEAD_SHARE = 0.05
RECEIPT_SHARE = 0.05
# Bytes of a receipt and its index where the sink gave a reason; most have none and take half.
_RECEIPT = 256

# Within the outbox, 40 % are kept free for findings and 10 % for health: what the lower classes together may take.
_LIMITS: tuple[tuple[Sequence[Stream], float], ...] = (
    (DROP_ORDER[:2], 0.5),
    (DROP_ORDER[:3], 0.6),
    (DROP_ORDER, 1.0),
)
# Rows of a stream no sink has ever asked for: enough for a sink that comes a little later than core.
UNWANTED_ROWS = 500
_PAGE = 4096
_INDICES = 120

_OLDEST_CHANGES = """DELETE FROM change WHERE n IN (
  SELECT n FROM change c WHERE EXISTS (SELECT 1 FROM change d WHERE d.finding = c.finding AND d.n > c.n) ORDER BY n LIMIT 20)"""


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What each part of the journal may take: bytes of the outbox, of told changes, of dead letters; changes kept per finding; receipts kept in all."""

    outbox: int
    history: int
    dead: int
    per_finding: int
    receipts: int


def bounds(max_bytes: int, per_finding: int) -> Bounds:
    """The bounds of a journal of `max_bytes`."""
    return Bounds(
        outbox=int(max_bytes * OUTBOX_SHARE),
        history=int(max_bytes * HISTORY_SHARE),
        dead=int(max_bytes * DEAD_SHARE),
        per_finding=per_finding,
        receipts=int(max_bytes * RECEIPT_SHARE) // _RECEIPT,
    )


def footprint(size: int) -> int:
    """Bytes of disk a row with a document of `size` bytes takes: a row is not split over two leaf pages, so one of 2.1 KiB takes a whole one."""
    cell = size + 40
    if cell > _PAGE - 35:
        return -(-cell // (_PAGE - 4)) * _PAGE + _INDICES
    return _PAGE // (_PAGE // cell) + _INDICES


def keep_within(connection: sqlite3.Connection, budget: int) -> None:
    """Drops the oldest rows, least important first, until every class is within its bounds. Inside the caller's transaction."""
    _trim_unwanted(connection)
    for streams, share in _LIMITS:
        shed(connection, streams, _bytes(connection, streams) - int(budget * share))


def keep_history(connection: sqlite3.Connection, most: int) -> bool:
    """Drops the oldest told changes while all of them take more than `most` bytes, the latest of each finding excepted; whether any went."""
    dropped = False
    while _history(connection) > most and connection.execute(_OLDEST_CHANGES).rowcount:
        dropped = True
    return dropped


def halve_history(connection: sqlite3.Connection) -> bool:
    """Gives up half of the told changes for room; whether any went."""
    return keep_history(connection, _history(connection) // 2)


def _history(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT value FROM meta WHERE key = 'change_bytes'").fetchone()[0])


def shed(connection: sqlite3.Connection, streams: Sequence[Stream], excess: int) -> int:
    """Drops at least `excess` bytes of the given streams in that order, oldest first, and counts them as lost; the bytes dropped."""
    dropped = 0
    for stream in streams:
        if dropped >= excess:
            break
        dropped += _drop_oldest(connection, stream, excess - dropped)
    return dropped


def _drop_oldest(connection: sqlite3.Connection, stream: Stream, excess: int) -> int:
    victims: list[tuple[int]] = []
    dropped = 0
    for seq, size in connection.execute("SELECT seq, bytes FROM outbox WHERE stream = ? ORDER BY seq", (stream,)):
        if dropped >= excess:
            break
        victims.append((seq,))
        dropped += size
    connection.executemany("DELETE FROM outbox WHERE seq = ?", victims)
    connection.execute("UPDATE tally SET lost = lost + ? WHERE stream = ?", (len(victims), stream))
    return dropped


def _bytes(connection: sqlite3.Connection, streams: Sequence[Stream]) -> int:
    marks = ",".join("?" * len(streams))
    return int(connection.execute(f"SELECT sum(bytes) FROM tally WHERE stream IN ({marks})", tuple(streams)).fetchone()[0])  # noqa: S608 - marks only


def _trim_unwanted(connection: sqlite3.Connection) -> None:
    unwanted = "SELECT stream FROM tally WHERE rows > ? AND stream NOT IN (SELECT stream FROM want)"
    for (stream,) in connection.execute(unwanted, (UNWANTED_ROWS,)).fetchall():
        connection.execute(
            "DELETE FROM outbox WHERE stream = ?1 AND seq <= (SELECT seq FROM outbox WHERE stream = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)",
            (stream, UNWANTED_ROWS),
        )
