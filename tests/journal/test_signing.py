"""Core signs what it hands to a sink whose receiver checks who wrote: only that, exactly that, and in an order that a restored journal continues."""

from __future__ import annotations

import base64
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from collector.journal import Batch, Journal, Signing
from collector.journal.documents import decode_document
from collector.journal.signing import Signer
from model.fleet.signed import FIRST_EPOCH, key_id, signed_bytes, version
from model.ports import OutboxRow, Receipt, Signed
from model.times import DAY, SECOND
from tests.core.test_core import HandClock
from tests.journal.made import SITE, THEN, changes, health, posture

ROOT = Path(__file__).parents[2]
BOX = "hop-01"
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
PUBLIC = PRIVATE.public_key()
SIGNING = Signing(frozenset({"province"}), key_id(PUBLIC.public_bytes_raw()), PRIVATE.sign)


def holds(row_id: str, signed: Signed, box: str = BOX) -> bool:
    """Whether the signature is the box's over just this, checked as the province does."""
    try:
        PUBLIC.verify(base64.urlsafe_b64decode(signed.signature), signed_bytes(box, row_id, signed))
    except InvalidSignature:
        return False
    return True


def leased(journal: Journal, sink: str = "province") -> list[OutboxRow]:
    journal.table.register(sink, ["finding", "posture", "health"])
    return list(journal.table.lease(sink, 100).rows)


def filled(journal: Journal) -> Journal:
    journal.commit(Batch(site=SITE, now=THEN, changes=changes([1, 2]), documents=[posture(1), health()]))
    return journal


def test_each_row_is_signed_with_the_bytes_that_are_stored(opener):
    journal = filled(opener(signing=SIGNING))
    rows = leased(journal)
    assert len(rows) == 4
    stored = dict(journal.table.ask(lambda c: c.execute("SELECT seq, doc FROM outbox").fetchall()))
    for row in rows:
        assert row.signed is not None
        assert row.signed.payload.encode() == stored[row.seq]
        assert decode_document(row.signed.payload) == row.document
        assert (row.signed.epoch, row.signed.sequence) == (journal.epoch, row.seq)
        assert row.signed.key == key_id(PUBLIC.public_bytes_raw())
        assert holds(row.id, row.signed)


def test_rows_of_other_sinks_and_of_boxes_without_a_province_are_not_signed(opener, tmp_path):
    journal = filled(opener(signing=SIGNING))
    assert {row.signed for row in leased(journal, "webhook")} == {None}
    other = filled(opener(tmp_path / "other.db"))
    assert {row.signed for row in leased(other)} == {None}


@given(
    payload=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60),
    row_id=st.from_regex(r"[0-9]{6}[A-Za-z0-9_-]{27}", fullmatch=True),
    sequence=st.integers(0, 2**32 - 1),
    data=st.data(),
)
def test_what_is_changed_by_one_byte_or_said_of_another_does_not_hold(payload, row_id, sequence, data):
    signed = Signer(BOX, FIRST_EPOCH + 5, SIGNING).signed("province", sequence, row_id, payload.encode())
    assert signed is not None
    assert holds(row_id, signed)
    place = data.draw(st.integers(0, len(payload)))
    changed = msgspec.structs.replace
    for wrong in (
        changed(signed, payload=payload[:place] + "x" + payload[place:]),
        changed(signed, epoch=signed.epoch + 1),
        changed(signed, sequence=sequence + 1),
        changed(signed, epoch=sequence, sequence=signed.epoch),
    ):
        assert not holds(row_id, wrong)
    assert not holds(row_id[:-1] + ("A" if row_id[-1] != "A" else "B"), signed)
    assert not holds(row_id, signed, "hop-02")
    assert not holds(row_id, signed, BOX + "\0")


@given(st.lists(st.tuples(st.integers(FIRST_EPOCH, FIRST_EPOCH + 2**31 - 1), st.integers(0, 2**32 - 1)), min_size=2))
def test_versions_are_ordered_by_epoch_then_sequence(pairs):
    assert sorted(pairs) == sorted(pairs, key=lambda pair: version(*pair))
    assert len({version(*pair) for pair in pairs}) == len(set(pairs))
    assert all(0 <= version(*pair) < 2**63 for pair in pairs)


