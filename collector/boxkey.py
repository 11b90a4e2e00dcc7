"""The box's own key, with which core signs what goes to a province (docs/decisions/012-the-province.md): 32 bytes of Ed25519 beside the identity key."""

from __future__ import annotations

import base64
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
    """The public half as boxes.csv has it: base64url of 32 bytes. The key is made where there is none yet. Raises ConfigError."""
    return base64.urlsafe_b64encode(_private(path).public_key().public_bytes_raw()).rstrip(b"=").decode()


def _private(path: Path) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(own_key(path))
