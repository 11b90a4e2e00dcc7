"""A box copied while it runs and put back elsewhere: everything is there, a changed copy is refused whole, and what comes then is newer than all before."""

from __future__ import annotations

import io
import os
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.access import JOURNAL
from collector.config import load
from collector.copies import CopyError, restore, write
from collector.copies.manifest import FORMAT, NAME, Manifest, Member, decoded, digest, encoded
from collector.journal import Batch, Journal, JournalError
from tests.exporters.readers import status
from tests.journal.made import SITE, THEN, asset, changes
from tests.system.program import Box, ran, running, until


@pytest.fixture
def box() -> Iterator[Box]:
    """Short, for a Unix socket's path has at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="vonggac-test-") as name:
        yield Box(Path(name)).site().write()


@pytest.fixture
def copied(box: Box) -> Path:
    """A copy of a box whose journal holds something, made while the journal is open."""
    state = box.folder / "state"
    (state / "sockets").mkdir(parents=True)
    (state / "identity.key").write_bytes(b"k" * 32)
    (state / "reports").mkdir()
    (state / "reports" / "cu.html").write_text("x")
    with Journal.open(state / JOURNAL, box="vonggac") as journal:
        journal.commit(Batch(site=SITE, now=THEN, rows=[("asset", "a1", asset(1))], changes=changes([1, 2])))
        write(load(box.config), box.config, box.folder / "a.vgb", THEN)
        # Written after the copy was made: not in it.
        journal.commit(Batch(site=SITE, now=THEN, changes=changes([3])))
    return box.folder / "a.vgb"


def places(folder: Path, **others: Path) -> Callable[[bytes], dict[str, Path]]:
    return lambda _: {"state": folder / "state", "declared": folder / "declared", "config": folder, "web": folder / "trang", **others}


async def test_everything_comes_back_on_another_machine(copied: Path, tmp_path: Path) -> None:
    restore(copied, places(tmp_path), replace=False)
    assert (tmp_path / "config.toml").read_text() == (copied.parent / "config.toml").read_text()
    assert (tmp_path / "declared" / "site.toml").exists()
    assert (tmp_path / "state" / "identity.key").read_bytes() == b"k" * 32
    assert not (tmp_path / "state" / "reports").exists()
    assert all(path.stat().st_mode & 0o077 == 0 for path in (copied, tmp_path / "state" / JOURNAL, tmp_path / "state" / "identity.key"))
    with Journal.open(tmp_path / "state" / JOURNAL, box="vonggac") as journal:
        assert [change.finding.id[-1] for change in sorted(await journal.reader(status).findings(), key=lambda each: each.finding.id)] == ["1", "2"]
        assert [row.id for row in journal.load(SITE).rows] == ["a1"]


def epoch(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        return int(connection.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()[0])


def test_what_a_restored_box_writes_is_newer_than_all_that_went_out_before(copied: Path, tmp_path: Path) -> None:
    before = epoch(copied.parent / "state" / JOURNAL)
    restore(copied, places(tmp_path), replace=False)
    assert epoch(tmp_path / "state" / JOURNAL) > before


def test_what_is_there_is_not_overwritten_unless_asked_and_then_kept(copied: Path) -> None:
    folder = copied.parent
    (folder / "state" / "identity.key").write_bytes(b"n" * 32)
    with pytest.raises(CopyError, match="--replace"):
        restore(copied, places(folder), replace=False)
    assert (folder / "state" / "identity.key").read_bytes() == b"n" * 32
    restore(copied, places(folder), replace=True)
    assert (folder / "state" / "identity.key").read_bytes() == b"k" * 32
    assert (folder / "state" / "identity.key.before-restore").read_bytes() == b"n" * 32


def test_a_journal_in_use_is_not_touched(copied: Path) -> None:
    state = copied.parent / "state"
    with Journal.open(state / JOURNAL, box="vonggac"), pytest.raises(JournalError, match="đang được"):
        restore(copied, places(copied.parent), replace=True)
    assert not list(state.glob("*.before-restore"))


def test_what_an_earlier_restore_set_aside_stays(copied: Path) -> None:
    state = copied.parent / "state"
    for content in (b"1" * 32, b"2" * 32):
        (state / "identity.key").write_bytes(content)
        restore(copied, places(copied.parent), replace=True)
    assert (state / "identity.key.before-restore").read_bytes() == b"1" * 32
    assert (state / "identity.key.before-restore-2").read_bytes() == b"2" * 32


def test_on_a_full_disk_the_box_is_as_it_was(copied: Path, small_disk: Path) -> None:
    """The small files fit, the journal does not."""
    (small_disk / "state").mkdir()
    (small_disk / "state" / "identity.key").write_bytes(b"n" * 32)
    with (small_disk / "filler").open("wb") as filler:
        filler.write(bytes(os.statvfs(small_disk).f_bavail * 4096 - (40 << 10)))
    with pytest.raises(CopyError, match="No space left"):
        restore(copied, places(small_disk), replace=True)
    assert (small_disk / "state" / "identity.key").read_bytes() == b"n" * 32
    assert not (small_disk / "config.toml").exists()
    assert not [path.name for path in small_disk.rglob("*") if path.name.startswith(".restore-") or ".before-restore" in path.name]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte; without root it fails under CI and is skipped elsewhere."""
    needs_root("a file system is mounted")
    place = tmp_path / "dia"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], check=True)
    yield place
    subprocess.run(["umount", place], check=True)


