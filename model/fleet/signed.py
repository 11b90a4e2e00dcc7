"""What a box signs, so that the province knows which box wrote a document and in which order (docs/decisions/012-the-province.md)."""

from __future__ import annotations

import hashlib

from model.ports import Signed

# Another shape of what is signed is another word in front.
CONTEXT = b"vonggac-document-1"
KEY_ID = 16
# Epochs are seconds since 1970; what a box wrote with a clock before this release cannot be ordered.
FIRST_EPOCH = 1_704_067_200
_SEQUENCE_BITS = 32


def signed_bytes(box: str, row_id: str, signed: Signed) -> bytes:
    """The bytes under the signature: box, the row's id, epoch, sequence and the document's JSON, each apart by a zero byte that none of them holds."""
    parts = (box, row_id, str(signed.epoch), str(signed.sequence), signed.payload)
    return b"\0".join([CONTEXT, *(part.encode() for part in parts)])


def key_id(public: bytes) -> str:
    """How a public key (32 raw bytes of Ed25519) is named: the first hex digits of its hash."""
    return hashlib.sha256(public).hexdigest()[:KEY_ID]


def version(epoch: int, sequence: int) -> int:
    """The external version of a state document, 63 bits: a later epoch of the box (restored, replaced) comes after all of an earlier one.

    Raises ValueError for an epoch or sequence that no box can have.
    """
    if not (0 <= epoch - FIRST_EPOCH < 1 << 31 and 0 <= sequence < 1 << _SEQUENCE_BITS):
        raise ValueError(f"epoch {epoch}, sequence {sequence}")
    return (epoch - FIRST_EPOCH) << _SEQUENCE_BITS | sequence
