"""What it takes on Linux for a file's name, or its whole content, to survive a power cut."""

from __future__ import annotations

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Makes new, renamed and deleted names in `folder` durable (rename(2) alone is not). Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, content: bytes, *, private: bool = False) -> None:
    """Puts `content` in place of what `path` held, wholly or not at all. Raises OSError.

    `private`: for its owner alone. Written by root it belongs to whoever owns the folder: a command must not take the file away from the service.
    """
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666), "wb") as file:
            if private and os.geteuid() == 0:
                folder = path.resolve().parent.stat()
                os.fchown(file.fileno(), folder.st_uid, folder.st_gid)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        # On a full disk the beginning of it would hold room that nobody else gets.
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
