"""Makes the copy while the box runs: the journal by SQLite's own online copy, everything else as it lies."""

from __future__ import annotations

import io
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from collector import trail
from collector.access import JOURNAL
from collector.copies.manifest import FORMAT, NAME, CopyError, Manifest, Member, digest, encoded
from collector.journal.schema import connect_read_only
from model.text import Text, shown
from model.times import rfc3339

if TYPE_CHECKING:
    from collector.config import Config

# What the box makes anew, or what would be stale in another life of it.
_LEFT_OUT = (".lock", ".reserve", "-wal", "-shm", ".new")
_FOLDERS_LEFT_OUT = ("sockets", "sealed", "portals", "reports")


def write(config: Config, config_path: Path, out: Path, now: int) -> Manifest:
    """Writes the copy to `out`, for its owner alone, wholly or not at all. Raises CopyError."""
    try:
        files = dict(_files(config, config_path))
        manifest = Manifest(
            format=FORMAT,
            box=config.box.id,
            version=version("vonggac"),
            made=rfc3339(now),
            members=tuple(Member(name, digest(data), len(data)) for name, data in sorted(files.items())),
        )
        _put(out, manifest, files)
    except (OSError, sqlite3.Error) as error:
        why = shown(getattr(error, "strerror", None) or str(error), 200)
        raise CopyError(Text(f"không làm được bản sao lưu {out}: {why}", f"the backup {out} could not be made: {why}")) from None
    return manifest


def _files(config: Config, config_path: Path) -> Iterator[tuple[str, bytes]]:
    yield f"config/{config_path.name}", config_path.read_bytes()
    yield from _beside(config, config_path.parent)
    for path in _below(config.declared):
        yield f"declared/{path.relative_to(config.declared).as_posix()}", path.read_bytes()
    journal = config.state_dir / JOURNAL
    if journal.exists():
        yield f"state/{JOURNAL}", _journal(journal)
    yield from _people(config.web.users_file, config.state_dir)
    for path in _below(config.state_dir):
        inside = path.relative_to(config.state_dir)
        if inside.parts[0] not in _FOLDERS_LEFT_OUT and path != journal and not path.name.endswith(_LEFT_OUT):
            yield f"state/{inside.as_posix()}", _database(path) if path.suffix == ".sqlite" else path.read_bytes()


def _people(users: Path, state: Path) -> Iterator[tuple[str, bytes]]:
    """Who may use the page, and what was done on it, where the page keeps them apart from the state (a service of its own does)."""
    if users.is_relative_to(state):
        return
    for path in (users, users.with_name(trail.NAME)):
        if path.exists():
            yield f"web/{path.name}", path.read_bytes()


def _beside(config: Config, folder: Path) -> Iterator[tuple[str, bytes]]:
    """What a new box would not be given again: certificates and public keys, and the key of its marks, without which every PC and stick is another one."""
    for path in sorted([*folder.glob("*.pem"), *folder.glob("*.pub")]):
        if b"PRIVATE KEY" not in (data := path.read_bytes()):
            yield f"config/{path.name}", data
    mark, home = config.endpoints.mark_key.resolve(), folder.resolve()
    if mark.exists() and mark.is_relative_to(home) and not mark.is_relative_to(config.state_dir.resolve()):
        yield f"config/{mark.relative_to(home).as_posix()}", mark.read_bytes()


def _below(folder: Path) -> list[Path]:
    """Files under the folder, also of a folder that stands in it as a link: what another service keeps (deploy/deb/tmpfiles.conf)."""
    if not folder.is_dir():
        return []
    linked = (path for path in folder.iterdir() if path.is_symlink() and path.is_dir())
    return sorted(path for each in (folder, *linked) for path in each.rglob("*") if path.is_file() and not path.is_symlink())


def _journal(path: Path) -> bytes:
    """The journal as one file, whole at one moment, though core writes meanwhile."""
    with tempfile.TemporaryDirectory(prefix="vonggac-") as name:
        copy = Path(name) / JOURNAL
        with closing(connect_read_only(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
        return copy.read_bytes()


def _database(path: Path) -> bytes:
    """Another database of the box (what PCs told and core has not written down yet), the same way."""
    return _journal(path)


def _put(out: Path, manifest: Manifest, files: dict[str, bytes]) -> None:
    fresh = out.with_name(out.name + ".new")
    fresh.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
                _add(archive, NAME, encoded(manifest))
                for name, data in sorted(files.items()):
                    _add(archive, name, data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(out)
    finally:
        fresh.unlink(missing_ok=True)


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), 0o600
    archive.addfile(entry, io.BytesIO(data))
