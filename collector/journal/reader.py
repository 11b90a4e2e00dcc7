"""Reads the journal for the page, the metrics and the commands, over a connection of its own: a reader never holds up the writer."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from collector.journal import receipts
from collector.journal.batch import ROW_DECODERS
from collector.journal.bell import Bell
from collector.journal.documents import decode_document
from collector.journal.errors import closed, translated
from collector.journal.outbox import WAITING
from model.ledger import OBSERVED, Change, Finding
from model.portals.rows import PortalRow
from model.ports import CoreStatus, DeadLetter, Delivery, OtherRow, OutboxRow, SinkStatus
from model.posture.rows import PcRow, TakenRow
from model.rows import Asset
from model.verdict import Verdict

T = TypeVar("T")
Query = Callable[[sqlite3.Connection], T]

TOLD = ("open", "accepted", "resolved", "lapsed")
# Kinds of rows that are few and are read together (model.ports.OtherRow).
OTHERS = ("segment", "leg", "sensor", "episode", "feed", "proof", "taken", "plugged")

_HELD = "SELECT key FROM outbox WHERE seq IN (SELECT value FROM json_each(:held))"

_decode_finding = msgspec.json.Decoder(Finding).decode
_decode_change = msgspec.json.Decoder(Change).decode
_decode_verdict = msgspec.json.Decoder(Verdict).decode


def nothing_held(_sink: str) -> Sequence[int]:
    """No sink has put anything off, as far as a file tells."""
    return ()


class Reader:
    """Implements `JournalReader`. Raises JournalError."""

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        bell: Bell,
        version: Callable[[], int],
        status: Callable[[], CoreStatus],
        held: Callable[[str], Sequence[int]] = nothing_held,
    ) -> None:
        """`status` gives core's figures, the journal's own among them; `bell` rings after `version` rose; `held`: the rows a sink wants later."""
        self._path = path
        self._connection: sqlite3.Connection | None = connection
        self._lock = threading.Lock()
        self._bell = bell
        self._version = version
        self._status = status
        self._held = held

    async def findings(self, states: Sequence[str] = ()) -> Sequence[Change]:
        """Findings as they stand, each in its latest change; all states but `pending` unless told."""
        return await self._ask(lambda c: _findings(c, tuple(states) or TOLD))

    async def standing(self, finding: str) -> Change | None:
        """One finding as it stands, in its latest change; None for one that is not known."""
        return await self._ask(lambda c: next(iter(_findings(c, TOLD, finding)), None))

    async def history(self, finding: str) -> Sequence[Change]:
        """The changes of one finding, oldest first."""
        query = "SELECT doc FROM change WHERE finding = ? ORDER BY n"
        return await self._ask(lambda c: [_decode_change(doc) for (doc,) in c.execute(query, (finding,))])

    async def deliveries(self, finding: str) -> Sequence[Delivery]:
        """What became of one finding's changes at each sink that takes findings, the latest first."""
        return await self._ask(lambda c: receipts.of_finding(c, finding, self._held))

    async def verdicts(self, site: str = "") -> Sequence[Verdict]:
        """The latest verdict of every detector on every subject, of one site where told."""
        query = "SELECT doc FROM verdict WHERE ?1 IN ('', site) ORDER BY rowid"
        return await self._ask(lambda c: [_decode_verdict(doc) for (doc,) in c.execute(query, (site,))])

    async def assets(self) -> Sequence[Asset]:
        """All assets."""
        return await self._ask(lambda c: _view(c, "asset"))

    async def rows(self) -> Sequence[OtherRow]:
        """The other rows of the view: segments, legs, sensors, episodes, lists of names, probes, what sensors' facts were taken, the box's sockets."""
        return await self._ask(lambda c: [row for kind in OTHERS for row in _view(c, kind)])

    async def portals(self, ids: Sequence[str] = ()) -> Sequence[PortalRow]:
        """Portals by their ids, all of them unless told."""
        return await self._ask(lambda c: _portals(c, tuple(ids)))

    async def pcs(self) -> Sequence[PcRow]:
        """The PCs that reported, with their last answers."""
        return await self._ask(lambda c: _view(c, "pc"))

    async def taken(self, sensor: str) -> Sequence[TakenRow]:
        """How far core has written down the facts of a sensor that keeps them until then, one row a site."""
        query = "SELECT doc FROM view WHERE kind = 'taken' AND id = ? ORDER BY site"
        return await self._ask(lambda c: [ROW_DECODERS["taken"].decode(doc) for (doc,) in c.execute(query, (sensor,))])

    async def sinks(self) -> Sequence[SinkStatus]:
        """How each sink stands."""
        return await self._ask(lambda c: _sinks(c, self._held))

    async def dead_letters(self, sink: str = "") -> Sequence[DeadLetter]:
        """Rows given up, newest first; of all sinks unless told."""
        return await self._ask(lambda c: _dead(c, sink))

    async def status(self) -> CoreStatus:
        """Core's own figures."""
        return self._status()

    async def wait(self, version: int, wait: float) -> int:
        """The journal's version, as soon as it is not `version` or after `wait` seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        while True:
            heard = self._bell.rings
            left = until - loop.time()
            if self._version() != version or left <= 0 or self._connection is None:
                return self._version()
            await self._bell.wait(heard, left)

    def close(self) -> None:
        """Lets go of the connection and wakes who waits."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
        self._bell.ring()

    async def _ask(self, query: Query[T]) -> T:
        return await asyncio.to_thread(self._run, query)

    def _run(self, query: Query[T]) -> T:
        with self._lock, translated(self._path):
            if self._connection is None:
                raise closed(self._path)
            return query(self._connection)