def needs_root(why: str) -> None:
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip(f"needs root: {why}")


def test_what_root_restores_is_for_the_services_to_read(copied: Path, tmp_path: Path) -> None:
    """As on an installed box: the configuration is the group's, the state belongs to the service of core."""
    needs_root("files are given to another user")
    service, group = 54_320, 54_321
    (tmp_path / "etc").mkdir()
    os.chown(tmp_path / "etc", 0, group)
    (tmp_path / "state").mkdir(mode=0o700)
    os.chown(tmp_path / "state", service, group)
    restore(copied, places(tmp_path, config=tmp_path / "etc", declared=tmp_path / "etc" / "declared"), replace=False)
    for path in (tmp_path / "etc" / "config.toml", tmp_path / "etc" / "declared" / "site.toml"):
        assert (path.stat().st_gid, path.stat().st_mode & 0o777) == (group, 0o640)
    # Also what opening the journal made: its lock, its reserve.
    assert {path.stat().st_uid for path in (tmp_path / "state").iterdir()} == {service}
    assert (tmp_path / "state" / f"{JOURNAL}.lock").exists()


@pytest.mark.parametrize("place", ["/proc/khong-ghi-duoc", "a.vgb"])
def test_a_place_that_cannot_be_is_one_sentence(copied: Path, place: str) -> None:
    done = ran("restore", copied, "--config", copied.parent / "moi" / "config.toml", "--state-dir", copied.parent / place)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "không khôi phục được" in done.stderr


def repacked(copy: Path, change: dict[str, bytes]) -> Path:
    """The same archive with other bytes in some members."""
    out = copy.with_name("b.vgb")
    with tarfile.open(copy) as old, tarfile.open(out, "w:gz") as new:
        for entry in old:
            source = old.extractfile(entry)
            assert source is not None
            data = change.get(entry.name, source.read())
            entry.size = len(data)
            new.addfile(entry, io.BytesIO(data))
    return out


def test_the_users_of_a_page_that_keeps_them_apart_come_along(box: Box, tmp_path: Path) -> None:
    box.write('[web]\nport = 0\nusers_file = "trang/users.json"\n')
    (box.folder / "trang").mkdir()
    for name in ("users.json", "page-audit.jsonl"):
        (box.folder / "trang" / name).write_text(name)
    write(load(box.config), box.config, box.folder / "a.vgb", THEN)
    restore(box.folder / "a.vgb", places(tmp_path), replace=False)
    assert sorted(path.read_text() for path in (tmp_path / "trang").iterdir()) == ["page-audit.jsonl", "users.json"]


def test_what_a_new_box_would_not_be_given_again_comes_along(box: Box, tmp_path: Path) -> None:
    """As on a box of the package: the state and the PCs' inbox are links to the folders of their services, the key of the marks is among the secrets."""
    for folder, inbox in ((box.folder, box.folder / "endpoints"), (tmp_path / "etc", tmp_path / "endpoints")):
        (folder / "lib").mkdir(parents=True)
        inbox.mkdir()
        (folder / "state").symlink_to("lib")
        (folder / "lib/endpoints").symlink_to(inbox)
    with sqlite3.connect(box.folder / "endpoints/inbox.sqlite") as inbox_file:
        inbox_file.execute("CREATE TABLE revoked(serial)")
    box.write('[endpoints]\nmark_key = "secrets/mark.key"\n')
    (box.folder / "secrets").mkdir()
    for name, content in (("secrets/mark.key", "m"), ("secrets/webhook", "whsec_"), ("ca.pem", "CERT"), ("tinh.pub", "PUBLIC"), ("web.pem", "-PRIVATE KEY-")):
        (box.folder / name).write_text(content)
    write(load(box.config), box.config, box.folder / "a.vgb", THEN)
    restore(box.folder / "a.vgb", places(tmp_path / "etc"), replace=False)
    assert (tmp_path / "endpoints/inbox.sqlite").exists()
    assert (tmp_path / "etc/lib/endpoints").is_symlink()
    assert {path.name for path in (tmp_path / "etc").iterdir()} == {"ca.pem", "config.toml", "declared", "lib", "secrets", "state", "tinh.pub"}
    assert [path.name for path in (tmp_path / "etc/secrets").iterdir()] == ["mark.key"]
    assert (tmp_path / "etc/secrets/mark.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "etc/ca.pem").stat().st_mode & 0o777 == 0o640


def test_places_are_those_of_the_configuration_in_the_copy_not_of_the_one_that_is_replaced(box: Box, tmp_path: Path) -> None:
    (box.folder / "declared").rename(box.folder / "khai-bao")
    box.config.write_text('declared = "khai-bao"\n')
    box.ask("backup", tmp_path / "a.vgb")
    (tmp_path / "moi").mkdir()
    (tmp_path / "moi/config.toml").write_text("no TOML at all")
    done = ran("restore", tmp_path / "a.vgb", "--replace", "--config", tmp_path / "moi/config.toml")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "moi/khai-bao/site.toml").exists()
    assert ran("config", "check", "--config", tmp_path / "moi/config.toml").returncode == 0


