"""The bundle that the facts script writes on an inspection stick: numbered, signed by the stick, readable by the province alone (docs/bundles.md).

Made of what PowerShell 5.1 on .NET Framework 4.6 has: RSA (OAEP and PSS with SHA-256), AES-256-CBC, gzip. The signature is over the encrypted body, so
nothing is opened that the stick did not write. What the key on a stick proves is only that: that somebody had the stick.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from collector.bundles.errors import BundleError
from collector.decode.posture.envelope import Envelope
from model.text import Text
from model.times import DAY, SECOND, local

FORMAT: Final = "vonggac-bundle/1"
# One PC's answers are some tens of kB; the bounds only keep a bomb out.
MAX_FILE: Final = 8 << 20
MAX_BODY: Final = 32 << 20
# The clock of an office's PC may be off; a bundle from further ahead cannot be dated at all.
_AHEAD: Final = DAY
# In seconds, the year 2242: what lies beyond is no day that can be written.
_LATEST: Final = 1 << 33
_OAEP: Final = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
# .NET takes the hash's length for the salt.
_PSS: Final = padding.PSS(padding.MGF1(hashes.SHA256()), 32)

_CUT = Text("tệp bị cắt cụt hoặc không phải gói của vg-facts.ps1", "the file is cut short, or no bundle of vg-facts.ps1")
_STRANGER = Text("chữ ký không phải của USB kiểm tra nào đã khai", "it is not signed by any declared inspection stick")
_FORGED = Text("nội dung đã bị sửa sau khi ký", "it was changed after it was signed")
_FOR_ANOTHER = Text("gói được mã hóa cho khóa khác, không mở được ở đây", "it is encrypted to another key and cannot be opened here")
_BOMB = Text("giải nén ra quá lớn", "it inflates to too much")
_BODY = Text("nội dung bên trong không đúng dạng", "what is inside has not the form of answers")


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """What is written. `made` and `expires` in seconds since 1970 UTC by the PC's clock; `key`, `iv`, `body`, `signature` in base64 (bytes here)."""

    format: str
    stick: str
    number: int
    made: int
    expires: int
    key: bytes
    iv: bytes
    body: bytes
    signature: bytes


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What is inside: answers of one PC. `machine`: hash of its hardware id, made on the PC; `answers.collected_at` is in seconds."""

    machine: str
    answers: Envelope


def read(data: bytes) -> Bundle:
    """The bundle, its form checked and nothing believed yet. Raises BundleError."""
    if len(data) > MAX_FILE:
        raise BundleError(_BOMB)
    try:
        bundle = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=Bundle)
    except (ValueError, RecursionError):
        raise BundleError(_CUT) from None
    if bundle.format != FORMAT or not 0 < bundle.number < 1 << 53 or len(bundle.iv) != 16 or not bundle.body:
        raise BundleError(_CUT)
    if not all(0 <= moment < _LATEST for moment in (bundle.made, bundle.expires)):
        raise BundleError(_CUT)
    return bundle


def signed_part(bundle: Bundle) -> bytes:
    """What the stick signs."""
    parts = (hashlib.sha256(part).hexdigest() for part in (bundle.key, bundle.iv, bundle.body))
    return "\n".join((FORMAT, bundle.stick, str(bundle.number), str(bundle.made), str(bundle.expires), *parts)).encode()


def verify(bundle: Bundle, stick: RSAPublicKey | None, now: int) -> None:
    """That a declared stick wrote it, and lately. `now` in ns. Raises BundleError."""
    if stick is None:
        raise BundleError(_STRANGER)
    try:
        stick.verify(bundle.signature, signed_part(bundle), _PSS, hashes.SHA256())
    except InvalidSignature:
        raise BundleError(_FORGED) from None
    if bundle.made * SECOND > now + _AHEAD:
        day = local(bundle.made * SECOND)[:10]
        raise BundleError(Text(f"đồng hồ của máy chạy nhanh: gói ghi ngày {day}", f"the PC's clock is ahead: the bundle says {day}"))
    if bundle.expires * SECOND <= now:
        raise BundleError(Text(f"gói đã hết hạn ({local(bundle.expires * SECOND)[:10]})", f"it has expired ({local(bundle.expires * SECOND)[:10]})"))


def opened(bundle: Bundle, key: RSAPrivateKey) -> Body:
    """What is inside a verified bundle. Raises BundleError."""
    try:
        secret = key.decrypt(bundle.key, _OAEP)
        plain = _plain(secret, bundle.iv, bundle.body)
    except ValueError:
        raise BundleError(_FOR_ANOTHER) from None
    try:
        body = msgspec.json.decode(_inflated(plain), type=Body)
    except (ValueError, RecursionError):
        raise BundleError(_BODY) from None
    if not body.machine or len(body.machine) > 128:
        raise BundleError(_BODY)
    return body


def _plain(secret: bytes, iv: bytes, body: bytes) -> bytes:
    decryptor = Cipher(algorithms.AES256(secret), modes.CBC(iv)).decryptor()
    unpadder = PKCS7(128).unpadder()
    padded = decryptor.update(body) + decryptor.finalize()
    return unpadder.update(padded) + unpadder.finalize()


def _inflated(data: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=31)
    try:
        inflated = inflater.decompress(data, MAX_BODY)
    except zlib.error:
        raise BundleError(_BODY) from None
    if inflater.unconsumed_tail or not inflater.eof:
        raise BundleError(_BOMB if inflater.unconsumed_tail else _CUT)
    return inflated
