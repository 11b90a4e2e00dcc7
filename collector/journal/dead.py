"""Dead letters as people deal with them: put back to the sink that refused them, or thrown away. Inside the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence

import msgspec

from collector.journal.documents import decode_document, document_id, key_of, stream_of, time_of
from collector.journal.space import footprint
from model.ledger import Change
from model.ports import Document, Told

_decode_change = msgspec.json.Decoder(Change).decode


class _Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What goes back: `n` is its number among the dead, `seq` its old place; both None for a change that was never refused."""

    n: int | None = None
    seq: int | None = None
    id: str
    doc: bytes
    document: Document

    @property
    def finding(self) -> str:
        return self.document.change.finding.id if isinstance(self.document, Told) else ""


def replay(c: sqlite3.Connection, sink: str, ids: Sequence[str]) -> int:
    """Has `sink` given these rows again (all it refused, where none is named), at their old places; how many letters went back.

    A finding's letters go together, and what stands of the finding now comes after them: a sink that hears of an opening again must not stay
    without the end that was kept from it meanwhile. Letters of streams the sink no longer takes stay where they are.
    """
    refused = _letters(c, sink)
    named = [letter for letter in refused if not ids or letter.id in ids]
    findings = {letter.finding for letter in named} - {""}
    going = [letter for letter in refused if letter in named or letter.finding in findings]
    known = {letter.id for letter in going}
    for letter in (*going, *(now for now in _standing(c, findings) if now.id not in known)):
        _give_again(c, sink, letter)
    return _remove(c, sink, going)


def purge(c: sqlite3.Connection, sink: str, ids: Sequence[str]) -> int:
    """Throws away these letters of `sink` (all of them, where none is named); how many."""
    gone = _remove(c, sink, [letter for letter in _letters(c, sink, wanted=False) if not ids or letter.id in ids])
    # Those pushed out before them by newer ones are counted too, until a person has seen to all that is left.
    c.execute("UPDATE sink SET dead = 0 WHERE name = ?1 AND NOT EXISTS (SELECT 1 FROM dead WHERE sink = ?1)", (sink,))
    return gone


def _letters(c: sqlite3.Connection, sink: str, *, wanted: bool = True) -> list[_Letter]:
    query = "SELECT n, seq, id, doc FROM dead WHERE sink = ?1 AND (NOT ?2 OR stream IN (SELECT stream FROM want WHERE sink = ?1)) ORDER BY seq"
    rows = c.execute(query, (sink, wanted)).fetchall()
    return [_Letter(n=n, seq=seq, id=row_id, doc=doc, document=decode_document(doc)) for n, seq, row_id, doc in rows]


def _standing(c: sqlite3.Connection, findings: Collection[str]) -> Iterable[_Letter]:
    """The latest change of each finding, as it was queued."""
    (box,) = c.execute("SELECT value FROM meta WHERE key = 'box'").fetchone()
    for finding in sorted(findings):
        row = c.execute("SELECT doc FROM change WHERE finding = ? ORDER BY n DESC LIMIT 1", (finding,)).fetchone()
        if row is not None:
            told = Told(change=_decode_change(row[0]))
            # The id of a change holds no epoch.
            yield _Letter(id=document_id(box, 0, told), doc=msgspec.json.encode(told), document=told)


def _give_again(c: sqlite3.Connection, sink: str, letter: _Letter) -> None:
    found = c.execute("SELECT seq FROM outbox WHERE id = ?", (letter.id,)).fetchone()
    _reopen(c, sink, found[0] if found else _queued_for(c, sink, letter))


def _queued_for(c: sqlite3.Connection, sink: str, letter: _Letter) -> int:
    """Queues a row that had left, for this sink alone; its place."""
    key, stream = key_of(letter.document), stream_of(letter.document)
    row = (letter.seq, letter.id, stream, key, time_of(letter.document), footprint(len(letter.doc) + 2 * len(key)), letter.doc)
    seq = c.execute("INSERT INTO outbox(seq, id, stream, key, at, bytes, doc) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING seq", row).fetchone()[0]
    c.execute(
        """INSERT INTO done SELECT ?1, k.name FROM sink k JOIN want w ON w.sink = k.name AND w.stream = ?2
           WHERE k.name <> ?3 AND k.cursor < ?1""",
        (seq, stream, sink),
    )
    return int(seq)


def _reopen(c: sqlite3.Connection, sink: str, seq: int) -> None:
    """As if the sink had not passed the row; all others it passed stay passed."""
    c.execute(
        """INSERT OR IGNORE INTO done SELECT o.seq, k.name FROM sink k JOIN want w ON w.sink = k.name JOIN outbox o ON o.stream = w.stream
           WHERE k.name = ?1 AND o.seq > ?2 AND o.seq <= k.cursor""",
        (sink, seq),
    )
    c.execute("UPDATE sink SET cursor = min(cursor, ?2 - 1) WHERE name = ?1", (sink, seq))
    c.execute("DELETE FROM done WHERE sink = ? AND seq = ?", (sink, seq))


def _remove(c: sqlite3.Connection, sink: str, letters: Sequence[_Letter]) -> int:
    c.executemany("DELETE FROM dead WHERE n = ?", [(letter.n,) for letter in letters])
    c.execute("UPDATE sink SET dead = max(0, dead - ?) WHERE name = ?", (len(letters), sink))
    return len(letters)
