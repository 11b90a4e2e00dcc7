"""A report signed by whoever made it: Ed25519 (RFC 8032) over the JSON file, in a file of its own beside it (docs/inspect.md)."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from collector.refusal import ConfigError
from model.text import Text, shown

FORMAT: Final = "vonggac-report-signature/1"
ENDING: Final = ".sig"
KEY, PUBLIC = "report.key", "report.pub"
# What a signature is for stands in what is signed: one made over another kind of file says nothing here.
_PURPOSE: Final = b"vonggac inspection report 1\n"
_MOST: Final = 16 * 1024


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signature's file: the signer's public key and the signature, both in hex."""

    format: str
    key: str
    signature: str


class Signer(NamedTuple):
    """Who signed, by what people can compare over the telephone, and the public key itself."""

    fingerprint: str
    key: Ed25519PublicKey


def fingerprint(key: Ed25519PublicKey) -> str:
    """`1a2b 3c4d 5e6f 7a8b`: the beginning of the public key's SHA-256."""
    digest = hashlib.sha256(_raw(key)).hexdigest()
    return " ".join(digest[place : place + 4] for place in range(0, 16, 4))


def signed(data: bytes, key: Ed25519PrivateKey) -> bytes:
    """The content of the signature's file."""
    file = _File(format=FORMAT, key=_raw(key.public_key()).hex(), signature=key.sign(_PURPOSE + data).hex())
    return msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n"


def checked(data: bytes, signature: bytes, wanted: Ed25519PublicKey | None = None) -> Signer:
    """Who signed these bytes. `wanted`: the only one who may have. Raises ConfigError."""
    try:
        file = msgspec.json.decode(signature, type=_File)
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(file.key))
        mark = bytes.fromhex(file.signature)
    except (ValueError, RecursionError):
        raise ConfigError(Text("Tệp chữ ký không đúng dạng.", "The signature's file has not the right form.")) from None
    if file.format != FORMAT:
        raise ConfigError(Text("Chữ ký do phiên bản khác ghi, không đọc được.", "The signature is of another version and cannot be read."))
    try:
        key.verify(mark, _PURPOSE + data)
    except InvalidSignature:
        raise ConfigError(Text("CHỮ KÝ SAI: báo cáo đã bị sửa sau khi ký.", "THE SIGNATURE IS WRONG: the report was changed after it was signed.")) from None
    if wanted is not None and _raw(wanted) != _raw(key):
        other = fingerprint(key)
        raise ConfigError(
            Text(f"Báo cáo do khóa khác ký ({other}), không phải khóa đã nêu.", f"The report is signed with another key ({other}) than the one given.")
        )
    return Signer(fingerprint(key), key)


def own_key(folder: Path) -> Ed25519PrivateKey:
    """The signing key of whoever runs this, made at the first time with its public half beside it. Raises ConfigError."""
    path = folder / KEY
    if path.exists():
        return private_key(path)
    key = Ed25519PrivateKey.generate()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()), 0o600)
        _write(folder / PUBLIC, key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo), 0o644)
    except OSError as error:
        name = shown(str(error.filename), 200)
        raise ConfigError(Text(f"Không ghi được {name}: {error.strerror}.", f"{name} cannot be written: {error.strerror}.")) from None
    return key


def private_key(path: Path) -> Ed25519PrivateKey:
    """The key in a PEM file that nobody else may read. Raises ConfigError."""
    data = _read(path)
    name = shown(str(path), 200)
    if path.stat().st_mode & 0o077:
        raise ConfigError(Text(f"Khóa {name} để người khác đọc được: chạy chmod 600 {name}.", f"Key {name} is readable by others: run chmod 600 {name}."))
    try:
        key = serialization.load_pem_private_key(data, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _no_key(name) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(name)
    return key


def public_key(path: Path) -> Ed25519PublicKey:
    """The public half in a PEM file. Raises ConfigError."""
    name = shown(str(path), 200)
    try:
        key = serialization.load_pem_public_key(_read(path))
    except (ValueError, UnsupportedAlgorithm):
        raise _no_key(name) from None
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(name)
    return key


def _no_key(name: str) -> ConfigError:
    return ConfigError(Text(f"Tệp {name} không phải khóa Ed25519 (PEM, không mật khẩu).", f"File {name} is no Ed25519 key (PEM, without a passphrase)."))


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MOST)
    except OSError as error:
        name = shown(str(path), 200)
        raise ConfigError(Text(f"Không đọc được {name}: {error.strerror}.", f"{name} cannot be read: {error.strerror}.")) from None


def _write(path: Path, data: bytes, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
