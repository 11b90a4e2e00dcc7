"""What makes a probe known as ours: a signature over all that a nonce frame says, and hardware addresses that nobody else can make.

Both hang on core's secret. Without one (a capture played elsewhere) nothing is ours, so that nobody can write a proof into a capture file.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

import msgspec

from model.times import SECOND

if TYPE_CHECKING:
    from model.wirefacts import NonceHeard

TAG_BYTES = 16
NONCE_BYTES = 8
# A frame that comes later than this after it was sent was kept and played again.
LIFE = 60 * SECOND
# IP time to live as we send it: 255 cannot be reached again by whoever has forwarded the packet (RFC 5082).
SENT_TTL = 255
# How our made-up hardware addresses begin (locally administered, unicast); two more bytes are free, the last two are signed.
ADDRESS_START = "ee:b5:"
SALT_BYTES = 2


def tag_of(secret: bytes, *, shape: str, box: str, origin: str, target: str, sent: int, nonce: str) -> str:
    """The signature of a nonce frame in hex: the first 16 bytes of an HMAC-SHA256."""
    # MessagePack tells where each part ends: no two frames have the same bytes.
    said = msgspec.msgpack.encode((shape, box, origin, target, sent, nonce))
    return _digest(secret, b"nonce", said)[:TAG_BYTES].hex()


def genuine(secret: bytes, fact: NonceHeard) -> bool:
    """Whether core signed this frame, and not longer ago than `LIFE`."""
    if not secret or not 0 <= fact.at - fact.sent <= LIFE:
        return False
    made = tag_of(secret, shape=fact.shape, box=fact.box, origin=fact.origin, target=fact.target, sent=fact.sent, nonce=fact.nonce)
    return hmac.compare_digest(made.encode(), fact.tag.encode("utf-8", "surrogatepass"))


def address(secret: bytes, salt: bytes) -> str:
    """A hardware address of ours for one question; `salt` are two random bytes."""
    return ADDRESS_START + (salt + _check(secret, salt)).hex(":")


def is_ours(secret: bytes, mac: str) -> bool:
    """Whether a probe of ours spoke from this address. Cheap for all others: asked for every fact."""
    if not mac.startswith(ADDRESS_START) or not secret or len(mac) != 17:
        return False
    try:
        rest = bytes.fromhex(mac[len(ADDRESS_START) :].replace(":", ""))
    except ValueError:
        return False
    return hmac.compare_digest(rest[SALT_BYTES:], _check(secret, rest[:SALT_BYTES]))


def _check(secret: bytes, salt: bytes) -> bytes:
    return _digest(secret, b"address", salt)[:2]


def _digest(secret: bytes, use: bytes, said: bytes) -> bytes:
    return hmac.digest(secret, b"vonggac " + use + b"\0" + said, "sha256")
