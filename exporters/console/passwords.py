"""Passwords of the page's users: argon2id, and which will do."""

from __future__ import annotations

import functools
import secrets
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from model.text import Text

SHORTEST: Final = 12
LONGEST: Final = 256
_SHORT: Final = Text(f"mật khẩu phải dài từ {SHORTEST} đến {LONGEST} ký tự", f"a password has {SHORTEST} to {LONGEST} characters")
_EASY: Final = Text(
    "mật khẩu không được chứa tên đăng nhập hay lặp lại vài ký tự", "a password does not hold the user's name, nor the same few characters again and again"
)
# RFC 9106's second choice (64 MiB, three passes): 0.1 to 0.3 s of a small box's processor.
_HASHER: Final = PasswordHasher()


def unfit(password: str, name: str) -> Text | None:
    """Why a new password will not do, as the end of a sentence; None for one that will."""
    plain = _normal(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        return _SHORT
    return _EASY if name.lower() in plain.lower() or len(set(plain)) < SHORTEST // 2 else None


def made(password: str) -> str:
    """What is kept of a password. Takes long by intent."""
    return _HASHER.hash(_normal(password))


@functools.cache
def nobodys() -> str:
    """Made as all others: what a password is compared with where there is no such user, so that this takes as long."""
    return _HASHER.hash(secrets.token_urlsafe())


def fits(password: str, kept: str) -> bool:
    """Whether `kept` was made of the password. Takes as long for a wrong one."""
    try:
        return _HASHER.verify(kept, _normal(password)[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str) -> str:
    """Keyboards write accented Vietnamese letters in one piece or in several: the same password either way."""
    return unicodedata.normalize("NFC", password)
