"""What a box and its province say to each other: each question is JSON under the signature of the key that it is about, each answer plain JSON over TLS."""

from __future__ import annotations

from typing import Annotated, Final, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from model.acts import ActRefusedError
from model.times import MINUTE, SECOND

JOIN, RENEW, BUNDLE = "/hop/gia-nhap", "/hop/gia-han", "/khai-bao"
# A question holds a token, a key and the codes of a few sites; an answer the secrets that the SOC prepared.
MOST_ASKED: Final = 16 * 1024
MOST_TOLD: Final = 512 * 1024
# How far the clocks of box and province may be apart in a renewal; a recorded one is worth nothing afterwards.
APART: Final = 5 * MINUTE
CONTEXTS: Final = {JOIN: b"vonggac join 1\n", RENEW: b"vonggac renew 1\n"}

BOX: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
FILE: Final = r"[a-z0-9][a-z0-9._-]{0,63}"

Code = Annotated[str, msgspec.Meta(pattern=rf"^{BOX}\Z")]
Key = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Signature = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{128}\Z")]
Token = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{32,128}\Z")]
Nonce = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]
FileName = Annotated[str, msgspec.Meta(pattern=rf"^{FILE}\Z")]
Asked = TypeVar("Asked", "Joining", "Renewing")


class EnrolmentError(ActRefusedError):
    """The box is not taken, renewed or retired; `text` is one sentence."""


class DeniedError(EnrolmentError):
    """The province says no; `status` is that of HTTP."""

    def __init__(self, status: int, vi: str, en: str) -> None:
        super().__init__(vi, en)
        self.status = status


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing but what is named."""


class Envelope(_Strict, frozen=True, kw_only=True):
    """As a question travels: `said` is its JSON; `signature` that of the key which asks, `proof` that of the key which is to come, where it is another."""

    said: Annotated[str, msgspec.Meta(max_length=MOST_ASKED)]
    signature: Signature
    proof: Signature | None = None


class Joining(_Strict, frozen=True, kw_only=True):
    """A box asks to be taken. `sites` are those it declares, none where it knows none yet; the token says which it may write for.

    `nonce` is used once; no time, for a new box's clock may be wrong.
    """

    token: Token
    nonce: Nonce
    box: Code
    sites: Annotated[tuple[Code, ...], msgspec.Meta(max_length=64)] = ()
    key: Key


class Renewing(_Strict, frozen=True, kw_only=True):
    """A box asks that `key` hold from now on; `at` in ns by its clock, `nonce` is used once.

    `request`: a certificate request (PEM) of the key with which it serves PCs, empty where it serves none.
    """

    box: Code
    key: Key
    at: int
    nonce: Nonce
    request: Annotated[str, msgspec.Meta(max_length=4096)] = ""


class Joined(_Strict, frozen=True, kw_only=True):
    """The box is taken: public keys that sign its declared data (PEM), its own token for them, and the files that the SOC prepared for it."""

    box: Code
    key: Key
    sites: tuple[Code, ...]
    declared_keys: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=8)]
    token: Token
    files: Annotated[dict[FileName, str], msgspec.Meta(max_length=32)]


class Renewed(_Strict, frozen=True, kw_only=True):
    """`key` holds; the one before it until the end of the day `until` (2026-11-23), empty where none did.

    `certificate` (PEM) answers the request, empty where the province signs none for this box.
    """

    box: Code
    key: Key
    until: Annotated[str, msgspec.Meta(max_length=10)]
    certificate: Annotated[str, msgspec.Meta(max_length=16_384)] = ""


class Denial(_Strict, frozen=True, kw_only=True):
    """Why not, in both languages."""

    vi: Annotated[str, msgspec.Meta(max_length=500)]
    en: Annotated[str, msgspec.Meta(max_length=500)]


def asked(path: str, said: Joining | Renewing, key: Ed25519PrivateKey, coming: Ed25519PrivateKey | None = None) -> bytes:
    """The question as it travels to `path`, signed with `key` and, where another is to come, with that one too."""
    text = msgspec.json.encode(said)
    signed = CONTEXTS[path] + text
    proof = coming.sign(signed).hex() if coming is not None else None
    return msgspec.json.encode(Envelope(said=text.decode(), signature=key.sign(signed).hex(), proof=proof))


def opened(data: bytes, kind: type[Asked]) -> tuple[Envelope, Asked]:
    """The question in its envelope; no signature has been looked at. Raises DeniedError."""
    try:
        envelope = msgspec.json.decode(data, type=Envelope)
        return envelope, msgspec.json.decode(envelope.said, type=kind)
    except (ValueError, RecursionError):
        raise DeniedError(400, "yêu cầu không đúng mẫu, hoặc do phiên bản khác làm ra", "no such request, or of another version") from None


def holds(path: str, said: str, signature: str | None, key: bytes) -> bool:
    """Whether `signature` over what was said to `path` is that of `key` (32 raw bytes)."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(bytes.fromhex(signature or ""), CONTEXTS[path] + said.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def apart(at: int, now: int) -> str:
    """How far two clocks are apart, as people say it; empty when it is little enough."""
    return "" if abs(at - now) <= APART else f"{abs(at - now) // (60 * SECOND)}"
