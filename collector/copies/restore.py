"""Puts a copy back: checked whole first, what was there set aside, the journal in a new epoch, so that the province takes what comes."""

from __future__ import annotations

import os
import tarfile
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from collector.access import JOURNAL
from collector.copies.manifest import NAME, PLACES, CopyError, Manifest, decoded, digest
from collector.journal import Journal
from collector.journal.files import Lock
from model.text import Text, shown

# The journal's bound is far below; a copy beyond this is something else.
_MOST: Final = 1 << 30
_MANIFEST: Final = 4 << 20


def restore(copy: Path, places: Mapping[str, Path], *, replace: bool) -> Manifest:
    """Puts the members back to `places` (state, declared, config: the folder each goes to). Raises CopyError, JournalError.

    Where a place holds files of these names already: refused, or with `replace` set aside as `NAME.before-restore`. The journal must be nobody's meanwhile.
    """
    manifest, files = _read(copy)
    targets = {name: places[name.partition("/")[0]] / name.partition("/")[2] for name in files}
    there = [path for path in targets.values() if path.exists()]
    if there and not replace:
        raise CopyError(
            Text(
                f"đã có {shown(str(there[0]), 200)}: thêm --replace để cất bản đang có rồi khôi phục",
                f"{shown(str(there[0]), 200)} exists: add --replace to set aside what is there",
            )
        )
    state = places["state"]
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = Lock(state / JOURNAL)
    try:
        _put(files, targets)
    except OSError as error:
        why = shown(error.strerror or str(error))
        raise CopyError(Text(f"không khôi phục được: {why}", f"could not be restored: {why}")) from None
    finally:
        lock.close()
    if (state / JOURNAL).exists():
        with Journal.open(state / JOURNAL, box=manifest.box) as journal:
            journal.raise_epoch()
    return manifest


def _read(copy: Path) -> tuple[Manifest, dict[str, bytes]]:
    """All of it, every member as the manifest says. Raises CopyError."""
    try:
        with tarfile.open(copy, "r:gz") as archive:
            first = archive.next()
            if first is None or first.name != NAME:
                raise _no_copy(copy)
            manifest = decoded(_data(archive, first, _MANIFEST))
            wanted = {member.name: member for member in manifest.members}
            files: dict[str, bytes] = {}
            while (entry := archive.next()) is not None:
                member = wanted.get(entry.name)
                if member is None or not entry.isreg() or entry.size != member.size:
                    raise _changed(entry.name)
                files[entry.name] = _data(archive, entry, _MOST)
                if digest(files[entry.name]) != member.sha256:
                    raise _changed(entry.name)
    except OSError as error:
        if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
            raise CopyError(Text(f"không đọc được {copy}: {error.strerror}", f"{copy} cannot be read: {error.strerror}")) from None
        raise _no_copy(copy) from None
    except (tarfile.TarError, EOFError, zlib.error):
        raise _no_copy(copy) from None
    if missing := set(wanted) - set(files):
        raise _changed(min(missing))
    return manifest, files


def _data(archive: tarfile.TarFile, entry: tarfile.TarInfo, most: int) -> bytes:
    source = archive.extractfile(entry)
    if source is None or entry.size > most:
        raise _changed(entry.name)
    return source.read()


def _put(files: Mapping[str, bytes], targets: Mapping[str, Path]) -> None:
    for name, target in targets.items():
        target.parent.mkdir(mode=0o700 if name.startswith(PLACES[0]) else 0o755, parents=True, exist_ok=True)
        if target.exists():
            target.replace(target.with_name(target.name + ".before-restore"))
        # A log that belongs to the journal that was there would be played into the one that comes.
        for suffix in ("-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
            file.write(files[name])
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(target)
        owner = target.parent.stat()
        if os.geteuid() == 0:
            os.chown(target, owner.st_uid, owner.st_gid)


def _no_copy(copy: Path) -> CopyError:
    name = shown(str(copy), 200)
    return CopyError(Text(f"{name} không phải bản sao lưu, hoặc bị cắt", f"{name} is no backup, or is cut short"))


def _changed(name: str) -> CopyError:
    return CopyError(
        Text(
            f"bản sao lưu đã bị sửa hoặc hỏng ở tệp {shown(name)}: không khôi phục gì",
            f"the backup was changed or damaged at {shown(name)}: nothing is restored",
        )
    )
