"""Puts a copy back: checked whole first, what was there set aside, the journal in a new epoch, so that the province takes what comes."""

from __future__ import annotations

import contextlib
import itertools
import os
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from collector.access import JOURNAL
from collector.copies.manifest import NAME, CopyError, Manifest, decoded, digest
from collector.journal import Journal
from collector.journal.files import Lock
from model.text import Text, shown

# The journal's bound is far below; a copy beyond this is something else.
_MOST: Final = 1 << 30
_MANIFEST: Final = 4 << 20
# So often nobody restores over what is there.
_SET_ASIDE: Final = 10_000


# The folders that state, declared, config and web go to, by the configuration that the copy holds; nothing where it holds none.
Places = Callable[[bytes], Mapping[str, Path]]


def restore(copy: Path, places: Places, *, replace: bool) -> Manifest:
    """Puts the members back to their places. Raises CopyError, JournalError.

    Where a place holds files of these names already: refused, or with `replace` set aside as `NAME.before-restore` (`-2`, ... after an earlier one).
    The journal must be nobody's meanwhile. What cannot be written whole changes nothing.
    """
    manifest, files = _read(copy)
    folders = places(next((data for name, data in files.items() if name.startswith("config/") and name.endswith(".toml")), b""))
    targets = {name: folders[name.partition("/")[0]] / name.partition("/")[2] for name in files}
    state = folders["state"]
    try:
        _refuse_over([path for path in targets.values() if path.exists()], replace=replace)
        _make_folder(state, private=True)
        with contextlib.closing(Lock(state / JOURNAL)):
            _put(files, targets)
        if (state / JOURNAL).exists():
            with Journal.open(state / JOURNAL, box=manifest.box) as journal:
                journal.raise_epoch()
        for path in state.glob(f"{JOURNAL}*"):
            _hand_over(path)
    except OSError as error:
        why = shown(error.strerror or str(error))
        place = shown(str(error.filename or state), 200)
        raise CopyError(Text(f"không khôi phục được, {place}: {why}", f"could not be restored, {place}: {why}")) from None
    return manifest


def _refuse_over(there: list[Path], *, replace: bool) -> None:
    if there and not replace:
        raise CopyError(
            Text(
                f"đã có {shown(str(there[0]), 200)}: thêm --replace để cất bản đang có rồi khôi phục",
                f"{shown(str(there[0]), 200)} exists: add --replace to set aside what is there",
            )
        )


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
    """All of them beside their places first: on a full disk the box is as it was."""
    drafts: dict[str, Path] = {}
    try:
        for name, target in targets.items():
            _make_folder(target.parent, private=_is_private(name))
            drafts[name] = _beside(target)
            _fill(drafts[name], files[name], private=_is_private(name))
        for name, draft in drafts.items():
            _swap(draft, targets[name])
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
    for folder in {target.parent for target in targets.values()}:
        _sync(folder)


def _is_private(name: str) -> bool:
    """The state and the page's users are one service's; the configuration and declared data are read by all of them, through their group. A key is nobody's."""
    return name.endswith(".key") or not name.startswith(("config/", "declared/"))


def _make_folder(folder: Path, *, private: bool) -> None:
    """The folder and those above it, each its parent's owner's: made by root in a service's folder, they are the service's."""
    for path in reversed([folder, *itertools.takewhile(lambda each: not each.exists(), folder.parents)]):
        if not path.exists():
            path.mkdir(mode=0o700 if private else 0o755)
            _hand_over(path)


def _beside(target: Path) -> Path:
    """An empty file, its owner's alone."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".restore-")
    os.close(handle)
    return Path(name)


def _fill(draft: Path, data: bytes, *, private: bool) -> None:
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fchmod(file.fileno(), 0o600 if private else 0o640)
        os.fsync(file.fileno())
    _hand_over(draft)


def _swap(draft: Path, target: Path) -> None:
    if target.exists():
        target.replace(_aside(target))
    # A log that belongs to the journal that was there would be played into the one that comes.
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    draft.replace(target)


def _aside(target: Path) -> Path:
    """A name that nothing has: what an earlier restore set aside is perhaps the only one of its kind."""
    first = target.with_name(target.name + ".before-restore")
    return next(path for path in (first, *(first.with_name(f"{first.name}-{n}") for n in range(2, _SET_ASIDE))) if not path.exists())


def _sync(folder: Path) -> None:
    """Makes the new names durable: rename(2) alone is not."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _hand_over(path: Path) -> None:
    """A command given by root must not take a file away from the service, whose folder it is."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


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