def _findings(c: sqlite3.Connection, states: tuple[str, ...], finding: str = "") -> list[Change]:
    marks = ",".join("?" * len(states))
    query = f"""SELECT f.doc, (SELECT h.doc FROM change h WHERE h.finding = f.id ORDER BY h.n DESC LIMIT 1)
      FROM finding f WHERE f.state IN ({marks}) AND f.id {"=" if finding else ">"} ? ORDER BY f.rowid"""  # noqa: S608 - marks only
    return [_as_it_stands(_decode_finding(doc), told) for doc, told in c.execute(query, (*states, finding))]


def _as_it_stands(finding: Finding, told: bytes | None) -> Change:
    # The evidence of a finding is refreshed without telling anybody, so its row is newer than its last change.
    if told is None:
        return Change(step="opened", at=finding.since, finding=finding, cause=OBSERVED)
    return msgspec.structs.replace(_decode_change(told), finding=finding)


def _view(c: sqlite3.Connection, kind: str) -> list[Any]:
    decode = ROW_DECODERS[kind].decode
    return [decode(doc) for (doc,) in c.execute("SELECT doc FROM view WHERE kind = ? ORDER BY site, id", (kind,))]


def _portals(c: sqlite3.Connection, ids: tuple[str, ...]) -> list[PortalRow]:
    if not ids:
        return _view(c, "portal")
    decode = ROW_DECODERS["portal"].decode
    query = "SELECT doc FROM view WHERE kind = 'portal' AND id = ? ORDER BY site"
    return [decode(doc) for portal in ids for (doc,) in c.execute(query, (portal,))]


def _sinks(c: sqlite3.Connection, held: Callable[[str], Sequence[int]]) -> list[SinkStatus]:
    found = []
    for name, cursor, delivered, dead, last_error in c.execute("SELECT name, cursor, delivered, dead, last_error FROM sink ORDER BY name"):
        given = {"sink": name, "cursor": cursor, "held": msgspec.json.encode(held(name)).decode()}
        # What came of a finding since stands behind the row that is held: neither is late.
        query = f"SELECT o.key IN ({_HELD}), count(*), min(o.at) {WAITING} GROUP BY 1"
        counts = {bool(later): (count, oldest) for later, count, oldest in c.execute(query, given)}
        (waiting, oldest), (later, _) = counts.get(False, (0, 0)), counts.get(True, (0, 0))
        found.append(SinkStatus(sink=name, waiting=waiting, oldest_at=oldest, dead=dead, delivered=delivered, last_error=last_error, held=later))
    return found


def _dead(c: sqlite3.Connection, sink: str) -> list[DeadLetter]:
    query = "SELECT sink, seq, id, stream, at, doc, attempts, reason, died FROM dead WHERE ?1 IN ('', sink) ORDER BY n DESC"
    return [
        DeadLetter(
            sink=name,
            row=OutboxRow(seq=seq, id=row_id, stream=stream, at=at, document=decode_document(doc), attempts=attempts),
            reason=reason,
            at=died,
        )
        for name, seq, row_id, stream, at, doc, attempts, reason, died in c.execute(query, (sink,))
    ]
