"""What is committed is there after a restart, all of a batch or nothing; files that are not ours, newer, damaged or held are told apart."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from collector.journal import Batch, Journal, JournalError, Loaded
from collector.journal.documents import document_id
from collector.journal.schema import SCHEMA
from collector.journal.standalone import read_only
from model.acts import Act
from model.declared import Declared
from model.facts import DhcpClientSeen, ServiceAdvertised
from model.ports import CoreStatus, Told
from model.restored import restore
from model.rows import Episode, Held, Leg, Segment, Sensor, Sighting, Stamp
from model.site import SiteView, fold
from model.verdict import Subject
from tests.journal.made import SITE, THEN, asset, change, finding, health, posture, verdict

ROOT = Path(__file__).parents[2]


def status() -> CoreStatus:
    figures = dict.fromkeys(("assets", "evicted", "overflowed", "queue", "commits", "commit_seconds", "journal_bytes"), 0)
    return CoreStatus(now=THEN, started=THEN, facts={"s": 1}, refused={}, lost={}, **figures)  # type: ignore[arg-type]


def open_files() -> list[str]:
    """What this process holds open."""
    # The folder's own descriptor is gone by the time its name is asked for.
    return [os.readlink(entry) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()]


def test_a_batch_comes_back_after_a_restart(opener):
    rows = [
        ("asset", "a1", asset(1)),
        ("segment", "eth0/10", Segment(id="eth0/10", leg="eth0", vlan=(10,), seen=Sighting(1, 2))),
        ("leg", "eth0", Leg(name="eth0", seen=Sighting(1, 2), vantage="mirror", blind=[(1, 2)])),
        ("sensor", "capture:eth0", Sensor(sensor="capture:eth0", leg="eth0", seen=Sighting(1, 2))),
        ("episode", "e1", Episode(id="e1", kind="push", asset="a1", who="x", what="y", seen=Sighting(1, 2), ended=Held(False, Stamp(0, 1, "s", 2)))),
    ]
    first = opener()
    first.commit(Batch(site=SITE, now=THEN, epoch=3, rows=rows, changes=[change(1)], verdicts=[verdict(1)], aliases={"a9": "a1"}))
    first.close()
    held = opener().load(SITE)
    assert (held.now, held.epoch, held.aliases) == (THEN, 3, {"a9": "a1"})
    assert sorted(held.rows, key=repr) == sorted((row for _, _, row in rows), key=repr)
    assert held.findings == [change(1).finding]
    assert held.verdicts == [verdict(1)]


def test_a_folded_view_comes_back_row_by_row(journal):
    view = SiteView(Declared(site=SITE, legs=("eth0",)), now=THEN)
    station = {"at": THEN, "leg": "eth0", "sensor": "s", "mac": "02:00:00:00:00:07", "ip": "10.0.0.7"}
    fold(view, ServiceAdvertised(**station, sequence=1, service="_airplay._tcp.local.", instance="Sảnh", text=(("pw", "false"),), port=7000))
    fold(view, DhcpClientSeen(**station, sequence=2, message="request", host_name="tivi", parameters=(1, 3, 6)))
    rows = [("asset", a.id, a) for a in view.assets.values()] + [("segment", s.id, s) for s in view.segments.values()]
    journal.commit(Batch(site=SITE, now=THEN, rows=rows))
    again = SiteView(Declared(site=SITE, legs=("eth0",)), now=THEN)
    restore(again, journal.load(SITE).rows)
    assert again.assets == view.assets
    assert again.by_mac == view.by_mac
    assert again.segments == view.segments


def test_a_site_never_met_is_empty(journal):
    assert journal.load("xa-khac") == Loaded()


def test_sites_are_kept_apart(journal):
    journal.commit(Batch(site="a", now=1, rows=[("asset", "a1", asset(1))], verdicts=[verdict(1)]))
    journal.commit(Batch(site="b", now=2, rows=[("asset", "a1", asset(1, last=THEN + 5))]))
    journal.commit(Batch(site="b", now=3, gone=[("asset", "a1")]))
    assert journal.load("a").rows == [asset(1)]
    assert journal.load("b").rows == []
    assert journal.load("b").now == 3


def test_versions_rise_by_one_and_outlive_a_restart(opener):
    first = opener()
    assert [first.commit(Batch(site=SITE, now=n)) for n in range(3)] == [1, 2, 3]
    first.close()
    second = opener()
    assert second.version == 3
    assert second.commit(Batch(site=SITE, now=9)) == 4


def test_what_left_is_gone(journal):
    journal.commit(Batch(site=SITE, now=1, rows=[("asset", "a1", asset(1))], findings=[finding(1, state="pending")], verdicts=[verdict(1), verdict(2)]))
    journal.commit(Batch(site=SITE, now=2, gone=[("asset", "a1")], forgotten=[finding(1).id], unjudged=[("VG-NET-02", Subject("asset", "a1"))]))
    held = journal.load(SITE)
    assert (held.rows, held.findings, held.verdicts) == ([], [], [verdict(2)])


async def test_history_is_bounded_and_in_order(opener):
    journal = opener(history=5)
    reader = journal.reader(status)
    for sequence in range(1, 13):
        journal.commit(Batch(site=SITE, now=THEN, changes=[change(1, sequence=sequence), change(2, sequence=sequence)]))
    assert [c.finding.sequence for c in await reader.history(finding(1).id)] == [8, 9, 10, 11, 12]


async def test_the_reader_shows_findings_as_they_stand_now(journal):
    reader = journal.reader(status)
    journal.commit(Batch(site=SITE, now=THEN, changes=[change(1)], findings=[finding(3, state="pending")]))
    fresher = msgspec.structs.replace(finding(1), clears=1)
    journal.commit(Batch(site=SITE, now=THEN, findings=[fresher]))
    (found,) = await reader.findings()
    assert found == msgspec.structs.replace(change(1), finding=fresher)
    (pending,) = await reader.findings(["pending"])
    assert pending.finding == finding(3, state="pending")
    assert await reader.findings(["resolved"]) == []


async def test_a_batch_with_a_change_and_a_newer_finding_keeps_the_newer(journal):
    later = msgspec.structs.replace(finding(1), clears=2)
    journal.commit(Batch(site=SITE, now=THEN, changes=[change(1)], findings=[later]))
    assert journal.load(SITE).findings == [later]


async def test_status_holds_the_journals_own_figures(journal):
    journal.commit(Batch(site=SITE, now=THEN, changes=[change(1)]))
    told = await journal.reader(status).status()
    assert (told.commits, told.facts, told.lost) == (1, {"s": 1}, {})
    assert told.commit_seconds > 0
    assert told.journal_bytes >= os.stat(journal.path).st_size


def test_acts_are_journalled(journal):
    journal.commit(Batch(site=SITE, now=THEN, acts=[Act(kind="close", finding="f", by="Lan", why="đã tắt")]))
    with sqlite3.connect(journal.path) as plain:
        assert plain.execute("SELECT finding FROM act").fetchall() == [("f",)]


def test_all_of_a_batch_or_nothing(journal):
    class Odd:
        pass

    with pytest.raises(TypeError):
        journal.commit(Batch(site=SITE, now=5, rows=[("asset", "a1", asset(1))], changes=[change(1)], documents=[Odd()]))  # type: ignore[list-item]
    assert journal.load(SITE) == Loaded()
    assert journal.queued().rows == 0
    assert journal.commit(Batch(site=SITE, now=5, changes=[change(1)])) == 1


def test_a_second_opener_is_refused_in_one_sentence(journal, opener):
    with pytest.raises(JournalError, match=rf"đang được tiến trình {os.getpid()} dùng") as refused:
        opener()
    assert refused.value.kind == "in_use"
    script = """