@pytest.mark.parametrize("place", ["/etc/khai-bao", "../khai-bao"])
def test_a_copy_cannot_have_files_written_outside_a_box_s_folders(box: Box, tmp_path: Path, place: str) -> None:
    write(load(box.config), box.config, box.folder / "a.vgb", THEN)
    config = f'declared = "{place}"\n'.encode()
    changed = remade(box.folder / "a.vgb", {"config/config.toml": config})
    (tmp_path / "moi").mkdir()
    done = ran("restore", changed, "--config", "config.toml", cwd=tmp_path / "moi")
    assert (done.returncode, "ngoài thư mục của hộp" in done.stdout) == (0, True)
    assert (tmp_path / "moi/declared/site.toml").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["moi"]


def remade(copy: Path, change: dict[str, bytes]) -> Path:
    """As `repacked`, by somebody who makes the manifest fit."""
    with tarfile.open(copy) as archive:
        files = {entry.name: source.read() for entry in archive if (source := archive.extractfile(entry))}
    manifest, files = decoded(files.pop(NAME)), {**files, **change}
    told = tuple(Member(name, digest(data), len(data)) for name, data in files.items())
    return repacked(copy, {**change, NAME: encoded(Manifest(format=FORMAT, box=manifest.box, version="0", made="", members=told))})


def test_a_changed_copy_is_refused_whole(copied: Path, tmp_path: Path) -> None:
    with pytest.raises(CopyError, match=r"identity\.key"):
        restore(repacked(copied, {"state/identity.key": b"x" * 32}), places(tmp_path), replace=False)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["../a", "/etc/passwd", "state/../../a", "khac/a", "state", ""])
def test_no_name_leads_out_of_the_box_s_folders(name: str) -> None:
    manifest = Manifest(format=FORMAT, box="a", version="0", made="", members=(Member(name, digest(b""), 0),))
    with pytest.raises(CopyError, match="ra ngoài"):
        decoded(encoded(manifest))


def test_a_newer_format_says_so() -> None:
    with pytest.raises(CopyError, match="mới hơn"):
        decoded(encoded(Manifest(format=FORMAT + 1, box="a", version="9", made="", members=())))


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_damage_is_one_sentence_and_touches_nothing(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("copy")
    whole = _small(folder)
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.booleans())
    broken = whole[:at] if cut else whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    (folder / "a.vgb").write_bytes(broken)
    target = folder / "hop"
    try:
        restore(folder / "a.vgb", places(target), replace=False)
    except CopyError:
        assert not target.exists()
    else:
        # Damage to what carries nothing (a time stamp of the archive) does no harm.
        assert (target / "state" / "identity.key").read_bytes() == b"k" * 32


def _small(folder: Path) -> bytes:
    key = b"k" * 32
    manifest = Manifest(format=FORMAT, box="a", version="0", made="", members=(Member("state/identity.key", digest(key), 32),))
    out = folder / "whole"
    with tarfile.open(out, "w:gz") as archive:
        for name, data in ((NAME, encoded(manifest)), ("state/identity.key", key)):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.read_bytes()


def test_a_running_box_is_copied_by_the_command_and_comes_back_on_an_empty_machine(box: Box, tmp_path: Path) -> None:
    with running(box, "run", rights=False) as process:
        until(lambda: "http://" in process.said(), "the page")
        assert "tệp của hộp" in box.ask("backup", str(tmp_path / "a.vgb"))
    new = tmp_path / "moi"
    new.mkdir()
    done = ran("restore", tmp_path / "a.vgb", "--config", new / "config.toml")
    assert (done.returncode, done.stderr) == (0, "")
    assert (new / "state" / "identity.key").read_bytes() == (box.folder / "state" / "identity.key").read_bytes()
    assert ran("config", "check", "--config", new / "config.toml").returncode == 0


@pytest.mark.parametrize("content", [b"", b"xin chao", b"\x1f\x8b" + b"0" * 40])
def test_what_is_no_copy_is_said_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.vgb").write_bytes(content)
    done = ran("restore", tmp_path / "a.vgb", "--config", tmp_path / "config.toml")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
