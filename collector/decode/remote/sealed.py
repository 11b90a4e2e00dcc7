"""How a client's QUIC Initial is closed and opened again (RFC 9001 §5, RFC 9369 §3.3): by keys that whoever hears the packet can derive from it."""

from __future__ import annotations

import hmac
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_SAMPLE = 16


class Version(NamedTuple):
    """What a version derives its keys with: the salt, and what stands before the labels."""

    salt: bytes
    label: bytes


VERSIONS = {
    0x00000001: Version(bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"), b"quic "),
    0x6B3343CF: Version(bytes.fromhex("0dede3def700a6db819381be6e269dcbf9bd2ed9"), b"quicv2 "),
    0xFF00001D: Version(bytes.fromhex("afbfec289993d24c9e9786f19c6111e04390a899"), b"quic "),
}


def plain(packet: bytes, number: int, version: int, target: bytes) -> bytes | None:
    """The payload of an Initial whose packet number begins at `number` (20 bytes follow at least); None where the keys of `target` do not fit."""
    key, nonce, header_key = _keys(VERSIONS[version], target)
    sample = packet[number + 4 : number + 4 + _SAMPLE]
    mask = Cipher(algorithms.AES(header_key), modes.ECB()).encryptor().update(sample)  # noqa: S305 - header protection is one block (RFC 9001 §5.4.3)
    first = packet[0] ^ mask[0] & 0x0F
    body = number + (first & 3) + 1
    raw = bytes(one ^ two for one, two in zip(packet[number:body], mask[1:], strict=False))
    counter = int.from_bytes(nonce) ^ int.from_bytes(raw)
    try:
        return AESGCM(key).decrypt(counter.to_bytes(12), packet[body:], bytes((first,)) + packet[1:number] + raw)
    except InvalidTag:
        return None


def _keys(version: Version, target: bytes) -> tuple[bytes, bytes, bytes]:
    """Key, nonce and header key of a client's Initial (RFC 9001 §5.2)."""
    secret = _expand(hmac.digest(version.salt, target, "sha256"), b"client in", 32)
    return _expand(secret, version.label + b"key", 16), _expand(secret, version.label + b"iv", 12), _expand(secret, version.label + b"hp", 16)


def _expand(secret: bytes, label: bytes, size: int) -> bytes:
    """HKDF-Expand-Label (RFC 8446 §7.1) for at most one hash's length."""
    label = b"tls13 " + label
    return hmac.digest(secret, size.to_bytes(2) + bytes((len(label),)) + label + b"\0\1", "sha256")[:size]
