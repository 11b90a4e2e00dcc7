"""Signatures of Standard Webhooks (standardwebhooks.com, symmetric `v1`)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

from exporters.sink import OptionsError
from model.text import Text

_PREFIX = "whsec_"
# The specification: between 24 bytes (192 bits) and 64 bytes (512 bits).
_LENGTHS = range(24, 65)


class SigningKeys:
    """One key, or several while receivers change from one to the next. What they hold is never shown."""

    def __init__(self, secrets: Sequence[str]) -> None:
        """`secrets` in the `whsec_` form, newest first. Raises OptionsError."""
        self._keys = tuple(_key(number, secret) for number, secret in enumerate(secrets, 1))

    def __repr__(self) -> str:
        return f"SigningKeys({len(self._keys)})"

    def sign(self, message: str, at: int, body: bytes) -> str:
        """The `webhook-signature` header of `body`, sent as `message` at `at` (Unix seconds): one signature a key."""
        return " ".join(f"v1,{one}" for one in self._each(message, at, body))

    def signed(self, message: str, at: int, body: bytes, signature: str) -> bool:
        """Whether one of the signatures in the header `signature` was made with one of these keys."""
        ours = [f"v1,{one}".encode() for one in self._each(message, at, body)]
        theirs = signature.encode().split(b" ")
        # Each in constant time: how long it takes tells a forger nothing.
        return any(hmac.compare_digest(one, other) for one in ours for other in theirs)

    def _each(self, message: str, at: int, body: bytes) -> list[str]:
        signed = b".".join((message.encode(), str(at).encode(), body))
        return [base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in self._keys]


def _key(number: int, secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(_PREFIX) or len(key) not in _LENGTHS:
        raise OptionsError(
            Text(
                f"Khóa ký thứ {number} không đúng dạng: cần whsec_ và base64 của 24 đến 64 byte.",
                f"Signing key {number} is malformed: whsec_ and the base64 of 24 to 64 bytes are expected.",
            )
        )
    return key
