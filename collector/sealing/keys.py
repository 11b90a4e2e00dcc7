"""The SOC's pair of keys: the box has the public half and can only seal; the other never leaves the SOC. X25519 (RFC 7748) in PEM files."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from collector.sealing.errors import SealError
from model.text import Text, shown

PRIVATE, PUBLIC = "soc-evidence.key", "soc-evidence.pub"
# A PEM file of such a key has some hundred bytes; a disk image named in its place must not be read whole.
_MAX_BYTES = 16 * 1024


def generate(folder: Path, passphrase: bytes | None = None) -> tuple[Path, Path]:
    """Writes a new pair into `folder` and gives the paths of the private and the public half. Never over an old one. Raises SealError."""
    key = X25519PrivateKey.generate()
    guard = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, guard)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700, parents=True)
    write_new(folder / PRIVATE, private, 0o600)
    write_new(folder / PUBLIC, public, 0o644)
    return folder / PRIVATE, folder / PUBLIC


def write_new(path: Path, data: bytes, mode: int) -> None:
    """A file that was not there, on disk when this returns. Raises SealError."""
    name = shown(str(path), 200)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise SealError(Text(f"Đã có tệp {name}, không ghi đè.", f"There is a file {name} already, it is not overwritten.")) from None
    except OSError as error:
        raise SealError(Text(f"Không ghi được {name}: {error.strerror}.", f"{name} cannot be written: {error.strerror}.")) from None


def public_key(path: Path) -> X25519PublicKey:
    """The SOC's public key. Raises SealError."""
    name = shown(str(path), 200)
    wrong = SealError(
        Text(
            f"Tệp {name} không phải khóa công khai X25519 của SOC (PEM, do vonggac evidence keygen làm ra).",
            f"File {name} is no public X25519 key of the SOC (PEM, as vonggac evidence keygen makes it).",
        )
    )
    try:
        key = serialization.load_pem_public_key(_read(path))
    except (ValueError, UnsupportedAlgorithm):
        raise wrong from None
    if not isinstance(key, X25519PublicKey):
        raise wrong
    return key


def private_key(path: Path, passphrase: bytes | None = None) -> X25519PrivateKey:
    """The SOC's private key; without a passphrase its file must be its owner's alone. Raises SealError."""
    name = shown(str(path), 200)
    try:
        key = serialization.load_pem_private_key(_read(path), passphrase)
    except TypeError:  # what cryptography raises for a passphrase too many or too few
        raise _too_many(name) if passphrase else _missing(name) from None
    except (ValueError, UnsupportedAlgorithm):
        what = Text(f"Tệp {name} không phải khóa riêng của SOC, hoặc sai mật khẩu.", f"File {name} is no private key of the SOC, or the passphrase is wrong.")
        raise SealError(what) from None
    if not isinstance(key, X25519PrivateKey):
        raise SealError(Text(f"Tệp {name} là khóa loại khác, cần khóa X25519.", f"File {name} is a key of another kind, X25519 is needed."))
    if not passphrase and path.stat().st_mode & 0o077:
        raise SealError(
            Text(
                f"Khóa {name} không có mật khẩu mà người khác đọc được: chạy chmod 600 {name}.",
                f"Key {name} has no passphrase and others can read it: run chmod 600 {name}.",
            )
        )
    return key


def _too_many(name: str) -> SealError:
    return SealError(Text(f"Khóa {name} không có mật khẩu: bỏ --passphrase-file.", f"Key {name} has no passphrase: leave out --passphrase-file."))


def _missing(name: str) -> SealError:
    return SealError(Text(f"Khóa {name} có mật khẩu: cần --passphrase-file.", f"Key {name} has a passphrase: --passphrase-file is needed."))


def raw(key: X25519PublicKey) -> bytes:
    """The key's 32 bytes."""
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def fingerprint(key: X25519PublicKey) -> str:
    """A short name for a public key, so that people can tell which one a file needs."""
    return hashlib.sha256(raw(key)).hexdigest()[:16]


def _read(path: Path) -> bytes:
    name = shown(str(path), 200)
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES)
    except FileNotFoundError:
        raise SealError(Text(f"Không có tệp khóa {name}.", f"There is no key file {name}.")) from None
    except OSError as error:
        raise SealError(Text(f"Không đọc được tệp khóa {name}: {error.strerror}.", f"Key file {name} cannot be read: {error.strerror}.")) from None
