"""One batch into the tables, and one site out of them. Inside the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

import msgspec

from collector.journal import receipts
from collector.journal.batch import ROW_DECODERS, Batch, Loaded, Row, encode
from collector.journal.documents import document_id, key_of, stream_of, time_of
from collector.journal.space import Bounds, footprint, keep_history, keep_within
from model.ledger import Change, Finding
from model.ports import Document, Told
from model.verdict import Verdict

# Acts are few and made by people; the bound only keeps a runaway script from filling the disk.
MAX_ACTS = 10_000
_PIECE = 50

_decode_finding = msgspec.json.Decoder(Finding).decode
_decode_verdict = msgspec.json.Decoder(Verdict).decode


def put(c: sqlite3.Connection, batch: Batch, box: str, bounds: Bounds) -> int:
    """Writes all of a batch; the journal's new version."""
    if batch.ended:
        _put_away(c, batch.site)
    _put_view(c, batch)
    _put_findings(c, batch, bounds)
    _put_verdicts(c, batch)
    _put_acts(c, batch)
    received: list[tuple[str, Document]] = [(row_id, Told(change=change)) for row_id, change in batch.received]
    own: list[Document] = [*(Told(change=change) for change in batch.changes), *batch.documents]
    # In pieces: one batch larger than the outbox must not fail for ever.
    for piece in _pieces([*received, *(("", document) for document in own)]):
        _enqueue(c, box, batch.epoch, piece)
        keep_within(c, bounds.outbox)
    c.execute("INSERT OR REPLACE INTO site VALUES (?, ?, ?)", (batch.site, batch.now, batch.epoch))
    c.execute("UPDATE meta SET value = ? WHERE key = 'now'", (batch.now,))
    return int(c.execute("UPDATE meta SET value = value + 1 WHERE key = 'version' RETURNING value").fetchone()[0])


def _pieces(documents: Sequence[tuple[str, Document]]) -> Iterator[Sequence[tuple[str, Document]]]:
    return (documents[start : start + _PIECE] for start in range(0, len(documents), _PIECE))


def _put_away(c: sqlite3.Connection, site: str) -> None:
    for table in ("view", "alias", "verdict"):
        c.execute(f"DELETE FROM {table} WHERE site = ?", (site,))  # noqa: S608 - names from the line above


def _put_view(c: sqlite3.Connection, batch: Batch) -> None:
    site = batch.site
    upsert = "INSERT INTO view VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET doc = excluded.doc"
    c.executemany(upsert, [(site, kind, row_id, encode(row)) for kind, row_id, row in batch.rows])
    c.executemany("DELETE FROM view WHERE site = ? AND kind = ? AND id = ?", [(site, *key) for key in batch.gone])
    c.executemany("INSERT OR REPLACE INTO alias VALUES (?, ?, ?)", [(site, *pair) for pair in batch.aliases.items()])


def _put_findings(c: sqlite3.Connection, batch: Batch, bounds: Bounds) -> None:
    upsert = "INSERT INTO finding VALUES (?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET state = excluded.state, doc = excluded.doc"
    # A change carries its finding as it stood then; what stands now is told apart, and comes last.
    changes = [*batch.changes, *(change for _, change in batch.received)]
    standing = {f.id: f for f in (*(change.finding for change in changes), *batch.findings)}
    c.executemany(upsert, [(f.id, f.site, f.state, encode(f)) for f in standing.values()])
    for change in changes:
        _append(c, change, bounds.per_finding)
        keep_history(c, bounds.history)
    for finding in batch.forgotten:
        c.execute("DELETE FROM finding WHERE id = ?", (finding,))
        c.execute("DELETE FROM change WHERE finding = ?", (finding,))
        receipts.forget(c, finding)


def _append(c: sqlite3.Connection, change: Change, history: int) -> None:
    finding = change.finding.id
    doc = encode(change)
    c.execute("INSERT INTO change(finding, bytes, doc) VALUES (?, ?, ?)", (finding, footprint(len(doc)), doc))
    c.execute(
        "DELETE FROM change WHERE finding = ?1 AND n <= (SELECT n FROM change WHERE finding = ?1 ORDER BY n DESC LIMIT 1 OFFSET ?2)",
        (finding, history),
    )


def _put_verdicts(c: sqlite3.Connection, batch: Batch) -> None:
    site = batch.site
    upsert = "INSERT INTO verdict VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET doc = excluded.doc"
    c.executemany(upsert, [(site, v.detector, v.subject.kind, v.subject.id, encode(v)) for v in batch.verdicts])
    remove = "DELETE FROM verdict WHERE site = ? AND detector = ? AND kind = ? AND subject = ?"
    c.executemany(remove, [(site, detector, subject.kind, subject.id) for detector, subject in batch.unjudged])


def _put_acts(c: sqlite3.Connection, batch: Batch) -> None:
    if batch.acts:
        c.executemany("INSERT INTO act(finding, doc) VALUES (?, ?)", [(act.finding, encode(act)) for act in batch.acts])
        c.execute("DELETE FROM act WHERE n <= (SELECT max(n) FROM act) - ?", (MAX_ACTS,))


def _enqueue(c: sqlite3.Connection, box: str, epoch: int, documents: Sequence[tuple[str, Document]]) -> None:
    """Queues documents, each under the id it was given, or that of our own."""
    queue = "INSERT OR IGNORE INTO outbox(id, stream, key, at, bytes, doc) VALUES (?, ?, ?, ?, ?, ?)"
    for row_id, document in documents:
        doc, key = encode(document), key_of(document)
        size = footprint(len(doc) + 2 * len(key))
        c.execute(queue, (row_id or document_id(box, epoch, document), stream_of(document), key, time_of(document), size, doc))


def load(c: sqlite3.Connection, site: str) -> Loaded:
    """What the journal holds of `site`."""
    known = c.execute("SELECT now, epoch FROM site WHERE site = ?", (site,)).fetchone()
    if known is None:
        return Loaded()
    rows: list[Row] = [ROW_DECODERS[kind].decode(doc) for kind, doc in c.execute("SELECT kind, doc FROM view WHERE site = ? ORDER BY kind, id", (site,))]
    return Loaded(
        now=known[0],
        epoch=known[1],
        rows=rows,
        findings=[_decode_finding(doc) for (doc,) in c.execute("SELECT doc FROM finding WHERE site = ? ORDER BY rowid", (site,))],
        verdicts=[_decode_verdict(doc) for (doc,) in c.execute("SELECT doc FROM verdict WHERE site = ? ORDER BY rowid", (site,))],
        aliases=dict(c.execute("SELECT id, target FROM alias WHERE site = ? ORDER BY id", (site,))),
    )
