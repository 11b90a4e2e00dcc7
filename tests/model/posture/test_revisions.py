"""What the PCs' own revisions tell of when an update came out, in any order and after a restart."""

from __future__ import annotations

import itertools

import msgspec

from model.declared import Declared
from model.endpointfacts import PcAnswered
from model.posture.revisions import MAX_REVISIONS, changed_at, newer_since, out_since
from model.posture.rows import PcRow
from model.posture.told import Machine
from model.restored import restore
from model.site import SiteView, fold
from model.times import DAY

AT = 1_750_000_000_000_000_000
BUILD = 26200


def view_of(*answers):
    view = SiteView(Declared(site="xa"), key=b"k" * 32, now=AT)
    for number, (pc, revision, day) in enumerate(answers):
        told = Machine(platform="windows", build=BUILD, revision=revision)
        at = AT + day * DAY
        fold(view, PcAnswered(at=at, sensor="endpoints", sequence=number, pc=pc, topic="machine", answered=at, told=told))
    return view


SEEN = [("pc-01", 100, 0), ("pc-02", 100, 3), ("pc-02", 120, 30), ("pc-02", 140, 60), ("pc-01", 100, 61)]


def test_an_update_was_out_when_the_first_pc_had_it_or_a_newer_one():
    for order in itertools.islice(itertools.permutations(SEEN), 0, 120, 7):
        tables = view_of(*order).posture
        assert [out_since(tables, BUILD, revision) for revision in (90, 100, 110, 120, 140, 141)] == [
            AT, AT, AT + 30 * DAY, AT + 30 * DAY, AT + 60 * DAY, None,
        ]  # fmt: skip
        assert newer_since(tables, BUILD, 100) == AT + 30 * DAY
        assert newer_since(tables, BUILD, 140) is None
        assert newer_since(tables, 1, 1) is None


def test_a_pc_that_changed_installed_something():
    rows = view_of(*SEEN).posture.pc
    assert changed_at([rows["pc-02"]], BUILD, 140) == AT + 60 * DAY
    assert changed_at([rows["pc-01"]], BUILD, 100) is None
    assert changed_at([rows["pc-01"]], BUILD, 140) is None


def test_a_restart_keeps_it():
    view = view_of(*SEEN)
    again = SiteView(Declared(site="xa"), key=b"k" * 32, now=AT)
    restore(again, [msgspec.json.decode(msgspec.json.encode(row), type=PcRow) for row in view.posture.pc.values()])
    assert again.posture.revisions == view.posture.revisions


def test_one_pc_is_remembered_for_a_bounded_number_of_updates():
    view = view_of(*(("pc-01", number, number) for number in range(MAX_REVISIONS + 9)))
    assert len(view.posture.pc["pc-01"].revisions) == MAX_REVISIONS


def test_a_clock_set_back_leaves_nothing_in_the_future():
    view = view_of(*SEEN)
    view.new_epoch(AT + DAY)
    assert max(max(known.values()) for known in view.posture.revisions.values()) <= AT + DAY
    assert max(max(row.revisions.values()) for row in view.posture.pc.values()) <= AT + DAY
