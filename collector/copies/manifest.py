"""What a copy says of itself: the first member of the archive, and the only place from which names of files are taken."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import Final

import msgspec

from model.text import Text

NAME: Final = "manifest.json"
FORMAT: Final = 1
# Where members go back to: the state folder, the declared folder, the folders of config.toml and of the page's users.
PLACES: Final = ("state", "declared", "config", "web")


class CopyError(Exception):
    """A copy cannot be made, or is not one; `text` is one sentence."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.vi)
        self.text = text


class Member(msgspec.Struct, frozen=True):
    """One file: `name` begins with one of `PLACES`; `sha256` in hex, `size` in bytes."""

    name: str
    sha256: str
    size: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """`made` as RFC 3339; `version` of the program that made it."""

    format: int
    box: str
    version: str
    made: str
    members: tuple[Member, ...]


def encoded(manifest: Manifest) -> bytes:
    """As it stands in the archive."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1)


def decoded(data: bytes) -> Manifest:
    """The manifest; every name in it stays within its place. Raises CopyError."""
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise CopyError(Text("tệp này không phải bản sao lưu của Vọng Gác", "this file is no backup of Vọng Gác")) from None
    if manifest.format > FORMAT:
        raise CopyError(
            Text(
                f"bản sao lưu do phiên bản mới hơn làm ra (dạng {manifest.format}): hãy cập nhật chương trình",
                f"the backup was made by a newer version (format {manifest.format}): update the program",
            )
        )
    if not all(_stays(member.name) for member in manifest.members):
        raise CopyError(Text("bản sao lưu có tên tệp ra ngoài thư mục của hộp: không dùng", "the backup names files outside the box's folders: it is not used"))
    return manifest


def digest(data: bytes) -> str:
    """The hash a member is known by."""
    return hashlib.sha256(data).hexdigest()


def _stays(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and len(path.parts) > 1 and path.parts[0] in PLACES and ".." not in path.parts and "\0" not in name