import sys
from pathlib import Path
from collector.journal import Journal, JournalError
try:
    Journal.open(Path(sys.argv[1]), box="x")
except JournalError as error:
    print(error.text.en)
"""
    other = subprocess.run([sys.executable, "-c", script, str(journal.path)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert other.stdout == f"journal {journal.path} is in use by process {os.getpid()}: run one core for each journal\n"


def test_a_newer_schema_is_refused_and_left_alone(opener, tmp_path):
    first = opener()
    first.commit(Batch(site=SITE, now=THEN, changes=[change(1)]))
    first.close()
    path = tmp_path / "journal.db"
    with sqlite3.connect(path) as plain:
        plain.execute("PRAGMA user_version = 99")
    plain.close()
    before = path.read_bytes()
    with pytest.raises(JournalError, match="phiên bản mới hơn ghi") as refused:
        opener()
    assert refused.value.kind == "newer"
    assert path.read_bytes() == before
    # Refused, it holds neither the file nor the lock: with its own version back the journal opens.
    assert [name for name in open_files() if name.startswith(str(path))] == []
    with sqlite3.connect(path) as plain:
        plain.execute(f"PRAGMA user_version = {SCHEMA}")
    plain.close()
    assert opener().load(SITE).findings == [finding(1)]


def test_an_older_schema_is_brought_up_step_by_step(opener, tmp_path, monkeypatch):
    from collector.journal import schema

    first = opener()
    first.commit(Batch(site=SITE, now=THEN, changes=[change(1)]))
    first.close()
    monkeypatch.setitem(schema.MIGRATIONS, SCHEMA, lambda c: c.execute("CREATE TABLE added(x)"))
    monkeypatch.setattr(schema, "SCHEMA", SCHEMA + 1)
    journal = opener()
    assert journal.load(SITE).findings == [finding(1)]
    journal.close()
    with sqlite3.connect(tmp_path / "journal.db") as plain:
        assert plain.execute("SELECT count(*) FROM added").fetchone() == (0,)
        assert plain.execute("PRAGMA user_version").fetchone() == (SCHEMA + 1,)
    plain.close()


def test_somebody_elses_database_is_refused_and_left_alone(opener, tmp_path):
    path = tmp_path / "journal.db"
    with sqlite3.connect(path) as plain:
        plain.execute("CREATE TABLE sổ(x)")
    plain.close()
    before = path.read_bytes()
    with pytest.raises(JournalError, match="không phải nhật ký của Vọng Gác"):
        opener()
    assert path.read_bytes() == before


def damage_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"not a database at all, really")


def damage_middle(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))


def damage_tail(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize("damage", [damage_header, damage_middle, damage_tail])
def test_a_damaged_journal_is_set_aside_and_a_new_one_begun(opener, tmp_path, damage):
    path = tmp_path / "journal.db"
    first = opener()
    first.commit(Batch(site=SITE, now=THEN, changes=[change(n) for n in range(200)], rows=[("asset", f"a{n}", asset(n)) for n in range(200)]))
    first.close()
    damage(path)
    damaged = path.read_bytes()
    second = opener()
    kept = tmp_path / "journal.db.damaged-1"
    assert second.notice is not None
    assert second.notice.vi == f"nhật ký {path} bị hỏng, đã giữ lại ở {kept}; bắt đầu nhật ký mới"
    assert kept.read_bytes() == damaged
    assert second.load(SITE) == Loaded()
    assert second.commit(Batch(site=SITE, now=THEN, changes=[change(1)])) == 1


def test_damaged_journals_do_not_pile_up(opener, tmp_path):
    path = tmp_path / "journal.db"
    for _ in range(5):
        opener().close()
        damage_header(path)
    opener().close()
    assert sorted(p.name for p in tmp_path.glob("*.damaged-*")) == [f"journal.db.damaged-{n}" for n in (1, 2, 3)]


@pytest.mark.parametrize("make", [lambda p: p.mkdir(), lambda p: p.parent.joinpath("file").write_text("")])
def test_a_place_that_cannot_hold_a_journal_is_told(tmp_path, make):
    path = tmp_path / "here"
    make(path)
    target = path if path.exists() else tmp_path / "file" / "journal.db"
    with pytest.raises(JournalError, match="không mở được nhật ký"):
        Journal.open(target, box="x")


def test_a_journal_without_its_tables_yet_is_told_as_such(tmp_path):
    path = tmp_path / "journal.sqlite"
    path.touch()
    with pytest.raises(JournalError, match="khởi động"), read_only(path):
        pass


def test_only_the_owner_may_read_the_file(journal):
    assert os.stat(journal.path).st_mode & 0o077 == 0


def test_a_closed_journal_says_so(opener):
    journal = opener()
    journal.close()
    journal.close()
    with pytest.raises(JournalError) as refused:
        journal.commit(Batch(site=SITE, now=THEN))
    assert refused.value.kind == "closed"


def test_document_ids_name_the_occurrence():
    told = Told(change=change(1))
    same = document_id("hop-01", 0, told)
    assert same == document_id("hop-01", 7, Told(change=change(1)))
    assert same.startswith("250603")
    assert len(same) == 6 + 27
    different = [
        document_id("hop-02", 0, told),
        document_id("hop-01", 0, Told(change=change(1, sequence=2))),
        document_id("hop-01", 0, Told(change=change(2))),
        document_id("hop-01", 0, posture(1)),
        document_id("hop-01", 0, posture(2)),
        document_id("hop-01", 1, posture(1)),
        document_id("hop-01", 0, posture(1, at=THEN + 1)),
        document_id("hop-01", 0, health()),
        document_id("hop-01", 1, health()),
    ]
    assert len({same, *different}) == 10


def test_the_same_document_is_queued_once(journal):
    journal.commit(Batch(site=SITE, now=THEN, documents=[posture(1), posture(1), health()]))
    journal.commit(Batch(site=SITE, now=THEN, documents=[posture(1), health()]))
    assert journal.queued().rows == 2
