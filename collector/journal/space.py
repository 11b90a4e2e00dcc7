"""How much of the journal the outbox may fill, and what goes first when it is full: observations, posture, health, findings last."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from model.ports import Stream

DROP_ORDER: tuple[Stream, ...] = ("observation", "posture", "health", "finding")

# Of the journal's bytes: the outbox at most half, dead letters a twentieth; the rest is the view, findings and SQLite's own.
OUTBOX_SHARE = 0.5
DEAD_SHARE = 0.05

# Within the outbox, 40 % are kept free for findings and 10 % for health: what the lower classes together may take.
_LIMITS: tuple[tuple[Sequence[Stream], float], ...] = (
    (DROP_ORDER[:2], 0.5),
    (DROP_ORDER[:3], 0.6),
    (DROP_ORDER, 1.0),
)
# Rows of a stream no sink has ever asked for: enough for a sink that comes a little later than core.
UNWANTED_ROWS = 500
# What a row costs beside its document: cells, indices, half-filled pages (measured on 1 KiB documents).
ROW_OVERHEAD = 160


def keep_within(connection: sqlite3.Connection, budget: int) -> None:
    """Drops the oldest rows, least important first, until every class is within its bounds. Inside the caller's transaction."""
    _trim_unwanted(connection)
    for streams, share in _LIMITS:
        shed(connection, streams, _bytes(connection, streams) - int(budget * share))


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
