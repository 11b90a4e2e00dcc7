"""The bundle: what stands in it, how it is signed, and what makes it refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from model.acts import ActRefusedError
from model.text import shown
from model.times import DAY, SECOND, rfc3339

FORMAT: Final = 1
# One box's declared data is some hundred kilobytes; it goes through core's socket in one request.
MOST: Final = 768 * 1024
# Another kind of file signed with the same key says nothing here.
_PURPOSE: Final = b"vonggac declared 1\n"
_ENDINGS: Final = (".toml", ".csv")
# Clocks of boxes are off by hours at most; a bundle from further ahead was made by a clock that is wrong.
_AHEAD: Final = DAY
# What no calendar has cannot be told.
_LATEST: Final = 1 << 63


class BundleRefusedError(ActRefusedError):
    """The bundle is not taken; `text` is one sentence."""


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`version` rises with each bundle (the second it was signed in); `expires` in ns; `files`: text by path below the declared folder."""

    format: int
    box: str
    version: int
    expires: int
    files: dict[str, str]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As it travels: `content` is a Content as JSON, `signature` in hex over its bytes."""

    signature: str
    content: str


def content_of(folder: Path, box: str, now: int, days: int) -> Content:
    """What a declared folder holds, for one box (its id; empty: any). Raises BundleRefusedError, OSError."""
    files = {path.relative_to(folder).as_posix(): path.read_text("utf-8-sig") for path in sorted(folder.rglob("*")) if path.suffix in _ENDINGS}
    if not files:
        raise BundleRefusedError(f"thư mục {folder} không có tệp khai báo nào", f"the folder {folder} holds no declared data")
    return Content(format=FORMAT, box=box, version=now // SECOND, expires=now + days * DAY, files=files)


def sign(content: Content, key: Ed25519PrivateKey) -> bytes:
    """The bundle. Raises BundleRefusedError when it is too large."""
    text = msgspec.json.encode(content, order="sorted")
    data = msgspec.json.encode(_File(key.sign(_PURPOSE + text).hex(), text.decode()))
    if len(data) > MOST:
        raise BundleRefusedError(f"gói khai báo dài {len(data)} byte, nhiều nhất {MOST}", f"the bundle has {len(data)} bytes, at most {MOST}")
    return data


def verified(data: bytes, keys: Sequence[Ed25519PublicKey], *, box: str, known: int, now: int) -> Content:
    """The content of a bundle for this box. `known`: the version the box has, an older one is refused. Raises BundleRefusedError."""
    try:
        file = msgspec.json.decode(data[: MOST + 1], type=_File)
        text, signature = file.content.encode(), bytes.fromhex(file.signature)
    except (ValueError, RecursionError):
        raise BundleRefusedError("đây không phải gói khai báo đã ký", "this is no signed bundle of declared data") from None
    if not any(_holds(key, signature, text) for key in keys):
        raise BundleRefusedError("chữ ký của gói khai báo không đúng khóa của tỉnh", "the bundle is not signed with a key of the province that this box trusts")
    try:
        content = msgspec.json.decode(text, type=Content)
    except (ValueError, RecursionError):
        raise BundleRefusedError("gói khai báo do phiên bản khác làm ra", "the bundle was made by another version of the program") from None
    _check(content, box, known, now)
    return content


def _check(content: Content, box: str, known: int, now: int) -> None:
    if content.format != FORMAT or not 0 <= content.expires < _LATEST:
        raise BundleRefusedError("gói khai báo do phiên bản khác làm ra", "the bundle was made by another version of the program")
    if content.box not in ("", box):
        raise BundleRefusedError(f"gói khai báo dành cho hộp {shown(content.box)}", f"the bundle is for the box {shown(content.box)}")
    if content.version < known:
        raise BundleRefusedError(
            f"gói khai báo {content.version} cũ hơn bản đang dùng {known}: không quay lại bản cũ",
            f"bundle {content.version} is older than {known}, in use here",
        )
    if content.version * SECOND > now + _AHEAD:
        raise BundleRefusedError("gói khai báo đến từ tương lai: xem lại đồng hồ của hộp", "the bundle comes from the future: look at the box's clock")
    if content.expires <= now:
        raise BundleRefusedError(f"gói khai báo hết hạn từ {rfc3339(content.expires)}", f"the bundle expired on {rfc3339(content.expires)}")
    if wrong := next((name for name in content.files if not _stays(name)), None):
        raise BundleRefusedError(f"gói khai báo có tên tệp không hợp lệ: {shown(wrong)}", f"the bundle names a file that cannot be: {shown(wrong)}")


def _stays(name: str) -> bool:
    """Below the folder, at most one folder deep, of a kind that is declared data."""
    path = PurePosixPath(name)
    plain = not path.is_absolute() and 1 <= len(path.parts) <= 2 and not any(part.startswith(".") for part in path.parts)
    return plain and path.suffix in _ENDINGS and name.isprintable() and path.as_posix() == name


def _holds(key: Ed25519PublicKey, signature: bytes, text: bytes) -> bool:
    try:
        key.verify(signature, _PURPOSE + text)
    except InvalidSignature:
        return False
    return True
