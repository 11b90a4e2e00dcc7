"""Secrets that a box makes for itself: behind its devices' codes, behind marks, behind its signature."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from collector.refusal import ConfigError
from model.text import Text, shown

KEY_BYTES = 32


def own_key(path: Path) -> bytes:
    """The 32 secret bytes in `path`, made the first time they are asked for, readable by their owner alone. Raises ConfigError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _existing(path)
        with os.fdopen(descriptor, "wb") as file:
            if os.geteuid() == 0:
                # A command given by root must not take the key away from the service, whose folder it is.
                folder = path.resolve().parent.stat()
                os.fchown(file.fileno(), folder.st_uid, folder.st_gid)
            file.write(key := secrets.token_bytes(KEY_BYTES))
            os.fsync(file.fileno())
    except OSError as error:
        name, why = shown(str(path), 200), error.strerror
        raise ConfigError(Text(f"Không dùng được tệp khóa {name}: {why}.", f"Key file {name} cannot be used: {why}.")) from None
    return key


def _existing(path: Path) -> bytes:
    key = path.read_bytes()
    name = shown(str(path), 200)
    if path.stat().st_mode & 0o077:
        raise ConfigError(
            Text(f"Tệp khóa {name} để người khác đọc được: chạy chmod 600 {name}.", f"Key file {name} is readable by others: run chmod 600 {name}.")
        )
    if len(key) != KEY_BYTES:
        raise ConfigError(
            Text(f"Tệp khóa {name} dài {len(key)} byte, phải là {KEY_BYTES}.", f"Key file {name} has {len(key)} bytes, it must have {KEY_BYTES}.")
        )
    return key