@pytest.mark.parametrize(("epoch", "sequence"), [(FIRST_EPOCH - 1, 0), (FIRST_EPOCH + 2**31, 0), (FIRST_EPOCH, -1), (FIRST_EPOCH, 2**32)])
def test_what_no_box_can_have_has_no_version(epoch, sequence):
    with pytest.raises(ValueError, match="epoch"):
        version(epoch, sequence)


def test_the_epoch_is_the_second_the_journal_was_made_in_and_stays(opener):
    clock = HandClock(THEN)
    journal = opener(clock=clock)
    assert journal.epoch == THEN // SECOND
    journal.close()
    clock.pass_(DAY)
    assert opener(clock=clock).epoch == THEN // SECOND


def test_a_journal_of_before_gets_its_epoch_when_it_is_opened(opener, tmp_path):
    filled(opener()).close()
    with sqlite3.connect(tmp_path / "journal.db") as plain:
        plain.execute("DELETE FROM meta WHERE key = 'epoch'")
    plain.close()
    journal = opener(clock=HandClock(THEN + DAY), signing=SIGNING)
    assert journal.epoch == (THEN + DAY) // SECOND
    assert len(leased(journal)) == 4


def test_a_box_whose_clock_stands_in_1970_can_still_be_ordered(opener):
    assert version(opener(clock=HandClock(1)).epoch, 1) >= 0


def test_a_restored_journal_comes_after_all_that_was_written_since_its_copy(opener, tmp_path):
    clock = HandClock(THEN)
    journal = opener(clock=clock, signing=SIGNING)
    filled(journal)
    copy = tmp_path / "copy.db"
    with sqlite3.connect(tmp_path / "journal.db") as plain, sqlite3.connect(copy) as kept:
        plain.backup(kept)
    plain.close()
    kept.close()
    journal.commit(Batch(site=SITE, now=THEN, changes=changes([3, 4])))
    latest = max(version(row.signed.epoch, row.seq) for row in leased(journal))
    journal.close()
    shutil.move(copy, tmp_path / "journal.db")
    restored = opener(clock=clock, signing=SIGNING)
    raised = restored.raise_epoch()
    # The clock did not move: the epoch rises nevertheless.
    assert raised == restored.epoch == THEN // SECOND + 1
    assert min(version(row.signed.epoch, row.seq) for row in leased(restored)) > latest
    assert all(holds(row.id, row.signed) for row in leased(restored))
    restored.close()
    assert opener(clock=clock).epoch == raised


def test_a_damaged_journal_begun_anew_is_a_later_epoch(opener, tmp_path):
    first = filled(opener(clock=HandClock(THEN)))
    before = first.epoch
    first.close()
    (tmp_path / "journal.db").write_bytes(b"SQLite format 3\0" + bytes(5000))
    anew = opener(clock=HandClock(THEN + DAY))
    assert anew.notice is not None
    assert anew.epoch > before


def test_a_dead_letter_put_back_has_its_old_place_and_signature(opener):
    journal = filled(opener(signing=SIGNING))
    first = leased(journal)[0]
    journal.table.acknowledge("province", [Receipt(first.seq, "rejected", "mapping")])
    assert journal.table.replay("province", [first.id]) == 1
    again = next(row for row in leased(journal) if row.id == first.id)
    assert again.signed == first.signed


def test_a_core_killed_at_any_moment_keeps_its_epoch(tmp_path):
    path = tmp_path / "journal.db"
    epochs = []
    for first in range(3):
        command = [sys.executable, "-m", "tests.journal.committer", str(path), str(1000 * first)]
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        child.stdout.readline()
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
        # Made by the wall clock's second; opened by another, it must not move.
        with Journal.open(path, box=BOX, clock=HandClock(THEN + first * DAY)) as journal:
            epochs.append(journal.epoch)
    assert len(set(epochs)) == 1
    assert epochs[0] > THEN // SECOND + 2 * DAY // SECOND
