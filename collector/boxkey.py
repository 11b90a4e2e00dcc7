"""The box's own key, with which core signs what goes to a province (docs/decisions/012-the-province.md): 32 bytes of Ed25519 beside the identity key."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from collector.journal import Signing
from collector.keyfile import own_key
from model.fleet.signed import key_id


def signing(path: Path, sinks: frozenset[str]) -> Signing:
    """Signs rows for `sinks` with the key in `path`, made at the first start. Raises ConfigError."""
    private = _private(path)
    return Signing(sinks, key_id(private.public_key().public_bytes_raw()), private.sign)


def public_key(path: Path) -> str:
    """The public half as boxes.csv has it, in hex: base64 may begin as a formula does. The key is made where there is none yet. Raises ConfigError."""
    return _private(path).public_key().public_bytes_raw().hex()


def _private(path: Path) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(own_key(path))
