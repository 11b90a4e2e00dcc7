r"""One sealed file: a header that anybody may read and nobody can change, and what only the SOC's key opens.

X25519 with a fresh key of the box's own for each file, HKDF-SHA256 (RFC 5869), ChaCha20-Poly1305 (RFC 8439); the header is authenticated. The box forgets its
half at once, so that it cannot read back what it wrote.

    VGSEAL1\n | length of the header (4 bytes, big-endian) | header (JSON) | ciphertext and tag
"""

from __future__ import annotations

import re

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from collector.sealing.errors import SealError
from collector.sealing.keys import fingerprint, raw
from model.text import Text
from model.times import local

MAGIC = b"VGSEAL1\n"
# The frames of a file fill at most the ring (2 MiB), which grows by a third as text; whatever is longer is none of ours.
MAX_BYTES = 4 * 1024 * 1024
_MAX_HEADER = 4096
# Anybody can seal to a public key: instants (ns) that no calendar has are refused, and words where addresses are told.
_LATEST = 1 << 63
_ADDRESS = re.compile(r"[0-9A-Za-z:.%-]{0,64}")
_LENGTH = 4
_INFO = b"vonggac sealed evidence 1"
# Each file has a key of its own, under which nothing else is ever sealed.
_NONCE = bytes(12)
_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{12}")


class Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands outside: nothing that names a person or a device. `at` of the push and `until` when it may be read no more, in ns.

    `rule` and `id` are how the finding names this file; `reader` is the fingerprint of the key that opens it, `key` the box's half for this file alone.
    """

    id: str
    box: str
    leg: str
    rule: str
    at: int
    until: int
    reader: str
    key: bytes = b""


class Pushed(msgspec.Struct, frozen=True, kw_only=True):
    """One push, word for word; see `model.wirefacts.ScreenPushed`."""

    at: int
    family: str
    kind: str
    action: str
    url: str
    agent: str
    port: int
    accepted: bool | None


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What is sealed: who sent, to which screen, what, and the frames between the two as a pcap file."""

    sender_mac: str
    sender_ip: str
    screen_mac: str
    screen_ip: str
    vlan: tuple[int, ...]
    pushes: tuple[Pushed, ...]
    pcap: bytes


def seal(header: Header, contents: Contents, reader: X25519PublicKey) -> bytes:
    """The whole file."""
    own = X25519PrivateKey.generate()
    header = msgspec.structs.replace(header, reader=fingerprint(reader), key=raw(own.public_key()))
    outside = msgspec.json.encode(header)
    front = MAGIC + len(outside).to_bytes(_LENGTH, "big") + outside
    return front + _cipher(own, reader, header.key, raw(reader)).encrypt(_NONCE, msgspec.json.encode(contents), front)


def header_of(data: bytes) -> Header:
    """The header, not yet proved to be the one that was sealed. Raises SealError."""
    return _split(data)[0]


def unseal(data: bytes, key: X25519PrivateKey, now: int) -> tuple[Header, Contents]:
    """What was sealed, if it is whole, for this key, and may still be read. Raises SealError."""
    header, start = _split(data)
    if header.reader != fingerprint(key.public_key()):
        raise SealError(
            Text(
                f"Tệp được niêm phong cho khóa {header.reader}, không phải khóa này ({fingerprint(key.public_key())}).",
                f"The file was sealed for the key {header.reader}, not for this one ({fingerprint(key.public_key())}).",
            )
        )
    try:
        cipher = _cipher(key, X25519PublicKey.from_public_bytes(header.key), header.key, raw(key.public_key()))
        inside = msgspec.json.decode(cipher.decrypt(_NONCE, data[start:], data[:start]), type=Contents)
    except (InvalidTag, ValueError, RecursionError):
        raise damaged() from None
    addresses = (inside.sender_mac, inside.sender_ip, inside.screen_mac, inside.screen_ip)
    if not all(0 <= push.at < _LATEST for push in inside.pushes) or not all(map(_ADDRESS.fullmatch, addresses)):
        raise damaged()
    if now > header.until:
        ended = local(header.until)
        raise SealError(Text(f"Chứng cứ đã hết hạn lưu từ {ended}, không được mở nữa.", f"The evidence expired at {ended} and may not be opened."))
    return header, inside


def damaged() -> SealError:
    """The file is not as it was written."""
    return SealError(Text("Tệp không phải chứng cứ niêm phong, hoặc đã hỏng, đã bị sửa.", "The file is no sealed evidence, or it was damaged or changed."))


def _split(data: bytes) -> tuple[Header, int]:
    """The header, and where the ciphertext begins."""
    begin = len(MAGIC) + _LENGTH
    length = int.from_bytes(data[len(MAGIC) : begin], "big")
    if not data.startswith(MAGIC) or length > _MAX_HEADER:
        raise damaged()
    try:
        header = msgspec.json.decode(data[begin : begin + length], type=Header)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise damaged() from None
    # It becomes a file's name at the SOC; the rest is told on a terminal there.
    if not _ID.fullmatch(header.id) or not all(part.isprintable() for part in (header.box, header.leg, header.rule, header.reader)):
        raise damaged()
    if not all(0 <= moment < _LATEST for moment in (header.at, header.until)):
        raise damaged()
    return header, begin + length


def _cipher(own: X25519PrivateKey, other: X25519PublicKey, ephemeral: bytes, reader: bytes) -> ChaCha20Poly1305:
    secret = own.exchange(other)
    return ChaCha20Poly1305(HKDF(SHA256(), 32, salt=ephemeral + reader, info=_INFO).derive(secret))
