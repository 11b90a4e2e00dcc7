"""Signing keys of the province as commands make and read them: Ed25519 in PEM, the private half perhaps behind a passphrase."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from collector.cli.evidence_commands import own_alone, passphrase
from collector.cli.say import Refusal
from model.text import Text, shown

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_MOST = 4 << 20


def new_pair(out: Path, private: str, public: str, passphrase_file: Path | None) -> None:
    """A new pair in a folder that is not there yet, under these names. Raises ConfigError."""
    from cryptography.hazmat.primitives import serialization as s  # noqa: PLC0415 - with cryptography, only for commands that sign
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - same

    from collector.onboarding.kit import file, new_folder  # noqa: PLC0415 - same

    said, key = passphrase(passphrase_file), Ed25519PrivateKey.generate()
    locked: s.KeySerializationEncryption = s.BestAvailableEncryption(said) if said else s.NoEncryption()
    new_folder(out)
    file(out / private, key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, locked), 0o600)
    file(out / public, key.public_key().public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo))


def private_key(path: Path, passphrase_file: Path | None, made_by: str) -> Ed25519PrivateKey:
    """The private key in a file that the command `made_by` wrote. Raises Refusal."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - same
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - same

    data, said = read_bytes(path), passphrase(passphrase_file)
    if said is None:
        own_alone(path)
    try:
        key = load_pem_private_key(data, said)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _no_key(path, made_by) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(path, made_by)
    return key


def public_key_of(path: Path, made_by: str) -> Ed25519PublicKey:
    """The public key in a file that the command `made_by` wrote. Raises Refusal."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - same
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415 - same

    data = read_bytes(path)
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        raise _no_key(path, made_by) from None
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(path, made_by)
    return key


def read_bytes(path: Path) -> bytes:
    """The beginning of a file, four megabytes at most. Raises Refusal."""
    try:
        with path.open("rb") as file:
            return file.read(_MOST)
    except OSError as error:
        name = shown(str(path), 200)
        raise Refusal(Text(f"không đọc được {name}: {error.strerror}", f"{name} cannot be read: {error.strerror}")) from None


def _no_key(path: Path, made_by: str) -> Refusal:
    name = shown(str(path), 200)
    vi = f"không dùng được khóa {name}: sai mật khẩu, hoặc không do {made_by} làm ra"
    return Refusal(Text(vi, f"the key {name} cannot be used: wrong passphrase, or not made by {made_by}"))
