"""What the province remembers of tokens and boxes, one small file each; of a secret only its hash."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from collector.enrolment.wire import BOX, FILE
from collector.refusal import ConfigError
from exporters.durable import write_whole
from model.text import Text

_TOKENS, _BOXES, _BUNDLES, _PREPARED, _NAMES = "ma", "so", "goi", "hop", "ten"
_MOST_RECORD: Final = 64 * 1024
# Secrets that the SOC prepares for a box are lines; a longer file is some other file.
_MOST_FILE: Final = 16 * 1024
_MOST_FILES: Final = 16

T = TypeVar("T", bound=msgspec.Struct)


class TokenRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A one-time token: for which box and sites, by whom, until when (ns); once used, by which key (hex), when, and in which questions."""

    box: str
    sites: tuple[str, ...]
    by: str
    until: int
    key: str = ""
    used: int = 0
    nonces: tuple[str, ...] = ()


class BoxRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A box that joined: the hash of its own token, and the nonces of its renewals with their times (ns)."""

    bundle: str
    nonces: dict[str, int] = {}


def hash_of(token: str) -> str:
    """How a token is kept: it has 256 random bits, so its bare hash tells nothing."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


class Records:
    """The folder of the service."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Makes the folders, for their owner alone. Raises OSError."""
        for name in ("", _TOKENS, _BOXES, _BUNDLES, _PREPARED, _NAMES):
            place = self.folder / name
            if place.is_dir():
                continue
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.geteuid() == 0:
                # A command given by root must not take its folders away from the service.
                above = place.resolve().parent.stat()
                os.chown(place, above.st_uid, above.st_gid)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One change at a time, of commands and service alike. Raises OSError."""
        handle = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def token(self, token: str) -> TokenRecord | None:
        """The record of a token that somebody shows."""
        return _read(self.folder / _TOKENS / hash_of(token), TokenRecord)

    def put_token(self, token: str, record: TokenRecord) -> None:
        """Keeps it. Raises OSError."""
        write_whole(self.folder / _TOKENS / hash_of(token), msgspec.json.encode(record), private=True)

    def box(self, box: str) -> BoxRecord | None:
        """The record of a box that joined and was not retired."""
        return _read(self.folder / _BOXES / box, BoxRecord) if re.fullmatch(BOX, box) else None

    def put_box(self, box: str, record: BoxRecord) -> None:
        """Keeps it. Raises OSError."""
        write_whole(self.folder / _BOXES / box, msgspec.json.encode(record), private=True)

    def bundle(self, box: str, most: int) -> bytes | None:
        """The signed declared data of a box; None where there is none. Raises OSError."""
        try:
            with (self.folder / _BUNDLES / box).open("rb") as file:
                return file.read(most)
        except FileNotFoundError:
            return None

    def names(self, box: str) -> list[str]:
        """By which names and addresses PCs call the box, as the SOC wrote them, one a line: the box's own word for it does not count. Raises OSError."""
        try:
            return (self.folder / _NAMES / box).read_text("ascii", "replace")[:_MOST_FILE].split()
        except FileNotFoundError:
            return []

    def prepared(self, box: str) -> dict[str, str]:
        """What the SOC prepared for a box, by name. Raises OSError, ConfigError for what is no text, too much, or oddly named."""
        folder = self.folder / _PREPARED / box
        paths = [path for path in sorted(folder.iterdir()) if path.is_file()] if folder.is_dir() else []
        fits = all(re.fullmatch(FILE, path.name) and path.stat().st_size <= _MOST_FILE for path in paths)
        try:
            found = {path.name: path.read_text("utf-8") for path in paths} if fits and len(paths) <= _MOST_FILES else None
        except UnicodeDecodeError:
            found = None
        if found is None:
            raise ConfigError(
                Text(
                    f"Thư mục {folder} chỉ được có tối đa {_MOST_FILES} tệp văn bản ngắn, tên gồm chữ thường không dấu, số, dấu chấm, gạch nối.",
                    f"The folder {folder} may hold at most {_MOST_FILES} short text files whose names are lower-case letters, digits, dots and hyphens.",
                )
            )
        return found

    def forget(self, box: str) -> bool:
        """Takes away all that lets a box in or was prepared for it; whether there was anything. Raises OSError."""
        if not re.fullmatch(BOX, box):
            return False  # it names a file here
        places = [self.folder / kind / box for kind in (_BOXES, _BUNDLES, _PREPARED, _NAMES)]
        places += [path for path in sorted((self.folder / _TOKENS).iterdir()) if (record := _read(path, TokenRecord)) is not None and record.box == box]
        found = [path for path in places if path.exists() or path.is_symlink()]
        for path in found:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        return bool(found)


def _read(path: Path, kind: type[T]) -> T | None:
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(_MOST_RECORD), type=kind)
    except (OSError, ValueError, RecursionError):
        return None
